//! Random days: staff change things, servers break and lie, the app is closed and opened, time goes by.
//!
//! Each sequence follows from its number alone, which is told when something is wrong.

use std::{collections::BTreeMap, time::Duration};

use handrail_engine::{ports::Entropy as _, testing::SeededEntropy};
use handrail_sandbox::{Options, PlaceKind, Rotation, Rule, Sandbox};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    GROWTH_KB,
    app::App,
    call::{Blow, Call},
    read_kb,
    wire::Trap,
};
use crate::{Form, report::Report};

const STEPS: usize = 25;
const CYCLES: usize = 3;
/// Sequences after which the memory is measured for the first time: caches are full then.
const SETTLED: u64 = 4;

#[derive(Default)]
struct Sums {
    steps: BTreeMap<&'static str, u64>,
    requests: u64,
    outside: u64,
    lost: u64,
    unexplained: u64,
    unequal: u64,
    equal_after: BTreeMap<usize, u64>,
}

/// Runs as many steps as the form asks for.
pub async fn explore(form: Form, trap: &Trap, report: &mut Report) {
    let sequences = match form {
        Form::Long => 400,
        Form::Short => 12,
    };
    let before = trap.caught();
    let mut sums = Sums::default();
    let mut settled = read_kb("VmRSS:");
    for seed in 0..sequences {
        live(seed, trap, &mut sums).await;
        if seed == SETTLED {
            settled = read_kb("VmRSS:");
        }
    }
    let grown = read_kb("VmRSS:").saturating_sub(settled);

    report.begin("random sequences of changes, faults, checks and new starts");
    report.note("sequences", sequences);
    report.note("steps", sums.steps.values().sum::<u64>());
    for (step, count) in &sums.steps {
        report.note(&format!("  {step}"), count);
    }
    report.note("requests", sums.requests);
    for (checks, count) in &sums.equal_after {
        report.note(&format!("  equal to the server after {checks} checks"), count);
    }
    report.exactly("sequences not equal after three checks", sums.unequal, 0);
    report.note("sessions lost where a refresh token came twice", sums.lost - sums.unexplained);
    report.exactly("sessions lost without that", sums.unexplained, 0);
    report.exactly("requests to another origin", sums.outside, 0);
    report.exactly("requests that the trap caught", trap.caught().0 - before.0, 0);
    report.at_most("memory grew by, in kB", grown, GROWTH_KB);
}

async fn live(seed: u64, trap: &Trap, sums: &mut Sums) {
    let dice = Dice(SeededEntropy::new(seed));
    let rotation = match dice.below(4) {
        0 => Rotation::None,
        1 => Rotation::ConfirmOnUse,
        2 => Rotation::Grace(Duration::from_secs(600)),
        _ => Rotation::Strict,
    };
    let options = Options {
        rotation: Some(rotation),
        token_life: Duration::from_secs(3_600),
        largest_page: 4 + dice.below(20),
        ..Options::anywhere()
    };
    let sandbox = Sandbox::start(options).await.expect("loopback has free ports");
    let kind = PlaceKind::ALL[dice.below(3)];
    let mut app = App::connected(&sandbox, kind).await;
    let blows = Blow::all(&trap.origin, &sandbox.place(kind).origin);
    let mut made = 0;
    for _ in 0..STEPS {
        let step = take_step(&mut app, &dice, &blows, &mut made).await;
        *sums.steps.entry(step).or_default() += 1;
        judge_session(&mut app, seed, sums).await;
    }
    calm_down(&app);
    judge_end(&mut app, seed, sums).await;
    let seen = app.wire.seen();
    sums.requests += seen.calls;
    sums.outside += seen.outside;
}

async fn take_step(app: &mut App, dice: &Dice, blows: &[Blow], made: &mut u64) -> &'static str {
    match dice.below(14) {
        0..=2 => {
            change(app, dice, made);
            "staff changed something"
        }
        3..=5 => {
            break_something(app, dice, blows);
            "something broke"
        }
        6 => {
            calm_down(app);
            "all is well again"
        }
        7..=9 => {
            app.check().await;
            "a check"
        }
        10 => {
            // Whatever comes of it is judged at the end.
            let _ = app.engine.wake(Duration::from_secs(25)).await;
            "a turn in the background"
        }
        11 => {
            let minutes = [1, 20, 90, 25 * 60][dice.below(4)];
            app.clock.turn(SignedDuration::from_mins(minutes));
            "time goes by"
        }
        12 => {
            app.restart();
            "a new start"
        }
        _ => {
            app.control.expire_access_tokens();
            "the token ends"
        }
    }
}

