//! Every fault at every call, and what is left of the app's promises after it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use handrail_contract::place::{Outcome, Revoked};
use handrail_engine::Answer as _;
use handrail_sandbox::{Fault, Options, PlaceKind, Rotation, Rule, Sandbox};
use serde_json::json;

use super::{
    app::App,
    call::{Blow, Call},
    wire::{HURRIED, Trap},
};
use crate::{Form, report::Report};

/// Checks after a fault ended, by the last of which everything is as at the server.
const CYCLES: usize = 3;

/// What many blows came to.
#[derive(Default)]
struct Sums {
    cells: u64,
    calls: u64,
    slowest: Duration,
    outside: u64,
    sessions: u64,
    lost_rows: u64,
    false_successes: u64,
    unequal: u64,
    still_wrong: u64,
    no_sign_in: u64,
    live_grants: u64,
    /// Cells by the check after which they were equal.
    equal_after: BTreeMap<usize, u64>,
}

/// When a look is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// Nothing is kept yet.
    First,
    /// A day later: staff changed something, and the whole look is due.
    Later,
}

/// Runs the matrix.
pub async fn explore(form: Form, trap: &Trap, report: &mut Report) {
    let options = Options {
        rotation: Some(Rotation::Grace(Duration::from_secs(600))),
        token_life: Duration::from_secs(3_600),
        // So small that every list has a second page.
        largest_page: 4,
        ..Options::anywhere()
    };
    let sandbox = Sandbox::start(options).await.expect("loopback has free ports");
    let place = sandbox.place(PlaceKind::Provider);
    let blows = Blow::all(&trap.origin, &place.origin);
    let mut sums = Sums::default();

    looks(form, &sandbox, &blows, &mut sums).await;
    sign_ins(form, &sandbox, &blows, &mut sums).await;
    revocations(form, &sandbox, &blows, &mut sums).await;

    let (caught, authorized) = trap.caught();
    report.begin("every fault at every call");
    report.note("cells", sums.cells);
    report.note("requests", sums.calls);
    for (checks, cells) in &sums.equal_after {
        report.note(&format!("  equal to the server after {checks} checks"), cells);
    }
    report.at_most(
        &format!("slowest exchange, in ms, with a limit of {}", HURRIED.longest.as_millis()),
        sums.slowest.as_millis(),
        // A process that stood still for a second looks once more at what arrived.
        HURRIED.longest.as_millis() + 1_000,
    );
    report.exactly("sessions lost", sums.sessions, 0);
    report.exactly("things forgotten because of a fault", sums.lost_rows, 0);
    report.exactly("looks called a success that were none", sums.false_successes, 0);
    report.exactly("not equal to the server after three checks", sums.unequal, 0);
    report.exactly("still called wrong after three checks", sums.still_wrong, 0);
    report.exactly("sign-ins that did not work after the fault", sums.no_sign_in, 0);
    report.exactly("sessions left open at a place that was left", sums.live_grants, 0);
    report.exactly("requests to another origin", sums.outside, 0);
    report.exactly("requests that the trap caught", caught, 0);
    report.exactly("  of these with a token", authorized, 0);
}

/// In the short form every seventh cell, another one at each call, and none that only waits.
fn chooses(form: Form, blow: &Blow, cell: usize) -> bool {
    form == Form::Long || cell % 7 == 0 && !blow.slow
}

async fn looks(form: Form, sandbox: &Sandbox, blows: &[Blow], sums: &mut Sums) {
    let mut app = App::connected(sandbox, PlaceKind::Provider).await;
    app.check().await;
    let followed = app.followed();
    let calm = app.check().await;
    let mut cell = 0;
    for call in Call::OF_A_LOOK {
        for blow in blows.iter().filter(|blow| blow.fits(call)) {
            for when in [When::First, When::Later] {
                cell += 1;
                if chooses(form, blow, cell) {
                    let what = format!("{} at {} ({when:?})", blow.name, call.name());
                    let struck = Struck { call, blow, when, what: &what };
                    strike(&mut app, &struck, &followed, &calm, sums).await;
                }
            }
        }
    }
    sums.take_wire(&app);
}

struct Struck<'a> {
    call: Call,
    blow: &'a Blow,
    when: When,
    what: &'a str,
}

