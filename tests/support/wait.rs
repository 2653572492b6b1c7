//! Waiting for what happens elsewhere in this process, without guessing how long that takes.

use std::time::Duration;

use tokio::{task::yield_now, time::timeout};

/// Longer than anything on this machine takes; what is not so by then never will be.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until this is so.
///
/// # Panics
/// It does not come about.
pub async fn until(mut is_so: impl FnMut() -> bool) {
    let comes_about = async {
        while !is_so() {
            yield_now().await;
        }
    };
    timeout(PATIENCE, comes_about).await.expect("what is waited for comes about");
}
