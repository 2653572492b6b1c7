//! The list of partners that is in force: the bundled one, or a newer signed one from the data folder.
//!
//! In: signed files. Out: a registry, always; and what was wrong with the installed one, if anything.
//! Never: the network, a key to what is saved, or a roll-back: the newest version that was ever accepted is remembered
//! apart from the list itself.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read as _},
    path::Path,
};

use handrail_core::{
    connect::{MAX_REGISTRY_BYTES, Registry, RegistryError, RegistryKey},
    fhir::base::Policy,
};

use crate::{POLICY, keys::write_whole, vault::make_private_folder};

const SIGNED: &str = "registry.signed";
/// The newest version that was ever accepted, in decimal digits.
const NEWEST: &str = "registry.newest";
const LOCK: &str = "registry.lock";

/// What is in force.
#[derive(Debug)]
pub struct Partners {
    pub registry: Registry,
    pub origin: Origin,
    /// Why an installed list was left out.
    pub trouble: Option<InstallError>,
}

/// Where the list in force comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From the app itself.
    Bundled,
    /// From a signed file that was installed later.
    Installed,
}

/// Why a list is not taken. The one that is there stays in force.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// It is not what it should be.
    #[error(transparent)]
    Judged(#[from] RegistryError),
    /// The file, or the folder, cannot be used.
    #[error("the file cannot be used: {0}")]
    Disk(#[from] io::Error),
}

/// The list in force for this data folder. Writes nothing.
pub fn load(data: &Path) -> Partners {
    Shelf::of_this_build(data).load()
}

/// Takes a newer signed list; its version. It is in force from the next start on.
///
/// # Errors
/// Any defect of the file, and a version that is not newer than every one before.
pub fn install(data: &Path, file: &Path) -> Result<u64, InstallError> {
    Shelf::of_this_build(data).install(&read_small(file)?)
}

/// Says whether [`install`] would take a list; its version. Writes nothing.
///
/// # Errors
/// As [`install`].
pub fn check(data: &Path, file: &Path) -> Result<u64, InstallError> {
    let shelf = Shelf::of_this_build(data);
    Ok(shelf.judge(&read_small(file)?)?.version)
}

struct Shelf<'a> {
    data: &'a Path,
    keys: Vec<RegistryKey>,
    policy: Policy,
}

impl<'a> Shelf<'a> {
    fn of_this_build(data: &'a Path) -> Self {
        Self { data, keys: trusted_keys(), policy: POLICY }
    }

    fn load(&self) -> Partners {
        let bundled = Registry::bundled(self.policy);
        let (registry, origin, trouble) = match self.read_kept() {
            // An update of the app may have overtaken it.
            Ok(Some(kept)) if kept.version > bundled.version => {
                (kept.with_sandbox(self.policy), Origin::Installed, None)
            }
            Ok(_) => (bundled, Origin::Bundled, None),
            Err(error) => {
                tracing::warn!(target: "connect", %error, "the installed registry is left out");
                (bundled, Origin::Bundled, Some(error))
            }
        };
        Partners { registry, origin, trouble }
    }

    fn read_kept(&self) -> Result<Option<Registry>, InstallError> {
        let bytes = match read_small(&self.data.join(SIGNED)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        Ok(Some(Registry::open_kept(&bytes, &self.keys, self.read_newest()?, self.policy)?))
    }

    /// The newest version that was accepted here; 0 where none ever was.
    fn read_newest(&self) -> io::Result<u64> {
        match fs::read_to_string(self.data.join(NEWEST)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            read => read?.trim().parse().map_err(io::Error::other),
        }
    }

    /// Nothing that is older than the bundled list, the installed one, or one that was installed before.
    fn judge(&self, bytes: &[u8]) -> Result<Registry, InstallError> {
        let newest = self.read_newest()?.max(self.load().registry.version);
        Ok(Registry::open_newer(bytes, &self.keys, newest, self.policy)?)
    }

    fn install(&self, bytes: &[u8]) -> Result<u64, InstallError> {
        make_private_folder(self.data)?;
        // Of two that install at once, the second one is judged against what the first one left.
        let lock: File = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(self.data.join(LOCK))?;
        lock.lock()?;
        let registry = self.judge(bytes)?;
        // The list first: a death in between leaves a list that is newer than what is remembered, which is in force.
        write_whole(self.data, SIGNED, bytes)?;
        write_whole(self.data, NEWEST, registry.version.to_string().as_bytes())?;
        Ok(registry.version)
    }
}

/// Reads no more than a registry may have, and one byte, which is how the core sees that there is more.
fn read_small(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_REGISTRY_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(not(feature = "developer"))]
fn trusted_keys() -> Vec<RegistryKey> {
    RegistryKey::of_release()
}

/// A developer build also trusts the public key in `HANDRAIL_REGISTRY_KEY`.
#[cfg(feature = "developer")]
fn trusted_keys() -> Vec<RegistryKey> {
    let wished = std::env::var("HANDRAIL_REGISTRY_KEY").ok();
    RegistryKey::of_release()
        .into_iter()
        .chain(wished.and_then(|text| RegistryKey::from_hex(&text)))
        .collect()
}

#[cfg(test)]
mod tests {
    use ed25519_zebra::{SigningKey, VerificationKey};
    use handrail_core::connect::{text_to_sign, write_signed};
    use serde_json::json;

