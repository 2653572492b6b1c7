//! The servers a phone can reach, in memory: each an authorization server and a FHIR server, with faults.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use handrail_core::{
    connect::{Registry, Rotation},
    fhir::base::Policy,
};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimePrinter};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::{
    authorization::{Authorization, Counts, Ended},
    clock::HandClock,
    faults::{Fault, Faults},
    shelf::Shelf,
};
use crate::ports::{Clock as _, Http, HttpError, HttpMethod, HttpRequest, HttpResponse, Network};

/// How one server is.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    pub rotation: Rotation,
    pub revokes_siblings: bool,
    pub token_life: SignedDuration,
    /// Whether it takes several reads in one request.
    pub batch: bool,
}

impl Habits {
    /// Access tokens of an hour, and this habit with refresh tokens.
    pub fn of(rotation: Rotation) -> Self {
        Self {
            rotation,
            revokes_siblings: false,
            token_life: SignedDuration::from_hours(1),
            batch: true,
        }
    }
}

type Hook = Box<dyn FnMut(&HttpRequest) + Send>;

/// All servers, by host. Clones are one world.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    clock: HandClock,
    sites: BTreeMap<String, (Habits, Mutex<Site>)>,
    hook: Mutex<Option<Hook>>,
}

struct Site {
    host: String,
    authorization: Authorization,
    shelf: Shelf,
    faults: Faults,
}

impl World {
    /// Servers at these hosts, which all go by one clock. Nothing goes wrong until somebody says so.
    pub fn new(clock: &HandClock, sites: impl IntoIterator<Item = (String, Habits)>) -> Self {
        let sites = sites.into_iter().enumerate().map(|(number, (host, habits))| {
            let site = Site {
                host: host.clone(),
                authorization: Authorization::new(habits.rotation, habits.token_life),
                shelf: Shelf::new(habits.batch, clock.now()),
                faults: Faults::random(0, number as u64),
            };
            (host, (habits, Mutex::new(site)))
        });
        Self(Arc::new(Inner {
            clock: clock.clone(),
            sites: sites.collect(),
            hook: Mutex::new(None),
        }))
    }

    /// The rows a registry has for these servers.
    pub fn registry(&self) -> Registry {
        let row = |(host, (habits, _)): (&String, &(Habits, _))| {
            json!({
                "fhir_base": base_of(host),
                "name": host,
                "issuer": format!("https://{host}/auth"),
                "authorization_endpoint": format!("https://{host}/auth/authorize"),
                "token_endpoint": format!("https://{host}/auth/token"),
                "client_id": "handrail",
                "rotation": habits.rotation,
                "revokes_siblings": habits.revokes_siblings,
            })
        };
        let rows: Vec<Value> = self.0.sites.iter().map(row).collect();
        let bytes = json!({ "version": 1, "rows": rows }).to_string();
        Registry::parse(bytes.as_bytes(), Policy::RELEASE).unwrap()
    }

    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        self.0.sites.keys().map(String::as_str)
    }

    pub fn habits(&self, host: &str) -> Habits {
        self.0.sites[host].0
    }

    /// What a code for this server says.
    pub fn invitation(&self, host: &str) -> String {
        base_of(host)
    }

    /// Makes this share of requests to every server go wrong.
    pub fn set_faults(&self, per_10_000: u64) {
        for host in self.hosts() {
            self.site(host).faults.set_share(per_10_000);
        }
    }

    /// Decides what becomes of the next requests to a server, one by one.
    pub fn plan_faults(&self, host: &str, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.site(host).faults.plan(faults);
    }

    /// Requests so far, and what went wrong with some.
    pub fn faults(&self) -> (u64, BTreeMap<Fault, u64>) {
        let mut sum = (0, BTreeMap::new());
        for host in self.hosts() {
            let site = self.site(host);
            sum.0 += site.faults.requests;
            for (fault, count) in &site.faults.happened {
                *sum.1.entry(*fault).or_default() += count;
            }
        }
        sum
    }

    pub fn counts(&self, host: &str) -> Counts {
        self.site(host).authorization.counts
    }

    /// The sessions that ended at a server since somebody last asked.
    pub fn take_ended(&self, host: &str) -> Vec<Ended> {
        std::mem::take(&mut self.site(host).authorization.ended)
    }

    pub fn is_session_alive(&self, host: &str) -> bool {
        self.site(host).authorization.is_alive()
    }

    /// What went wrong with token requests since the last answer that arrived.
    pub fn spoilt(&self, host: &str) -> Vec<Fault> {
        self.site(host).authorization.spoilt()
    }

    pub fn revoke(&self, host: &str) {
        self.site(host).authorization.revoke();
    }

    pub fn expire_access_tokens(&self, host: &str) {
        self.site(host).authorization.expire_access_tokens();
    }

    /// Moves one to-do on, as staff would.
    pub fn change_something(&self, host: &str) {
        let now = self.0.clock.now();
        self.site(host).shelf.change_something(now);
    }

    /// Everything a server has: type, id and content, in order.
    pub fn resources(&self, host: &str) -> BTreeMap<(String, String), Value> {
        let site = self.site(host);
        let own = |(kind, id, body): (&str, &str, &Value)| {
            ((kind.to_owned(), id.to_owned()), body.clone())
        };
        site.shelf.list().map(own).collect()
    }

    /// Runs something while each request is on its way.
    pub fn while_under_way(&self, hook: impl FnMut(&HttpRequest) + Send + 'static) {
        *locked(&self.0.hook) = Some(Box::new(hook));
    }

    /// The person agrees on a sign-in page: where the page sends the browser.
    pub fn agree(&self, page: &Url) -> Option<Url> {
        let asked: HashMap<String, String> = page.query_pairs().into_owned().collect();
        let host = page.host_str()?;
        let (_, site) = self.0.sites.get(host)?;
        let mut back = Url::parse(asked.get("redirect_uri")?).ok()?;
        let fit = page.path() == "/auth/authorize"
            && asked.get("aud").is_some_and(|aud| *aud == base_of(host))
            && asked.get("code_challenge_method").is_some_and(|method| method == "S256");
        if !fit {
            return None;
        }
        let code = locked(site).authorization.issue_code(asked.get("code_challenge")?);
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", asked.get("state")?)
            .append_pair("iss", &format!("https://{host}/auth"));
        Some(back)
    }

    fn site(&self, host: &str) -> MutexGuard<'_, Site> {
        locked(&self.0.sites[host].1)
    }
}

