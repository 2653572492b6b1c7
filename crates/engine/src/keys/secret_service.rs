//! Keys in the desktop's keyring: the Secret Service of freedesktop.org, over D-Bus.
//!
//! In: a name. Out: the key, none, or that the keyring is locked or away.
//! Never: a prompt, which a turn in the background could not answer; a wait without an end; a secret in clear on the bus.

use std::{collections::HashMap, future::Future, io, sync::mpsc, time::Duration};

use handrail_core::vault::keys::KeyName;
use secret_service::{Collection, EncryptionType, Error};
use zeroize::Zeroizing;

use crate::ports::{Key, KeyError, KeySource};

/// A keyring that takes longer counts as away.
const LIMIT: Duration = Duration::from_secs(5);
/// What the items of this app are found by, and shown as in the keyring's own window.
const APP: &str = "org.handrail.client";

/// The keys of one data folder in the keyring.
#[derive(Clone)]
pub struct SecretService {
    folder: String,
    bus: Bus,
    limit: Duration,
}

/// The message bus to ask on.
#[derive(Clone, Debug)]
enum Bus {
    /// The session's own.
    Session,
    #[cfg(any(test, feature = "testing"))]
    At(String),
}

impl SecretService {
    /// The keys of the folder that calls itself this, in the keyring of the session.
    pub fn new(folder: impl Into<String>) -> Self {
        Self { folder: folder.into(), bus: Bus::Session, limit: LIMIT }
    }

    /// The same on another bus than the session's.
    #[cfg(any(test, feature = "testing"))]
    pub fn on_bus(address: &str, folder: impl Into<String>) -> Self {
        Self { folder: folder.into(), bus: Bus::At(address.to_owned()), limit: LIMIT }
    }

    /// Whether there is a keyring in this session that keeps things, locked or not.
    pub fn answers() -> bool {
        bounded(LIMIT, async {
            let service = connect(&Bus::Session, EncryptionType::Plain).await?;
            let _ = default_collection(&service).await?;
            Ok(())
        })
        .is_ok()
    }

    fn attributes(&self, name: KeyName) -> HashMap<&str, &str> {
        HashMap::from([("application", APP), ("folder", &*self.folder), ("key", name.word())])
    }

    async fn look_up(&self, name: KeyName) -> Result<Option<Key>, KeyError> {
        let service = connect(&self.bus, EncryptionType::Dh).await?;
        let found = service.search_items(self.attributes(name)).await.map_err(why_not)?;
        if let Some(item) = found.unlocked.first() {
            let secret = Zeroizing::new(item.get_secret().await.map_err(why_not)?);
            let key = <[u8; 32]>::try_from(secret.as_slice());
            return key.map(|key| Some(Zeroizing::new(key))).map_err(|_| KeyError::Invalidated);
        }
        if !found.locked.is_empty() {
            return Err(KeyError::Locked);
        }
        // Some keyrings name nothing of what is in them while they are locked.
        refuse_if_locked(&default_collection(&service).await?).await?;
        Ok(None)
    }

    async fn create(&self, name: KeyName, key: Key) -> Result<(), KeyError> {
        if self.look_up(name).await?.is_some() {
            return Ok(());
        }
        let service = connect(&self.bus, EncryptionType::Dh).await?;
        let collection = default_collection(&service).await?;
        // A locked one would answer with a prompt.
        refuse_if_locked(&collection).await?;
        let label = format!("Handrail ({})", name.word());
        collection
            .create_item(&label, self.attributes(name), &*key, false, "application/octet-stream")
            .await
            .map_err(why_not)?;
        Ok(())
    }
}

impl KeySource for SecretService {
    fn find(&self, name: KeyName) -> Result<Option<Key>, KeyError> {
        let asker = self.clone();
        bounded(self.limit, async move { asker.look_up(name).await })
    }

    fn keep(&self, name: KeyName, key: &Key) -> Result<(), KeyError> {
        let asker = self.clone();
        let key = key.clone();
        bounded(self.limit, async move { asker.create(name, key).await })
    }
}

