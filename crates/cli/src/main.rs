//! Handrail without a window: for a schedule, for servers without a screen, for tests.
//!
//! What `--json` prints is a contract: fields are added, never renamed.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this shell owns its terminal")]

mod act;
mod arguments;
mod browser;
mod connect;
mod export;
mod lists;
mod paper;
mod partners;
mod places;
mod preview;
mod scan;
mod speak;
mod start_over;

use std::{io, path::Path, process::ExitCode};

use arguments::{Arguments, Command};
use clap::Parser as _;
use handrail_contract::{
    Problem,
    code::ReadCode,
    lock::{Pin, Unlock},
    place::{CheckOutcome, Outcome, SourceId},
    report::ShowReport,
};
use handrail_engine::{
    Answer as _, Engine, Keys, OpenError, Registry, Setup, TURN, Which,
    memory::{HEAP, Heap},
    registry,
    vault::StrongholdSnapshots,
};
use serde::Serialize;

/// What is freed is wiped: nothing that a library held in between stays behind in memory.
#[global_allocator]
static ALLOCATOR: Heap = HEAP;

/// How the process ends: 0 done, 2 refused, 3 sign in again, 4 out of reach, 70 our fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Done = 0,
    Refused = 2,
    SignInAgain = 3,
    OutOfReach = 4,
    OurFault = 70,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

fn main() -> ExitCode {
    handrail_engine::memory::share_heap();
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("HANDRAIL_LOG"))
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // Disk work stands in line at one database anyway, and each thread holds memory.
        .max_blocking_threads(8)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("handrail: {error}");
            return Exit::OurFault.into();
        }
    };
    let exit = runtime.block_on(run(arguments));
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    exit.into()
}

async fn run(arguments: Arguments) -> Exit {
    let json = arguments.json;
    let outcome = match &arguments.command {
        Command::Scan(code) => return scan::run(code, &registry(&arguments), json),
        Command::Connect(connect) => {
            let browser = browser::TerminalBrowser::new(!connect.no_browser, json);
            match open(&arguments, std::sync::Arc::new(browser)) {
                Ok(engine) => match unlock(&engine, &arguments).await {
                    Ok(()) => connect::run(&engine, connect, json).await,
                    Err(exit) => Err(exit),
                },
                Err(error) => Err(refuse_to_start(&error, json)),
            }
        }
        Command::Registry { verb } => partners::run(&arguments.data_folder(), verb, json),
        Command::StartOver { yes } => start_over::run(&arguments, *yes),
        Command::Preview(preview) => match preview::run(&arguments, preview).await {
            Ok(()) => Ok(Exit::Done),
            Err(exit) => Err(exit),
        },
        Command::Places { take: Some(file), .. }
            if let Err(exit) = places::take(&arguments.data_folder(), file) =>
        {
            Err(exit)
        }
        other => {
            let browser = browser::TerminalBrowser::new(false, json);
            match open(&arguments, std::sync::Arc::new(browser)) {
                Ok(engine) => match unlock(&engine, &arguments).await {
                    Ok(()) => answer(&engine, other, json).await,
                    Err(exit) => Err(exit),
                },
                Err(error) => Err(refuse_to_start(&error, json)),
            }
        }
    };
    outcome.unwrap_or_else(|exit| exit)
}

/// Opens a locked app with the PIN of `--pin-file`. Without one it stays locked, and only a refresh is done.
async fn unlock(engine: &Engine, arguments: &Arguments) -> Result<(), Exit> {
    let Some(file) = &arguments.pin_file else { return Ok(()) };
    let pin = read_pin(file).map_err(|error| {
        eprintln!("handrail: {}: {error}", file.display());
        Exit::Refused
    })?;
    let question = Unlock { pin, private: true };
    let door = engine.answer(question).await.map_err(|it| explain(&it, arguments.json))?;
    if door.locked {
        eprintln!("handrail: wait {} s", door.wait_seconds);
        return Err(explain(&Problem::Locked, arguments.json));
    }
    Ok(())
}

fn read_pin(file: &Path) -> io::Result<Pin> {
    let text = if file.as_os_str() == "-" {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        line
    } else {
        std::fs::read_to_string(file)?
    };
    Ok(Pin::new(text.lines().next().unwrap_or_default().trim()))
}

