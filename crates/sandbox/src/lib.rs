//! Three referral sources in one process: a clinic, a coordination platform and a food bank.
//!
//! In: HTTP as browsers and apps send it, on loopback or within the process. Out: sign-in pages, tokens and FHIR R4 resources, each place in its own way.
//! Never: real people, the disk, or an address that is not loopback.
//!
//! Everything lives in memory and is made anew at each start. `README.md` lists the people, the pages' elements and the faults.

mod auth;
#[cfg(feature = "over-http")]
pub mod codes;
mod control;
mod data;
mod discovery;
mod faults;
mod fhir;
#[cfg(feature = "over-http")]
mod levers;
mod people;
mod place;
mod requests;
#[cfg(feature = "over-http")]
mod serve;

#[cfg(feature = "over-http")]
use std::net::{Ipv4Addr, SocketAddr};
use std::{sync::Arc, time::Duration};

#[cfg(feature = "over-http")]
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use url::Url;

/// The types of a request and its answer, for [`Place::answer`].
pub use axum::http;

pub use crate::{
    auth::grants::{Checks, Rotation},
    control::Control,
    discovery::{Discovery, Registration, Spelling},
    faults::{At, Fault, Rule},
    people::{Newcomer, SignIn},
    place::{Place, PlaceKind},
    requests::SeenRequest,
};

/// How to start the sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// The ports of the provider, the platform and the CBO; 0 takes any free one.
    pub ports: [u16; 3],
    /// How long an access token works.
    pub token_life: Duration,
    /// One rotation for all three, instead of each place's own.
    pub rotation: Option<Rotation>,
    /// How many matches stand on a page unless the client says otherwise.
    pub page_size: usize,
    /// The most matches on a page, whatever the client says.
    pub largest_page: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ports: [8461, 8462, 8463],
            token_life: Duration::from_secs(300),
            rotation: None,
            page_size: 50,
            largest_page: 200,
        }
    }
}

impl Options {
    /// The defaults on any free ports, so that many may run side by side.
    pub fn anywhere() -> Self {
        Self { ports: [0; 3], ..Self::default() }
    }
}

/// Why the sandbox does not start.
#[cfg(feature = "over-http")]
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody else listens there, perhaps another sandbox. Choose other ports.
    #[error("port {port} of this machine cannot be used: {source}")]
    PortTaken { port: u16, source: std::io::Error },
}

/// Three referral sources that run until this is dropped.
#[cfg(feature = "over-http")]
pub struct Sandbox {
    places: Vec<Place>,
    listeners: Vec<JoinHandle<()>>,
    /// Dropping these ends the conversations that are still under way.
    _stops: Vec<oneshot::Sender<()>>,
}

/// The provider, the platform and the CBO at these origins, for [`Place::answer`]: nobody listens there.
pub fn open_places(origins: &[Url; 3], options: &Options) -> [Place; 3] {
    PlaceKind::ALL.map(|kind| Place::of(Arc::new(place::Site::open(kind, origins, options))))
}

#[cfg(feature = "over-http")]
impl Sandbox {
    /// Binds three ports on loopback and serves them on the current tokio runtime.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let mut listeners = Vec::new();
        let mut bases = Vec::new();
        for port in options.ports {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let taken = |source| StartError::PortTaken { port, source };
            let listener = TcpListener::bind(address).await.map_err(taken)?;
            let origin = format!("http://{}", listener.local_addr().map_err(taken)?);
            bases.push(Url::parse(&origin).expect("a loopback address with a port is a URL"));
            listeners.push(listener);
        }
        let origins: [Url; 3] = bases.try_into().expect("three ports give three origins");

        let mut sandbox = Self { places: Vec::new(), listeners: Vec::new(), _stops: Vec::new() };
        for (kind, listener) in PlaceKind::ALL.into_iter().zip(listeners) {
            let site = Arc::new(place::Site::open(kind, &origins, &options));
            let (stop, stopped) = oneshot::channel();
            let router = levers::route_site(site.clone());
            sandbox.listeners.push(tokio::spawn(serve::serve_until(listener, router, stopped)));
            sandbox._stops.push(stop);
            sandbox.places.push(Place::of(site));
        }
        Ok(sandbox)
    }

    /// The provider, the platform and the CBO, in this order.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The place of this kind.
    pub fn place(&self, kind: PlaceKind) -> &Place {
        &self.places[kind as usize]
    }
}

#[cfg(feature = "over-http")]
impl Drop for Sandbox {
    fn drop(&mut self) {
        for listener in &self.listeners {
            listener.abort();
        }
    }
}
