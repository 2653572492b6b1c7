//! The sign-in pages: plain HTML, no script, at home on a phone.
//!
//! Ids that tests and people's password managers rely on: `username`, `password`, `sign-in`, `create-account`, `not-now`;
//! `email`, `birth-date`, `registration-code`, `new-username`, `new-password`, `create`, `have-account`; `allow`, `deny`; `problem`.

use std::fmt::Write;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use html_escape::encode_safe;
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    auth::{forms::Fields, grants::Asked},
    fhir::access::Scope,
    place::Site,
};

const STYLE: &str = include_str!("page.css");

/// One page, and where its forms may lead.
pub(crate) struct Page {
    html: String,
    status: StatusCode,
    /// Browsers hold the redirect after a form to `form-action` too.
    leads_to: Option<String>,
}

impl Page {
    /// A page that ends here, because there is nowhere safe to go.
    pub(crate) fn problem(site: &Site, title: &str, words: &str) -> Self {
        let body =
            format!(r#"<h1>{}</h1><p id="problem">{}</p>"#, encode_safe(title), encode_safe(words));
        Self { html: wrap(site, title, &body), status: StatusCode::BAD_REQUEST, leads_to: None }
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
        let leads_to = self.leads_to.unwrap_or_default();
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{style}'; form-action 'self' {leads_to}; base-uri 'none'; frame-ancestors 'none'",
        );
        let policy = HeaderValue::try_from(policy).expect("built from ASCII parts");
        let headers = [
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        (self.status, headers, Html(self.html)).into_response()
    }
}

/// `typed` is what the person wrote before, so that nobody writes a name twice; passwords never come back.
pub(crate) fn sign_in(
    site: &Site,
    name: &str,
    asked: &Asked,
    typed: &Fields,
    problem: Option<&str>,
) -> Page {
    let body = format!(
        r#"<h1>Sign in</h1>
<p>{app} would like to connect to your account at {place}.</p>
{problem}<form method="post" action="/auth/sign-in">
{request}
<label for="username">User name</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" value="{username}" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button id="sign-in">Sign in</button>
</form>
<p>First time here? <a id="create-account" href="/auth/create-account?request={name}">Create an account</a></p>
<form method="post" action="/auth/decide">
{request}
<button class="quiet" id="not-now" name="decision" value="deny">Not now</button>
</form>"#,
        app = encode_safe(&asked.client.name),
        place = site.kind.name(),
        problem = describe_problem(problem),
        username = again(typed, "username"),
        request = hidden(name),
    );
    make_page(site, "Sign in", &body, asked)
}

pub(crate) fn create_account(
    site: &Site,
    name: &str,
    asked: &Asked,
    typed: &Fields,
    problem: Option<&str>,
) -> Page {
    let body = format!(
        r#"<h1>Create an account</h1>
<p>Tell us who you are. The code is on the letter or the card from {place}.</p>
{problem}<form method="post" action="/auth/create-account">
{request}
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" value="{email}" required>
<label for="birth-date">Birth date</label>
<input id="birth-date" name="birth-date" type="date" autocomplete="bday" value="{birth_date}" required>
<label for="registration-code">Code</label>
<input id="registration-code" name="registration-code" autocomplete="off" autocapitalize="characters" spellcheck="false" value="{code}" required>
<h2>Choose how you sign in</h2>
<label for="new-username">User name</label>
<input id="new-username" name="new-username" autocomplete="username" autocapitalize="none" spellcheck="false" value="{username}" required>
<label for="new-password">Password</label>
<p class="hint" id="new-password-hint">8 characters or more.</p>
<input id="new-password" name="new-password" type="password" autocomplete="new-password" aria-describedby="new-password-hint" required>
<button id="create">Create my account</button>
</form>
<p><a id="have-account" href="/auth/sign-in?request={name}">I have an account</a></p>"#,
        place = site.kind.name(),
        problem = describe_problem(problem),
        email = again(typed, "email"),
        birth_date = again(typed, "birth-date"),
        code = again(typed, "registration-code"),
        username = again(typed, "new-username"),
        request = hidden(name),
    );
    make_page(site, "Create an account", &body, asked)
}

pub(crate) fn consent(site: &Site, name: &str, asked: &Asked, person: &str, scope: &Scope) -> Page {
    let mut lines = String::new();
    for line in describe_scope(scope) {
        // Writing to a String cannot fail.
        let _ = writeln!(lines, "<li>{line}</li>");
    }
    let vouched = if asked.client.registered_itself {
        "<p class=\"note\">This app introduced itself just now. Allow it only if you started this.</p>"
    } else {
        ""
    };
    let body = format!(
        r#"<h1>Allow {app}?</h1>
<p>Hello {person}. {app} would like to:</p>
<ul>
{lines}</ul>
{vouched}<p>You can end this at any time, in the app or by calling us.</p>
<form method="post" action="/auth/decide">
{request}
<button id="allow" name="decision" value="allow">Allow</button>
<button class="quiet" id="deny" name="decision" value="deny">Don’t allow</button>
</form>"#,
        app = encode_safe(&asked.client.name),
        person = encode_safe(person),
        request = hidden(name),
    );
    make_page(site, "Allow this app?", &body, asked)
}

/// What the granted scopes mean, in words; each line once.
fn describe_scope(scope: &Scope) -> Vec<&'static str> {
    let mut lines = Vec::new();
    let mut add = |line| {
        if !lines.contains(&line) {
            lines.push(line);
        }
    };
    for (type_name, letters) in scope.list_types() {
        let writes = letters.contains(['c', 'u']);
        add(match type_name {
            "Task" if writes => "See your to-dos and tell us how they went",
            "Task" => "See your to-dos",
            "ServiceRequest" | "Procedure" => "See help that was asked for you, and how it goes",
            "Goal" => "See your goals",
            "Questionnaire" => "Get the questions we ask you",
            "QuestionnaireResponse" if writes => "Send us your answers",
            "QuestionnaireResponse" => "See your answers",
            "DocumentReference" if writes => "See papers, and send us forms you filled in",
            "DocumentReference" => "See papers we share with you",
            "Condition" | "Observation" => "See what you told us you need",
            "Consent" => "See what you agreed to share",
            "Patient" | "RelatedPerson" => "See your name and how we reach you",
            _ => "See who helps you, and how to reach them",
        });
    }
    if scope.is_offline() {
        add("Stay connected when you are not using it");
    }
    lines
}

fn make_page(site: &Site, title: &str, body: &str, asked: &Asked) -> Page {
    let leads_to = Url::parse(&asked.redirect_uri).ok().map(|url| match url.host() {
        Some(_) => url.origin().ascii_serialization(),
        None => format!("{}:", url.scheme()),
    });
    Page { html: wrap(site, title, body), status: StatusCode::OK, leads_to }
}

fn wrap(site: &Site, title: &str, body: &str) -> String {
    let (title, place) = (encode_safe(title), site.kind.name());
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title} · {place}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>{place}</header>\n<main>\n{body}\n</main>\n<footer>Sandbox. Nobody here is real.</footer>\n</body>\n</html>\n",
    )
}

fn describe_problem(problem: Option<&str>) -> String {
    problem.map_or_else(String::new, |words| {
        format!("<p class=\"problem\" id=\"problem\" role=\"alert\">{}</p>\n", encode_safe(words))
    })
}

fn again(typed: &Fields, name: &str) -> String {
    encode_safe(typed.only(name).unwrap_or_default()).into_owned()
}

fn hidden(name: &str) -> String {
    format!(r#"<input type="hidden" name="request" value="{}">"#, encode_safe(name))
}
