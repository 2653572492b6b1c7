//! A registry that comes from outside the app: signed, and newer than every one before it.
//!
//! In: a file's bytes, the keys that may sign, and the newest version ever accepted. Out: the registry, or why not.
//! Never: a byte of the body that is parsed before the signature over all of it was checked.
//!
//! The file is one line of text, `handrail-registry-1` and the signature in hexadecimal, and then the registry as JSON.
//! What is signed is the line without the signature, and the JSON byte for byte: there is no other spelling of it.

use std::fmt::Write as _;

use ed25519_zebra::{Signature, VerificationKey};

use super::{Registry, RegistryError};
use crate::fhir::base::Policy;

/// No list of partners is larger.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Begins the file and the signed text, so that no signature for anything else is one for this.
const MARK: &str = "handrail-registry-1";
const HEX: usize = 128;

const RELEASE_KEYS: &str = include_str!("../../../registry/keys.txt");

/// A public ed25519 key (RFC 8032) that may sign registries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistryKey([u8; 32]);

impl RegistryKey {
    /// Reads 64 lower-case hexadecimal digits. `None`: anything else, and what is no point of the curve.
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = read_hex::<32>(text)?;
        VerificationKey::try_from(bytes).ok().map(|_| Self(bytes))
    }

    /// The keys that this app was built with. A line that is no key signs nothing.
    pub fn of_release() -> Vec<Self> {
        RELEASE_KEYS.lines().filter_map(Self::from_hex).collect()
    }

    /// Whether this key signed the registry whose JSON this is.
    fn verifies(self, body: &[u8], signature: &[u8; 64]) -> bool {
        VerificationKey::try_from(self.0)
            .is_ok_and(|key| key.verify(&Signature::from(*signature), &text_to_sign(body)).is_ok())
    }
}

/// What a key signs for a registry whose JSON is `body`.
pub fn text_to_sign(body: &[u8]) -> Vec<u8> {
    [MARK.as_bytes(), b"\n", body].concat()
}

/// The file that carries `body` and the signature over [`text_to_sign`] of it.
pub fn write_signed(body: &[u8], signature: &[u8; 64]) -> Vec<u8> {
    let mut line = format!("{MARK} ");
    for byte in signature {
        write!(line, "{byte:02x}").expect("a String takes everything");
    }
    [line.as_bytes(), b"\n", body].concat()
}

impl Registry {
    /// Opens a registry that is to take the place of all that were accepted before.
    ///
    /// # Errors
    /// Any defect, and [`RegistryError::NotNewer`]. Whoever gets one keeps the registry that is there.
    pub fn open_newer(
        bytes: &[u8],
        keys: &[RegistryKey],
        newest_accepted: u64,
        policy: Policy,
    ) -> Result<Self, RegistryError> {
        let registry = Self::open_signed(bytes, keys, policy)?;
        if registry.version <= newest_accepted {
            return Err(not_newer(&registry, newest_accepted));
        }
        Ok(registry)
    }

    /// Opens the registry that was accepted last, as it lies on disk.
    ///
    /// # Errors
    /// Any defect, and [`RegistryError::NotNewer`] where a later one was accepted since: somebody put this one back.
    pub fn open_kept(
        bytes: &[u8],
        keys: &[RegistryKey],
        newest_accepted: u64,
        policy: Policy,
    ) -> Result<Self, RegistryError> {
        let registry = Self::open_signed(bytes, keys, policy)?;
        if registry.version < newest_accepted {
            return Err(not_newer(&registry, newest_accepted));
        }
        Ok(registry)
    }

    fn open_signed(
        bytes: &[u8],
        keys: &[RegistryKey],
        policy: Policy,
    ) -> Result<Self, RegistryError> {
        if bytes.len() > MAX_BYTES {
            return Err(RegistryError::TooLarge);
        }
        let (signature, body) = cut_signature(bytes).ok_or(RegistryError::Unsigned)?;
        if !keys.iter().any(|key| key.verifies(body, &signature)) {
            return Err(RegistryError::WrongSignature);
        }
        Self::parse(body, policy)
    }
}

fn not_newer(registry: &Registry, accepted: u64) -> RegistryError {
    RegistryError::NotNewer { version: registry.version, accepted }
}

fn cut_signature(bytes: &[u8]) -> Option<([u8; 64], &[u8])> {
    let rest = bytes.strip_prefix(MARK.as_bytes())?.strip_prefix(b" ")?;
    let (hex, rest) = rest.split_at_checked(HEX)?;
    let signature = read_hex::<64>(std::str::from_utf8(hex).ok()?)?;
    Some((signature, rest.strip_prefix(b"\n")?))
}

