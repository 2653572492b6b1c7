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
use tokio::sync::{oneshot, watch};
use zeroize::Zeroizing;

use crate::{
    engine::Engine,
    ports::{Redirected, Redirects},
};

impl Engine {
    /// Waits as long as the pending sign-in lives.
    pub(super) async fn wait_for_code(
        &self,
        attempt: &AttemptId,
        pending: &PendingSignIn,
        mut redirects: Redirects,
    ) -> Result<AuthorizationCode, Refusal> {
        let mut returned = self.0.returned.subscribe();
        // It may have come before this process knew that it waits.
        returned.mark_changed();
        loop {
            let left = pending.expires_at().duration_since(self.now());
            let left = Duration::try_from(left).unwrap_or_default().min(LIFETIME);
            let redirected = tokio::select! {
                came = redirects.incoming.recv() => came.ok_or(Refusal::NoBrowser)?,
                url = next_link(&mut returned) => {
                    // Nobody stands in a browser to be told.
                    Redirected { url, taken: oneshot::channel().0 }
                }
                () = tokio::time::sleep(left) => return Err(Refusal::TookTooLong),
            };
            let read = match read_redirect(&redirected.url, pending, self.now()) {
                Ok(code) => Ok(code),
                Err(error) => match error.refusal() {
                    Some(refusal) => Err(refusal),
                    None => {
                        let _ = redirected.taken.send(false);
                        tracing::info!(target: "authorize", attempt = attempt.0, "a foreign redirect was ignored");
                        continue;
                    }
                },
            };
            let _ = redirected.taken.send(true);
            let used = |link: &mut Zeroizing<String>| *link == redirected.url;
            self.0.returned.send_if_modified(|link| link.take_if(used).is_some());
            return read;
        }
    }
}

/// The next link that is not known yet. Never comes where the engine is gone.
async fn next_link(returned: &mut watch::Receiver<Option<Zeroizing<String>>>) -> Zeroizing<String> {
    loop {
        if returned.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        if let Some(link) = returned.borrow_and_update().clone() {
            return link;
        }
    }
}
