//! A process that lives as long as the value that stands for it.

use std::{process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::Command,
    sync::mpsc,
    time::timeout,
};

/// A started process. Dropping this kills it and everything it started.
pub struct Child {
    name: String,
    process: tokio::process::Child,
    written: mpsc::UnboundedReceiver<String>,
}

impl Child {
    /// Starts `command`.
    pub fn start(mut command: Command) -> Self {
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|why| panic!("{name} does not start: {why}"));

        let (lines, written) = mpsc::unbounded_channel();
        read_lines(process.stdout.take().expect("the output is piped"), lines.clone());
        read_lines(process.stderr.take().expect("the output is piped"), lines);
        Self { name, process, written }
    }

    /// Starts `command` and waits until `find` recognises a line it wrote, to either output.
    pub async fn start_until(
        command: Command,
        find: impl Fn(&str) -> Option<String>,
    ) -> (Self, String) {
        let mut child = Self::start(command);
        let found = child.wait_for(find).await;
        (child, found)
    }

    /// Waits until `find` recognises a line, written before or now.
    pub async fn wait_for(&mut self, find: impl Fn(&str) -> Option<String>) -> String {
        let mut seen = Vec::new();
        let found = timeout(Duration::from_secs(60), async {
            while let Some(line) = self.written.recv().await {
                if let Some(found) = find(&line) {
                    return Some(found);
                }
                seen.push(line);
            }
            None
        })
        .await;
        match found {
            Ok(Some(found)) => found,
            _ => panic!("{} did not say that it serves; it said:\n{}", self.name, seen.join("\n")),
        }
    }

    /// Everything it wrote since it was last listened to.
    pub fn said(&mut self) -> String {
        let mut lines = Vec::new();
        while let Ok(line) = self.written.try_recv() {
            lines.push(line);
        }
        lines.join("\n")
    }

    /// The number the system knows it by, as long as it lives.
    pub fn id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Sends a signal to it and to everything it started.
    pub fn signal(&self, signal: Signal) {
        let pid = self.process.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        if let Some(pid) = pid {
            // It may have ended by itself.
            kill_process_group(pid, signal).ok();
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}

/// Reads to the end, so that the process never stands still because nobody listens.
fn read_lines(output: impl AsyncRead + Unpin + Send + 'static, to: mpsc::UnboundedSender<String>) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(output).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            // The child's value may be gone already.
            to.send(line).ok();
        }
    });
}
