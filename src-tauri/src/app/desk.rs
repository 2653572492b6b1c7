//! Where the pages' questions arrive: the engine, or what keeps it from opening.

use std::sync::{Mutex, PoisonError};

use handrail_contract::{Problem, problem::Refusal, start_over::StartedOver};
use handrail_engine::{Engine, OpenError, keys::StartOverError};
use handrail_tryout::OnShow;

/// The engine, once it is open. A window without one still opens, and says why on every page.
pub struct Desk {
    open: Box<dyn Fn() -> Result<Engine, OpenError> + Send + Sync>,
    start_over: Box<dyn Fn() -> Result<String, StartOverError> + Send + Sync>,
    opened: Mutex<Result<Engine, Shut>>,
    on_show: OnShow,
}

/// Why there is no engine.
struct Shut {
    problem: Problem,
    /// A keyring may be unlocked while the window is open; all else asks for a new start.
    may_pass: bool,
}

impl Desk {
    /// Opens the engine, or keeps what the person can do about it.
    pub fn new(
        open: impl Fn() -> Result<Engine, OpenError> + Send + Sync + 'static,
        start_over: impl Fn() -> Result<String, StartOverError> + Send + Sync + 'static,
    ) -> Self {
        let opened = Mutex::new(shut_or_open(&open));
        Self {
            open: Box::new(open),
            start_over: Box::new(start_over),
            opened,
            on_show: OnShow::default(),
        }
    }

    /// Moves aside what a lost key sealed, and opens anew. An engine that is open has its keys.
    pub fn start_over(&self) -> Result<StartedOver, Problem> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.is_ok() {
            return Err(Problem::Refused { reason: Refusal::KeyFits });
        }
        let set_aside = (self.start_over)().map_err(StartOverError::problem)?;
        *opened = shut_or_open(&self.open);
        match &*opened {
            Ok(_) => Ok(StartedOver { set_aside }),
            Err(shut) => Err(shut.problem.clone()),
        }
    }

    /// The engine that the pages' questions go to: the person's own, or a tryout in its place.
    pub fn on_show(&self) -> Result<Engine, Problem> {
        Ok(self.on_show.engine(self.engine()?))
    }

    /// What may stand before the person's own engine.
    pub const fn tryout(&self) -> &OnShow {
        &self.on_show
    }

    /// The person's own engine if it is open, without another try.
    pub fn opened(&self) -> Option<Engine> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.as_ref().ok().cloned()
    }

    /// The person's own engine, or the problem to show in place of an answer. Where asking again may help, this asks again.
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

    use handrail_engine::ports::KeyError;

    use super::*;

    /// A desk whose engine does not open, and how often that was tried.
    fn shut(error: fn() -> OpenError) -> (Desk, Arc<AtomicU32>) {
        let tries = Arc::new(AtomicU32::new(0));
        let counter = tries.clone();
        let open = move || {
            counter.fetch_add(1, SeqCst);
            Err(error())
        };
        let desk = Desk::new(open, || Err(StartOverError::KeysAreThere));
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

    #[test]
    fn starting_over_is_refused_in_terms_of_the_key_and_opens_nothing_then() {
        let (desk, tries) = shut(|| OpenError::Key(KeyError::Locked));

        let problem = desk.start_over().err();

        assert_eq!(problem, Some(Problem::Refused { reason: Refusal::KeyFits }));
        assert_eq!(tries.load(SeqCst), 1);
    }

    #[test]
    fn starting_over_opens_again_after_what_was_saved_is_aside() {
        let tries = Arc::new(AtomicU32::new(0));
        let counter = tries.clone();
        let open = move || {
            counter.fetch_add(1, SeqCst);
            Err(OpenError::Key(KeyError::Missing))
        };
        let desk = Desk::new(open, || Ok("set-aside".to_owned()));

        let problem = desk.start_over().err();

        assert_eq!(problem, Some(Problem::Refused { reason: Refusal::KeyTrouble }));
        assert_eq!(tries.load(SeqCst), 2);
    }
}
