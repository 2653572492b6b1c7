//! A process of the app: the real engine over a data folder, told what to do a line at a time.
//!
//! In: `worker DATA REGISTRY [one-thread] [no-locks]`, then commands on stdin. Out: a line an answer, on stdout.
//! Never: a token. The address of a sign-in page is said, since the laboratory is its browser.

use std::{
    fs, io,
    io::{BufRead as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream};
use handrail_contract::{
    place::{ListConnections, Role, SourceId},
    sign_in::{AttemptId, BeginSignIn, ReopenBrowser, ShowSignIn, SignInAgain, Stage},
};
use handrail_engine::{
    Answer as _, Engine, POLICY, Registry, Setup, Which,
    browser::{DesktopBrowser, Opener},
    ports::Opened,
    testing,
    vault::StrongholdSnapshots,
};
use tokio::sync::mpsc;

/// How this worker was started.
#[derive(Clone)]
struct Start {
    data: PathBuf,
    registry: PathBuf,
    no_locks: bool,
}

/// Serves commands until stdin ends.
pub fn run(arguments: &[&str]) -> ExitCode {
    let [data, registry, rest @ ..] = arguments else { return ExitCode::from(2) };
    let start = Start {
        data: PathBuf::from(data),
        registry: PathBuf::from(registry),
        no_locks: rest.contains(&"no-locks"),
    };
    let mut builder = if rest.contains(&"one-thread") {
        // Every file call then comes from one thread, in the same order each time.
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.max_blocking_threads(1).thread_keep_alive(Duration::from_secs(3_600));
        builder
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    let runtime = builder.enable_all().build().expect("a runtime");
    runtime.block_on(serve(start));
    runtime.shutdown_background();
    ExitCode::SUCCESS
}

async fn serve(start: Start) {
    let mut commands = read_commands();
    let thread = blocking(|| fs::read_link("/proc/thread-self")).await;
    let thread = thread.ok().and_then(|link| Some(link.file_name()?.to_str()?.to_owned()));
    say(&format!("hello {}", thread.unwrap_or_default()));
    let mut engine = None;
    while let Some(command) = commands.recv().await {
        let words: Vec<&str> = command.split(' ').collect();
        let said = match (words.as_slice(), &engine) {
            (["open"], _) => match open(start.clone()).await {
                Ok(opened) => {
                    engine = Some(opened);
                    "opened".to_owned()
                }
                Err(error) => format!("refused {error}"),
            },
            (words, Some(engine)) => obey(engine, &start.data, words).await,
            (_, None) => "refused not open".to_owned(),
        };
        say(&said);
    }
}

/// A thread of its own, so that the one for file calls stays free.
fn read_commands() -> mpsc::UnboundedReceiver<String> {
    let (sender, commands) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    commands
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("the work does not panic")
}

fn say(line: &str) {
    let mut out = io::stdout().lock();
    // Whoever listened may be gone; then nobody misses it.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

async fn open(start: Start) -> Result<Engine, String> {
    let runtime = tokio::runtime::Handle::current();
    let no_locks = start.no_locks;
    let opened = blocking(move || {
        let _inside = runtime.enter();
        let rows = fs::read(&start.registry).map_err(|error| error.to_string())?;
        let registry = Registry::parse(&rows, POLICY).map_err(|error| error.to_string())?;
        let browser = DesktopBrowser::new(Opener::Shell(Box::new(|_, page| {
            say(&format!("page {page}"));
            Ok(Opened::Shown)
        })));
        handrail_engine::open(Setup {
            keys: handrail_engine::Keys::File,
            data: start.data,
            registry,
            browser: Arc::new(browser),
            snapshots: StrongholdSnapshots::new(),
        })
        .map_err(|error| error.to_string())
    })
    .await?;
    Ok(if no_locks { testing::without_locks(&opened) } else { opened })
}

async fn obey(engine: &Engine, data: &Path, words: &[&str]) -> String {
    let id = |text: &str| SourceId(text.to_owned());
    match words {
        ["load", source] => match testing::read_sealed(engine, &id(source)).await {
            Ok((generation, phase)) => format!("sealed {generation} {phase}"),
            Err(why) => format!("unsealed {why}"),
        },
        ["demand", source, generation] => {
            demand(engine, &id(source), generation.parse().ok()).await
        }
        ["burst", source, generation, count, at_once] => {
            let number = |text: &str| text.parse().unwrap_or_default();
            let generation = generation.parse().unwrap_or_default();
            burst(engine, &id(source), generation, number(count), number(at_once)).await
        }
        ["check", source] => match engine.check(Which::One(id(source))).await {
            Ok(outcome) => {
                let outcome = outcome.sources.first().map(|source| source.outcome);
                let sealed = testing::read_sealed(engine, &id(source)).await;
                let generation = sealed.map_or(0, |(generation, _)| generation);
                format!("checked {outcome:?} {generation}")
            }
            Err(problem) => format!("problem {problem}"),
        },
        ["sources"] => match engine.answer(ListConnections {}).await {
            Ok(list) => {
                let ids: Vec<_> = list.rows.into_iter().map(|row| row.place.source.0).collect();
                format!("sources {}", ids.join(","))
            }
            Err(problem) => format!("problem {problem}"),
        },
        ["connect", link] => {
            let question = BeginSignIn { text: (*link).to_owned(), role: Role::Patient };
            match engine.answer(question).await {
                Ok(begun) => wait_for_end(engine, &begun.attempt).await,
                Err(problem) => format!("problem {problem}"),
            }
        }
        ["again", source] => match engine.answer(SignInAgain { source: id(source) }).await {
            Ok(begun) => wait_for_end(engine, &begun.attempt).await,
            Err(problem) => format!("problem {problem}"),
        },
        ["resume", again @ ..] => {
            let waiting = list_pending(data);
            engine.resume_sign_ins().await;
            match waiting.first() {
                Some(attempt) => {
                    if *again == ["reopen"] {
                        let question = ReopenBrowser { attempt: attempt.clone() };
                        if let Err(problem) = engine.answer(question).await {
                            return format!("problem {problem}");
                        }
                    }
                    say("resumed");
                    wait_for_end(engine, attempt).await
                }
                None => "nothing".to_owned(),
            }
        }
        _ => "refused what is that".to_owned(),
    }
}

async fn demand(engine: &Engine, source: &SourceId, newer_than: Option<u64>) -> String {
    match testing::demand_token(engine, source, newer_than).await {
        Ok(generation) => format!("token {generation}"),
        Err(why) => format!("none {why}"),
    }
}

/// Many demands, some of them side by side; how they ended, and the longest that one of them took.
async fn burst(
    engine: &Engine,
    source: &SourceId,
    newer_than: u64,
    count: usize,
    at_once: usize,
) -> String {
    let mut demands = stream::iter(0..count)
        .map(|_| async {
            let begun = Instant::now();
            let outcome = testing::demand_token(engine, source, Some(newer_than)).await;
            (outcome, begun.elapsed())
        })
        .buffer_unordered(at_once.max(1));
    let (mut tokens, mut busy, mut others, mut slowest) = (0, 0, 0, Duration::ZERO);
    while let Some((outcome, took)) = demands.next().await {
        slowest = slowest.max(took);
        match outcome {
            Ok(generation) if generation == newer_than + 1 => tokens += 1,
            Err("busy") => busy += 1,
            Ok(_) | Err(_) => others += 1,
        }
    }
    format!("burst {tokens} {busy} {others} {}", slowest.as_millis())
}

async fn wait_for_end(engine: &Engine, attempt: &AttemptId) -> String {
    let mut changes = engine.changes();
    loop {
        match engine.answer(ShowSignIn { attempt: attempt.clone() }).await {
            Err(_) => return "gone".to_owned(),
            Ok(shown) => match shown.stage {
                Stage::Connected { source, .. } => return format!("connected {source}"),
                Stage::Refused { reason, .. } => return format!("declined {}", reason.code()),
                Stage::Preparing
                | Stage::InBrowser { .. }
                | Stage::Exchanging
                | Stage::Fetching { .. } => {}
            },
        }
        if changes.changed().await.is_err() {
            return "gone".to_owned();
        }
    }
}

/// The sign-ins that wait in this folder, by the names of their files.
fn list_pending(data: &Path) -> Vec<AttemptId> {
    let Ok(entries) = fs::read_dir(data.join("vault")) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    names
        .filter_map(|name| {
            let attempt = name.strip_prefix("pending-")?.strip_suffix(".hold")?;
            Some(AttemptId(attempt.to_owned()))
        })
        .collect()
}
