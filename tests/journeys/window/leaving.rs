//! The app is closed while tokens are on their way.

use std::{fs, path::Path, time::Duration};

use handrail_contract::place::Outcome;
use handrail_engine::Which;
use handrail_sandbox::{At, Fault, Options, PlaceKind, Rule, Sandbox};
use support::{
    phone::{Phone, registry_of},
    programs::{find_program, repository},
    wait::until,
};
use tokio::{process::Command, time::timeout};

/// Longer than an app takes to end.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_closed_in_the_middle_of_an_exchange_seals_the_tokens_before_it_ends() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect(&sandbox.place(PlaceKind::Provider).invitation()).await.unwrap();
    let control = sandbox.place(PlaceKind::Provider).control();
    let reused = control.count_reuse_events();
    phone.make_all_stale();
    control.expire_access_tokens();
    // The place gives new tokens at once, and they come a byte at a time.
    control.add_fault(Rule::once(At::Token, Fault::Trickle { millis: 1 }));
    let asked = control.count_token_requests();

    let partners = phone.data().join("partners.json");
    fs::write(&partners, serde_json::to_vec(&registry_of(&sandbox)).unwrap()).unwrap();
    let mut app = start_app(&phone.data(), &partners);
    until(|| control.count_token_requests() != asked).await;
    let closed = close_window().await;
    let ended = timeout(PATIENCE, app.wait()).await.expect("the app ends").unwrap();
    control.clear_faults();
    let next = phone.restart().engine.check(Which::All).await.unwrap();

    assert!(closed && ended.success(), "{ended}");
    assert_eq!(next.sources[0].outcome, Outcome::Ok);
    assert_eq!(
        control.count_token_requests(),
        asked + 1,
        "the tokens that came are the ones in use"
    );
    assert_eq!(control.count_reuse_events(), reused);
}

/// The app as a person starts it, without a driver. It looks at every place as it opens.
fn start_app(data: &Path, partners: &Path) -> tokio::process::Child {
    let mut app = Command::new(find_program("handrail-app"));
    app.arg("--data").arg(data).arg("--registry").arg(partners).args(["--keys", "file"]);
    app.env("NO_AT_BRIDGE", "1").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    app.kill_on_drop(true).spawn().unwrap()
}

/// Presses the button that closes the app's window; whether there was a window.
async fn close_window() -> bool {
    let mut press = Command::new("python3");
    press.arg(repository().join("tests/support/close_window.py")).arg("Handrail");
    press.status().await.unwrap().success()
}