/// Lower case only, so that there is one spelling.
fn read_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use ed25519_zebra::SigningKey;
    use proptest::prelude::*;

    use super::*;

    /// A key of this test only; whoever reads this can sign with it.
    fn test_key(seed: u8) -> SigningKey {
        SigningKey::from([seed; 32])
    }

    fn public(key: &SigningKey) -> RegistryKey {
        RegistryKey(VerificationKey::from(key).into())
    }

    fn sign(body: &[u8], key: &SigningKey) -> Vec<u8> {
        write_signed(body, &key.sign(&text_to_sign(body)).into())
    }

    fn body(version: u64) -> Vec<u8> {
        let row = serde_json::json!({
            "fhir_base": "https://fhir.clinic.org/r4",
            "name": "Clinic",
            "issuer": "https://login.clinic.org",
            "authorization_endpoint": "https://login.clinic.org/authorize",
            "token_endpoint": "https://login.clinic.org/token",
            "client_id": "handrail",
            "rotation": "strict",
        });
        serde_json::json!({ "version": version, "rows": [row] }).to_string().into_bytes()
    }

    fn open(bytes: &[u8], accepted: u64) -> Result<u64, RegistryError> {
        let keys = [public(&test_key(9)), public(&test_key(1))];
        Registry::open_newer(bytes, &keys, accepted, Policy::RELEASE)
            .map(|registry| registry.version)
    }

    #[test]
    fn a_signed_and_newer_registry_is_opened_under_any_of_the_keys() {
        assert_eq!(open(&sign(&body(8), &test_key(1)), 7), Ok(8));
        assert_eq!(open(&sign(&body(8), &test_key(9)), 7), Ok(8));
    }

    #[test]
    fn no_single_bit_of_the_signature_or_of_a_sample_of_the_body_can_be_another() {
        let good = sign(&body(8), &test_key(1));
        let first_line = good.len() - body(8).len();

        for at in 0..good.len() {
            for bit in (0..8).filter(|bit| at < first_line || at % 8 == *bit) {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                let opened = open(&bad, 7);
                assert!(
                    matches!(opened, Err(RegistryError::WrongSignature | RegistryError::Unsigned)),
                    "byte {at}, bit {bit}: {opened:?}"
                );
            }
        }
    }

    #[test]
    fn no_part_of_the_file_is_enough_and_nothing_may_follow_it() {
        let good = sign(&body(8), &test_key(1));

        for end in 0..good.len() {
            assert!(open(&good[..end], 7).is_err(), "{end}");
        }
        for more in [b"\n".as_slice(), b" ", b"\0", b"{}"] {
            let longer = [&good, more].concat();
            assert_eq!(open(&longer, 7), Err(RegistryError::WrongSignature));
        }
    }

    #[test]
    fn another_key_no_key_and_no_signature_are_refused() {
        let good = sign(&body(8), &test_key(1));

        let stranger = open(&sign(&body(8), &test_key(2)), 7);
        let keyless = Registry::open_newer(&good, &[], 7, Policy::RELEASE);

        assert_eq!(stranger, Err(RegistryError::WrongSignature));
        assert_eq!(keyless, Err(RegistryError::WrongSignature));
        assert_eq!(open(&body(8), 7), Err(RegistryError::Unsigned));
    }

    #[test]
    fn a_signature_over_the_bare_json_is_none_over_a_registry() {
        let body = body(8);
        let elsewhere = write_signed(&body, &test_key(1).sign(&body).into());

        assert_eq!(open(&elsewhere, 7), Err(RegistryError::WrongSignature));
    }

    #[test]
    fn an_older_and_an_equal_registry_take_no_place_of_what_was_accepted() {
        let eight = sign(&body(8), &test_key(1));
        let kept = |accepted| {
            Registry::open_kept(&eight, &[public(&test_key(1))], accepted, Policy::RELEASE)
                .map(|registry| registry.version)
        };

        assert_eq!(open(&eight, 8), Err(RegistryError::NotNewer { version: 8, accepted: 8 }));
        assert_eq!(open(&eight, 9), Err(RegistryError::NotNewer { version: 8, accepted: 9 }));
        assert_eq!(kept(8), Ok(8));
        assert_eq!(kept(9), Err(RegistryError::NotNewer { version: 8, accepted: 9 }));
    }

    #[test]
    fn a_signed_registry_is_still_judged_row_by_row() {
        let signed = |text: String| open(&sign(text.as_bytes(), &test_key(1)), 7);
        let good = String::from_utf8(body(8)).unwrap();
        let base = "https://fhir.clinic.org/r4";

        let sandbox = signed(good.replace(base, "http://127.0.0.1:8461/fhir"));
        let number = signed(good.replace(base, "https://203.0.113.7/r4"));
        let more = signed(good.replacen('{', "{\"more\":1,", 1));
        let inside = signed(good.replace("\"name\"", "\"secret\":1,\"name\""));

        assert_eq!(sandbox, Err(RegistryError::Forbidden("http://127.0.0.1:8461/fhir".into())));
        assert_eq!(number, Err(RegistryError::Forbidden("https://203.0.113.7/r4".into())));
        assert_eq!((more, inside), (Err(RegistryError::Malformed), Err(RegistryError::Malformed)));
    }

    #[test]
    fn a_file_larger_than_any_list_is_refused_unread() {
        let mut large = body(8);
        large.resize(MAX_BYTES, b' ');

        assert_eq!(open(&sign(&large, &test_key(1)), 7), Err(RegistryError::TooLarge));
    }

    #[test]
    fn every_line_of_the_keys_is_a_key_or_a_remark() {
        let lines = RELEASE_KEYS.lines().filter(|line| !line.starts_with('#') && !line.is_empty());

        assert_eq!(lines.count(), RegistryKey::of_release().len());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let marked = [b"handrail-registry-1 ".as_slice(), &bytes].concat();
            prop_assert!(open(&bytes, 0).is_err() && open(&marked, 0).is_err());
        }
    }
}
