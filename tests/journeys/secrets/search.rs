//! Looking for a secret in bytes, however it may be written there.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// A secret, and every way in which it could stand somewhere.
pub struct Canary {
    pub name: String,
    written: Vec<Vec<u8>>,
}

impl Canary {
    pub fn new(name: impl Into<String>, secret: &[u8]) -> Self {
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let wide: Vec<u8> = secret.iter().flat_map(|byte| [*byte, 0]).collect();
        let mut written =
            vec![secret.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes(), wide];
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            // Base64 looks different at each of the three offsets; the first and the last letters hang on neighbours.
            for offset in 0..3 {
                let text = engine.encode([&vec![0; offset], secret].concat());
                written.push(text.as_bytes()[4.min(offset * 4)..text.len() - 2].to_vec());
            }
        }
        Self { name: name.into(), written }
    }

    /// Whether it stands in these bytes, in any of its forms.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        self.written.iter().any(|form| memchr::memmem::find(bytes, form).is_some())
    }

    /// Whether the secret itself stands there, as it is.
    pub fn is_plainly_in(&self, bytes: &[u8]) -> bool {
        memchr::memmem::find(bytes, &self.written[0]).is_some()
    }
}

/// Which of these secrets stand in which of these places.
pub fn find_leaks(canaries: &[Canary], places: &[(String, Vec<u8>)]) -> Vec<String> {
    let mut leaks = Vec::new();
    for (place, bytes) in places {
        for canary in canaries.iter().filter(|canary| canary.is_in(bytes)) {
            leaks.push(format!("{} in {place}", canary.name));
        }
    }
    leaks
}

#[test]
fn a_planted_secret_is_found_in_every_form() {
    let secret = b"qJ7-token_0123456789abcdefghijklmnopqrstuvw";
    let canary = Canary::new("planted", secret);
    let forms = [
        secret.to_vec(),
        format!("{{\"refresh_token\":\"{}\"}}", String::from_utf8_lossy(secret)).into_bytes(),
        secret.iter().map(|byte| format!("{byte:02X}")).collect::<String>().into_bytes(),
        secret.iter().flat_map(|byte| [*byte, 0]).collect(),
        STANDARD_NO_PAD.encode(secret).into_bytes(),
        STANDARD_NO_PAD.encode([b"a", &secret[..]].concat()).into_bytes(),
        URL_SAFE_NO_PAD.encode([b"ab", &secret[..], b"cd"].concat()).into_bytes(),
    ];

    for (at, form) in forms.iter().enumerate() {
        assert!(canary.is_in(&[b"before ", &form[..], b" after"].concat()), "form {at}");
    }
    assert!(!canary.is_in(b"qJ7-token_0123456789abcdefghijklmnopqrstuv"));
}
