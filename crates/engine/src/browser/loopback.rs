//! Receiving redirects on 127.0.0.1: one small page a visit, one answer about each redirect.

use std::{convert::Infallible, io, net::Ipv4Addr};

use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode, body::Bytes, body::Incoming, service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use url::Url;
use zeroize::Zeroizing;

use crate::ports::{Redirected, Redirects};

/// Listens on loopback for redirects to `path`.
///
/// # Errors
/// The port is taken, or there is none.
pub async fn listen(path: &str, port: Option<u16>) -> io::Result<Redirects> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await?;
    let port = listener.local_addr()?.port();
    let redirect_uri =
        Url::parse(&format!("http://127.0.0.1:{port}{path}")).map_err(io::Error::other)?;
    let (sender, incoming) = mpsc::channel(4);
    let accepting = tokio::spawn(accept(listener, redirect_uri.clone(), sender));
    Ok(Redirects { redirect_uri, incoming, guard: Box::new(StopOnDrop(accepting)) })
}

struct StopOnDrop(JoinHandle<()>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn accept(listener: TcpListener, expected: Url, sender: mpsc::Sender<Redirected>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (expected, sender) = (expected.clone(), sender.clone());
        tokio::spawn(async move {
            let visit = service_fn(move |request| {
                let (expected, sender) = (expected.clone(), sender.clone());
                async move { Ok::<_, Infallible>(receive(request, &expected, &sender).await) }
            });
            let served = hyper::server::conn::http1::Builder::new()
                .max_buf_size(64 * 1024)
                .serve_connection(TokioIo::new(stream), visit)
                .await;
            if served.is_err() {
                tracing::debug!(target: "authorize", "a visit to the redirect address broke off");
            }
        });
    }
}

async fn receive(
    request: Request<Incoming>,
    expected: &Url,
    sender: &mpsc::Sender<Redirected>,
) -> Response<Full<Bytes>> {
    if request.method() != Method::GET || request.uri().path() != expected.path() {
        return page(StatusCode::NOT_FOUND, "Nothing here", "You can close this page.");
    }
    let mut url = Zeroizing::new(expected.to_string());
    if let Some(query) = request.uri().query() {
        url.push('?');
        url.push_str(query);
    }
    let (taken, was_taken) = oneshot::channel();
    if sender.send(Redirected { url, taken }).await.is_err() {
        return page(
            StatusCode::GONE,
            "This sign-in is over",
            "Go back to Handrail to start again.",
        );
    }
    match was_taken.await {
        Ok(true) => {
            page(StatusCode::OK, "Thank you", "You can close this page and go back to Handrail.")
        }
        _ => page(
            StatusCode::BAD_REQUEST,
            "This page is not for your sign-in",
            "Go back to Handrail.",
        ),
    }
}

/// Ours alone: nothing of the request is shown, nothing is loaded, nothing is kept by the browser.
fn page(status: StatusCode, heading: &str, line: &str) -> Response<Full<Bytes>> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Handrail</title><style>body{{font:1.125rem/1.5 system-ui,sans-serif;margin:3rem auto;max-width:30rem;\
         padding:0 1.25rem;background:#f4f3ed;color:#1b2420}}@media(prefers-color-scheme:dark){{body{{background:#121715;\
         color:#f0f2ec}}}}</style><h1>{heading}</h1><p>{line}</p></html>"
    );
    Response::builder()
        .status(status)
        .header("content-type", "text/html; charset=utf-8")
        .header("cache-control", "no-store")
        .header("referrer-policy", "no-referrer")
        .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
        .body(Full::new(Bytes::from(html)))
        .expect("the headers are constants")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_redirect_comes_through_whole_and_its_visitor_is_told_what_became_of_it() {
        let mut redirects = listen("/callback/elm", None).await.unwrap();
        let target = format!("{}?code=1&state=2", redirects.redirect_uri);

        let visit = tokio::spawn(reqwest::get(target.clone()));
        let redirected = redirects.incoming.recv().await.unwrap();
        let seen = redirected.url.to_string();
        redirected.taken.send(true).unwrap();
        let answer = visit.await.unwrap().unwrap();

        assert_eq!(seen, target);
        assert_eq!(answer.status(), 200);
        assert!(!answer.text().await.unwrap().contains("code"));
    }

    #[tokio::test]
    async fn another_path_is_not_a_redirect() {
        let redirects = listen("/callback/elm", None).await.unwrap();

        let answer = reqwest::get(redirects.redirect_uri.join("/callback/oak?code=1").unwrap())
            .await
            .unwrap();

        assert_eq!(answer.status(), 404);
    }
}
