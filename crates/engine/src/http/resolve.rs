//! Names to addresses, and only to public ones.
//!
//! In: a host's name. Out: the addresses that were judged; the client connects to these and asks nobody again, so that
//! a second answer of the same resolver (DNS rebinding) changes nothing.
//! Never: a part of an answer, or a name in an error.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use futures::future::BoxFuture;
use handrail_core::{connect::may_reach, fhir::base::Policy};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Who knows which addresses a name has.
pub(super) trait Lookup: Send + Sync {
    fn look_up(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The system's own resolver.
pub(super) struct System;

impl Lookup for System {
    fn look_up(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// The name leads to an address of no public network. Nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to no public address")]
pub(super) struct Astray;

/// A resolver whose answers the core has judged.
pub(super) struct Checked {
    pub lookup: Arc<dyn Lookup>,
    pub policy: Policy,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.lookup.look_up(name.as_str().to_owned());
        let policy = self.policy;
        Box::pin(async move {
            let addresses = found.await?;
            if !may_reach(&addresses, policy) {
                return Err(Astray.into());
            }
            // The client puts the port of the request in place of 0.
            let judged = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(judged) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::VecDeque,
        sync::{
            Mutex,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::{
        super::{Limits, Reqwest},
        *,
    };
    use crate::ports::{Http as _, HttpError, HttpMethod, HttpRequest};

    /// Answers each question with the next list of addresses.
    struct Rebinding(Mutex<VecDeque<Vec<IpAddr>>>);

    impl Lookup for Rebinding {
        fn look_up(&self, _name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
            let next = self.0.lock().unwrap().pop_front().unwrap();
            Box::pin(std::future::ready(Ok(next)))
        }
    }

    /// A server on every address of this machine that counts who comes.
    async fn count_callers() -> (u16, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("[::]:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        tokio::spawn(async move {
            loop {
                let (mut caller, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let mut asked = [0; 1024];
                let _ = caller.read(&mut asked).await;
                let said = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                let _ = caller.write_all(said).await;
            }
        });
        (port, count)
    }

    fn over(answers: &[&[&str]], policy: Policy) -> Reqwest {
        let parse = |list: &&[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
        let lookup = Rebinding(Mutex::new(answers.iter().map(parse).collect()));
        Reqwest::over(Arc::new(lookup), policy, Limits::default()).unwrap()
    }

    async fn ask(http: &Reqwest, address: String) -> Result<u16, HttpError> {
        let request = HttpRequest {
            method: HttpMethod::Get,
            url: address.parse().unwrap(),
            accept: "application/json",
            bearer: None,
            time_limit: Duration::from_secs(20),
        };
        http.send(request).await.map(|response| response.status)
    }

    #[tokio::test]
    async fn a_name_that_is_bound_anew_to_a_special_address_is_not_connected_to() {
        let (port, count) = count_callers().await;
        // Each of the special ones leads to the server above, if anybody goes there.
        let http = over(
            &[&["127.0.0.1"], &["0.0.0.0"], &["::ffff:127.0.0.1"], &["127.0.0.1", "0.0.0.0"]],
            Policy::DEVELOPER,
        );
        let address = format!("http://localhost:{port}/fhir");

        let first = ask(&http, address.clone()).await;
        let before = count.load(Ordering::SeqCst);
        let mut later = Vec::new();
        for _ in 0..3 {
            later.push(ask(&http, address.clone()).await.err());
        }

        assert_eq!((first.ok(), before), (Some(204), 1));
        assert!(later.iter().all(|error| matches!(error, Some(HttpError::Astray))), "{later:?}");
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_public_name_that_leads_to_a_metadata_or_a_loopback_address_is_not_connected_to() {
        let (port, count) = count_callers().await;
        let http = over(&[&["169.254.169.254"], &["127.0.0.1"], &["::1"]], Policy::RELEASE);

        for _ in 0..3 {
            let asked = ask(&http, format!("https://health.example.org:{port}/fhir")).await;
            assert!(matches!(asked, Err(HttpError::Astray)), "{asked:?}");
        }

        assert_eq!(count.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn a_number_for_a_host_is_refused_before_any_resolver_is_asked() {
        let (port, count) = count_callers().await;
        let http = over(&[], Policy::DEVELOPER);

        for host in ["[::1]", "127.0.0.2", "0.0.0.0", "[::ffff:127.0.0.1]", "169.254.169.254"] {
            for scheme in ["http", "https"] {
                let asked = ask(&http, format!("{scheme}://{host}:{port}/")).await;
                assert!(matches!(asked, Err(HttpError::Forbidden)), "{scheme}://{host}: {asked:?}");
            }
        }

        assert_eq!(count.load(Ordering::SeqCst), 0);
    }
}
