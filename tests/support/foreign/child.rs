//! A process that lives as long as the value that stands for it.

use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::Command,
    sync::mpsc,
    time::timeout,
};

/// A started process. It is killed when this is dropped, and leaves by itself when the test dies, because its input closes.
pub struct Child {
    _process: tokio::process::Child,
}

impl Child {
    /// Starts `command` and waits until `find` recognises a line it wrote, to either output.
    pub async fn start(
        mut command: Command,
        find: impl Fn(&str) -> Option<String>,
    ) -> (Self, String) {
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|why| panic!("{name} does not start: {why}"));

        let (lines, mut written) = mpsc::unbounded_channel();
        read_lines(process.stdout.take().expect("the output is piped"), lines.clone());
        read_lines(process.stderr.take().expect("the output is piped"), lines);

        let mut seen = Vec::new();
        let found = timeout(Duration::from_secs(60), async {
            while let Some(line) = written.recv().await {
                if let Some(found) = find(&line) {
                    return Some(found);
                }
                seen.push(line);
            }
            None
        })
        .await;
        match found {
            Ok(Some(found)) => (Self { _process: process }, found),
            _ => panic!("{name} did not start to serve; it said:\n{}", seen.join("\n")),
        }
    }
}

/// Reads to the end, so that the process never stands still because nobody listens.
fn read_lines(output: impl AsyncRead + Unpin + Send + 'static, to: mpsc::UnboundedSender<String>) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(output).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            // Nobody waits for lines any more once the process serves.
            to.send(line).ok();
        }
    });
}
