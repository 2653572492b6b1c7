//! Who signed in, as an `id_token` says it (OpenID Connect Core 1.0, SMART's `fhirUser`).
//!
//! In: a person and a sign-in. Out: a token signed with ES256, and the key that verifies it.

use std::sync::Arc;

use axum::{Json, extract::State};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};

use crate::{auth::grants::Issued, people::Person, place::Site};

/// An `id_token` works for as long as it takes to read it.
const LIFE_SECONDS: i64 = 300;
/// The name of the key in the set.
const KEY_ID: &str = "sandbox";

/// A key that signs `id_token`s. Made anew at each start.
pub(crate) struct Signer(EcdsaKeyPair);

impl Signer {
    pub(crate) fn make() -> Self {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::generate_pkcs8(kind, &random)
            .ok()
            .and_then(|bytes| EcdsaKeyPair::from_pkcs8(kind, bytes.as_ref(), &random).ok());
        Self(pair.expect("the operating system gives random bytes"))
    }

    fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "ES256", "kid": KEY_ID, "typ": "JWT" });
        let write = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", write(&header), write(claims));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.expect("the operating system gives random bytes");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The key set, RFC 7517.
pub(crate) async fn list_keys(State(site): State<Arc<Site>>) -> Json<Value> {
    let point = site.signer.0.public_key().as_ref();
    let write = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    // An uncompressed point: 4, then both coordinates in 32 bytes each.
    let (x, y) = (write(&point[1..33]), write(&point[33..]));
    Json(json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": KEY_ID, "x": x, "y": y },
    ] }))
}

/// The `id_token` beside new tokens, where it was granted.
pub(crate) fn write_id_token(site: &Site, issued: &Issued, client_id: &str) -> Option<String> {
    if !issued.access.scope.is_openid() {
        return None;
    }
    let now = jiff::Timestamp::now().as_second();
    let user = match &issued.access.person {
        Person::Patient(id) => format!("Patient/{id}"),
        Person::Staff { practitioner, .. } => format!("Practitioner/{practitioner}"),
    };
    let spoilt = site.lock_grants().spoils_identity;
    Some(site.signer.sign(&json!({
        "iss": site.issuer,
        "aud": if spoilt { "somebody-else" } else { client_id },
        "sub": user,
        "iat": now,
        "exp": now + LIFE_SECONDS,
        "nonce": issued.nonce,
        "fhirUser": format!("{}/{user}", site.fhir_base),
    })))
}
