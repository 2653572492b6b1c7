//! Every file call of an unlock, a sign-in and a refresh, struck once by each fault that fits it.

use std::{collections::BTreeMap, time::Duration};

use handrail_sandbox::Rotation;

use super::{
    judge::{self, Found, Session, Step, Sums},
    strace::{Call, Fault, Strace, read_calls},
};
use crate::{
    Form,
    ground::{Ground, visit},
    hand::{Kind, Worker},
    report::Report,
};

/// How often a call that was not met is tried again: the thread also wakes others by a write, some runs once more.
const TRIES: u32 = 5;
/// A struck deed that says nothing for so long has lost the write that wakes it: not the call that was meant.
const SILENCE: Duration = Duration::from_secs(12);
/// How many sign-ins are struck side by side, each on a ground of its own.
const SIDE_BY_SIDE: usize = 3;

/// What the struck process is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    FirstStart,
    Unlock,
    Refresh,
    SignIn,
}

/// Part 1, deed by deed.
pub async fn explore(form: Form, wanted: &[&str], report: &mut Report) {
    let grace = Rotation::Grace(Duration::from_secs(30));
    for (deed, rotation, name, sample) in [
        (Deed::FirstStart, Rotation::Strict, "first start", 6),
        (Deed::Unlock, Rotation::Strict, "unlock", 8),
        (Deed::SignIn, Rotation::Strict, "sign-in commit", 14),
        (Deed::Refresh, Rotation::Strict, "refresh commit, strict server", 24),
        (Deed::Refresh, Rotation::ConfirmOnUse, "refresh commit, confirm-on-use server", 10),
        (Deed::Refresh, grace, "refresh commit, server with 30 s of grace", 6),
        (Deed::Refresh, Rotation::None, "refresh commit, server that does not rotate", 4),
    ] {
        if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word)) {
            continue;
        }
        let ground = Ground::prepare(rotation).await;
        let calls = record(&ground, deed).await;
        let blows: Vec<(Call, Fault)> = Fault::ALL
            .into_iter()
            .flat_map(|fault| calls.iter().map(move |call| (call.clone(), fault)))
            .filter(|(call, fault)| fault.fits(call))
            .collect();
        let every = match form {
            Form::Long => 1,
            Form::Short => (blows.len() / sample).max(1),
        };
        report.begin(&format!("every file call of: {name}"));
        report.note("file calls on the data folder", calls.len());
        report.note("blows (kill, EIO, ENOSPC, EINTR) there are", blows.len());
        let chosen = blows.into_iter().step_by(every);
        match deed {
            Deed::SignIn => strike_sign_ins(chosen.collect(), report).await,
            Deed::FirstStart | Deed::Unlock | Deed::Refresh => {
                strike_sessions(&ground, deed, rotation, chosen, report).await;
            }
        }
    }
}

/// One whole run of the deed under strace: its calls.
async fn record(ground: &Ground, deed: Deed) -> Vec<Call> {
    let session = match deed {
        Deed::Unlock | Deed::Refresh => Some(Session::connect(ground).await),
        Deed::FirstStart | Deed::SignIn => None,
    };
    if session.is_some() {
        // The process that signed in may have left SQLite's journal open; every unlock after that finds it closed.
        ground.open(Kind::Usual).await.expect("a folder that opened before").close().await;
    }
    let mut worker = begin(ground, deed).await;
    let strace = Strace::record(ground, &worker).await;
    let said = perform(ground, &mut worker, deed, session.as_ref()).await.1;
    assert!(!said.starts_with("died"), "the deed works where nothing strikes");
    worker.kill().await;
    let calls = read_calls(&strace.finish(ground).await, &ground.data());
    assert!(!calls.is_empty(), "the deed touches the data folder");
    calls
}

/// A process just before the deed.
async fn begin(ground: &Ground, deed: Deed) -> Worker {
    match deed {
        Deed::FirstStart => {
            ground.wipe();
            let mut worker = ground.spawn(Kind::OneThread);
            worker.greet().await.expect("nothing struck yet");
            worker
        }
        Deed::Unlock => {
            let mut worker = ground.spawn(Kind::OneThread);
            worker.greet().await.expect("nothing struck yet");
            worker
        }
        Deed::SignIn => {
            ground.wipe();
            ground.open(Kind::OneThread).await.expect("an empty folder opens")
        }
        Deed::Refresh => ground.open(Kind::OneThread).await.expect("a folder that opened before"),
    }
}

