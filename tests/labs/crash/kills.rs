//! `kill -9` at random moments of full refresh cycles: a process starts, opens, exchanges, fetches and stores.

use std::time::{Duration, Instant};

use handrail_sandbox::Rotation;

use super::judge::{self, Session, Step, Sums};
use crate::{Form, ground::Ground, hand::Kind, report::Report};

/// How servers treat refresh tokens, and what the page calls it.
const MODES: [(Rotation, &str); 4] = [
    (Rotation::None, "does not rotate"),
    (Rotation::Grace(Duration::from_secs(30)), "30 s of grace"),
    (Rotation::ConfirmOnUse, "confirm-on-use"),
    (Rotation::Strict, "strict"),
];

/// Part 2: the modes side by side, each on a ground of its own.
pub async fn explore(form: Form, report: &mut Report) {
    let kills = match form {
        Form::Long => 2_000,
        Form::Short => 72,
    };
    let each = kills / MODES.len() as u64;
    let trials = MODES.map(|(rotation, _)| tokio::spawn(kill_often(rotation, each)));
    let mut all = 0;
    for ((rotation, name), trial) in MODES.into_iter().zip(trials) {
        let Ok((sums, in_time, cycle)) = trial.await else {
            report.exactly("a mode that was tried to its end", 0, 1);
            continue;
        };
        all += sums.blows;
        report.begin(&format!("kill -9 at random moments of a refresh cycle, server: {name}"));
        report.note("kills", sums.blows);
        report.note("  of these before the cycle was done", in_time);
        report.note("a cycle that is left alone takes, in ms", cycle.as_millis());
        report.note("old record found / new record found", format!("{} / {}", sums.old, sums.new));
        report.note("server answered, nothing sealed yet (the window)", sums.in_window);
        report.at_least("kills that came in time, in hundredths", in_time * 100 / sums.blows, 25);
        report.exactly("unreadable vaults", sums.unreadable, 0);
        report.exactly("records that are neither the old nor the new", sums.another, 0);
        report.exactly("other trouble for the next cycle", sums.trouble, 0);
        report.at_most("most drafts left by one kill", sums.most_strays, 1);
        report.exactly("drafts left after the next process opened", sums.strays_left, 0);
        if rotation == Rotation::Strict {
            report.note("sessions lost in the window", sums.lost_in_window);
            report.exactly("sessions lost and not explained", sums.lost - sums.lost_in_window, 0);
        } else {
            report.exactly("sessions lost", sums.lost, 0);
        }
    }
    report.begin("all of them");
    report.exactly("kills", all, kills);
}

async fn kill_often(rotation: Rotation, kills: u64) -> (Sums, u64, Duration) {
    let ground = Ground::prepare(rotation).await;
    let mut session = Session::connect(&ground).await;
    let (mut sums, mut in_time) = (Sums::default(), 0);
    let mut cycles = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let (said, _) = run_cycle(&ground, &session, Duration::from_secs(60)).await;
        cycles.push(begun.elapsed());
        session.generation = judge::read_generation(said.as_deref());
        ground.take_rotations();
    }
    cycles.sort();
    let cycle = cycles[cycles.len() / 2];
    for _ in 0..kills {
        let moment = cycle.mul_f64(random_share());
        let (said, was_done) = run_cycle(&ground, &session, moment).await;
        in_time += u64::from(!was_done);
        let announced = judge::read_generation(said.as_deref());
        let found = judge::judge(&ground, &session, announced, Step::Check).await;
        sums.add(&found, &format!("a kill after {} ms", moment.as_millis()));
        session.go_on(&ground, &found).await;
    }
    (sums, in_time, cycle)
}

/// One cycle in a process of its own, killed at this moment; what it said last, and whether it was done by then.
async fn run_cycle(
    ground: &Ground,
    session: &Session,
    kill_at: Duration,
) -> (Option<String>, bool) {
    ground.control.expire_access_tokens();
    let mut worker = ground.spawn(Kind::Usual);
    let cycle = async {
        worker.greet().await.ok()?;
        worker.open().await.ok()?;
        worker.ask(&format!("check {}", session.source)).await
    };
    let ended = tokio::time::timeout(kill_at, cycle).await;
    worker.kill().await;
    match ended {
        Ok(said) => (said, true),
        Err(_) => (None, false),
    }
}

/// Anything from 0 to 1.
pub fn random_share() -> f64 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX)
}
