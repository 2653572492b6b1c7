//! The authorization endpoint and the pages behind it: sign in, create an account, allow or not.
//!
//! In: an authorization request and a person's forms. Out: a redirect with a code or an error, or a page.
//! Never: a redirect to an address that does not belong to the client.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use url::Url;

use crate::{
    auth::{
        forms::Fields,
        grants::{Asked, Client, Redirects, SigningIn},
        page::{self, Page},
    },
    fhir::access::{Access, Scope},
    people::{CreateError, Person},
    place::Site,
};

/// Where the client known beforehand may be sent: each connection has a path of its own below this.
const KNOWN_REDIRECTS: Redirects = Redirects::LoopbackUnder("/callback/");

/// An error that goes back to the client, RFC 6749 section 4.1.2.1.
struct Declined {
    error: &'static str,
    description: &'static str,
}

const fn declined(error: &'static str, description: &'static str) -> Declined {
    Declined { error, description }
}

pub(crate) async fn begin_from_query(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Response {
    begin(&site, &Fields::read(query.as_deref().unwrap_or_default()))
}

/// SMART App Launch 2.2: servers take the request by POST too.
pub(crate) async fn begin_from_form(State(site): State<Arc<Site>>, body: String) -> Response {
    begin(&site, &Fields::read(&body))
}

fn begin(site: &Site, fields: &Fields) -> Response {
    let Some((client_id, client)) = find_client(site, fields) else {
        let words =
            "This link names an app that is not known here. Go back to the app and try again.";
        return Page::problem(site, "We don’t know this app", words).into_response();
    };
    let redirect_uri = fields.only("redirect_uri").filter(|uri| {
        Url::parse(uri).is_ok_and(|uri| uri.fragment().is_none() && client.redirects.allow(&uri))
    });
    let Some(redirect_uri) = redirect_uri else {
        let words = "This link would send you to an address that does not belong to the app. Nothing was shared.";
        return Page::problem(site, "This link is not right", words).into_response();
    };
    // A spelling that this place does not know falls away like any other unknown scope.
    let spelling = site.lock_discovery().scopes;
    let scopes = fields.only("scope").unwrap_or_default().split(' ');
    let known: Vec<&str> = scopes.filter(|scope| spelling.knows(scope)).collect();
    let asked = Asked {
        client_id,
        client,
        redirect_uri: redirect_uri.to_owned(),
        scope: known.join(" "),
        state: fields.only("state").unwrap_or_default().to_owned(),
        nonce: fields.only("nonce").map(str::to_owned),
        code_challenge: fields.only("code_challenge").unwrap_or_default().to_owned(),
    };
    if let Err(error) = check_request(site, fields) {
        return send_back(site, &asked, Err(error));
    }
    let name = site.lock_grants().begin_sign_in(asked.clone(), Instant::now());
    page::sign_in(site, &name, &asked, &Fields::default(), None).into_response()
}

fn find_client(site: &Site, fields: &Fields) -> Option<(String, Client)> {
    let client_id = fields.only("client_id")?;
    let client = if site.known_client() == Some(client_id) {
        let only = site.lock_grants().checks.redirect_path.clone();
        let redirects = only.map_or(KNOWN_REDIRECTS, Redirects::LoopbackAt);
        Client { name: "Handrail".to_owned(), redirects, registered_itself: false }
    } else {
        site.lock_grants().find_client(client_id)?.clone()
    };
    Some((client_id.to_owned(), client))
}

fn check_request(site: &Site, fields: &Fields) -> Result<(), Declined> {
    if fields.has_repeats() {
        return Err(declined("invalid_request", "A parameter is there twice."));
    }
    match fields.only("response_type") {
        Some("code") => {}
        Some(_) => return Err(declined("unsupported_response_type", "Only code is offered.")),
        None => return Err(declined("invalid_request", "The response_type is missing.")),
    }
    if fields.only("state").is_none() {
        return Err(declined("invalid_request", "The state is missing."));
    }
    let checks_aud = site.lock_grants().checks.aud;
    if checks_aud && fields.only("aud") != Some(site.fhir_base.as_str()) {
        return Err(declined("invalid_request", "The aud is not the FHIR base of this place."));
    }
    if fields.only("code_challenge_method") != Some("S256") {
        return Err(declined("invalid_request", "PKCE with S256 is needed."));
    }
    // RFC 7636 section 4.2: a SHA-256 in base64url has 43 characters.
    let challenge = fields.only("code_challenge").unwrap_or_default();
    let url_safe = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if challenge.len() != 43 || !challenge.chars().all(url_safe) {
        return Err(declined("invalid_request", "The code_challenge is not a SHA-256."));
    }
    if fields.only("scope").is_none() {
        return Err(declined("invalid_scope", "The scope is missing."));
    }
    Ok(())
}

pub(crate) async fn show_sign_in(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::read(query.as_deref().unwrap_or_default());
    with_sign_in(&site, &fields, |name, signing_in| {
        page::sign_in(&site, name, &signing_in.asked, &fields, None).into_response()
    })
}

pub(crate) async fn sign_in(State(site): State<Arc<Site>>, body: String) -> Response {
    let fields = Fields::read(&body);
    with_sign_in(&site, &fields, |name, signing_in| {
        let username = fields.only("username").unwrap_or_default();
        let password = fields.only("password").unwrap_or_default();
        let found = site.lock_people().find_person(username, password);
        match found {
            Some(person) => ask_person(&site, name, &signing_in.asked, person),
            None => {
                let words = "That user name and password don’t go together. Please try again.";
                let page = page::sign_in(&site, name, &signing_in.asked, &fields, Some(words));
                page.with_status(StatusCode::UNAUTHORIZED).into_response()
            }
        }
    })
}

pub(crate) async fn show_create(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::read(query.as_deref().unwrap_or_default());
    with_sign_in(&site, &fields, |name, signing_in| {
        page::create_account(&site, name, &signing_in.asked, &fields, None).into_response()
    })
}

pub(crate) async fn create_account(State(site): State<Arc<Site>>, body: String) -> Response {
    let fields = Fields::read(&body);
    with_sign_in(&site, &fields, |name, signing_in| {
        let text = |name| fields.only(name).unwrap_or_default();
        let created = site.lock_people().create_account(
            text("email"),
            text("birth-date"),
            text("registration-code"),
            text("new-username"),
            text("new-password"),
        );
        match created {
            Ok(person) => ask_person(&site, name, &signing_in.asked, person),
            Err(error) => {
                let page = page::create_account(
                    &site,
                    name,
                    &signing_in.asked,
                    &fields,
                    Some(explain(&error)),
                );
                page.with_status(StatusCode::BAD_REQUEST).into_response()
            }
        }
    })
}

fn explain(error: &CreateError) -> &'static str {
    match error {
        CreateError::NotFound => {
            "We can’t find you with these details. Check the e-mail address, the birth date and the code on your letter."
        }
        CreateError::NameTooShort => "Choose a user name with 3 letters or more.",
        CreateError::NameTaken => "Somebody has this user name already. Choose another one.",
        CreateError::PasswordTooShort => "Choose a password with 8 characters or more.",
    }
}

