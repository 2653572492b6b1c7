//! Sealing with XChaCha20-Poly1305 under a random 256-bit key: one small file, nothing but what is needed.
//!
//! The layout of version 1, all numbers big-endian:
//!
//! ```text
//! at  0  8  magic, "HANDRAIL"
//! at  8  2  version
//! at 10  4  check of the above: SHA-256, cut. It stays for good, so that "newer" is never a flipped bit.
//! at 14 16  key check: HKDF-SHA256 of the key. The same in every file of one key.
//! at 30 24  nonce, random for every commit
//! at 54  n  what is sealed, and 16 bytes of tag. The header and the slot's file name are its associated data.
//! at 54+n 8 check of all of the above: SHA-256, cut. It tells damage from a key that does not fit.
//! ```
//!
//! The two SHA-256 checks are against accidents only; what holds against a person is the tag.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Snapshots;
use crate::ports::VaultError;

const MAGIC: [u8; 8] = *b"HANDRAIL";
const VERSION: u16 = 1;

const PREFIX: usize = 14;
const HEADER: usize = 30;
const NONCE: usize = 24;
const SUM: usize = 8;
const TAG: usize = 16;

/// No slot is ever this large; a file that is does not get read.
const LIMIT: u64 = 4 << 20;

/// XChaCha20-Poly1305, for when Stronghold ends with Tauri 2.
#[derive(Clone, Copy, Debug, Default)]
pub struct XChaChaSnapshots;

impl Snapshots for XChaChaSnapshots {
    fn read(&self, path: &Path, key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let mut file = Vec::new();
        File::open(path)
            .and_then(|opened| opened.take(LIMIT + 1).read_to_end(&mut file))
            .map_err(VaultError::CannotWrite)?;
        if file.len() as u64 > LIMIT {
            return Err(VaultError::Damaged);
        }
        open_sealed(&file, key, name_slot(path)?)
    }

    fn write(&self, path: &Path, key: &[u8; 32], bytes: &[u8]) -> Result<(), VaultError> {
        let (mut nonce, mut suffix) = ([0; NONCE], [0; 6]);
        for random in [&mut nonce[..], &mut suffix[..]] {
            getrandom::fill(random).map_err(|_| VaultError::Failed("draw a nonce"))?;
        }
        let sealed = seal(bytes, key, nonce, name_slot(path)?)?;
        if sealed.len() as u64 > LIMIT {
            return Err(VaultError::Failed("seal so much"));
        }
        let draft = name_draft(path, suffix);
        let written = write_durably(&draft, &sealed).and_then(|()| fs::rename(&draft, path));
        written.map_err(|error| {
            let _ = fs::remove_file(&draft);
            VaultError::CannotWrite(error)
        })
    }
}

fn seal(
    bytes: &[u8],
    key: &[u8; 32],
    nonce: [u8; NONCE],
    slot: &str,
) -> Result<Vec<u8>, VaultError> {
    let keys = derive_keys(key);
    let mut file = Vec::with_capacity(HEADER + NONCE + bytes.len() + TAG + SUM);
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&VERSION.to_be_bytes());
    file.extend_from_slice(&sum::<4>(&file));
    file.extend_from_slice(&keys.check);
    let aad = bind(&file, slot);
    let sealed = XChaCha20Poly1305::new((&*keys.seal).into())
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: bytes, aad: &aad })
        .map_err(|_| VaultError::Failed("seal a file"))?;
    file.extend_from_slice(&nonce);
    file.extend_from_slice(&sealed);
    file.extend_from_slice(&sum::<SUM>(&file));
    Ok(file)
}

fn open_sealed(file: &[u8], key: &[u8; 32], slot: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (prefix, _) = file.split_at_checked(PREFIX).ok_or(VaultError::Damaged)?;
    let (start, prefix_sum) = prefix.split_at(PREFIX - 4);
    if !start.starts_with(&MAGIC) || prefix_sum != sum::<4>(start) {
        return Err(VaultError::Damaged);
    }
    match u16::from_be_bytes([start[8], start[9]]) {
        VERSION => {}
        newer if newer > VERSION => return Err(VaultError::Newer),
        _ => return Err(VaultError::Damaged),
    }
    if file.len() < HEADER + NONCE + TAG + SUM {
        return Err(VaultError::Damaged);
    }
    let (body, body_sum) = file.split_at(file.len() - SUM);
    if body_sum != sum::<SUM>(body) {
        return Err(VaultError::Damaged);
    }
    let keys = derive_keys(key);
    let (header, rest) = body.split_at(HEADER);
    // Not a secret: whoever has the file has the check, and compares it with nothing.
    if header[PREFIX..] != keys.check {
        return Err(VaultError::WrongKey);
    }
    let (nonce, sealed) = rest.split_at(NONCE);
    XChaCha20Poly1305::new((&*keys.seal).into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad: &bind(header, slot) })
        .map(Zeroizing::new)
        .map_err(|_| VaultError::Damaged)
}

