//! One step of the work: a command, what it is for, and what to do when it fails.
//!
//! Out: one line with the time it took. A step that takes long shows that it lives: a moving line on a terminal,
//! a line every 15 s elsewhere. What the command said is kept in `target/xtask/log`, and shown where it failed.

#![allow(clippy::print_stdout, reason = "this is how xtask speaks")]

use std::{
    fs::{self, File},
    io::{self, IsTerminal, Read, Seek, SeekFrom, Write},
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{children, place};

/// Lines of a failed command that are shown.
const SHOWN: usize = 60;

/// A command that is about to run.
pub struct Step {
    /// What it does, as "building the UI".
    pub name: String,
    pub command: Command,
    /// What somebody can do when it fails.
    pub advice: String,
    /// After this it counts as stuck.
    pub limit: Duration,
}

/// Why a step did not do what it says.
#[derive(Debug)]
pub struct Failure {
    pub step: String,
    pub command: Option<String>,
    pub why: String,
    pub advice: String,
    /// All that the command said, or the findings of a check.
    pub said: String,
}

impl Failure {
    /// A failure without a command behind it.
    pub fn plain(step: &str, why: impl Into<String>, advice: &str) -> Self {
        Self {
            step: step.to_owned(),
            command: None,
            why: why.into(),
            advice: advice.to_owned(),
            said: String::new(),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in telling_end(&self.said) {
            writeln!(f, "    | {line}")?;
        }
        writeln!(f, "FAILED   {}: {}", self.step, self.why)?;
        if let Some(command) = &self.command {
            writeln!(f, "command  {command}")?;
        }
        write!(f, "to do    {}", self.advice)
    }
}

impl Step {
    /// A step that may take up to 40 minutes.
    pub fn new(name: &str, command: Command, advice: &str) -> Self {
        Self {
            name: name.to_owned(),
            command,
            advice: advice.to_owned(),
            limit: Duration::from_secs(40 * 60),
        }
    }

    #[must_use]
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it to its end. Returns everything it said.
    pub fn run(mut self) -> Result<String, Failure> {
        let begun = Instant::now();
        let log = log_file(&self.name);
        let outcome = self.perform(&log, begun);
        let said = read_said(&fs::read(&log).unwrap_or_default());
        match outcome {
            Ok(()) => {
                say_done(&self.name, begun.elapsed());
                Ok(said)
            }
            Err(why) => {
                say_failed(&self.name, begun.elapsed());
                Err(Failure {
                    step: self.name,
                    command: Some(written(&self.command)),
                    why: format!("{why} (all of it: {})", place::shown(&log)),
                    advice: self.advice,
                    said,
                })
            }
        }
    }

    fn perform(&mut self, log: &PathBuf, begun: Instant) -> Result<(), String> {
        let file = log.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| File::create(log));
        let file = file.map_err(|error| format!("cannot write {}: {error}", place::shown(log)))?;
        let other = file.try_clone().map_err(|error| error.to_string())?;
        self.command.stdin(Stdio::null()).stdout(file).stderr(other);
        let mut started = children::start(&mut self.command)
            .map_err(|error| format!("did not start: {error}"))?;
        let mut sign = Sign::new(begun);
        loop {
            match started.child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("ended with {status}")),
                Ok(None) if begun.elapsed() > self.limit => {
                    return Err(format!("was not done after {}", clock(self.limit).trim()));
                }
                Ok(None) => sign.show(&self.name, log),
                Err(error) => return Err(error.to_string()),
            }
            // Short at first, so that quick steps stay quick.
            thread::sleep(if begun.elapsed().as_millis() < 500 { POLL / 20 } else { POLL });
        }
    }
}

const POLL: Duration = Duration::from_millis(200);

/// Runs a quick command silently; `None` if it fails or is not there.
pub fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(place::root())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Whether `program` is on the search path.
pub fn is_on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}

/// Says that something is done, and how long it took.
pub fn say_done(name: &str, took: Duration) {
    say_line(&format!("✓ {} {name}", clock(took)));
}

/// Says that something did not work, and how long that took.
pub fn say_failed(name: &str, took: Duration) {
    say_line(&format!("✗ {} {name}", clock(took)));
}

/// Says something that takes no time.
pub fn say(text: &str) {
    say_line(&format!("          {text}"));
}

fn say_line(text: &str) {
    let clear = if io::stdout().is_terminal() { "\r\x1b[K" } else { "" };
    println!("{clear}{text}");
}