/// Does the deed; where the browser was sent back to, and what the process said last.
async fn perform(
    ground: &Ground,
    worker: &mut Worker,
    deed: Deed,
    session: Option<&Session>,
) -> (Option<String>, String) {
    let died = || "died".to_owned();
    match (deed, session) {
        (Deed::SignIn, _) => return ground.sign_in(worker, &ground.connect_command()).await,
        (Deed::Unlock, Some(session)) => {
            if let Err(why) = worker.open().await {
                return (None, why);
            }
            let said = worker.ask(&format!("load {}", session.source)).await;
            (None, said.unwrap_or_else(died))
        }
        (Deed::Refresh, Some(session)) => {
            let demand = format!("demand {} {}", session.source, session.generation);
            (None, worker.ask(&demand).await.unwrap_or_else(died))
        }
        (Deed::FirstStart | Deed::Unlock | Deed::Refresh, _) => {
            let said = worker.open().await;
            (None, said.map_or_else(|why| why, |()| "opened".to_owned()))
        }
    }
}

/// Does the deed with one call struck. `None`: the call was not met.
async fn strike(
    ground: &Ground,
    deed: Deed,
    session: Option<&Session>,
    (call, fault): &(Call, Fault),
) -> Option<(Option<String>, String)> {
    let mut worker = begin(ground, deed).await;
    worker.patience = SILENCE;
    let strace = Strace::strike(ground, &worker, call, *fault).await;
    let done = perform(ground, &mut worker, deed, session).await;
    if *fault == Fault::Kill && done.1.contains("died") {
        worker.wait().await;
    } else {
        worker.kill().await;
    }
    let log = strace.finish(ground).await;
    let by_strace = *fault != Fault::Kill || done.1.contains("died");
    (fault.fell(&log, &ground.data()) && by_strace).then_some(done)
}

async fn strike_sessions(
    ground: &Ground,
    deed: Deed,
    rotation: Rotation,
    blows: impl Iterator<Item = (Call, Fault)>,
    report: &mut Report,
) {
    let mut sums = Sums::default();
    let (mut missed, mut fallen_on_errors, mut misjudged) = (0u64, 0u64, 0u64);
    let mut key_drafts = 0;
    let mut answers: BTreeMap<String, u64> = BTreeMap::new();
    let mut session = Session::connect(ground).await;
    for blow in blows {
        let after = format!("{:?} at {} {}", blow.1, blow.0.name, blow.0.nth());
        let mut struck = None;
        for _ in 0..TRIES {
            let with = (deed != Deed::FirstStart).then_some(&session);
            struck = strike(ground, deed, with, &blow).await;
            if let Some((_, said)) = &struck {
                let died = said.contains("died");
                if died && blow.1 != Fault::Kill {
                    fallen_on_errors += 1;
                    println!("      {after}: the process died");
                }
                break;
            }
            // The deed was done after all: the session goes on from there.
            if deed != Deed::FirstStart {
                let found = judge::judge(ground, &session, 0, Step::Demand).await;
                session.go_on(ground, &found).await;
            }
        }
        let Some((_, said)) = struck else {
            missed += 1;
            continue;
        };
        let mut found = if deed == Deed::FirstStart {
            let found = begin_anew(ground, &mut session).await;
            key_drafts += ground.count_key_drafts();
            found
        } else {
            let announced = judge::read_generation(Some(&said));
            judge::judge(ground, &session, announced, Step::Demand).await
        };
        if blow.1 != Fault::Kill {
            // A process that lives has to seal what it was given, at the next try if need be: no loss is explained.
            found.in_window &= !found.lost;
            let given_up = ["damaged", "wrong_key", "signed_out", "was changed or lost"];
            if said.starts_with("silence") {
                println!("      {after}: {said}");
                found.trouble = Some(said.clone());
            }
            misjudged += u64::from(given_up.iter().any(|word| said.contains(word)));
            let words = said.split(' ').filter(|word| word.parse::<u64>().is_err());
            *answers.entry(words.collect::<Vec<_>>().join(" ")).or_default() += 1;
        }
        sums.add(&found, &after);
        session.go_on(ground, &found).await;
    }
    report.note("blows that fell", sums.blows);
    for (answer, count) in answers {
        report.note(&format!("  struck by an error, it said: {answer}"), count);
    }
    report.note("calls that were not met again", missed);
    if deed == Deed::FirstStart {
        report.exactly("drafts of a key left after the next start", key_drafts, 0);
    } else {
        let found = format!("{} / {}", sums.old, sums.new);
        report.note("old record found / new record found", found);
    }
    if deed == Deed::Refresh {
        report.note("server answered, nothing sealed yet (the window)", sums.in_window);
    }
    report.exactly("unreadable vaults", sums.unreadable, 0);
    report.exactly("records that are neither the old nor the new", sums.another, 0);
    report.exactly("processes that died of a failed call", fallen_on_errors, 0);
    report.exactly("failed calls taken for damage or a sign-out", misjudged, 0);
    report.exactly("other trouble for the next process", sums.trouble, 0);
    report.at_most("most drafts left by one blow", sums.most_strays, 1);
    report.exactly("drafts left after the next process opened", sums.strays_left, 0);
    if rotation == Rotation::Strict && deed == Deed::Refresh {
        report.note("sessions lost in the window", sums.lost_in_window);
        report.exactly("sessions lost and not explained", sums.lost - sums.lost_in_window, 0);
    } else {
        report.exactly("sessions lost", sums.lost, 0);
    }
    report.at_most(
        "share of calls not met, in hundredths",
        missed * 100 / (sums.blows + missed).max(1),
        5,
    );
}