/// Its network is always there; what goes wrong goes wrong on the way.
impl Network for World {
    fn is_offline(&self) -> bool {
        false
    }
}

#[async_trait]
impl Http for World {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if !Policy::RELEASE.allows(&request.url) {
            return Err(HttpError::Forbidden);
        }
        let host = request.url.host_str().unwrap_or_default();
        let Some((_, site)) = self.0.sites.get(host) else { return Err(HttpError::NotSent) };
        if let Some(hook) = &mut *locked(&self.0.hook) {
            hook(&request);
        }
        locked(site).carry(&request, self.0.clock.now())
    }
}

impl Site {
    fn carry(&mut self, request: &HttpRequest, now: Timestamp) -> Result<HttpResponse, HttpError> {
        let fault = self.faults.next();
        let carried = match fault {
            Some(Fault::NotSent) => Err(HttpError::NotSent),
            Some(Fault::Busy) => {
                Ok(HttpResponse { retry_after: Some("120".to_owned()), ..bare(429) })
            }
            Some(Fault::Unavailable) => Ok(bare(503)),
            Some(Fault::Failed) => Ok(bare(500)),
            Some(Fault::AnswerLost) => {
                self.answer(request, now);
                Err(HttpError::Ambiguous)
            }
            Some(Fault::CutShort) => {
                let mut response = self.answer(request, now);
                response.body.truncate(response.body.len() / 2);
                Ok(response)
            }
            None => Ok(self.answer(request, now)),
        };
        if request.url.path() == "/auth/token" {
            self.authorization.note_delivery(fault);
        }
        carried
    }

    fn answer(&mut self, request: &HttpRequest, now: Timestamp) -> HttpResponse {
        let path = request.url.path();
        let posted = match &request.method {
            HttpMethod::Post { body, .. } => Some(body.as_slice()),
            HttpMethod::Get | HttpMethod::Put { .. } => None,
        };
        let (status, body) = match (path, posted) {
            ("/auth/token", Some(form)) => {
                let (status, body) = self
                    .authorization
                    .answer(&form_urlencoded::parse(form).into_owned().collect(), now);
                (status, body.to_string().into_bytes())
            }
            ("/fhir/.well-known/smart-configuration", None) => {
                (200, self.describe_sign_in().to_string().into_bytes())
            }
            ("/fhir", posted @ Some(_)) => self.answer_fhir("", request, posted, now),
            (path, None) => match path.strip_prefix("/fhir/") {
                Some(path) => self.answer_fhir(path, request, None, now),
                None => (404, Vec::new()),
            },
            _ => (405, Vec::new()),
        };
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok();
        HttpResponse {
            date,
            content_type: Some("application/json".to_owned()),
            body,
            ..bare(status)
        }
    }

    fn answer_fhir(
        &mut self,
        path: &str,
        request: &HttpRequest,
        batch: Option<&[u8]>,
        now: Timestamp,
    ) -> (u16, Vec<u8>) {
        let bearer = request.bearer.as_ref().map(|token| token.expose()).unwrap_or_default();
        if !self.authorization.accepts(bearer, now) {
            return (401, Vec::new());
        }
        self.shelf.answer(path, &request.url, batch)
    }

    fn describe_sign_in(&self) -> Value {
        let auth = format!("https://{}/auth", self.host);
        json!({
            "issuer": auth,
            "authorization_endpoint": format!("{auth}/authorize"),
            "token_endpoint": format!("{auth}/token"),
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
            "capabilities": ["launch-standalone", "permission-offline", "permission-v2"],
        })
    }
}

fn base_of(host: &str) -> String {
    format!("https://{host}/fhir")
}

fn bare(status: u16) -> HttpResponse {
    HttpResponse { status, ..HttpResponse::default() }
}

fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
