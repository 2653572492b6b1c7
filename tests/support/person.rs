//! A person at a sign-in page: reads the form, fills it in, presses the button.
//!
//! In: the address an app would open in the browser. Out: where the page sent the browser in the end.
//! Never: a word about whose page it is; the same person signs in at the sandbox and at servers that we did not write.

use reqwest::{Client, header, redirect};
use scraper::{ElementRef, Html, Selector};
use url::Url;

const MOST_STEPS: usize = 20;

/// A person with a name, a password, and a browser that keeps cookies.
pub struct Person {
    user: String,
    password: String,
    browser: Client,
}

/// Where a sign-in page sent the browser.
#[derive(Debug)]
pub struct Landing {
    /// The redirect URI with all that the server put on it.
    pub uri: Url,
}

/// Why a sign-in did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("the sign-in address has no redirect URI")]
    NoRedirectUri,
    #[error("the page at {0} has no form to fill in")]
    NoForm(String),
    #[error("the page at {0} offers no way to say no")]
    NoWayOut(String),
    #[error("the sign-in did not end after {MOST_STEPS} pages")]
    NoEnd,
    #[error("{host} answered {status}: {said}")]
    Refused { host: String, status: u16, said: String },
    #[error("a page did not load: {0}")]
    NotLoaded(#[from] reqwest::Error),
}

/// What the person wants of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    SignIn,
    Decline,
}

impl Person {
    pub fn named(user: &str, password: &str) -> Self {
        let browser = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .build()
            .expect("a client without certificates of its own");
        Self { user: user.to_owned(), password: password.to_owned(), browser }
    }

    /// The guide's own patient, at the sandbox and at the foreign servers.
    pub fn colin() -> Self {
        Self::named("colin", "handrail")
    }

    /// Rosa Delgado, whom all three places of the sandbox know.
    pub fn rosa() -> Self {
        Self::named("rosa", "handrail")
    }

    /// Signs in, agrees, and stops before the redirect URI is visited.
    pub async fn walk_to_redirect(&self, sign_in: &Url) -> Result<Landing, SignInError> {
        self.walk(sign_in, Wish::SignIn).await
    }

    /// Signs in, agrees, and goes where the page sends the browser, so that the app receives the code.
    pub async fn sign_in(&self, sign_in: &Url) -> Result<Landing, SignInError> {
        let landing = self.walk(sign_in, Wish::SignIn).await?;
        self.browser.get(landing.uri.clone()).send().await?;
        Ok(landing)
    }

    /// Says no on the first page, and goes where that leads.
    pub async fn decline(&self, sign_in: &Url) -> Result<Landing, SignInError> {
        let landing = self.walk(sign_in, Wish::Decline).await?;
        self.browser.get(landing.uri.clone()).send().await?;
        Ok(landing)
    }

    async fn walk(&self, sign_in: &Url, wish: Wish) -> Result<Landing, SignInError> {
        let home = redirect_uri_of(sign_in).ok_or(SignInError::NoRedirectUri)?;
        let mut step = Step::open(sign_in.clone());

        for _ in 0..MOST_STEPS {
            if is_same_place(&step.address, &home) {
                return Ok(Landing { uri: step.address });
            }
            let at = step.address.clone();
            let request = match step.form {
                None => self.browser.get(at.clone()),
                Some(fields) => self.browser.post(at.clone()).form(&fields),
            };
            let answer = request.send().await?;
            if answer.status().is_redirection() {
                let to = answer.headers().get(header::LOCATION).and_then(|it| it.to_str().ok());
                let to = to.and_then(|to| at.join(to).ok());
                step = Step::open(to.ok_or_else(|| SignInError::NoForm(place_of(&at)))?);
                continue;
            }
            let status = answer.status();
            let page = answer.text().await?;
            if !status.is_success() {
                let said = words_of(&page);
                return Err(SignInError::Refused {
                    host: place_of(&at),
                    status: status.as_u16(),
                    said,
                });
            }
            step = self.answer_page(&page, &at, wish)?;
        }
        Err(SignInError::NoEnd)
    }

    fn answer_page(&self, page: &str, at: &Url, wish: Wish) -> Result<Step, SignInError> {
        let page = Html::parse_document(page);
        if wish == Wish::Decline
            && let Some(link) = select(page.root_element(), "a[href]").find(|link| says_no(*link))
            && let Ok(address) = at.join(link.attr("href").unwrap_or_default())
        {
            return Ok(Step::open(address));
        }
        let forms: Vec<ElementRef<'_>> = select(page.root_element(), "form").collect();
        let wanted = |button: &ElementRef<'_>| says_no(*button) == (wish == Wish::Decline);
        // A page may hold other forms, such as "create an account": the one with a password is the sign-in.
        let has_password = |form: &&ElementRef<'_>| {
            wish == Wish::SignIn && select(**form, "input[type=password]").next().is_some()
        };
        let form = forms
            .iter()
            .find(has_password)
            .or_else(|| forms.iter().find(|form| buttons(**form).any(|it| wanted(&it))))
            .or(forms.first())
            .ok_or_else(|| SignInError::NoForm(place_of(at)))?;
        let button = buttons(*form).find(wanted);
        if wish == Wish::Decline && button.is_none() {
            return Err(SignInError::NoWayOut(place_of(at)));
        }

