//! A life of the app within this process, which ends as the process of a phone ends: with everything that it was doing.

use std::time::Duration;

use tokio::{runtime::Runtime, task::spawn_blocking};

/// Longer than what was begun takes to be dropped.
const PATIENCE: Duration = Duration::from_secs(60);

/// Lives this in a runtime of its own and ends it. Whoever comes later finds its ports and locks free.
///
/// # Panics
/// This panicked, or something of it cannot be ended.
pub async fn live_and_die<T: Send + 'static>(life: impl Future<Output = T> + Send + 'static) -> T {
    let process = Runtime::new().expect("threads for another runtime");
    let left_behind = process.spawn(life).await.expect("it lives to its end");
    spawn_blocking(move || process.shutdown_timeout(PATIENCE)).await.expect("it can be ended");
    left_behind
}
