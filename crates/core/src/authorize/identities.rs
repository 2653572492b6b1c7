//! Identity tokens, good and bad, and what each comes to.

use std::sync::LazyLock;

use handrail_contract::{place::Role, sign_in::AttemptId};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use serde_json::json;
use url::Url;

use super::*;
use crate::{authorize::begin, connect::read_discovery, fhir::base::Policy, scan::read_code};

const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);
const ISSUER: &str = "https://ehr.example.com";

/// An RSA key of 2,048 bits that signs nothing else: the members of its JWK (RFC 7518 section 6.3).
const RSA: [(&str, &str); 8] = [
    (
        "n",
        "l3CIpDBvSH3iRq0iNrQeBLrFFIoai4b6KuMIRG4e-KPTkFJ0OxIgA6Yw9WJzT5KpSByCUisrt603KSD1Zo9VeGhvZyHpx20Hlf8lh2pgmbhcL8lBmQEVIVQ9H01a-G2x-ulWt28BRk9Y9Yt7a8zCFXAWdMaSJ4c4-PpxUDvpQmaP3sT3SdBgOrrWwf4DHAYIZTt4ou7aGy5EZIIggSMWwhip7SQkGq_cO1QOVzbWUn78cbqpLLw4dJAthTgQpLh4W3ukFa9GyXZtxU2ZSUwaAMVDoDKNxmOYLeNciimal7wrX1lo1yTdtNMnR4xj7ycvIVHGlb0rGjCqZhzoO8vLoQ",
    ),
    (
        "d",
        "HLrDoWpy4izHjaLw17Hp8_m-w7vDd27e7N3vRpQhmgfybfHGjSJOIoMXzKWlvJXVOZH3A0GfZJQe39WZ2KAeld4yLD2ZzTSY-NLTutHqi58XFhW3NSCoco85nUOem3ysBC7aPah4dG8_MC4K9xN8SnbeO78kIQ2dOFbCwnbrNKZXkn8bTcifTGAgSw0x156YFVndL_uCrD1_UYWOjIDJ155kJ_9g7_-CCD-OYexCWPRWIR6OEQLabVQ_bo22WRBTawKytSwedrhsjuVDjF_ULnvKfLHvHT7F2vwhavGalxew4SM0_J7lLaBdwiusDm9xtdXQzEPL9-1wrd3Vcut8MQ",
    ),
    (
        "p",
        "0TekuMjbRwAB-swvXXAhXiaS0cXca7UggXxYksIddOBdP6WUAuW2sBd1Lj3f3zdiNWLioTK5DQTAFt9-n7jZSBelrRsmqTer1G3JPSonBCWapbhHPDMn6bbXzkaJFgXOUGuXzE-4gqiY93Rwg4VXA3UP4I8WMVa9wPPR_5eYuFU",
    ),
    (
        "q",
        "uU17bCJd5t2Kvl5AiN6On76rkIaznqWiH7-aFB4fOBSAzIyh9lnCVvPXfbVW9a5HO7FpSterV75UojE94V62BLrjC6Ip0zCrQTVhwkck6MG86XZqnLnsvGjhFxClE_JuLM1qTkTBDEdkjcm7PcnWGP3d5hDFPRmCGFhRTk0VQh0",
    ),
    (
        "dp",
        "Omnoydb6sjYkV1vPFa2LA3iNoZg21LO7oauQJ1mfU9SY9H5MdwqgGUZTZ1fLO82A1BsJ36wD0siywTAhcILx15kSnuRnxPNQPH1ypGsyfYvqQ77R1NMLn8t3MZasC8QPOJDxzw-rGn_sRZrzFyWRh9uVVUNeFOR9EnSA-3XeJAk",
    ),
    (
        "dq",
        "gaIK7iM8vf3Oyk71psrLzEV_kKQrlJkbSkqoZ9qKzJjLYk4gIE-6_UmpP3BVXZqGiuQaXRlz7PZiDvWT7M5tV_HGVKUlzXEG3Z-SvG85Cvw-RLVq8CnBzC0zCwfB9KptGTq7W_YNd6GaXvb53sgM138CdajV02C8-nsOplCWxqE",
    ),
    (
        "qi",
        "DOkMBQ-PbtRXkcBSTJJJ6u5O9N0cRpBtXcF7ZUAkZ1SUinoB_bn_XW5x0XRiiup9tiUrh9zpG2s9FGTAl6i4J96gdYxLzn136rX49H-DQcoGm1qXg-gWbQZMcKshOLKq-o9u3uKc9sU5DjjHaP4yfVX7SLF6Kbf4PxWNPto9MYs",
    ),
    ("e", "AQAB"),
];

static EC: LazyLock<EcdsaKeyPair> = LazyLock::new(ec_key);

fn ec_key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let bytes = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes.as_ref(), &random).unwrap()
}