async fn strike(
    app: &mut App,
    struck: &Struck<'_>,
    followed: &[(String, String)],
    calm: &(Outcome, Vec<String>),
    sums: &mut Sums,
) {
    let Struck { call, blow, when, what } = *struck;
    sums.cells += 1;
    match when {
        When::First => app.forget(),
        When::Later => {
            change_something(app, sums.cells);
            app.turn(25);
        }
    }
    if call == Call::Refresh {
        app.turn(2);
    }
    let before: BTreeSet<_> = app.shelf().into_keys().collect();
    let last_success = app.stands().last_success_at;

    begin_fault(app, call, blow);
    let mut spoilt = Vec::new();
    for _ in 0..2 {
        spoilt.push(app.check().await);
    }
    end_fault(app);

    let during: BTreeSet<_> = app.shelf().into_keys().collect();
    let lost = before.difference(&during).count() as u64;
    note(lost > 0, what, &format!("{lost} things were forgotten"));
    sums.lost_rows += lost;
    if let Some(why) = find_false_success(app, struck, &spoilt, last_success) {
        note(true, what, &format!("{why}: {spoilt:?}"));
        sums.false_successes += 1;
    }
    if app.is_signed_out() {
        note(true, what, "the session is lost");
        sums.sessions += 1;
        assert!(app.sign_in_again().await, "signing in again mends a lost session");
    }
    recover(app, struck, followed, calm, sums).await;
}

/// After the fault: equal to the server within three checks, and not called wrong any more.
async fn recover(
    app: &App,
    struck: &Struck<'_>,
    followed: &[(String, String)],
    calm: &(Outcome, Vec<String>),
    sums: &mut Sums,
) {
    let (mut equal_after, mut differing, mut said) = (None, Vec::new(), calm.clone());
    for check in 1..=CYCLES {
        if check == CYCLES && struck.blow.lies {
            // What was said without being so is found out by the whole look of the next day.
            app.turn(25);
        }
        said = app.check().await;
        differing = app.differ(followed);
        if differing.is_empty() && equal_after.is_none() {
            equal_after = Some(check);
        }
    }
    match equal_after {
        Some(checks) if differing.is_empty() => *sums.equal_after.entry(checks).or_default() += 1,
        _ => {
            differing.truncate(3);
            note(true, struck.what, &format!("not equal: {differing:?}, {said:?}"));
            sums.unequal += 1;
            app.forget();
            app.check().await;
        }
    }
    if said != *calm {
        note(true, struck.what, &format!("still called wrong: {said:?}"));
        sums.still_wrong += 1;
    }
}

/// A look that was spoilt and says that all is well, or that counts as a success although nothing was read.
fn find_false_success(
    app: &App,
    struck: &Struck<'_>,
    spoilt: &[(Outcome, Vec<String>)],
    last_success: Option<jiff::Timestamp>,
) -> Option<&'static str> {
    let Struck { call, blow, .. } = *struck;
    if blow.harmless {
        return None;
    }
    let strikes_a_list = matches!(call, Call::Search(_) | Call::NextPage | Call::Look);
    if strikes_a_list && spoilt.iter().any(|(outcome, _)| *outcome == Outcome::Ok) {
        return Some("all was said to be well");
    }
    let nothing_comes = call == Call::Look && !blow.of_lists && blow.name != "failed in part";
    let moved = app.stands().last_success_at != last_success;
    (nothing_comes && moved).then_some("it counts as a success")
}

/// Staff change a to-do, a referral and an organization.
fn change_something(app: &App, number: u64) {
    let text = json!(format!("changed for the {number}. time"));
    let control = &app.control;
    for (kind, member) in [
        ("Task", "description"),
        ("ServiceRequest", "patientInstruction"),
        ("Organization", "name"),
    ] {
        let resources = control.list_resources(kind);
        let nth = usize::try_from(number).unwrap_or_default() % resources.len().max(1);
        if let Some(id) = resources.get(nth).and_then(|it| it["id"].as_str()) {
            control.change_resource(kind, id, |resource| resource[member] = text.clone());
        }
    }
}

fn begin_fault(app: &App, call: Call, blow: &Blow) {
    app.wire.set_storm(true);
    let mut rules: Vec<Rule> = match &blow.fault {
        Some(fault) => call.rules(fault.clone()),
        None => Vec::new(),
    };
    if blow.fault.is_none() {
        app.wire.refuse(Some(call));
        if call == Call::Read {
            rules.push(Call::no_batch());
        }
    }
    app.control.set_faults(rules);
}

fn end_fault(app: &App) {
    app.control.clear_faults();
    app.wire.refuse(None);
    app.wire.set_storm(false);
}

/// Discovery and the redeeming of a code: whatever goes wrong, the next sign-in works.
async fn sign_ins(form: Form, sandbox: &Sandbox, blows: &[Blow], sums: &mut Sums) {
    let mut cell = 0;
    for call in [Call::Discovery, Call::Code] {
        for blow in blows.iter().filter(|blow| blow.fits(call)) {
            cell += 1;
            if !chooses(form, blow, cell) {
                continue;
            }
            sums.cells += 1;
            let what = format!("{} at {}", blow.name, call.name());
            let mut app = App::new(sandbox, PlaceKind::Provider);
            begin_fault(&app, call, blow);
            app.connect().await;
            end_fault(&app);
            if !app.connect().await {
                note(true, &what, "the next sign-in does not work");
                sums.no_sign_in += 1;
            }
            sums.take_wire(&app);
        }
    }
}