/// Runs a conversation with the keyring on a thread of its own, because the caller may stand inside a runtime.
fn bounded<T, F>(limit: Duration, conversation: F) -> Result<T, KeyError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, KeyError>> + Send + 'static,
{
    let (tell, told) = mpsc::channel();
    std::thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let outcome = runtime.map_err(KeyError::Unavailable).and_then(|runtime| {
                let outcome = runtime.block_on(async {
                    let timed = tokio::time::timeout(limit, conversation).await;
                    timed.unwrap_or_else(|_| Err(too_late()))
                });
                runtime.shutdown_background();
                outcome
            });
            // Whoever asked may have given up.
            tell.send(outcome).ok();
        })
        .map_err(KeyError::Unavailable)?;
    // The runtime's own limit comes first, unless the thread hangs or has panicked.
    told.recv_timeout(limit * 2).unwrap_or_else(|_| Err(too_late()))
}

async fn connect(
    bus: &Bus,
    encryption: EncryptionType,
) -> Result<secret_service::SecretService<'static>, KeyError> {
    match bus {
        Bus::Session => secret_service::SecretService::connect(encryption).await,
        #[cfg(any(test, feature = "testing"))]
        Bus::At(address) => {
            let connection =
                async { zbus::connection::Builder::address(&**address)?.build().await };
            let connection = connection.await.map_err(|error| why_not(error.into()))?;
            secret_service::SecretService::connect_with_existing(encryption, connection).await
        }
    }
    .map_err(why_not)
}

async fn default_collection<'a>(
    service: &'a secret_service::SecretService<'static>,
) -> Result<Collection<'a>, KeyError> {
    service.get_default_collection().await.map_err(why_not)
}

async fn refuse_if_locked(collection: &Collection<'_>) -> Result<(), KeyError> {
    if collection.is_locked().await.map_err(why_not)? { Err(KeyError::Locked) } else { Ok(()) }
}

fn too_late() -> KeyError {
    KeyError::Unavailable(io::Error::new(io::ErrorKind::TimedOut, "the keyring does not answer"))
}

/// Names what went wrong without repeating what the keyring said.
fn why_not(error: Error) -> KeyError {
    let what = match error {
        Error::Locked | Error::Prompt => return KeyError::Locked,
        Error::Zbus(zbus::Error::MethodError(name, ..))
            if name.as_str() == "org.freedesktop.Secret.Error.IsLocked" =>
        {
            return KeyError::Locked;
        }
        Error::Unavailable => "there is no keyring in this session",
        Error::NoResult => "the keyring has no default collection",
        Error::Crypto(_) => "what the keyring sent could not be opened",
        _ => "the keyring could not be asked",
    };
    KeyError::Unavailable(io::Error::other(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bus_that_is_not_there_is_no_place_for_keys_and_no_crash() {
        let nowhere = SecretService::on_bus("unix:path=/nonexistent/bus", "00ff");

        let found = nowhere.find(KeyName::Vault);
        let kept = nowhere.keep(KeyName::Vault, &Zeroizing::new([7; 32]));

        assert!(matches!(found, Err(KeyError::Unavailable(_))));
        assert!(matches!(kept, Err(KeyError::Unavailable(_))));
    }

    #[tokio::test]
    async fn it_can_be_asked_from_inside_a_runtime() {
        let nowhere = SecretService::on_bus("unix:path=/nonexistent/bus", "00ff");

        let found = nowhere.find(KeyName::Vault);

        assert!(matches!(found, Err(KeyError::Unavailable(_))));
    }

    #[test]
    fn a_bus_that_takes_the_call_and_says_nothing_is_given_up_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bus");
        let _silent = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let address = format!("unix:path={}", path.display());
        let limit = Duration::from_millis(100);
        let keys = SecretService { limit, ..SecretService::on_bus(&address, "00ff") };

        let found = keys.find(KeyName::Vault);

        assert!(matches!(found, Err(KeyError::Unavailable(_))));
    }
}