/// After a first start that was struck: the app opens, and a place can be connected.
async fn begin_anew(ground: &Ground, session: &mut Session) -> Found {
    let strays = ground.count_strays();
    let mut fresh = match ground.open(Kind::Usual).await {
        Ok(fresh) => fresh,
        Err(why) => {
            return Found { unreadable: true, trouble: Some(why), strays, ..Found::default() };
        }
    };
    let strays_left = ground.count_strays();
    let (_, said) = ground.sign_in(&mut fresh, &ground.connect_command()).await;
    fresh.close().await;
    let trouble = match said.strip_prefix("connected ") {
        Some(source) => {
            *session = Session { source: source.to_owned(), generation: 1 };
            None
        }
        None => Some(said),
    };
    Found { strays, strays_left, trouble, generation: 1, ..Found::default() }
}

/// What became of a sign-in whose process was struck.
#[derive(Default)]
struct SignIns {
    struck: u64,
    missed: u64,
    unreadable: u64,
    most_strays: u64,
    strays_left: u64,
    /// The person's browser came back to the next process, and the sign-in was finished there.
    finished_later: u64,
    /// The connection stands.
    connected: u64,
    /// Nothing is left of it.
    ended: u64,
    /// Tokens that nobody lists are left.
    orphans: u64,
    /// The connection is listed, and does not work.
    lost: u64,
    /// Signing in once more did not bring exactly one connection that works.
    not_mended: u64,
}

impl SignIns {
    fn join(&mut self, other: &Self) {
        self.struck += other.struck;
        self.missed += other.missed;
        self.unreadable += other.unreadable;
        self.most_strays = self.most_strays.max(other.most_strays);
        self.strays_left += other.strays_left;
        self.finished_later += other.finished_later;
        self.connected += other.connected;
        self.ended += other.ended;
        self.orphans += other.orphans;
        self.lost += other.lost;
        self.not_mended += other.not_mended;
    }
}