/// Leaving a place: whatever goes wrong, its session is over there in the end, or the person was told that it may not be.
async fn revocations(form: Form, sandbox: &Sandbox, blows: &[Blow], sums: &mut Sums) {
    let control = sandbox.place(PlaceKind::Provider).control();
    for (cell, blow) in blows.iter().filter(|blow| blow.fits(Call::Revoke)).enumerate() {
        if !chooses(form, blow, cell) {
            continue;
        }
        sums.cells += 1;
        let what = format!("{} at {}", blow.name, Call::Revoke.name());
        control.kill_refresh_tokens();
        let app = App::connected(sandbox, PlaceKind::Provider).await;
        let open_before = control.count_live_grants();
        begin_fault(&app, Call::Revoke, blow);
        let question =
            handrail_contract::place::Disconnect { source: app.source.clone(), erase: false };
        let left = app.engine.answer(question).await;
        end_fault(&app);
        for _ in 0..CYCLES {
            // The place is left; what is looked at is what waits for its end.
            let _ = app.engine.check(handrail_engine::Which::All).await;
        }
        let still_open = control.count_live_grants();
        let said = left.map(|left| left.revoked);
        if open_before == 0 || still_open > 0 || said == Ok(Revoked::NotConfirmed) {
            note(true, &what, &format!("{open_before} open before, {still_open} after: {said:?}"));
            sums.live_grants += 1;
        }
        sums.take_wire(&app);
    }
}

impl Sums {
    fn take_wire(&mut self, app: &App) {
        let seen = app.wire.seen();
        self.calls += seen.calls;
        self.slowest = self.slowest.max(seen.slowest);
        self.outside += seen.outside;
    }
}

/// What went wrong, where it did.
fn note(is_wrong: bool, what: &str, said: &str) {
    if is_wrong {
        println!("      {what}: {said}");
    }
}

/// The nine forms of `Retry-After` (RFC 9110 section 10.2.3 and what servers make of it), with the seconds they ask for.
pub fn waits() -> Vec<(String, u64)> {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(1_800);
    let utc = jiff::tz::TimeZone::UTC.to_datetime(at);
    vec![
        ("0".to_owned(), 0),
        ("7".to_owned(), 7),
        ("1800".to_owned(), 1_800),
        ("600.5".to_owned(), 601),
        ("99999999999999999999".to_owned(), 6 * 3_600),
        ("soon".to_owned(), 0),
        (utc.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(), 1_800),
        (utc.strftime("%A, %d-%b-%y %H:%M:%S GMT").to_string(), 1_800),
        (utc.strftime("%a %b %e %H:%M:%S %Y").to_string(), 1_800),
    ]
}

/// Who is asked to wait waits so long, and no longer than six hours.
pub async fn wait_as_asked(report: &mut Report) {
    let options = Options { token_life: Duration::from_secs(3_600), ..Options::anywhere() };
    let sandbox = Sandbox::start(options).await.expect("loopback has free ports");
    let app = App::connected(&sandbox, PlaceKind::Cbo).await;
    let (mut too_soon, mut too_late, mut forms) = (0, 0, 0);
    for call in [Call::Look, Call::Refresh] {
        for (text, seconds) in waits() {
            forms += 1;
            if call == Call::Refresh {
                // Its clock goes with the server's again when the date is read.
                app.control.expire_access_tokens();
            }
            let fault = Fault::TooMany { retry_after: Some(text.clone()) };
            app.control.set_faults(call.rules(fault));
            let asked_at = jiff::Timestamp::now();
            app.clock.set(asked_at);
            app.check().await;
            app.control.clear_faults();
            let due = app.stands().next_due_at.unwrap_or(asked_at);
            let pause = due.duration_since(asked_at).as_secs_f64();
            // Dates have whole seconds; a first retry comes after a minute, and doubles.
            let goal = seconds as f64;
            let most = (goal.max(60.0 * 1.1) * 1.1 + 2.0).min(6.0 * 3_600.0 * 1.1);
            if pause < goal - 1.0 {
                println!("      Retry-After: {text} at {}: {pause:.0} s", call.name());
                too_soon += 1;
            }
            if pause > most {
                println!("      Retry-After: {text} at {}: {pause:.0} s", call.name());
                too_late += 1;
            }
            // A success between two failures starts the doubling anew.
            app.check().await;
        }
    }
    report.begin("nine forms of Retry-After, at a look and at the token endpoint");
    report.note("answers with 429", forms);
    report.exactly("asked again too soon", too_soon, 0);
    report.exactly("asked again too late", too_late, 0);
}
