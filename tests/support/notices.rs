//! The part of a desktop that shows notifications (freedesktop.org, Desktop Notifications 1.2), on the session's message bus.
//!
//! In: what apps want shown. Out: what that was, and presses of a person. Never: a window.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::timeout};
use zbus::{Connection, connection, interface, object_server::SignalEmitter, zvariant::OwnedValue};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// Longer than anything on this machine takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A notification as an app asked for it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub id: u32,
    /// The one that it takes the place of; 0: none.
    pub replaces: u32,
    pub app: String,
    pub summary: String,
    pub body: String,
    /// All that came with it, for what must not be in there.
    pub rest: String,
}

/// Shows notifications, as long as this lives.
pub struct Notices {
    shown: Arc<Everything>,
    bus: Connection,
}

#[derive(Default)]
struct Everything {
    all: Mutex<Vec<Shown>>,
    came: Notify,
}

impl Notices {
    /// Begins to show notifications. A bus has room for one that does.
    pub async fn serve() -> Self {
        let shown = Arc::<Everything>::default();
        let builder = connection::Builder::session().expect("the journey has a message bus");
        let builder =
            builder.serve_at(PATH, Server(shown.clone())).expect("a path of the standard");
        let builder = builder.name(NAME).expect("a name of the standard");
        let bus = builder.build().await.expect("nobody else shows notifications on this bus");
        Self { shown, bus }
    }

    /// All that was shown so far.
    pub fn list(&self) -> Vec<Shown> {
        self.shown.all.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until one more was shown than these; the latest.
    pub async fn wait_for_more_than(&self, count: usize) -> Shown {
        let comes = async {
            loop {
                let came = self.shown.came.notified();
                if let Some(latest) = self.list().into_iter().nth(count) {
                    return latest;
                }
                came.await;
            }
        };
        timeout(PATIENCE, comes).await.expect("a notification comes")
    }

    /// Presses a notification.
    pub async fn press(&self, id: u32) {
        let emitter = SignalEmitter::new(&self.bus, PATH).expect("a path of the standard");
        Server::action_invoked(&emitter, id, "default").await.expect("the bus carries it");
    }
}

struct Server(Arc<Everything>);

#[interface(name = "org.freedesktop.Notifications")]
impl Server {
    #[expect(clippy::too_many_arguments, reason = "the standard has them")]
    fn notify(
        &self,
        app: String,
        replaces: u32,
        icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _lasts: i32,
    ) -> u32 {
        let mut all = self.0.all.lock().unwrap_or_else(PoisonError::into_inner);
        let id = if replaces == 0 { 7 + u32::try_from(all.len()).unwrap_or(0) } else { replaces };
        let rest = format!("{icon} {actions:?} {hints:?}");
        all.push(Shown { id, replaces, app, summary, body, rest });
        self.0.came.notify_one();
        id
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned(), "actions".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let words = ["journey", "Handrail", "1", "1.2"].map(str::to_owned);
        words.into()
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str)
    -> zbus::Result<()>;
}