fn change(app: &App, dice: &Dice, made: &mut u64) {
    *made += 1;
    let control = &app.control;
    let kind = ["Task", "ServiceRequest", "Goal", "Organization"][dice.below(4)];
    let all = control.list_resources(kind);
    if all.is_empty() {
        return;
    }
    let one = &all[dice.below(all.len())];
    let id = one["id"].as_str().unwrap_or_default();
    let text = json!(format!("changed for the {made}. time"));
    match dice.below(4) {
        0 if kind != "Organization" => {
            let mut copy: Value = one.clone();
            copy["id"] = json!(format!("made-{made}"));
            control.put_resource(copy);
        }
        1 if kind != "Organization" && all.len() > 4 => control.remove_resource(kind, id),
        _ => {
            let member = match kind {
                "Task" => "description",
                "Organization" => "name",
                "ServiceRequest" => "patientInstruction",
                _ => "startDate",
            };
            control.change_resource(kind, id, |resource| resource[member] = text);
        }
    }
}

fn break_something(app: &App, dice: &Dice, blows: &[Blow]) {
    let calls: Vec<Call> = Call::OF_A_LOOK.into_iter().collect();
    let call = calls[dice.below(calls.len())];
    let fitting: Vec<&Blow> = blows.iter().filter(|blow| blow.fits(call) && !blow.slow).collect();
    let blow = fitting[dice.below(fitting.len())];
    app.wire.set_storm(true);
    match &blow.fault {
        None => app.wire.refuse(Some(call)),
        Some(fault) => {
            let times = [None, Some(1), Some(3)][dice.below(3)];
            for rule in call.rules(fault.clone()) {
                app.control.add_fault(Rule { times, ..rule });
            }
        }
    }
}

fn calm_down(app: &App) {
    app.control.clear_faults();
    app.wire.refuse(None);
    app.wire.set_storm(false);
}

/// A session may end only where the server saw a spent refresh token again, as strict ones must end it.
async fn judge_session(app: &mut App, seed: u64, sums: &mut Sums) {
    if !app.is_signed_out() {
        return;
    }
    sums.lost += 1;
    if app.control.count_reuse_events() == 0 {
        println!("      sequence {seed}: a session is lost, and no refresh token came twice");
        sums.unexplained += 1;
    }
    calm_down(app);
    assert!(app.sign_in_again().await, "signing in again mends a lost session");
}

/// Equal to what a phone would see that comes to the place for the first time.
async fn judge_end(app: &mut App, seed: u64, sums: &mut Sums) {
    let mut shelves = Vec::new();
    for check in 1..=CYCLES {
        if check == CYCLES {
            // What was taken away, and what lies said, shows at the daily whole look.
            app.turn(25);
        }
        app.check().await;
        // A token that was in doubt when the faults ended is sent once more now.
        judge_session(app, seed, sums).await;
        shelves.push(app.shelf());
    }
    let kept = app.shelf();
    app.forget();
    let (outcome, problems) = app.check().await;
    let fresh = app.shelf();
    let mut differing = app.differ(&app.followed());
    let keys = kept.keys().chain(fresh.keys());
    differing.extend(
        keys.filter(|key| kept.get(*key) != fresh.get(*key))
            .map(|(kind, id)| format!("{kind}/{id} as a new phone sees it")),
    );
    if differing.is_empty() && !fresh.is_empty() {
        let equal_after =
            shelves.iter().position(|shelf| *shelf == fresh).map_or(CYCLES, |at| at + 1);
        *sums.equal_after.entry(equal_after).or_default() += 1;
        return;
    }
    differing.truncate(4);
    println!("      sequence {seed}: {differing:?}, {outcome:?} {problems:?}");
    sums.unequal += 1;
}

/// Random numbers that follow from a seed.
struct Dice(SeededEntropy);

impl Dice {
    /// One of `0..sides`.
    fn below(&self, sides: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        let number = u64::from_le_bytes(bytes) % (sides.max(1) as u64);
        usize::try_from(number).unwrap_or_default()
    }
}