async fn answer(engine: &Engine, command: &Command, json: bool) -> Result<Exit, Exit> {
    let explain = |problem: Problem| explain(&problem, json);
    match command {
        Command::Places { search, take: _ } => {
            places::run(engine, search, json).await.map_err(explain)?;
        }
        Command::Report { hosts } => {
            let question = ShowReport { with_hosts: *hosts };
            let report = engine.answer(question).await.map_err(explain)?;
            if json {
                print_json(&report);
            } else {
                print!("{}", report.text);
            }
        }
        Command::Export { connection, page, file } => {
            return export::run(engine, connection.as_deref(), *page, file, json).await;
        }
        Command::Sources => lists::sources(engine, json).await.map_err(explain)?,
        Command::Tasks { source } => {
            lists::todos(engine, source.as_deref(), json).await.map_err(explain)?
        }
        Command::Goals { source } => {
            lists::goals(engine, source.as_deref(), json).await.map_err(explain)?
        }
        Command::Referrals { source } => {
            lists::referrals(engine, source.as_deref(), json).await.map_err(explain)?;
        }
        Command::Inbox { csv: true, day, .. } => {
            lists::inbox_table(engine, day.clone()).await.map_err(explain)?;
        }
        Command::Inbox { source, .. } => {
            lists::inbox(engine, source.as_deref(), json).await.map_err(explain)?;
        }
        Command::Request { id } => lists::request(engine, id, json).await.map_err(explain)?,
        Command::WorksFor { source, organizations } => {
            lists::works_for(engine, source, organizations, json).await.map_err(explain)?;
        }
        Command::Show { id } => lists::show(engine, id, json).await.map_err(explain)?,
        Command::History { id } => lists::history(engine, id, json).await.map_err(explain)?,
        Command::Act(on) => return act::run(engine, on, json).await.map_err(explain),
        Command::Refresh { source, if_due } => {
            let outcome = match (source, if_due) {
                (Some(source), _) => engine.check(Which::One(SourceId(source.clone()))).await,
                (None, true) => engine.wake(TURN).await,
                (None, false) => engine.check(Which::All).await,
            };
            return Ok(report_check(&outcome.map_err(explain)?, json));
        }
        Command::Disconnect { source, keep: _, erase } => {
            let question = handrail_contract::place::Disconnect {
                source: SourceId(source.clone()),
                erase: *erase,
            };
            let receipt = engine.answer(question).await.map_err(explain)?;
            if json {
                print_json(
                    &serde_json::json!({ "revoked": receipt.revoked, "erased": receipt.erased }),
                );
            } else {
                println!("{}", speak::phrase(&receipt.line));
            }
        }
        Command::Scan(_)
        | Command::Connect(_)
        | Command::Registry { .. }
        | Command::StartOver { .. }
        | Command::Preview(_) => return Err(Exit::OurFault),
    }
    Ok(Exit::Done)
}

fn report_check(outcome: &CheckOutcome, json: bool) -> Exit {
    for checked in &outcome.sources {
        if json {
            print_json(checked);
        } else {
            println!(
                "{}  {:?}  {} new or changed, {} requests, {} bytes, {} ms{}",
                checked.source,
                checked.outcome,
                checked.changed,
                checked.requests,
                checked.bytes,
                checked.elapsed_ms,
                if checked.problems.is_empty() {
                    String::new()
                } else {
                    format!("  (left out: {})", checked.problems.join(", "))
                }
            );
        }
    }
    if !json && let Some(line) = &outcome.line {
        println!("{}", speak::phrase(line));
    }
    let worst = outcome.sources.iter().map(|checked| match checked.outcome {
        Outcome::Ok | Outcome::Partial | Outcome::NotDue => Exit::Done,
        Outcome::SignInAgain => Exit::SignInAgain,
        Outcome::OutOfReach => Exit::OutOfReach,
    });
    worst.max().unwrap_or(Exit::Done)
}

/// The partners that are known here; a developer build can be told others.
fn registry(arguments: &Arguments) -> Registry {
    #[cfg(feature = "developer")]
    if let Some(path) = &arguments.registry {
        let read = std::fs::read(path).map_err(|error| error.to_string());
        match read.and_then(|bytes| {
            Registry::parse(&bytes, handrail_engine::POLICY).map_err(|error| error.to_string())
        }) {
            Ok(registry) => return registry,
            Err(error) => eprintln!("handrail: {}: {error}", path.display()),
        }
    }
    registry::load(&arguments.data_folder()).registry
}

/// Opens the engine over this shell's browser.
fn open(
    arguments: &Arguments,
    browser: std::sync::Arc<dyn handrail_engine::ports::Browser>,
) -> Result<Engine, OpenError> {
    handrail_engine::open(Setup {
        data: arguments.data_folder(),
        keys: wished_keys(),
        registry: registry(arguments),
        browser,
        snapshots: StrongholdSnapshots::new(),
    })
}

/// A release takes the best place; a developer build can be told to leave the keyring alone.
fn wished_keys() -> Keys {
    #[cfg(feature = "developer")]
    if std::env::var_os("HANDRAIL_KEYS").is_some_and(|place| place == "file") {
        return Keys::File;
    }
    Keys::Best
}

/// Says why there is no engine, and in the JSON what mends it.
fn refuse_to_start(error: &OpenError, json: bool) -> Exit {
    eprintln!("handrail: {error}");
    let problem = error.problem();
    if json {
        print_json(&problem);
    }
    exit_of(&problem)
}

/// Says a problem on stderr, and in the JSON where that was asked for.
fn explain(problem: &Problem, json: bool) -> Exit {
    eprintln!("handrail: {problem}");
    if json {
        print_json(problem);
    }
    exit_of(problem)
}

const fn exit_of(problem: &Problem) -> Exit {
    match problem {
        Problem::SignInAgain { .. } => Exit::SignInAgain,
        Problem::OutOfReach => Exit::OutOfReach,
        Problem::Refused { .. }
        | Problem::Locked
        | Problem::NeedsPin
        | Problem::Gone
        | Problem::CannotSave => Exit::Refused,
        Problem::OurFault { .. } => Exit::OurFault,
    }
}

/// One line of JSON.
fn print_json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(line) => println!("{line}"),
        Err(error) => eprintln!("handrail: {error}"),
    }
}

/// What a text turned out to be, asked of an engine that knows the connected places.
async fn read_code(
    engine: &Engine,
    text: &str,
) -> Result<handrail_contract::code::CodeRead, Problem> {
    engine.answer(ReadCode { text: text.to_owned() }).await
}
