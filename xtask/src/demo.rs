//! The demo: three places to connect, and the app. And `dev`, the same with pages that are built again as they change.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::{
    cargo,
    children::{self, Started},
    fresh,
    machine::{self, Part},
    place, setup,
    step::{self, Failure},
    ui::{self, Finish},
};

/// Where the sandbox's three places answer.
const PLACES: [(&str, u16, &str); 3] = [
    (
        "Elm Street Family Clinic",
        8461,
        "listed; its sign-in gives new tokens and lets the old ones work a while",
    ),
    ("Two Rivers Care Network", 8462, "listed; its sign-in ends when an old token is used again"),
    (
        "Bright Harvest Food Bank",
        8463,
        "not listed: the app says that it is new, and introduces itself",
    ),
];

const PREVIEW_PORT: u16 = 8460;

/// What the person asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The browser, even where a window could be shown.
    pub preview: bool,
    /// Go on with what was connected the last time.
    pub keep: bool,
}

impl Wishes {
    pub fn read(arguments: &[String]) -> Result<Self, String> {
        let mut wishes = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--preview" => wishes.preview = true,
                "--keep" => wishes.keep = true,
                other => {
                    return Err(format!("demo and dev know --preview and --keep, not {other}"));
                }
            }
        }
        Ok(wishes)
    }
}

/// The arguments that build the demo's programs.
///
/// One selection everywhere: cargo unites features over what is selected, and another selection builds much again.
pub fn programs(window: bool) -> Vec<&'static str> {
    let mut arguments = vec![
        "-p",
        "handrail-sandbox",
        "-p",
        "handrail-cli",
        // Without the library that a phone would load.
        "--bins",
        "--features",
        "handrail-cli/developer",
    ];
    if window {
        arguments.extend([
            "-p",
            "handrail-app",
            "--features",
            "handrail-app/developer,handrail-app/custom-protocol",
        ]);
    }
    arguments
}

/// Sets up, builds, starts the places and the app, and waits until the person ends it.
pub fn show(wishes: Wishes) -> Result<(), Failure> {
    let window = machine::has_display() && !wishes.preview;
    look_for_free_ports()?;
    let mut parts = vec![Part::Build, Part::Ui];
    if window {
        parts.push(Part::Window);
    }
    setup::prepare(&parts)?;
    ui::build(Finish::Small)?;
    let name = if window {
        "compiling the places and the app"
    } else {
        "compiling the places and the preview"
    };
    cargo::build(name, &programs(window))?;

    let data = prepare_data(wishes)?;
    let sandbox = start_sandbox()?;
    explain_places();
    if window { run_window(&data, sandbox) } else { run_preview(&data, sandbox, || ()) }
}

/// The preview over pages that are built again when a file of theirs changes.
pub fn develop(wishes: Wishes) -> Result<(), Failure> {
    look_for_free_ports()?;
    setup::prepare(&[Part::Build, Part::Ui])?;
    ui::build(Finish::Quick)?;
    cargo::build("compiling the places and the preview", &programs(false))?;
    let data = prepare_data(Wishes { keep: true, ..wishes })?;
    let sandbox = start_sandbox()?;
    explain_places();
    println!(
        "Pages are built again when frontend/ or crates/contract changes; then reload the browser."
    );
    let mut seen = last_change();
    run_preview(&data, sandbox, move || {
        let now = last_change();
        if now != seen {
            seen = now;
            if let Err(failure) = ui::build(Finish::Quick) {
                println!("{failure}");
            }
        }
    })
}

fn last_change() -> Option<SystemTime> {
    let mut files = Vec::new();
    for folder in ["frontend", "crates/contract"] {
        let _ = fresh::list_files(&place::root().join(folder), &mut files);
    }
    files.iter().filter_map(|file| fs::metadata(file).ok()?.modified().ok()).max()
}

fn prepare_data(wishes: Wishes) -> Result<PathBuf, Failure> {
    let data = place::demo().join("data");
    let fail = |error: io::Error| {
        Failure::plain("preparing the demo's data", error.to_string(), "remove target/demo")
    };
    if !wishes.keep && data.exists() {
        fs::remove_dir_all(&data).map_err(fail)?;
    }
    fs::create_dir_all(&data).map_err(fail)?;
    Ok(data)
}

const PORTS_TAKEN: &str =
    "end whatever uses the ports 8460 to 8463 (another demo?), then try again";

/// Before anything is built: nobody should wait for minutes to read that another demo runs.
fn look_for_free_ports() -> Result<(), Failure> {
    let mut ports = PLACES.iter().map(|(_, port, _)| *port).chain([PREVIEW_PORT]);
    let Some(port) = ports.find(|port| answers(*port)) else { return Ok(()) };
    Err(Failure::plain("starting the demo", format!("port {port} is taken"), PORTS_TAKEN))
}

