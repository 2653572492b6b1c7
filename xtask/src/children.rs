//! The processes xtask started, so that none outlives it.
//!
//! Each is the head of a process group of its own; ending xtask by Ctrl-C, a signal or a failure ends the groups.

use std::{
    io,
    os::unix::process::CommandExt,
    process::{self, Child, Command},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

/// How long a group may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(4);

/// Somebody ends xtask; what fails from here on fails because of that.
static ENDING: AtomicBool = AtomicBool::new(false);

static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// Ends every group when somebody ends xtask.
pub fn end_with_us() -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            ENDING.store(true, Ordering::SeqCst);
            end_all();
            process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Says nothing more where somebody has ended xtask: waits for the end, which is near.
pub fn fall_silent_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::sleep(PATIENCE);
    }
}

/// Starts `command` as the head of a group.
pub fn start(command: &mut Command) -> io::Result<Started> {
    let child = command.process_group(0).spawn()?;
    let group = Pid::from_child(&child);
    groups().push(group);
    Ok(Started { child, group })
}

/// A started process. Dropped, it is ended, and with it all that it started.
pub struct Started {
    pub child: Child,
    group: Pid,
}

impl Drop for Started {
    fn drop(&mut self) {
        // Without this the head of the group stays behind as a process that has ended and still counts as there.
        let _ = self.child.try_wait();
        end(&[self.group], || {
            let _ = self.child.try_wait();
        });
        groups().retain(|group| *group != self.group);
    }
}

/// Ends every group that is left.
pub fn end_all() {
    let left: Vec<Pid> = groups().drain(..).collect();
    end(&left, || ());
}

fn end(left: &[Pid], mut reap: impl FnMut()) {
    for group in left {
        let _ = kill_process_group(*group, Signal::TERM);
    }
    let begun = Instant::now();
    while left.iter().any(|group| test_kill_process_group(*group).is_ok()) {
        if begun.elapsed() > PATIENCE {
            for group in left {
                let _ = kill_process_group(*group, Signal::KILL);
            }
            return;
        }
        thread::sleep(Duration::from_millis(20));
        reap();
    }
}

fn groups() -> std::sync::MutexGuard<'static, Vec<Pid>> {
    GROUPS.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    #[test]
    fn what_a_child_started_ends_with_it() {
        let mut script = Command::new("sh");
        script.args(["-c", "sleep 600 & echo $!; wait"]).stdout(Stdio::piped());
        let mut started = start(&mut script).unwrap();
        let mut line = String::new();
        let output = started.child.stdout.take().unwrap();
        io::BufRead::read_line(&mut io::BufReader::new(output), &mut line).unwrap();

        drop(started);

        let grandchild = Pid::from_raw(line.trim().parse().unwrap()).unwrap();
        let state = std::fs::read_to_string(format!("/proc/{}/stat", grandchild.as_raw_nonzero()));
        assert!(state.is_err() || state.unwrap().contains(") Z "), "still running");
    }
}