/// `  4m 05s` or `     3.2s`: always eight wide.
pub fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 60 {
        format!("{:>3}m {:02}s", seconds / 60, seconds % 60)
    } else {
        format!("{:>7.1}s", time.as_secs_f32())
    }
}

/// The sign of life of a long step.
struct Sign {
    begun: Instant,
    terminal: bool,
    next: Duration,
}

impl Sign {
    const EVERY: Duration = Duration::from_secs(15);

    fn new(begun: Instant) -> Self {
        let terminal = io::stdout().is_terminal();
        let next = if terminal { Duration::from_millis(300) } else { Self::EVERY };
        Self { begun, terminal, next }
    }

    fn show(&mut self, name: &str, log: &PathBuf) {
        let elapsed = self.begun.elapsed();
        if elapsed < self.next {
            return;
        }
        self.next = elapsed + if self.terminal { POLL } else { Self::EVERY };
        let line = format!("… {} {name}: {}", clock(elapsed), last_line(log));
        if self.terminal {
            let line: String = line.chars().take(columns()).collect();
            print!("\r\x1b[K{line}");
            let _ = io::stdout().flush();
        } else {
            println!("{line}");
        }
    }
}

fn columns() -> usize {
    std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).unwrap_or(79)
}

fn last_line(log: &PathBuf) -> String {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(400)))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    };
    let end = String::from_utf8_lossy(&read().unwrap_or_default()).into_owned();
    let last = end.split(['\n', '\r']).rev().map(str::trim).find(|line| !line.is_empty());
    last.unwrap_or_default().chars().filter(|letter| !letter.is_control()).collect()
}

/// What a command said, without the bars it drew while it worked.
fn read_said(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\x1b[K", "").replace('\r', "\n");
    let drawn = |line: &&str| line.trim_start().starts_with("Building [");
    let mut said: String = text.lines().filter(|line| !drawn(line)).collect::<Vec<_>>().join("\n");
    said.push('\n');
    said
}

fn log_file(name: &str) -> PathBuf {
    let name: String =
        name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    place::logs().join(format!("{name}.log"))
}

/// The end of what a command said, without the lines that say that all is well.
fn telling_end(said: &str) -> Vec<&str> {
    let dull = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("Compiling ")
            || line.starts_with("Checking ")
            || line.starts_with("Downloaded ")
            || (line.starts_with("test ") && line.ends_with("... ok"))
    };
    let lines: Vec<&str> = said.lines().filter(|line| !dull(line)).collect();
    lines[lines.len().saturating_sub(SHOWN)..].to_vec()
}

/// A command as one could type it, with the variables that we set.
pub fn written(command: &Command) -> String {
    let mut words: Vec<String> = command
        .get_envs()
        .filter_map(|(name, value)| {
            // The search path is long and the same for every command; the others are for show.
            (name != "PATH" && !name.to_string_lossy().starts_with("CARGO_TERM_")).then_some(())?;
            Some(format!("{}={}", name.display(), quoted(&value?.to_string_lossy())))
        })
        .collect();
    words.push(quoted(&command.get_program().to_string_lossy()));
    words.extend(command.get_args().map(|word| quoted(&word.to_string_lossy())));
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./=:,+@".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failed_step_names_itself_its_command_and_what_to_do() {
        let step = Step::new("trying a thing", shell("echo it broke; exit 3"), "mend it");

        let failure = step.run().unwrap_err();

        let text = failure.to_string();
        assert!(text.contains("trying a thing"), "{text}");
        assert!(text.contains("sh -c 'echo it broke; exit 3'"), "{text}");
        assert!(text.contains("it broke\n"), "{text}");
        assert!(text.contains("to do    mend it"), "{text}");
    }

    #[test]
    fn a_step_that_hangs_is_ended() {
        let step = Step::new("hanging", shell("sleep 600"), "wait").within(Duration::from_secs(1));

        let failure = step.run().unwrap_err();

        assert!(failure.why.contains("was not done after"), "{}", failure.why);
    }

    #[test]
    fn drawn_bars_are_not_what_a_command_said() {
        let said = read_said(b"   Compiling a\n    Building [==>  ] 1/2: a(bin)\r\x1b[K    Finished\ntest result: ok.\n");

        assert_eq!(said, "   Compiling a\n    Finished\ntest result: ok.\n");
    }

    #[test]
    fn a_good_step_returns_what_it_said() {
        let said = Step::new("speaking", shell("echo one; echo two >&2"), "").run().unwrap();

        assert_eq!(said, "one\ntwo\n");
    }
}
