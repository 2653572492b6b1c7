//! Waiting for the person to come back from the sign-in page.
//!
//! In: redirects over loopback, and links that the system opened the app with. Out: the code of this sign-in.
//! Never: a code that belongs to another one, and never a redirect in a log.

use std::time::Duration;

use handrail_contract::{problem::Refusal, sign_in::AttemptId};
use handrail_core::{
    authorize::{LIFETIME, PendingSignIn, read_redirect},
    token::AuthorizationCode,
};

use crate::{engine::Engine, ports::Redirects};

/// What the way back says to the sign-in it belongs to: a code, or how it ends.
type Said = Result<AuthorizationCode, Refusal>;

impl Engine {
    /// Waits as long as the pending sign-in lives.
    pub(super) async fn wait_for_code(
        &self,
        attempt: &AttemptId,
        pending: &PendingSignIn,
        mut redirects: Redirects,
    ) -> Said {
        loop {
            let left = pending.expires_at().duration_since(self.now());
            let left = Duration::try_from(left).unwrap_or_default().min(LIFETIME);
            let redirected = tokio::select! {
                came = redirects.incoming.recv() => came.ok_or(Refusal::NoBrowser)?,
                said = self.wait_for_link(pending) => return said,
                () = tokio::time::sleep(left) => return Err(Refusal::TookTooLong),
            };
            let said = self.read_own(&redirected.url, pending);
            let _ = redirected.taken.send(said.is_some());
            match said {
                Some(said) => return said,
                None => {
                    tracing::info!(target: "authorize", attempt = attempt.0, "a foreign redirect was ignored");
                }
            }
        }
    }

    /// Takes the link of this sign-in, also one that came before this process knew that it waits. Those of others stay for
    /// them.
    async fn wait_for_link(&self, pending: &PendingSignIn) -> Said {
        let mut returned = self.0.returned.subscribe();
        loop {
            let mut said = None;
            self.0.returned.send_if_modified(|links| {
                let own = links.iter().position(|link| {
                    said = self.read_own(link, pending);
                    said.is_some()
                });
                own.map(|own| links.remove(own));
                // Nobody waits for a link to go.
                false
            });
            if let Some(said) = said {
                return said;
            }
            if returned.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// What a redirect says to this sign-in. `None`: it belongs to another one.
    fn read_own(&self, url: &str, pending: &PendingSignIn) -> Option<Said> {
        match read_redirect(url, pending, self.now()) {
            Ok(code) => Some(Ok(code)),
            Err(error) => error.refusal().map(Err),
        }
    }
}
