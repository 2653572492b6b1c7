//! A place people are referred from or to: its addresses, its habits and its state.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    http::{Request, Response},
};
use serde::{Deserialize, Serialize};
use tower::ServiceExt as _;
use url::{Url, form_urlencoded};

use crate::{
    Options,
    auth::{
        grants::{Grants, Rotation},
        identity::Signer,
    },
    control::{self, Control},
    data::{self, Bases},
    discovery::{Discovery, Registration},
    faults::Faults,
    fhir::{search::Pages, store::Store},
    people::{Newcomer, People, SignIn},
    requests::SeenRequests,
};

/// The client id that the provider and the platform know beforehand.
const KNOWN_CLIENT: &str = "handrail";

/// Which of the three places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// A clinic that refers people: everything of the guide's ReferralSource.
    Provider,
    /// A network between clinics and helpers: the guide's CoordinationPlatform.
    Platform,
    /// A food bank: only Task and DocumentReference, as the guide's ReferralRecipient.
    Cbo,
}

impl PlaceKind {
    pub const ALL: [Self; 3] = [Self::Provider, Self::Platform, Self::Cbo];

    /// The name on the sign-in page and in the code.
    pub fn name(self) -> &'static str {
        match self {
            Self::Provider => "Elm Street Family Clinic",
            Self::Platform => "Two Rivers Care Network",
            Self::Cbo => "Bright Harvest Food Bank",
        }
    }

    /// The name of the place's files, such as its code.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Provider => "elm-street",
            Self::Platform => "two-rivers",
            Self::Cbo => "bright-harvest",
        }
    }

    fn rotation(self) -> Rotation {
        match self {
            Self::Provider => Rotation::Grace(Duration::from_secs(30)),
            Self::Platform => Rotation::Strict,
            Self::Cbo => Rotation::None,
        }
    }
}

/// One running place.
#[derive(Clone)]
pub struct Place {
    pub kind: PlaceKind,
    pub name: &'static str,
    pub origin: Url,
    pub fhir_base: Url,
    pub issuer: Url,
    /// Absent where an app registers itself (RFC 7591).
    pub client_id: Option<String>,
    site: Arc<Site>,
}

impl Place {
    pub(crate) fn of(site: Arc<Site>) -> Self {
        Self {
            kind: site.kind,
            name: site.kind.name(),
            origin: site.origin.clone(),
            fhir_base: site.fhir_base.clone(),
            issuer: site.issuer.clone(),
            client_id: site.known_client().map(str::to_owned),
            site,
        }
    }

    /// The text of the code on this place's flyer; each place words it another way, as real ones do.
    pub fn invitation(&self) -> String {
        let with_title = |key: &str, mark: char| {
            let pairs = form_urlencoded::Serializer::new(String::new())
                .append_pair(key, self.fhir_base.as_str())
                .append_pair("title", self.name)
                .finish()
                .replace('+', "%20");
            format!("{}invite{mark}{pairs}", self.origin)
        };
        match self.kind {
            PlaceKind::Provider => self.fhir_base.to_string(),
            PlaceKind::Platform => with_title("fhirUri", '?'),
            PlaceKind::Cbo => with_title("iss", '#'),
        }
    }

    /// Answers one request in the process: what matters of its address is path and query. The levers are not among it.
    pub async fn answer(&self, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let router = control::route_place(self.site.clone());
        let answered: Result<_, Infallible> = router.oneshot(request.map(Body::from)).await;
        let (parts, body) = match answered {
            Ok(response) => response.into_parts(),
            Err(never) => match never {},
        };
        // A body that breaks off is one that a fault was asked for; what came before is left out.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Response::from_parts(parts, body.into())
    }

    /// The hidden levers: faults, tokens, what staff would do, and what was asked.
    pub fn control(&self) -> Control {
        Control::of(self.site.clone())
    }

    /// Who can sign in here.
    pub fn sign_ins(&self) -> Vec<SignIn> {
        self.site.lock_people().list_sign_ins()
    }

    /// Who has records here and may create an account.
    pub fn newcomers(&self) -> Vec<Newcomer> {
        self.site.lock_people().list_newcomers()
    }
}

/// Everything behind one origin.
pub(crate) struct Site {
    pub(crate) kind: PlaceKind,
    pub(crate) origin: Url,
    pub(crate) fhir_base: Url,
    pub(crate) issuer: Url,
    pub(crate) page_size: usize,
    pub(crate) largest_page: usize,
    pub(crate) signer: Signer,
    bases: Bases,
    options: Options,
    store: Mutex<Store>,
    pages: Mutex<Pages>,
    grants: Mutex<Grants>,
    people: Mutex<People>,
    faults: Mutex<Faults>,
    discovery: Mutex<Discovery>,
    requests: Mutex<SeenRequests>,
}

impl Site {
    pub(crate) fn open(kind: PlaceKind, origins: &[Url; 3], options: &Options) -> Self {
        let join = |index: usize, path: &str| {
            origins[index].join(path).expect("a plain path joins any origin")
        };
        let bases = Bases {
            provider: join(0, "fhir").to_string(),
            platform: join(1, "fhir").to_string(),
            cbo: join(2, "fhir").to_string(),
        };
        let index = kind as usize;
        let site = Self {
            kind,
            origin: origins[index].clone(),
            fhir_base: join(index, "fhir"),
            issuer: join(index, "auth"),
            page_size: options.page_size,
            largest_page: options.largest_page,
            signer: Signer::make(),
            bases,
            options: options.clone(),
            store: Mutex::default(),
            pages: Mutex::default(),
            grants: Mutex::default(),
            people: Mutex::default(),
            faults: Mutex::default(),
            discovery: Mutex::default(),
            requests: Mutex::default(),
        };
        site.reset();
        site
    }

    /// Puts everything back as it was at the start, dates counted from now.
    pub(crate) fn reset(&self) {
        let rotation = self.options.rotation.unwrap_or(self.kind.rotation());
        *self.lock_store() = Store::holding(data::load_resources(self.kind, &self.bases));
        *self.lock_pages() = Pages::default();
        *self.lock_grants() = Grants::with_habits(rotation, self.options.token_life);
        *self.lock_people() = People::of(self.kind);
        *self.lock_faults() = Faults::default();
        *self.lock_discovery() = Discovery::default();
        self.lock_requests().forget();
    }

    /// The client id known beforehand; only the CBO has none and lets apps register.
    pub(crate) fn known_client(&self) -> Option<&'static str> {
        (self.kind != PlaceKind::Cbo).then_some(KNOWN_CLIENT)
    }

    pub(crate) fn takes_registrations(&self) -> bool {
        self.kind == PlaceKind::Cbo && self.lock_discovery().registration != Registration::Closed
    }

    pub(crate) fn lock_store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    pub(crate) fn lock_pages(&self) -> MutexGuard<'_, Pages> {
        lock(&self.pages)
    }

    pub(crate) fn lock_grants(&self) -> MutexGuard<'_, Grants> {
        lock(&self.grants)
    }

    pub(crate) fn lock_people(&self) -> MutexGuard<'_, People> {
        lock(&self.people)
    }

    pub(crate) fn lock_faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    pub(crate) fn lock_discovery(&self) -> MutexGuard<'_, Discovery> {
        lock(&self.discovery)
    }

    pub(crate) fn lock_requests(&self) -> MutexGuard<'_, SeenRequests> {
        lock(&self.requests)
    }
}

/// A test that panics while it holds a lock must not take the other tests' places with it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