fn start_sandbox() -> Result<Started, Failure> {
    let step = "starting the three places";
    let begun = Instant::now();
    let mut command = Command::new(place::program("handrail-sandbox"));
    command.arg("--codes").arg(place::demo().join("codes")).current_dir(place::root());
    let log = place::demo().join("sandbox.log");
    let mut sandbox =
        start_logged(&mut command, &log).map_err(|error| fail_start(step, &command, error))?;
    let is_ready = || {
        // Its last line: by then the pictures of the codes are drawn too.
        let said = fs::read_to_string(&log).unwrap_or_default();
        said.contains("Running.") && PLACES.iter().all(|(_, port, _)| answers(*port))
    };
    wait_for(&mut sandbox, is_ready, &log).map_err(|why| Failure {
        command: Some(step::written(&command)),
        ..Failure::plain(step, why, PORTS_TAKEN)
    })?;
    step::say_done(
        &format!("the three places answer (log: {})", place::shown(&log)),
        begun.elapsed(),
    );
    Ok(sandbox)
}

fn fail_start(step: &str, command: &Command, error: io::Error) -> Failure {
    Failure {
        command: Some(step::written(command)),
        ..Failure::plain(step, error.to_string(), "see whether the program named there was built")
    }
}

fn start_logged(command: &mut Command, log: &Path) -> io::Result<Started> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = File::create(log)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    children::start(command)
}

fn wait_for(program: &mut Started, is_ready: impl Fn() -> bool, log: &Path) -> Result<(), String> {
    let begun = Instant::now();
    while !is_ready() {
        if let Ok(Some(status)) = program.child.try_wait() {
            let said = fs::read_to_string(log).unwrap_or_default();
            let end: Vec<&str> = said.lines().rev().take(5).collect();
            let end: Vec<&str> = end.into_iter().rev().collect();
            return Err(format!("it ended with {status}: {}", end.join(" / ")));
        }
        if begun.elapsed() > Duration::from_secs(30) {
            return Err(format!("it is not ready after 30 s (log: {})", place::shown(log)));
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn answers(port: u16) -> bool {
    let address = ([127, 0, 0, 1], port).into();
    TcpStream::connect_timeout(&address, Duration::from_millis(300)).is_ok()
}

fn explain_places() {
    println!();
    println!(
        "Three places to connect. In the app: Add a connection, then type or paste an address,"
    );
    println!(
        "or choose the picture of its code from {}:",
        place::shown(&place::demo().join("codes"))
    );
    println!();
    for (name, port, about) in PLACES {
        println!("  {name:<26} http://127.0.0.1:{port}/fhir");
        println!("  {:<26} {about}", "");
    }
    println!();
    println!("Sign in there as  rosa   password  handrail   (Rosa Delgado)");
    println!("            or as colin  password  handrail   (a patient of the HL7 guide)");
    println!();
}

fn run_window(data: &Path, sandbox: Started) -> Result<(), Failure> {
    let mut command = Command::new(place::program("handrail-app"));
    command.env("HANDRAIL_KEYS", "file");
    command.arg("--data").arg(data).current_dir(place::root()).stdin(Stdio::null());
    println!("The window opens. Closing it, or Ctrl-C here, ends everything.");
    let mut app = children::start(&mut command)
        .map_err(|error| fail_start("opening the window", &command, error))?;
    let status = app.child.wait();
    drop(sandbox);
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure {
            command: Some(step::written(&command)),
            ..Failure::plain(
                "the window",
                format!("ended with {status}"),
                "its last words stand above; `cargo xtask demo --preview` does without a window",
            )
        }),
        Err(error) => Err(fail_start("the window", &command, error)),
    }
}

/// Runs the preview until something ends; calls `often` about once a second.
fn run_preview(data: &Path, mut sandbox: Started, mut often: impl FnMut()) -> Result<(), Failure> {
    let step = "starting the preview";
    let mut command = Command::new(place::program("handrail"));
    command.env("HANDRAIL_KEYS", "file");
    command.arg("--data").arg(data).args(["preview", "--port", &PREVIEW_PORT.to_string()]);
    command.current_dir(place::root()).stdin(Stdio::null());
    let log = place::demo().join("preview.log");
    let mut preview =
        start_logged(&mut command, &log).map_err(|error| fail_start(step, &command, error))?;
    wait_for(&mut preview, || answers(PREVIEW_PORT), &log).map_err(|why| Failure {
        command: Some(step::written(&command)),
        ..Failure::plain(step, why, PORTS_TAKEN)
    })?;
    print_codes();
    println!(
        "Open  http://127.0.0.1:{PREVIEW_PORT}/  in a browser on this machine. Ctrl-C ends everything."
    );
    loop {
        for (name, program) in [("the places", &mut sandbox), ("the preview", &mut preview)] {
            if let Ok(Some(status)) = program.child.try_wait() {
                let why = format!("{name} ended with {status}");
                return Err(Failure::plain("the demo", why, "its log is in target/demo"));
            }
        }
        often();
        thread::sleep(Duration::from_secs(1));
    }
}

/// The sandbox says its codes as pictures made of letters, for terminals and phones.
fn print_codes() {
    let Ok(log) = File::open(place::demo().join("sandbox.log")) else { return };
    for line in BufReader::new(log).lines().map_while(Result::ok) {
        println!("{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_wish_is_named() {
        let refused = Wishes::read(&["--kepe".to_owned()]);

        assert!(refused.unwrap_err().contains("--kepe"));
    }

    #[test]
    fn a_port_nobody_listens_on_does_not_answer() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();

        let before = answers(port);
        drop(listener);

        assert_eq!((before, answers(port)), (true, false));
    }
}
