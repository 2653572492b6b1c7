//! Carrying HTTP, with the freedom to hang up on somebody.
//!
//! In: connections. Out: what the router answers, or a closed connection where the answer says so.

use std::{convert::Infallible, io};

use axum::{Router, body::Body, extract::Request, response::Response};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinSet,
};

use crate::faults::HangUp;

/// Serves the router until it is told to stop, or its task is aborted; open connections end with it.
pub(crate) async fn serve_until(
    listener: TcpListener,
    router: Router,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            Some(_) = conversations.join_next() => {}
            accepted = listener.accept() => {
                // A connection that ended before it was taken is nobody's loss.
                if let Ok((stream, _)) = accepted {
                    conversations.spawn(converse(stream, router.clone()));
                }
            }
        }
    }
}

async fn converse(stream: TcpStream, router: Router) {
    let router = TowerToHyperService::new(router);
    let answer = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let answered: Result<Response, Infallible> = router.call(request.map(Body::new)).await;
            match answered {
                Ok(response) if response.extensions().get::<HangUp>().is_some() => {
                    Err(io::Error::from(io::ErrorKind::ConnectionAborted))
                }
                Ok(response) => Ok(response),
                Err(never) => match never {},
            }
        }
    });
    // The error is either the hang-up asked for or a client that left; both end here.
    let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
}