fn ec_jwk(key: &EcdsaKeyPair, kid: &str) -> Value {
    let point = key.public_key().as_ref();
    let write = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({ "kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "x": write(&point[1..33]), "y": write(&point[33..]) })
}

fn keys(list: &[Value]) -> Keys {
    read_keys(200, json!({ "keys": list }).to_string().as_bytes()).unwrap()
}

fn pending() -> PendingSignIn {
    let invitation = read_code("https://ehr.example.com/fhir", Policy::RELEASE).unwrap();
    let described = json!({
        "issuer": ISSUER,
        "jwks_uri": "https://ehr.example.com/jwks.json",
        "authorization_endpoint": "https://ehr.example.com/authorize",
        "token_endpoint": "https://ehr.example.com/token",
        "code_challenge_methods_supported": ["S256"],
        "capabilities": ["sso-openid-connect"],
    });
    let body = described.to_string();
    let server = read_discovery(200, body.as_bytes(), &invitation, None, Policy::RELEASE).unwrap();
    let redirect = Url::parse("http://127.0.0.1:5123/callback/q7Z").unwrap();
    let scopes = vec!["openid".into(), "fhirUser".into()];
    let attempt = AttemptId("a1".into());
    let role = Role::Organization;
    let client_id = "handrail".to_owned();
    begin(attempt, invitation, server, client_id, redirect, role, scopes, None, [7; 64], NOW).0
}

fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "aud": "handrail",
        "sub": "sam",
        "iat": NOW.as_second(),
        "exp": NOW.as_second() + 300,
        "nonce": pending().nonce(),
        "fhirUser": "https://ehr.example.com/fhir/Practitioner/sam-okafor",
    })
}

fn signed_part(header: &Value, claims: &Value) -> String {
    let write = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", write(header), write(claims))
}

