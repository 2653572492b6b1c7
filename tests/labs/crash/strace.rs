//! The file calls of one thread: written down, or struck one by one, by strace.

use std::{collections::BTreeMap, fs, path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{ground::Ground, hand::Worker};

const PATIENCE: Duration = Duration::from_secs(30);

/// One file call that touches the data folder.
#[derive(Clone, Debug)]
pub struct Call {
    /// `rename`, `fsync`, …
    pub name: String,
    /// The how manyth of its name in this thread.
    nth: usize,
    /// As strace wrote it.
    line: String,
}

/// What happens instead of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The process is killed before the call is made.
    Kill,
    /// The disk is broken.
    Eio,
    /// The disk is full.
    Enospc,
    /// A signal came first.
    Eintr,
}

impl Fault {
    pub const ALL: [Self; 4] = [Self::Kill, Self::Eio, Self::Enospc, Self::Eintr];

    fn instead(self) -> &'static str {
        match self {
            Self::Kill => "signal=KILL",
            Self::Eio => "error=EIO",
            Self::Enospc => "error=ENOSPC",
            Self::Eintr => "error=EINTR",
        }
    }

    /// Whether the kernel may answer this call so.
    pub fn fits(self, call: &Call) -> bool {
        let name = call.name.as_str();
        match self {
            Self::Kill => true,
            // A kernel closes whatever it answers; strace would leave the file open, and its lock held.
            Self::Eio => name != "close",
            Self::Enospc => {
                matches!(
                    name,
                    "write" | "pwrite64" | "writev" | "fsync" | "fdatasync" | "ftruncate"
                ) || ["rename", "link", "mkdir", "fallocate"].iter().any(|it| name.starts_with(it))
                    || (name == "openat" && call.line.contains("O_CREAT"))
            }
            Self::Eintr => matches!(
                name,
                "openat"
                    | "read"
                    | "write"
                    | "pread64"
                    | "pwrite64"
                    | "fsync"
                    | "fdatasync"
                    | "flock"
                    | "ftruncate"
            ),
        }
    }

    /// Whether strace says that the blow fell, and on the data folder. The same thread also wakes others by a write.
    pub fn fell(self, log: &str, folder: &Path) -> bool {
        let mut lines = log.lines();
        let struck = match self {
            Self::Kill => {
                let is_end = |line: &&str| line.starts_with("+++ killed by SIGKILL +++");
                let ended = lines.by_ref().take_while(|line| !is_end(line)).last();
                ended.filter(|_| log.contains("+++ killed by SIGKILL +++"))
            }
            Self::Eio | Self::Enospc | Self::Eintr => {
                lines.find(|line| line.contains("(INJECTED)"))
            }
        };
        struck.is_some_and(|line| line.contains(&*folder.to_string_lossy()))
    }
}

/// Strace on a worker's thread.
pub struct Strace {
    process: Child,
}

impl Strace {
    /// Writes down every file call from now on.
    pub async fn record(ground: &Ground, worker: &Worker) -> Self {
        Self::attach(ground, worker, &["-e", "trace=%file,%desc"]).await
    }

    /// Strikes this call.
    pub async fn strike(ground: &Ground, worker: &Worker, call: &Call, fault: Fault) -> Self {
        let trace = format!("trace={}", call.name);
        let inject = format!("inject={}:{}:when={}", call.name, fault.instead(), call.nth);
        Self::attach(ground, worker, &["-e", &trace, "-e", &inject]).await
    }

    async fn attach(ground: &Ground, worker: &Worker, what: &[&str]) -> Self {
        let mut command = Command::new("strace");
        command.args(["-y", "-s", "0", "-o"]).arg(ground.log()).args(what);
        command.args(["-p", &worker.thread]).stdin(Stdio::null()).stdout(Stdio::null());
        let mut process = command
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("this laboratory needs strace: {error}"));
        let mut lines = BufReader::new(process.stderr.take().expect("stderr is piped")).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        let said = line.ok().and_then(Result::ok).flatten().unwrap_or_default();
        assert!(said.contains("attached"), "strace cannot watch a process here: {said}");
        // Whatever it says later must not fill a pipe that nobody reads.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { process }
    }

    /// What it wrote. The watched process is dead already.
    pub async fn finish(mut self, ground: &Ground) -> String {
        if tokio::time::timeout(PATIENCE, self.process.wait()).await.is_err() {
            panic!("strace did not end with the process it watched");
        }
        fs::read_to_string(ground.log()).unwrap_or_default()
    }
}

impl Call {
    /// The how manyth of its name.
    pub fn nth(&self) -> usize {
        self.nth
    }
}

/// The calls in a log that touch this folder.
pub fn read_calls(log: &str, folder: &Path) -> Vec<Call> {
    let folder = folder.to_string_lossy();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut calls = Vec::new();
    for line in log.lines() {
        let Some((name, _)) = line.split_once('(') else { continue };
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            continue;
        }
        let nth = counts.entry(name).or_default();
        *nth += 1;
        if line.contains(&*folder) {
            calls.push(Call { name: name.to_owned(), nth: *nth, line: line.to_owned() });
        }
    }
    calls
}