async fn strike_sign_ins(blows: Vec<(Call, Fault)>, report: &mut Report) {
    let shares = (0..SIDE_BY_SIDE).map(|first| {
        let share = blows.iter().skip(first).step_by(SIDE_BY_SIDE).cloned().collect();
        tokio::spawn(strike_share(share))
    });
    let mut sums = SignIns::default();
    for share in shares.collect::<Vec<_>>() {
        let share = share.await.unwrap_or(SignIns { not_mended: 1, ..SignIns::default() });
        sums.join(&share);
    }
    report.note("blows that fell", sums.struck);
    report.note("calls that were not met again", sums.missed);
    report.note("sign-ins that the next process finished", sums.finished_later);
    report.note("sign-ins that had come to a connection", sums.connected);
    report.note("sign-ins that ended without a trace", sums.ended);
    report.exactly("unreadable vaults", sums.unreadable, 0);
    report.exactly("sealed tokens that no list shows", sums.orphans, 0);
    report.exactly("connections that are listed and do not work", sums.lost, 0);
    report.exactly("sign-ins that could not be repeated", sums.not_mended, 0);
    report.at_most("most drafts left by one blow", sums.most_strays, 1);
    report.exactly("drafts left after the next process opened", sums.strays_left, 0);
    let all = (sums.struck + sums.missed).max(1);
    report.at_most("share of calls not met, in hundredths", sums.missed * 100 / all, 5);
}

async fn strike_share(blows: Vec<(Call, Fault)>) -> SignIns {
    let ground = Ground::prepare(Rotation::Strict).await;
    let mut sums = SignIns::default();
    for blow in blows {
        let mut struck = None;
        for _ in 0..TRIES {
            struck = strike(&ground, Deed::SignIn, None, &blow).await;
            if struck.is_some() {
                break;
            }
        }
        let Some((landing, _)) = struck else {
            sums.missed += 1;
            continue;
        };
        sums.struck += 1;
        if let Err(why) = follow_up(&ground, landing.as_deref(), &mut sums).await {
            println!("      after {:?} at {} {}: {why}", blow.1, blow.0.name, blow.0.nth());
        }
    }
    sums
}

/// The next process takes up what is left, and the person signs in once more if need be.
async fn follow_up(
    ground: &Ground,
    landing: Option<&str>,
    sums: &mut SignIns,
) -> Result<(), String> {
    sums.most_strays = sums.most_strays.max(ground.count_strays());
    let mut fresh = ground.open(Kind::Usual).await.inspect_err(|_| sums.unreadable += 1)?;
    sums.strays_left += ground.count_strays();
    let resumed = fresh.ask("resume").await.unwrap_or_default();
    let mut later = String::new();
    if let (Some(landing), "resumed") = (landing, resumed.as_str()) {
        // The person's browser shows that the app is gone, and they press "reload".
        let answer = tokio::join!(visit(landing), fresh.listen()).1;
        later = answer.unwrap_or_default();
    }
    let listed = list_sources(&mut fresh, resumed == "resumed" && landing.is_none()).await;
    match listed.as_slice() {
        [source] => {
            let said = fresh.ask(&format!("demand {source} 1")).await.unwrap_or_default();
            if !said.starts_with("token ") {
                sums.lost += 1;
                return Err(format!("a listed connection says {said}"));
            }
            if later.starts_with("connected ") {
                sums.finished_later += 1;
            } else {
                sums.connected += 1;
            }
            fresh.close().await;
            return Ok(());
        }
        [] => {}
        more => return Err(format!("{} connections are listed", more.len())),
    }
    sums.ended += 1;
    // It may still wait for a browser that never comes.
    fresh.kill().await;
    let orphans = ground.count_sealed(|name| name.starts_with("place-") && name.ends_with(".hold"));
    sums.orphans += orphans;
    let mut again = ground.open(Kind::Usual).await.inspect_err(|_| sums.unreadable += 1)?;
    let (_, said) = ground.sign_in(&mut again, &ground.connect_command()).await;
    let listed = list_sources(&mut again, false).await;
    again.close().await;
    if !said.starts_with("connected ") || listed.len() != 1 {
        sums.not_mended += 1;
        return Err(format!("signing in once more: {said}, {} listed", listed.len()));
    }
    if orphans > 0 { Err("sealed tokens are left that no list shows".to_owned()) } else { Ok(()) }
}

/// What is connected. A worker that waits for a browser which never comes answers nothing else; then nothing is.
async fn list_sources(worker: &mut Worker, waits: bool) -> Vec<String> {
    if waits {
        return Vec::new();
    }
    let said = worker.ask("sources").await.unwrap_or_default();
    let names = said.strip_prefix("sources ").unwrap_or_default();
    names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