fn sign_with(key: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
    let signed = signed_part(header, claims);
    let signature = key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn sign(claims: &Value) -> String {
    sign_with(&EC, &json!({ "alg": "ES256", "kid": "one" }), claims)
}

fn read(token: &str) -> Result<String, IdTokenError> {
    let keys = keys(&[ec_jwk(&EC, "one")]);
    read_fhir_user(&IdToken::new(token), &keys, &pending(), NOW)
}

/// The claims with members changed; `null` takes one out.
fn changed(changes: Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

#[test]
fn the_page_is_asked_with_the_nonce_that_the_token_has_to_carry() {
    let pending = pending();

    let address = pending.write_address();

    let nonce = address.query_pairs().find(|(name, _)| name == "nonce").unwrap().1.into_owned();
    assert_eq!(nonce, pending.nonce());
    assert!(nonce.len() == 43 && nonce != pending.verifier.expose());
}

#[test]
fn a_good_token_names_who_signed_in() {
    let now = NOW.as_second();
    let good = [
        json!({}),
        json!({ "fhirUser": "Practitioner/sam-okafor" }),
        json!({ "aud": ["handrail"] }),
        json!({ "aud": ["handrail", "other"], "azp": "handrail" }),
        json!({ "iat": now + 200, "nbf": now + 200 }),
        json!({ "exp": now - 200 }),
        json!({ "iat": 1_790_000_000.5 }),
    ];

    for changes in good {
        let said = read(&sign(&changed(changes.clone())));
        assert_eq!(said.as_deref(), Ok("Practitioner/sam-okafor"), "{changes}");
    }
}

#[test]
fn a_token_whose_claims_are_wrong_is_refused_for_what_is_wrong() {
    use IdTokenError::{Audience, Issuer, Nobody, Nonce, Time};
    let now = NOW.as_second();
    let bad = [
        (json!({ "iss": null }), Issuer),
        (json!({ "iss": "https://ehr.example.com/" }), Issuer),
        (json!({ "iss": "https://evil.example.net" }), Issuer),
        (json!({ "iss": ["https://ehr.example.com"] }), Issuer),
        (json!({ "aud": null }), Audience),
        (json!({ "aud": "other" }), Audience),
        (json!({ "aud": [] }), Audience),
        (json!({ "aud": ["handrail", "other"] }), Audience),
        (json!({ "aud": ["handrail", "other"], "azp": "other" }), Audience),
        (json!({ "azp": "other" }), Audience),
        (json!({ "exp": null }), Time),
        (json!({ "exp": "soon" }), Time),
        (json!({ "exp": now - 300 }), Time),
        (json!({ "iat": null }), Time),
        (json!({ "iat": now + 300 }), Time),
        (json!({ "iat": now - 900 }), Time),
        (json!({ "nbf": now + 300 }), Time),
        (json!({ "nbf": "later" }), Time),
        (json!({ "nonce": null }), Nonce),
        (json!({ "nonce": "" }), Nonce),
        (json!({ "nonce": "of another sign-in" }), Nonce),
        (json!({ "sub": null }), Nobody),
        (json!({ "sub": "" }), Nobody),
        (json!({ "fhirUser": null }), Nobody),
        (json!({ "fhirUser": "sam-okafor" }), Nobody),
        (json!({ "fhirUser": "Device/one" }), Nobody),
        (json!({ "fhirUser": "Practitioner/.." }), Nobody),
        (json!({ "fhirUser": "Practitioner/a/b" }), Nobody),
        (json!({ "fhirUser": "https://evil.example.net/fhir/Practitioner/sam-okafor" }), Nobody),
        (json!({ "fhirUser": "https://ehr.example.com/fhir2/Practitioner/sam-okafor" }), Nobody),
    ];

    for (changes, error) in bad {
        assert_eq!(read(&sign(&changed(changes.clone()))), Err(error), "{changes}");
    }
}

#[test]
fn a_token_that_is_not_signed_as_it_has_to_be_is_refused() {
    use IdTokenError::{Algorithm, Key, Malformed, Signature};
    let good = sign(&claims());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let header = |header: Value| sign_with(&EC, &header, &claims());
    let unsigned = signed_part(&json!({ "alg": "none" }), &claims());
    let other = sign_with(&ec_key(), &json!({ "alg": "ES256", "kid": "one" }), &claims());
    let (_, others) = signed.split_once('.').unwrap();
    let forged =
        signed_part(&json!({ "alg": "ES256", "kid": "one" }), &changed(json!({ "sub": "eve" })));
    let bad = [
        (String::new(), Malformed),
        ("a.b".to_owned(), Malformed),
        (signed.to_owned(), Malformed),
        (format!("{good}.x"), Malformed),
        (format!("{good}="), Malformed),
        (format!("{}.{}", good, "x".repeat(MAX_TOKEN)), Malformed),
        (format!("bm90IGpzb24.{others}.{signature}"), Malformed),
        (format!("{unsigned}."), Algorithm),
        (format!("{unsigned}.{signature}"), Algorithm),
        (header(json!({ "alg": "None" })), Algorithm),
        (header(json!({ "alg": "HS256", "kid": "one" })), Algorithm),
        (header(json!({ "alg": "ES384", "kid": "one" })), Algorithm),
        (header(json!({ "alg": "ES256", "kid": "one", "crit": ["x"] })), Algorithm),
        (header(json!({ "alg": "ES256", "kid": "two" })), Key),
        (header(json!({ "alg": "RS256", "kid": "one" })), Key),
        (other, Signature),
        (format!("{forged}.{signature}"), Signature),
        (format!("{signed}."), Signature),
        (format!("{signed}.{}", "A".repeat(86)), Signature),
    ];

    for (token, error) in bad {
        assert_eq!(read(&token), Err(error), "{token}");
    }
}

#[test]
fn a_key_that_is_not_for_this_use_signs_nothing() {
    let token = IdToken::new(sign(&claims()));
    let with = |name: &str, value: &str| {
        let mut key = ec_jwk(&EC, "one");
        key[name] = json!(value);
        read_fhir_user(&token, &keys(&[key]), &pending(), NOW)
    };

    assert_eq!(with("use", "enc"), Err(IdTokenError::Key));
    assert_eq!(with("alg", "RS256"), Err(IdTokenError::Key));
    assert_eq!(with("crv", "P-384"), Err(IdTokenError::Key));
    assert_eq!(with("kty", "oct"), Err(IdTokenError::Key));
    assert_eq!(with("x", "AAAA"), Err(IdTokenError::Signature));
}

#[test]
fn a_token_signed_with_rsa_is_read_also_among_keys_of_other_kinds() {
    let part = |name: &str| {
        let text = RSA.iter().find(|(one, _)| *one == name).unwrap().1;
        URL_SAFE_NO_PAD.decode(text).unwrap()
    };
    let public = ring::signature::RsaPublicKeyComponents { n: part("n"), e: part("e") };
    let pair = RsaKeyPair::from_components(&ring::rsa::KeyPairComponents {
        public_key: public,
        d: part("d"),
        p: part("p"),
        q: part("q"),
        dP: part("dp"),
        dQ: part("dq"),
        qInv: part("qi"),
    })
    .unwrap();
    let signed = signed_part(&json!({ "alg": "RS256" }), &claims());
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    let token = IdToken::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)));
    let own = json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(part("n")), "e": "AQAB" });
    let set = keys(&[json!({ "kty": "OKP" }), json!({ "kid": 5 }), ec_jwk(&EC, "one"), own]);

    let read = read_fhir_user(&token, &set, &pending(), NOW);

    assert_eq!(read.as_deref(), Ok("Practitioner/sam-okafor"));
}

#[test]
fn what_is_no_key_set_has_no_keys() {
    for (status, body) in [(404, "{\"keys\":[{}]}"), (200, ""), (200, "{}"), (200, "{\"keys\":[]}")]
    {
        assert_eq!(read_keys(status, body.as_bytes()).err(), Some(IdTokenError::Key), "{body}");
    }
    let large = json!({ "keys": [ec_jwk(&EC, "one")], "x": "a".repeat(MAX_KEYS) }).to_string();
    assert_eq!(read_keys(200, large.as_bytes()).err(), Some(IdTokenError::Key));
}