/// What this person gets of what was asked for.
fn choose_scope(site: &Site, asked: &Asked, person: &Person) -> Scope {
    let withheld = site.lock_grants().withheld.clone();
    Scope::grant(&asked.scope, site.kind, person).without(&withheld)
}

/// Shows who asks for what; where nothing asked for can be given, says so to the client.
fn ask_person(site: &Site, name: &str, asked: &Asked, person: (String, Person)) -> Response {
    let scope = choose_scope(site, asked, &person.1);
    if scope.is_empty() {
        site.lock_grants().end_sign_in(name);
        let error =
            declined("invalid_scope", "Nothing that was asked for can be given to this person.");
        return send_back(site, asked, Err(error));
    }
    let page = page::consent(site, name, asked, &person.0, &scope);
    site.lock_grants().note_person(name, person);
    page.into_response()
}

pub(crate) async fn decide(State(site): State<Arc<Site>>, body: String) -> Response {
    let fields = Fields::read(&body);
    with_sign_in(&site, &fields, |name, signing_in| {
        let asked = signing_in.asked.clone();
        let allowed = fields.only("decision") == Some("allow");
        let Some((_, person)) = signing_in.signed_in.filter(|_| allowed) else {
            if allowed {
                // Allowing without a sign-in comes from no page of ours.
                return page::sign_in(&site, name, &asked, &fields, None).into_response();
            }
            site.lock_grants().end_sign_in(name);
            let error = declined("access_denied", "The person did not allow it.");
            return send_back(&site, &asked, Err(error));
        };
        let scope = choose_scope(&site, &asked, &person);
        let mut grants = site.lock_grants();
        grants.end_sign_in(name);
        let code = grants.issue_code(asked.clone(), Access { person, scope }, Instant::now());
        drop(grants);
        send_back(&site, &asked, Ok(code))
    })
}

/// Finds the sign-in that a form belongs to.
fn with_sign_in(
    site: &Site,
    fields: &Fields,
    answer: impl FnOnce(&str, SigningIn) -> Response,
) -> Response {
    let name = fields.only("request").unwrap_or_default();
    let found = site.lock_grants().find_sign_in(name, Instant::now());
    match found {
        Some(signing_in) => answer(name, signing_in),
        None => {
            let words =
                "This sign-in took too long or is finished. Go back to the app and start again.";
            Page::problem(site, "Please start again", words).into_response()
        }
    }
}

/// Redirects to the client with a code or an error, with `state` and `iss` (RFC 9207).
fn send_back(site: &Site, asked: &Asked, outcome: Result<String, Declined>) -> Response {
    let mut address = Url::parse(&asked.redirect_uri).expect("parsed when the request came");
    {
        let mut pairs = address.query_pairs_mut();
        match &outcome {
            Ok(code) => {
                pairs.append_pair("code", code);
            }
            Err(declined) => {
                pairs.append_pair("error", declined.error);
                pairs.append_pair("error_description", declined.description);
            }
        }
        if !asked.state.is_empty() {
            pairs.append_pair("state", &asked.state);
        }
        if site.lock_grants().checks.iss {
            pairs.append_pair("iss", site.issuer.as_str());
        }
    }
    let location = HeaderValue::try_from(address.as_str()).expect("a parsed URL is plain ASCII");
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}
