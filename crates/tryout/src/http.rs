//! The [`Http`] port over the sandbox's handlers: a request is handed over, and never leaves the process.

use std::sync::Arc;

use async_trait::async_trait;
use handrail_engine::ports::{Http, HttpError, HttpMethod, HttpRequest, HttpResponse};
use handrail_sandbox::{
    Place,
    http::{Request, Response, header, request::Builder},
};
use url::Url;

/// Carries requests to these places, and to nobody else.
pub struct WithinProcess(pub Arc<[Place]>);

/// The place that an address belongs to.
pub fn find_place<'a>(places: &'a [Place], address: &Url) -> Option<&'a Place> {
    places.iter().find(|place| place.origin.origin() == address.origin())
}

#[async_trait]
impl Http for WithinProcess {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let place = find_place(&self.0, &request.url).ok_or(HttpError::NotSent)?;
        let request = write(request).map_err(|_| HttpError::Forbidden)?;
        Ok(read(place.answer(request).await))
    }
}

fn write(request: HttpRequest) -> Result<Request<Vec<u8>>, handrail_sandbox::http::Error> {
    let address = Request::builder().uri(request.url.as_str());
    let with_type = |builder: Builder, media| builder.header(header::CONTENT_TYPE, media);
    let (mut builder, body) = match request.method {
        HttpMethod::Get => (address.method("GET"), Vec::new()),
        HttpMethod::Post { content_type, body } => {
            (with_type(address.method("POST"), content_type), body.to_vec())
        }
        HttpMethod::Put { content_type, body, if_match } => {
            let builder = with_type(address.method("PUT"), content_type);
            let builder = match if_match {
                Some(mark) => builder.header(header::IF_MATCH, mark),
                None => builder,
            };
            (builder, body)
        }
    };
    builder = builder.header(header::ACCEPT, request.accept);
    if let Some(token) = &request.bearer {
        builder = builder.header(header::AUTHORIZATION, format!("Bearer {}", token.expose()));
    }
    builder.body(body)
}

fn read(response: Response<Vec<u8>>) -> HttpResponse {
    let head = HttpResponse::of_head(response.status(), response.headers());
    HttpResponse { body: response.into_body(), ..head }
}