    use super::*;

    const BASE: &str = "https://fhir.clinic.org/r4";

    /// A list of one place, signed with a key of this test only.
    fn signed(version: u64, seed: u8) -> Vec<u8> {
        let row = json!({
            "fhir_base": BASE,
            "name": format!("Clinic, edition {version}"),
            "issuer": "https://login.clinic.org",
            "authorization_endpoint": "https://login.clinic.org/authorize",
            "token_endpoint": "https://login.clinic.org/token",
            "client_id": "handrail",
            "rotation": "strict",
        });
        let body = json!({ "version": version, "rows": [row] }).to_string().into_bytes();
        let signature = SigningKey::from([seed; 32]).sign(&text_to_sign(&body));
        write_signed(&body, &signature.into())
    }

    fn shelf(data: &Path) -> Shelf<'_> {
        let public: [u8; 32] = VerificationKey::from(&SigningKey::from([1; 32])).into();
        let hex: String = public.iter().map(|byte| format!("{byte:02x}")).collect();
        Shelf { data, keys: vec![RegistryKey::from_hex(&hex).unwrap()], policy: Policy::RELEASE }
    }

    fn in_force(data: &Path) -> (u64, Origin, Option<String>) {
        let partners = shelf(data).load();
        let trouble = partners.trouble.map(|error| error.to_string());
        (partners.registry.version, partners.origin, trouble)
    }

    #[test]
    fn a_newer_signed_list_takes_the_place_of_the_one_that_is_there() {
        let data = tempfile::tempdir().unwrap();

        let before = in_force(data.path());
        let installed = shelf(data.path()).install(&signed(7, 1));
        let after = shelf(data.path()).load();

        assert_eq!(before, (1, Origin::Bundled, None));
        assert_eq!(installed.ok(), Some(7));
        assert_eq!((after.registry.version, after.origin), (7, Origin::Installed));
        assert_eq!(after.registry.rows[0].name, "Clinic, edition 7");
    }

    #[test]
    fn a_defect_leaves_the_list_that_is_there_in_force_and_has_a_name() {
        let data = tempfile::tempdir().unwrap();
        shelf(data.path()).install(&signed(7, 1)).unwrap();
        let mut flipped = signed(8, 1);
        *flipped.last_mut().unwrap() ^= 1;
        let signature = "the signature is not by a key that this build trusts";

        for (bytes, why) in [
            (flipped, signature),
            (signed(8, 2), signature),
            (b"{}".to_vec(), "not a signed registry"),
            (signed(7, 1), "version 7 is not newer than 7, which was accepted before"),
            (signed(6, 1), "version 6 is not newer than 7, which was accepted before"),
            (vec![b'x'; MAX_REGISTRY_BYTES + 1], "larger than any registry"),
        ] {
            let refused = shelf(data.path()).install(&bytes).map_err(|error| error.to_string());

            assert_eq!(refused, Err(why.to_owned()));
            assert_eq!(in_force(data.path()), (7, Origin::Installed, None), "{why}");
        }
    }

    #[test]
    fn a_roll_back_is_refused_even_if_the_newer_list_was_deleted() {
        let data = tempfile::tempdir().unwrap();
        shelf(data.path()).install(&signed(7, 1)).unwrap();
        shelf(data.path()).install(&signed(9, 1)).unwrap();
        fs::remove_file(data.path().join(SIGNED)).unwrap();

        let again = shelf(data.path()).install(&signed(8, 1)).map_err(|error| error.to_string());
        fs::write(data.path().join(SIGNED), signed(7, 1)).unwrap();
        let put_back = in_force(data.path());

        let why =
            |version| format!("version {version} is not newer than 9, which was accepted before");
        assert_eq!(again, Err(why(8)));
        assert_eq!(put_back, (1, Origin::Bundled, Some(why(7))));
    }

    #[test]
    fn a_list_that_was_damaged_on_disk_is_left_out_until_a_newer_one_comes() {
        let data = tempfile::tempdir().unwrap();
        shelf(data.path()).install(&signed(7, 1)).unwrap();
        fs::write(data.path().join(SIGNED), &signed(7, 1)[..200]).unwrap();

        let damaged = in_force(data.path());
        shelf(data.path()).install(&signed(8, 1)).unwrap();

        assert_eq!((damaged.0, damaged.1), (1, Origin::Bundled));
        assert!(damaged.2.is_some());
        assert_eq!(in_force(data.path()), (8, Origin::Installed, None));
    }

    #[test]
    fn a_death_between_the_list_and_what_is_remembered_of_it_leaves_the_list_in_force() {
        let data = tempfile::tempdir().unwrap();
        shelf(data.path()).install(&signed(7, 1)).unwrap();
        fs::write(data.path().join(SIGNED), signed(8, 1)).unwrap();

        assert_eq!(in_force(data.path()), (8, Origin::Installed, None));
        assert!(shelf(data.path()).install(&signed(8, 1)).is_err());
    }

    #[test]
    fn a_build_without_keys_takes_no_list_at_all() {
        let data = tempfile::tempdir().unwrap();
        let keyless = Shelf { data: data.path(), keys: Vec::new(), policy: Policy::RELEASE };

        assert!(keyless.install(&signed(7, 1)).is_err());
        assert!(!data.path().join(SIGNED).exists());
    }
}
