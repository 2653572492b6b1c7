//! The seven attacks, each over real HTTP from the code on a flyer to its end.

use handrail_contract::problem::Refusal;
use handrail_sandbox::Place;
use serde_json::{Value, json};
use support::person::{Person, SignInError};

use super::{
    app::{End, Honest, World, parameter, with_parameter},
    attacker::{Attacker, Relay},
};
use crate::ground::visit;

/// What the attacker tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// The honest sign-in page, and the attacker's token endpoint (RFC 9700 section 4.4.2).
    ForeignToken,
    /// The attacker's sign-in page, and the honest token endpoint.
    ForeignAuthorization,
    /// The attacker's own sign-in page sends the browser on to the honest one (RFC 9700 section 4.4.1).
    Redirecting,
    /// A code that the honest server gave to somebody else is put into the person's redirect (RFC 9700 section 4.5).
    InjectedCode,
    /// PKCE is not offered, or taken out on the way (RFC 9700 section 4.8.2).
    PkceStripped,
    /// The redirect names another issuer (RFC 9207 section 2.4).
    WrongIss,
    /// The person finishes a sign-in that the attacker began.
    Fixation,
}

impl Attack {
    pub const ALL: [Self; 7] = [
        Self::ForeignToken,
        Self::ForeignAuthorization,
        Self::Redirecting,
        Self::InjectedCode,
        Self::PkceStripped,
        Self::WrongIss,
        Self::Fixation,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::ForeignToken => "foreign token endpoint",
            Self::ForeignAuthorization => "foreign authorization endpoint",
            Self::Redirecting => "redirecting server",
            Self::InjectedCode => "injected code",
            Self::PkceStripped => "PKCE stripped",
            Self::WrongIss => "wrong iss",
            Self::Fixation => "state fixation",
        }
    }

    /// The rule that has to end it, in words.
    pub fn rule(self, is_listed: bool) -> &'static str {
        match self {
            Self::ForeignToken | Self::ForeignAuthorization if is_listed => {
                "the description differs from its row"
            }
            Self::ForeignToken | Self::ForeignAuthorization => "endpoints of two domains",
            Self::Redirecting => "a redirect address of each place's own",
            Self::InjectedCode => "state, then PKCE",
            Self::PkceStripped => "no S256 offered; the server asks for it",
            Self::WrongIss => "iss is not the issuer",
            Self::Fixation => "state",
        }
    }

    /// Tries it; how each way of trying ended.
    pub async fn attempt(self, world: &mut World) -> Vec<End> {
        match self {
            Self::ForeignToken => {
                let honest = describe_honest(world.honest());
                let token = world.attacker.at("auth/token");
                invite(world, with(honest, "token_endpoint", token)).await
            }
            Self::ForeignAuthorization => {
                let honest = describe_honest(world.honest());
                let page = world.attacker.at("auth/authorize");
                invite(world, with(honest, "authorization_endpoint", page)).await
            }
            Self::Redirecting => {
                let as_asked = redirect_on(world, None).await;
                let honest_path = world.honest_path();
                vec![as_asked, redirect_on(world, Some(honest_path)).await]
            }
            Self::InjectedCode => inject_code(world).await,
            Self::PkceStripped => strip_pkce(world).await,
            Self::WrongIss => vec![name_wrong_issuer(world).await],
            Self::Fixation => fixate(world).await,
        }
    }

    /// How each way of trying has to end.
    pub fn goal(self) -> &'static [End] {
        match self {
            Self::ForeignToken | Self::ForeignAuthorization => &[End::Refused(Refusal::Disagrees)],
            Self::Redirecting => &[End::HonestServerRefused, End::Ignored],
            Self::InjectedCode => &[End::Ignored, End::Refused(Refusal::Declined)],
            Self::PkceStripped => {
                &[End::Refused(Refusal::WeakSignIn), End::Refused(Refusal::PlaceFailed)]
            }
            Self::WrongIss => &[End::Refused(Refusal::DidNotMatch)],
            Self::Fixation => &[End::Ignored, End::Connected],
        }
    }
}

/// What the honest place says about itself.
fn describe_honest(place: &Place) -> Value {
    describe(place.issuer.as_str())
}

/// What the attacker says about itself where it does not lie.
pub fn describe_attacker(attacker: &Attacker) -> Value {
    describe(&attacker.at("auth"))
}

fn describe(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "code_challenge_methods_supported": ["S256"],
        "capabilities": ["launch-standalone", "permission-v2"],
    })
}

fn with(mut description: Value, name: &str, value: impl Into<Value>) -> Value {
    description[name] = value.into();
    description
}

