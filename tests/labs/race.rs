//! The race laboratory: many processes that want one token, at a server that ends the session if two are sent.

use std::time::{Duration, Instant};

use handrail_sandbox::{At, Fault, Rotation, Rule};
use rustix::process::Signal;

use crate::{
    Form,
    ground::Ground,
    hand::{Kind, Worker},
    report::Report,
};

/// How many demands of one process are under way at once.
const AT_ONCE: usize = 4;

/// What many processes came to.
#[derive(Default)]
struct Race {
    expiries: u64,
    demands: u64,
    tokens: u64,
    busy: u64,
    others: u64,
    requests: u64,
    reuse: u64,
    sealed: u64,
    slowest: u64,
}

/// Runs it for 2, 4 and 8 processes, without the lock, and with a holder that stands still.
pub async fn run(form: Form) -> Report {
    let mut report = Report::default();
    let (rounds, demands) = match form {
        Form::Long => (100, 10_000),
        Form::Short => (8, 320),
    };
    report.begin("what the laboratory must notice: 4 processes with a lock that locks nothing");
    let open = race(Kind::NoLocks, 4, 10, 200).await;
    report.note("expiries / token requests", format!("{} / {}", open.expiries, open.requests));
    report.at_least("refresh tokens sent twice", open.reuse, 1);

    for processes in [2, 4, 8] {
        let race = race(Kind::Usual, processes, rounds, demands).await;
        report.begin(&format!("{processes} processes, strict server"));
        report.note("slowest demand, in ms", race.slowest);
        report.exactly("token demands", race.demands, demands);
        report.exactly("token requests, with that many expiries", race.requests, race.expiries);
        report.exactly("refresh tokens sent twice", race.reuse, 0);
        report.exactly("demands answered with the new token", race.tokens, race.demands);
        report.exactly("demands that gave up", race.busy, 0);
        report.exactly("demands that failed otherwise", race.others, 0);
        report.exactly("generation on disk", race.sealed, race.expiries + 1);
    }
    stop_holder(form, &mut report).await;
    report
}

/// Expires the access token, lets every process demand a newer one many times, and begins again.
async fn race(kind: Kind, processes: u64, rounds: u64, demands: u64) -> Race {
    let ground = Ground::prepare(Rotation::Strict).await;
    let source = ground.connect().await;
    let mut workers = Vec::new();
    for _ in 0..processes {
        workers.push(ground.open(kind).await.expect("a folder that opened before"));
    }
    let before = ground.control.count_token_requests();
    let mut race = Race::default();
    let share = demands / rounds / processes;
    let mut left = demands;
    for round in 0..rounds {
        ground.control.expire_access_tokens();
        race.expiries += 1;
        let mut this_round = if round + 1 == rounds { left } else { share * processes };
        left -= this_round;
        // All are told before any is listened to.
        for (place, worker) in workers.iter_mut().enumerate() {
            let rest = processes - place as u64;
            let count = this_round.div_ceil(rest);
            this_round -= count;
            let generation = race.expiries;
            worker.tell(&format!("burst {source} {generation} {count} {AT_ONCE}")).await;
        }
        for worker in &mut workers {
            let said = worker.listen().await.unwrap_or_default();
            let figures: Vec<u64> =
                said.split(' ').skip(1).filter_map(|word| word.parse().ok()).collect();
            let [tokens, busy, others, slowest] = figures.as_slice() else {
                race.others += 1;
                continue;
            };
            race.demands += tokens + busy + others;
            race.tokens += tokens;
            race.busy += busy;
            race.others += others;
            race.slowest = race.slowest.max(*slowest);
        }
    }
    race.requests = ground.control.count_token_requests() - before;
    race.reuse = ground.control.count_reuse_events();
    race.sealed = read_sealed(&mut workers[0], &source).await;
    for worker in workers {
        worker.close().await;
    }
    race
}

async fn read_sealed(worker: &mut Worker, source: &str) -> u64 {
    let said = worker.ask(&format!("load {source}")).await.unwrap_or_default();
    said.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// One process is stopped in the middle of an exchange, with the lock; the others ask meanwhile.
async fn stop_holder(form: Form, report: &mut Report) {
    let stop = match form {
        Form::Long => Duration::from_secs(60),
        Form::Short => Duration::from_secs(7),
    };
    report.begin(&format!("a lock holder that stands still for {} s", stop.as_secs()));
    let ground = Ground::prepare(Rotation::Strict).await;
    let source = ground.connect().await;
    let mut holder = ground.open(Kind::Usual).await.expect("a folder that opened before");
    let mut waiters = Vec::new();
    for _ in 0..3 {
        waiters.push(ground.open(Kind::Usual).await.expect("a folder that opened before"));
    }
    let before = ground.control.count_token_requests();
    ground.control.expire_access_tokens();
    ground.control.add_fault(Rule::once(At::Token, Fault::Slow { millis: 1_000 }));

    holder.tell(&format!("demand {source} 1")).await;
    let holds = wait_until(Duration::from_secs(10), || holds_lock(&holder)).await;
    holder.signal(Signal::STOP);
    let stopped_at = Instant::now();
    let (mut asked, mut busy, mut slowest) = (0, 0, 0);
    while stopped_at.elapsed() < stop.saturating_sub(Duration::from_secs(5)) || asked == 0 {
        for waiter in &mut waiters {
            waiter.tell(&format!("burst {source} 1 3 3")).await;
        }
        for waiter in &mut waiters {
            let said = waiter.listen().await.unwrap_or_default();
            let figures: Vec<u64> =
                said.split(' ').skip(1).filter_map(|word| word.parse().ok()).collect();
            if let [tokens, gave_up, others, took] = figures.as_slice() {
                asked += tokens + gave_up + others;
                busy += gave_up;
                slowest = slowest.max(*took);
            }
        }
    }
    let requests_meanwhile = ground.control.count_token_requests() - before;
    tokio::time::sleep(stop.saturating_sub(stopped_at.elapsed())).await;
    holder.signal(Signal::CONT);
    let held = holder.listen().await.unwrap_or_default();
    let after = waiters[0].ask(&format!("demand {source} 1")).await.unwrap_or_default();

    report.exactly("the holder had the lock when it was stopped", u64::from(holds), 1);
    report.at_least("demands of three waiting processes", asked, 9);
    report.exactly("  of these told that somebody else is at it", busy, asked);
    report.at_most("  the longest that one of them waited, in ms", slowest, 5_000);
    report.at_most("token requests while it stood still", requests_meanwhile, 1);
    report.exactly("what the holder says when it goes on", held.as_str(), "token 2");
    report.exactly("what a waiter says then", after.as_str(), "token 2");
    let requests = ground.control.count_token_requests() - before;
    report.exactly("token requests in all", requests, 1);
    report.exactly("refresh tokens sent twice", ground.control.count_reuse_events(), 0);
    report.exactly("generation on disk", read_sealed(&mut waiters[1], &source).await, 2);
}

/// Whether the kernel lists a lock of `flock` as held by this process.
fn holds_lock(worker: &Worker) -> bool {
    let Some(pid) = worker.pid() else { return false };
    let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
    let pid = pid.as_raw_nonzero().to_string();
    locks.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.get(1) == Some(&"FLOCK") && words.get(4) == Some(&pid.as_str())
    })
}

async fn wait_until(patience: Duration, is_so: impl Fn() -> bool) -> bool {
    let give_up_at = Instant::now() + patience;
    while Instant::now() < give_up_at {
        if is_so() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    false
}
