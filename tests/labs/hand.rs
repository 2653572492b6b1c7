//! A worker process, and the hand that starts it, speaks to it, stops it and kills it.

use std::{path::Path, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

/// Nothing a worker does takes longer, unless somebody stopped it.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a worker runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As the app does.
    Usual,
    /// All file calls in one thread, for strace.
    OneThread,
    /// As the app does, with a lock that locks nothing.
    NoLocks,
}

/// A running worker. Dropped, it is killed.
pub struct Worker {
    process: Child,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    /// The thread that does all file calls, where there is one.
    pub thread: String,
    /// After this, silence is an answer.
    pub patience: Duration,
}

impl Worker {
    /// Starts a worker over a data folder. It has opened nothing yet.
    pub fn spawn(data: &Path, registry: &Path, kind: Kind) -> Self {
        let program = std::env::current_exe().expect("a program knows where it is");
        let mut command = Command::new(program);
        command.arg("worker").arg(data).arg(registry);
        match kind {
            Kind::Usual => {}
            Kind::OneThread => {
                command.arg("one-thread");
            }
            Kind::NoLocks => {
                command.arg("no-locks");
            }
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("this program starts again");
        let commands = process.stdin.take().expect("stdin is piped");
        let answers = BufReader::new(process.stdout.take().expect("stdout is piped")).lines();
        Self { process, commands, answers, thread: String::new(), patience: PATIENCE }
    }

    /// Waits for its first word.
    pub async fn greet(&mut self) -> Result<(), String> {
        let hello = self.listen().await.ok_or("it died before it began")?;
        self.thread = hello.strip_prefix("hello ").unwrap_or_default().to_owned();
        Ok(())
    }

    /// Opens the engine in it; the error is why that did not work.
    pub async fn open(&mut self) -> Result<(), String> {
        match self.ask("open").await.as_deref() {
            Some("opened") => Ok(()),
            other => Err(other.unwrap_or("it died while it opened").to_owned()),
        }
    }

    /// Says one command and waits for the answer. `None`: the worker died.
    pub async fn ask(&mut self, command: &str) -> Option<String> {
        self.tell(command).await;
        self.listen().await
    }

    /// Says one command.
    pub async fn tell(&mut self, command: &str) {
        // A dead worker is noticed where its answer is awaited.
        let _ = self.commands.write_all(format!("{command}\n").as_bytes()).await;
    }

    /// The next line it says. `None`: it died.
    pub async fn listen(&mut self) -> Option<String> {
        match tokio::time::timeout(self.patience, self.answers.next_line()).await {
            Ok(line) => line.ok().flatten(),
            Err(_) => Some(format!("silence for {} s", self.patience.as_secs())),
        }
    }

    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = self.pid() {
            // It may have ended by itself.
            let _ = kill_process(pid, signal);
        }
    }

    pub fn pid(&self) -> Option<Pid> {
        Pid::from_raw(self.process.id()?.try_into().ok()?)
    }

    /// Kills it and waits until it is gone.
    pub async fn kill(mut self) {
        let _ = self.process.kill().await;
    }

    /// Lets it end by itself, as an app that is closed.
    pub async fn close(self) {
        let Self { mut process, commands, .. } = self;
        drop(commands);
        if tokio::time::timeout(PATIENCE, process.wait()).await.is_err() {
            let _ = process.kill().await;
        }
    }

    /// Waits until it is gone by whatever hand.
    pub async fn wait(&mut self) {
        let _ = tokio::time::timeout(PATIENCE, self.process.wait()).await;
    }
}
