//! Where the pages' questions arrive: the engine, or what keeps it from opening.

use std::sync::{Mutex, PoisonError};

use handrail_contract::Problem;
use handrail_engine::{Engine, OpenError};

/// The engine, once it is open. A window without one still opens, and says why on every page.
pub struct Desk {
    open: Box<dyn Fn() -> Result<Engine, OpenError> + Send + Sync>,
    opened: Mutex<Result<Engine, Shut>>,
}

/// Why there is no engine.
struct Shut {
    problem: Problem,
    /// A keyring may be unlocked while the window is open; all else asks for a new start.
    may_pass: bool,
}

impl Desk {
    /// Opens the engine, or keeps what the person can do about it.
    pub fn new(open: impl Fn() -> Result<Engine, OpenError> + Send + Sync + 'static) -> Self {
        let opened = Mutex::new(shut_or_open(&open));
        Self { open: Box::new(open), opened }
    }

    /// The engine, or the problem to show in place of an answer. Where asking again may help, this asks again.
    pub fn engine(&self) -> Result<Engine, Problem> {
        // What is under the lock is one value, replaced whole, so that a panic elsewhere does not spoil it.
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.as_ref().is_err_and(|shut| shut.may_pass) {
            *opened = shut_or_open(&self.open);
        }
        match &*opened {
            Ok(engine) => Ok(engine.clone()),
            Err(shut) => Err(shut.problem.clone()),
        }
    }
}

fn shut_or_open(open: &dyn Fn() -> Result<Engine, OpenError>) -> Result<Engine, Shut> {
    open().map_err(|error| {
        tracing::error!(target: "handrail", %error, "the engine did not open");
        Shut { problem: error.problem(), may_pass: error.may_pass() }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    };

    use handrail_contract::problem::Refusal;
    use handrail_engine::ports::KeyError;

    use super::*;

    /// A desk whose engine does not open, and how often that was tried.
    fn shut(error: fn() -> OpenError) -> (Desk, Arc<AtomicU32>) {
        let tries = Arc::new(AtomicU32::new(0));
        let counter = tries.clone();
        let desk = Desk::new(move || {
            counter.fetch_add(1, SeqCst);
            Err(error())
        });
        (desk, tries)
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named_as_such_on_every_page() {
        let (desk, _) = shut(|| OpenError::Folder(std::io::Error::other("read-only")));

        let problems = [desk.engine().err(), desk.engine().err()];

        assert_eq!(problems, [Some(Problem::CannotSave), Some(Problem::CannotSave)]);
    }

    #[test]
    fn a_lost_key_is_no_fault_of_ours_and_is_not_looked_for_at_every_page() {
        for error in
            [|| OpenError::Key(KeyError::Missing), || OpenError::Key(KeyError::Invalidated)]
        {
            let (desk, tries) = shut(error);

            let problem = desk.engine().err();

            assert_eq!(problem, Some(Problem::Refused { reason: Refusal::KeyTrouble }));
            assert_eq!(tries.load(SeqCst), 1);
        }
    }

    #[test]
    fn a_locked_key_is_asked_for_again_whenever_a_page_asks() {
        let (desk, tries) = shut(|| OpenError::Key(KeyError::Locked));

        let problem = desk.engine().err();

        assert_eq!(problem, Some(Problem::Refused { reason: Refusal::KeyLocked }));
        assert_eq!(tries.load(SeqCst), 2);
    }
}
