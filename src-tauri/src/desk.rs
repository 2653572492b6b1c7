//! Where the pages' questions arrive: the engine, or what keeps it from opening.

use handrail_contract::{Problem, problem::Refusal};
use handrail_engine::{
    Engine, OpenError,
    ports::{KeyError, RecordsError, VaultError},
};

/// The engine, once it is open. A window without one still opens, and says why on every page.
pub struct Desk(Result<Engine, Problem>);

impl Desk {
    /// Turns why there is no engine into what the person can do about it.
    pub fn new(opened: Result<Engine, OpenError>) -> Self {
        Self(opened.map_err(|error| {
            tracing::error!(target: "handrail", %error, "the engine did not open");
            name_remedy(&error)
        }))
    }

    /// The engine, or the problem to show in place of an answer.
    pub fn engine(&self) -> Result<&Engine, Problem> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

fn name_remedy(error: &OpenError) -> Problem {
    match error {
        OpenError::Key(KeyError::Unavailable(_))
        | OpenError::Folder(_)
        | OpenError::Vault(VaultError::CannotWrite(_))
        | OpenError::Records(RecordsError::CannotWrite(_)) => Problem::CannotSave,
        OpenError::Key(_)
        | OpenError::Vault(VaultError::WrongKey)
        | OpenError::Records(RecordsError::CannotOpen) => {
            Problem::Refused { reason: Refusal::KeyTrouble }
        }
        OpenError::Vault(_) | OpenError::Records(_) | OpenError::Network => {
            Problem::OurFault { reference: "open".to_owned() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_written_is_named_as_such_on_every_page() {
        let desk = Desk::new(Err(OpenError::Folder(std::io::Error::other("read-only"))));

        assert_eq!(desk.engine().err(), Some(Problem::CannotSave));
    }

    #[test]
    fn a_lost_key_is_no_fault_of_ours() {
        let desk = Desk::new(Err(OpenError::Key(KeyError::Invalidated)));

        assert_eq!(desk.engine().err(), Some(Problem::Refused { reason: Refusal::KeyTrouble }));
    }
}
