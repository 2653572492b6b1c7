//! `kill -9` while the person is at the sign-in page: any moment between the browser's opening and the redirect.

use std::time::{Duration, Instant};

use handrail_sandbox::Rotation;

use super::kills::random_share;
use crate::{
    Form,
    ground::{Ground, visit},
    hand::{Kind, Worker},
    report::Report,
};

/// How many are tried side by side, each on a ground of its own.
const SIDE_BY_SIDE: u64 = 2;

/// What the person does once the app is back.
#[derive(Clone, Copy, Debug)]
enum Then {
    /// They come back from the page after the app was started again.
    ComesBack,
    /// They came back while no app lived, saw that the page cannot be reached, and press "reload".
    Reloads,
    /// The same, and they press "open the browser again" in the app.
    OpensAgain,
}

const THEN: [Then; 3] = [Then::ComesBack, Then::Reloads, Then::OpensAgain];

#[derive(Default)]
struct Sums {
    kills: u64,
    /// By what the person did, in the order of [`THEN`].
    finished: [u64; 3],
    /// Redirects that brought something a second time.
    replays: u64,
    pending_left: u64,
    trouble: u64,
}

/// Part 3.
pub async fn explore(form: Form, report: &mut Report) {
    let kills = match form {
        Form::Long => 200,
        Form::Short => 20,
    };
    let trials: Vec<_> = (0..SIDE_BY_SIDE)
        .map(|first| tokio::spawn(kill_often(first * kills / SIDE_BY_SIDE, kills / SIDE_BY_SIDE)))
        .collect();
    let mut sums = Sums::default();
    for trial in trials {
        let one = trial.await.unwrap_or(Sums { trouble: 1, ..Sums::default() });
        sums.kills += one.kills;
        for (sum, finished) in sums.finished.iter_mut().zip(one.finished) {
            *sum += finished;
        }
        sums.replays += one.replays;
        sums.pending_left += one.pending_left;
        sums.trouble += one.trouble;
    }
    let [came_back, reloaded, opened_again] = sums.finished;
    report.begin("kill -9 between the browser's opening and the redirect");
    report.note("came back after the app was started again", came_back);
    report.note("came back while no app lived, and reloaded", reloaded);
    report.note("came back while no app lived, and opened the page again", opened_again);
    report.exactly("kills", sums.kills, kills);
    report.exactly(
        "sign-ins that the next process finished",
        sums.finished.iter().sum::<u64>(),
        kills,
    );
    report.exactly("redirects that worked twice", sums.replays, 0);
    report.exactly("pending sign-ins left", sums.pending_left, 0);
    report.exactly("other trouble", sums.trouble, 0);
}

async fn kill_often(first: u64, kills: u64) -> Sums {
    let ground = Ground::prepare(Rotation::Strict).await;
    let mut sums = Sums::default();
    let mut walk = Duration::from_millis(20);
    for number in first..first + kills {
        let which = usize::try_from(number % 3).expect("one of three");
        sums.kills += 1;
        match kill_once(&ground, THEN[which], &mut walk, &mut sums).await {
            Ok(()) => sums.finished[which] += 1,
            Err(why) => {
                sums.trouble += 1;
                println!("      kill {number}, {:?}: {why}", THEN[which]);
            }
        }
    }
    sums
}

/// One sign-in whose process dies. `walk` is how long the person needs at the page.
async fn kill_once(
    ground: &Ground,
    then: Then,
    walk: &mut Duration,
    sums: &mut Sums,
) -> Result<(), String> {
    ground.wipe();
    ground.take_rotations();
    let mut doomed = ground.open(Kind::Usual).await?;
    doomed.tell(&ground.connect_command()).await;
    let page = listen_for_page(&mut doomed).await?;
    let begun = Instant::now();
    let moment = walk.mul_f64(random_share());
    let dying = async {
        tokio::time::sleep(moment).await;
        doomed.kill().await;
    };
    let (mut landing, ()) = tokio::join!(ground.walk(&page), dying);
    *walk = begun.elapsed();
    if !matches!(then, Then::ComesBack) {
        visit(&landing).await;
    }

    let mut fresh = ground.open(Kind::Usual).await?;
    let resume = match then {
        Then::ComesBack | Then::Reloads => "resume",
        Then::OpensAgain => "resume reopen",
    };
    fresh.tell(resume).await;
    if matches!(then, Then::OpensAgain) {
        landing = ground.walk(&listen_for_page(&mut fresh).await?).await;
    }
    match fresh.listen().await.as_deref() {
        Some("resumed") => {}
        other => return Err(format!("the next process says {other:?}")),
    }
    let said = tokio::join!(visit(&landing), fresh.listen()).1.unwrap_or_default();
    if !said.starts_with("connected ") {
        return Err(format!("the next process says {said}"));
    }

    // The same redirect again: to this process, and to one after it.
    let before = (count_sources(&mut fresh).await, ground.take_rotations());
    visit(&landing).await;
    let mut after = (count_sources(&mut fresh).await, ground.take_rotations());
    fresh.close().await;
    let mut later = ground.open(Kind::Usual).await?;
    let resumed = later.ask("resume").await.unwrap_or_default();
    visit(&landing).await;
    let listed = count_sources(&mut later).await;
    after.1 += ground.take_rotations();
    later.close().await;
    sums.replays +=
        u64::from(before != (1, 1) || (after, listed) != ((1, 0), 1) || resumed != "nothing");
    sums.pending_left += ground.count_sealed(|name| name.starts_with("pending-"));
    Ok(())
}

async fn listen_for_page(worker: &mut Worker) -> Result<String, String> {
    let said = worker.listen().await.ok_or("it died before the page opened")?;
    said.strip_prefix("page ").map(str::to_owned).ok_or(said.clone())
}

async fn count_sources(worker: &mut Worker) -> u64 {
    let said = worker.ask("sources").await.unwrap_or_default();
    let names = said.strip_prefix("sources ").unwrap_or_default();
    names.split(',').filter(|name| !name.is_empty()).count() as u64
}