/// The person scans the attacker's code. If the app opens a page, the person signs in there.
pub async fn invite(world: &mut World, description: Value) -> Vec<End> {
    world.attacker.describe(description);
    let base = world.attacker.at("fhir");
    let end = match world.begin(&base).await {
        Err(end) => end,
        Ok((attempt, page)) => match Person::rosa().sign_in(&page).await {
            Ok(_) => world.end_of(&attempt).await,
            Err(_) => world.give_up(&attempt, End::Ignored).await,
        },
    };
    vec![end]
}

/// The attacker's own page sends the browser on, with this redirect path in place of the app's.
pub async fn redirect_on(world: &mut World, redirect_path: Option<String>) -> End {
    let honest = describe_honest(world.honest());
    let to = honest["authorization_endpoint"].as_str().and_then(|text| text.parse().ok());
    world.attacker.relay(Relay {
        to: to.expect("the sandbox's own address"),
        aud: world.honest().fhir_base.to_string(),
        redirect_path,
    });
    world.attacker.describe(describe_attacker(&world.attacker));
    let base = world.attacker.at("fhir");
    let (attempt, page) = match world.begin(&base).await {
        Ok(opened) => opened,
        Err(end) => return end,
    };
    match Person::rosa().sign_in(&page).await {
        Ok(_) => world.end_of(&attempt).await,
        Err(SignInError::Refused { host, .. }) => {
            let by_honest = host.starts_with(world.honest().origin.as_str());
            let stood = if by_honest { End::HonestServerRefused } else { End::Ignored };
            world.give_up(&attempt, stood).await
        }
        Err(other) => panic!("the person got stuck: {other}"),
    }
}

async fn inject_code(world: &mut World) -> Vec<End> {
    let base = world.honest().fhir_base.to_string();
    let (attempt, page) = world.begin(&base).await.expect("the honest place is in order");
    let redirect_uri = parameter(&page, "redirect_uri").expect("the app's redirect address");
    let landed = Person::rosa().walk_to_redirect(&page).await.expect("the page lets Rosa in").uri;
    let code = world.steal_code(&redirect_uri).await;
    let injected = with_parameter(&landed, "code", Some(&code));

    // The attacker does not know the state, as a rule.
    visit(with_parameter(&injected, "state", Some("guessed")).as_str()).await;
    let first = if world.count_connections().await == 0 { End::Ignored } else { End::Connected };
    visit(injected.as_str()).await;
    vec![first, world.end_of(&attempt).await]
}

async fn strip_pkce(world: &mut World) -> Vec<End> {
    let weak =
        with(describe_attacker(&world.attacker), "code_challenge_methods_supported", json!([]));
    let mut ends = invite(world, weak).await;

    let base = world.honest().fhir_base.to_string();
    let (attempt, page) = world.begin(&base).await.expect("the honest place is in order");
    let bare = with_parameter(&page, "code_challenge", None);
    let bare = with_parameter(&bare, "code_challenge_method", None);
    let walked = Person::rosa().sign_in(&bare).await;
    ends.push(match walked {
        Ok(_) => world.end_of(&attempt).await,
        Err(_) => world.give_up(&attempt, End::Ignored).await,
    });
    ends
}

async fn name_wrong_issuer(world: &mut World) -> End {
    let base = world.honest().fhir_base.to_string();
    let (attempt, page) = world.begin(&base).await.expect("the honest place is in order");
    let landed = Person::rosa().walk_to_redirect(&page).await.expect("the page lets Rosa in").uri;
    let issuer = world.attacker.at("auth");
    visit(with_parameter(&landed, "iss", Some(&issuer)).as_str()).await;
    world.end_of(&attempt).await
}

/// The person is lured to the attacker's page while their own sign-in waits; then they finish their own.
async fn fixate(world: &mut World) -> Vec<End> {
    let base = world.honest().fhir_base.to_string();
    let (attempt, page) = world.begin(&base).await.expect("the honest place is in order");
    let redirect_uri = parameter(&page, "redirect_uri").expect("the app's redirect address");
    let lured = world.forge_page(&redirect_uri);
    let landed = Person::colin().walk_to_redirect(&lured).await.expect("the page lets Colin in");
    visit(landed.uri.as_str()).await;
    let first = if world.count_connections().await == 0 { End::Ignored } else { End::Connected };
    Person::rosa().sign_in(&page).await.expect("the page lets Rosa in");
    vec![first, world.end_of(&attempt).await]
}

/// How an honest sign-in ends at this server: nobody attacks.
pub async fn sign_in(world: &mut World) -> End {
    let base = world.honest().fhir_base.to_string();
    match world.begin(&base).await {
        Err(end) => end,
        Ok((attempt, page)) => {
            Person::rosa().sign_in(&page).await.expect("the page lets Rosa in");
            world.end_of(&attempt).await
        }
    }
}

/// What a server is called that answers to this name.
pub fn title(honest: Honest, is_listed: bool) -> String {
    let registry = if is_listed { "on" } else { "off" };
    format!("{}, registry {registry}", honest.name())
}