/// What one key is used for twice, kept apart (RFC 5869 section 3.2).
struct Keys {
    seal: Zeroizing<[u8; 32]>,
    check: [u8; 16],
}

fn derive_keys(key: &[u8; 32]) -> Keys {
    let derive = Hkdf::<Sha256>::new(None, key);
    let (mut seal, mut check) = (Zeroizing::new([0; 32]), [0; 16]);
    let expand = |info: &[u8], out: &mut [u8]| {
        derive.expand(info, out).expect("32 bytes are within what HKDF-SHA256 gives");
    };
    expand(b"handrail vault 1 seal", &mut *seal);
    expand(b"handrail vault 1 check", &mut check);
    Keys { seal, check }
}

/// A file that is renamed to another slot's name does not open there.
fn bind(header: &[u8], slot: &str) -> Vec<u8> {
    [header, slot.as_bytes()].concat()
}

fn sum<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let whole = Sha256::digest(bytes);
    std::array::from_fn(|at| whole[at])
}

fn name_slot(path: &Path) -> Result<&str, VaultError> {
    path.file_name().and_then(|name| name.to_str()).ok_or(VaultError::Failed("name a file"))
}

/// The same rule as Stronghold's, so that one sweep finds both.
fn name_draft(path: &Path, suffix: [u8; 6]) -> PathBuf {
    let hex: String = suffix.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{hex}"));
    PathBuf::from(name)
}

fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn the_layout_of_version_1_stays_what_phones_hold() {
        let file = seal(b"refresh-1", &KEY, [3; NONCE], "place-elm.hold").unwrap();

        let hex: String = file.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            concat!(
                "48414e445241494c000182930b86",     // magic, version, check
                "c37357513b4e3a307d13da7a09677e1e", // key check
                "030303030303030303030303030303030303030303030303", // nonce
                "67109433ff047af048b843251db5d18fb4ee2ed75063ee0ae6", // sealed, tag
                "d3904186d8ab01dc",                 // check
            )
        );
    }

    #[test]
    fn a_file_under_another_slots_name_does_not_open() {
        let file = seal(b"refresh-1", &KEY, [3; NONCE], "place-elm.hold").unwrap();

        let outcome = open_sealed(&file, &KEY, "place-oak.hold");

        assert!(matches!(outcome, Err(VaultError::Damaged)), "{outcome:?}");
    }

    #[test]
    fn bytes_altered_by_somebody_who_mends_the_checks_do_not_open() {
        let whole = seal(b"refresh-1", &KEY, [3; NONCE], "place-elm.hold").unwrap();

        for at in PREFIX..whole.len() - SUM {
            let mut file = whole.clone();
            file[at] ^= 1;
            let end = file.len() - SUM;
            let mended = sum::<SUM>(&file[..end]);
            file[end..].copy_from_slice(&mended);

            let outcome = open_sealed(&file, &KEY, "place-elm.hold");

            let key_check = (PREFIX..HEADER).contains(&at);
            assert!(
                matches!(
                    (&outcome, key_check),
                    (Err(VaultError::WrongKey), true) | (Err(VaultError::Damaged), false)
                ),
                "{at}: {outcome:?}"
            );
        }
    }

    #[test]
    fn the_same_bytes_are_never_sealed_the_same_way_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("place-elm.hold");
        XChaChaSnapshots.write(&path, &KEY, b"refresh-1").unwrap();
        let first = fs::read(&path).unwrap();

        XChaChaSnapshots.write(&path, &KEY, b"refresh-1").unwrap();

        assert_ne!(first, fs::read(&path).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_a_sealed_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("place-elm.hold");

        XChaChaSnapshots.write(&path, &KEY, b"refresh-1").unwrap();

        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