        let mut fields: Vec<(String, String)> =
            select(*form, "input[name], select[name]").filter_map(|it| self.fill(it)).collect();
        if let Some(button) = button
            && let Some(name) = button.attr("name")
        {
            fields.push((name.to_owned(), button.attr("value").unwrap_or_default().to_owned()));
        }
        let action = button.and_then(|it| it.attr("formaction")).or_else(|| form.attr("action"));
        let mut address = at.join(action.unwrap_or_default()).unwrap_or_else(|_| at.clone());
        let is_post = form.attr("method").is_some_and(|it| it.eq_ignore_ascii_case("post"));
        if is_post {
            return Ok(Step { address, form: Some(fields) });
        }
        address.query_pairs_mut().clear().extend_pairs(fields);
        Ok(Step::open(address))
    }

    /// What a field of the form is sent with; nothing where a browser would not send it.
    fn fill(&self, field: ElementRef<'_>) -> Option<(String, String)> {
        let name = field.attr("name")?.to_owned();
        let value = field.attr("value").unwrap_or_default().to_owned();
        if field.value().name() == "select" {
            let chosen = select(field, "option[selected]").next();
            let chosen = chosen.or_else(|| select(field, "option").next())?;
            return Some((name, chosen.attr("value").unwrap_or_default().to_owned()));
        }
        match field.attr("type").unwrap_or("text") {
            "password" => Some((name, self.password.clone())),
            "text" | "email" => Some((name, self.user.clone())),
            "checkbox" | "radio" => {
                let value = if value.is_empty() { "on".to_owned() } else { value };
                field.attr("checked").map(|_| (name, value))
            }
            "submit" | "button" | "image" | "reset" => None,
            _ => Some((name, value)),
        }
    }
}

/// The next thing the browser asks for.
struct Step {
    address: Url,
    form: Option<Vec<(String, String)>>,
}

impl Step {
    fn open(address: Url) -> Self {
        Self { address, form: None }
    }
}

fn redirect_uri_of(sign_in: &Url) -> Option<Url> {
    let (_, uri) = sign_in.query_pairs().find(|(name, _)| name == "redirect_uri")?;
    Url::parse(&uri).ok()
}

fn is_same_place(address: &Url, home: &Url) -> bool {
    // An app's own scheme has no origin that equals another (RFC 8252 section 7.1).
    let own = address.scheme() == home.scheme() && !home.has_authority();
    (own || address.origin() == home.origin()) && address.path() == home.path()
}

fn select<'a>(within: ElementRef<'a>, what: &'static str) -> impl Iterator<Item = ElementRef<'a>> {
    let selector = Selector::parse(what).expect("a selector written in this file");
    within.select(&selector).collect::<Vec<_>>().into_iter()
}

fn buttons(form: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    select(form, "button, input[type=submit]")
        .filter(|button| button.attr("type").is_none_or(|it| it == "submit"))
}

/// Whether pressing this means no.
fn says_no(element: ElementRef<'_>) -> bool {
    let mut said = element.text().collect::<String>();
    for attribute in ["value", "name", "id"] {
        said.push(' ');
        said.push_str(element.attr(attribute).unwrap_or_default());
    }
    let said = said.to_lowercase();
    ["cancel", "deny", "decline", "refuse", "not now", "do not", "don't"]
        .iter()
        .any(|no| said.contains(no))
}

fn words_of(page: &str) -> String {
    let page = Html::parse_document(page);
    let words: Vec<&str> = page.root_element().text().flat_map(str::split_whitespace).collect();
    words.join(" ").chars().take(300).collect()
}

/// An address without its query, which may carry secrets.
fn place_of(address: &Url) -> String {
    let mut address = address.clone();
    address.set_query(None);
    address.set_fragment(None);
    address.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"
        <form action="/new" method="post"><button>Create an account</button></form>
        <form action="/submit" method="post">
            <input type="hidden" name="ticket" value="7">
            <input id="username" name="username"><input type="password" name="password">
            <input type="checkbox" name="scope" value="tasks" checked>
            <input type="checkbox" name="scope" value="goals">
            <button name="answer" value="allow">Allow</button>
            <button name="answer" value="deny">Do not allow</button>
        </form>"#;

    #[test]
    fn the_form_with_a_password_is_filled_in_and_sent_by_the_button_that_agrees() {
        let at = Url::parse("http://127.0.0.1:1/authorize?x=1").unwrap();

        let step = Person::rosa().answer_page(PAGE, &at, Wish::SignIn).unwrap();

        let sent = [
            ("ticket", "7"),
            ("username", "rosa"),
            ("password", "handrail"),
            ("scope", "tasks"),
            ("answer", "allow"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(step.address.path(), "/submit");
        assert_eq!(step.form, Some(sent.to_vec()));
    }

    #[test]
    fn saying_no_beside_the_sign_in_form_is_found() {
        let page = r#"<form action="/in" method="post"><input type="password" name="password"><button>Sign in</button></form>
            <form action="/decide" method="post"><button id="not-now" name="decision" value="deny">Not now</button></form>"#;
        let at = Url::parse("http://127.0.0.1:1/authorize").unwrap();

        let step = Person::rosa().answer_page(page, &at, Wish::Decline).unwrap();

        assert_eq!(step.address.path(), "/decide");
    }

    #[test]
    fn saying_no_presses_the_other_button() {
        let at = Url::parse("http://127.0.0.1:1/authorize").unwrap();

        let step = Person::rosa().answer_page(PAGE, &at, Wish::Decline).unwrap();

        let answer = step.form.unwrap().into_iter().find(|(name, _)| name == "answer");
        assert_eq!(answer, Some(("answer".to_owned(), "deny".to_owned())));
    }
}
