//! The mix-up laboratory: an honest server, an attacker that runs another, and what reaches the attacker.
//!
//! Three kinds of honest servers, seven attacks, with the app's list of partners and without: 42 runs.

mod app;
mod attacker;
mod attacks;

use handrail_sandbox::{Checks, Place};
use serde_json::{Value, json};

use self::{
    app::{End, Honest, World},
    attacker::{Attacker, Caught},
    attacks::{Attack, describe_attacker, redirect_on, sign_in, title},
};
use crate::report::Report;

/// Runs everything; first what the laboratory has to notice.
pub async fn run() -> Report {
    let mut report = Report::default();
    try_recorder(&mut report).await;
    for is_listed in [true, false] {
        for honest in Honest::ALL {
            report.begin(&format!("honest server checks {}", title(honest, is_listed)));
            let mut world =
                World::make(honest, |place, attacker| rows(is_listed, place, attacker)).await;
            let end = sign_in(&mut world).await;
            report.exactly("an honest sign-in", end.name(), "connected");
            for attack in Attack::ALL {
                run_one(honest, is_listed, attack, &mut report).await;
            }
        }
    }
    try_lax_redirects(&mut report).await;
    report
}

/// Where a server takes any redirect address, only its name in the redirect tells whose code it is (RFC 9207).
async fn try_lax_redirects(report: &mut Report) {
    report.begin("honest server takes any redirect address, and names itself");
    let mut world = World::make(Honest::IssAndAud, |_, _| Vec::new()).await;
    world.honest().control().set_checks(Checks::default());
    let end = redirect_on(&mut world, None).await;
    let caught = world.attacker.caught(&world.honest().control().list_secrets());
    report.exactly("redirecting server: codes, verifiers, tokens caught", caught.secrets(), 0);
    report.exactly("  ended by: iss is not the issuer", end.name(), "did_not_match");
}

async fn run_one(honest: Honest, is_listed: bool, attack: Attack, report: &mut Report) {
    let mut world = World::make(honest, |place, attacker| rows(is_listed, place, attacker)).await;
    let ends = attack.attempt(&mut world).await;
    let caught = world.attacker.caught(&world.honest().control().list_secrets());
    let said = |ends: &[End]| ends.iter().map(|end| end.name()).collect::<Vec<_>>().join(", ");
    report.exactly(
        &format!("{}: codes, verifiers, tokens caught", attack.name()),
        caught.secrets(),
        0,
    );
    report.exactly(
        &format!("  ended by: {}", attack.rule(is_listed)),
        said(&ends),
        said(attack.goal()),
    );
    report.note("  requests that the attacker saw", caught.requests);
    let connections = u64::from(attack.goal().contains(&End::Connected));
    let found = world.count_connections().await as u64;
    if found != connections {
        report.exactly("  connections afterwards", found, connections);
    }
}

/// The partners: the honest place and the attacker, a partner gone bad; or nobody.
fn rows(is_listed: bool, place: &Place, attacker: &Attacker) -> Vec<Value> {
    if !is_listed {
        return Vec::new();
    }
    let honest = row(place.fhir_base.as_str(), place.issuer.as_str(), place.issuer.as_str());
    let own = attacker.at("auth");
    vec![honest, row(&attacker.at("fhir"), &own, &own)]
}

/// A row whose sign-in page is `page`'s and whose token endpoint is `tokens`'.
fn row(base: &str, page: &str, tokens: &str) -> Value {
    json!({
        "fhir_base": base,
        "name": base,
        "issuer": page,
        "authorization_endpoint": format!("{page}/authorize"),
        "token_endpoint": format!("{tokens}/token"),
        "revocation_endpoint": format!("{page}/revoke"),
        "client_id": "handrail",
        "rotation": "strict",
    })
}

/// Two rules of the app and its partners switched off, by data alone. A recorder that catches nothing then is deaf.
async fn try_recorder(report: &mut Report) {
    report.begin("what the laboratory must notice");
    let caught = vouch_for_mixture().await;
    report.at_least("a row that vouches for two domains: codes caught", caught.codes, 1);
    report.at_least("  verifiers caught", caught.verifiers, 1);

    let mut world = World::make(Honest::Neither, |_, _| Vec::new()).await;
    world.honest().control().set_checks(Checks { iss: false, aud: false, redirect_path: None });
    redirect_on(&mut world, None).await;
    let caught = world.attacker.caught(&world.honest().control().list_secrets());
    report.at_least("a server that takes any redirect address: codes caught", caught.codes, 1);
}

async fn vouch_for_mixture() -> Caught {
    let mixed = |place: &Place, attacker: &Attacker| {
        vec![row(&attacker.at("fhir"), place.issuer.as_str(), &attacker.at("auth"))]
    };
    let mut world = World::make(Honest::Neither, mixed).await;
    world.honest().control().set_checks(Checks { iss: false, aud: false, redirect_path: None });
    let mut description = describe_attacker(&world.attacker);
    let issuer = world.honest().issuer.to_string();
    description["issuer"] = json!(issuer);
    description["authorization_endpoint"] = json!(format!("{issuer}/authorize"));
    attacks::invite(&mut world, description).await;
    world.attacker.caught(&world.honest().control().list_secrets())
}
