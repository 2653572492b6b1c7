//! Signs a registry of partners, and checks one as a release would.
//!
//! In: a registry as JSON and a private key, or a signed registry. Out: a signed registry, or what is wrong with it.
//! Never: a private key on the command line, on the screen, or inside the repository.
//!
//! A package of its own because it reads registries with the app's own code, and `cargo xtask doctor` should not wait
//! for that to compile.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for a terminal")]

use std::{
    env, fs,
    fs::OpenOptions,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use ed25519_zebra::{SigningKey, VerificationKey};
use handrail_core::{
    connect::{Registry, RegistryKey, text_to_sign, write_signed},
    fhir::base::Policy,
};
use zeroize::Zeroizing;

const USAGE: &str = "\
cargo xtask registry VERB

  keys FILE             makes a key pair: the private key into FILE, the public one onto the screen
  sign BODY KEY OUT     signs the registry BODY (JSON) with the private key in KEY, into OUT
  check FILE [PUBLIC]   reads a signed registry as a release would, trusting its own keys or PUBLIC alone";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["keys", file] => make_keys(Path::new(file)),
        ["sign", body, key, out] => sign(Path::new(body), Path::new(key), Path::new(out)),
        ["check", file] => check(Path::new(file), &RegistryKey::of_release()),
        ["check", file, public] => match RegistryKey::from_hex(public) {
            Some(key) => check(Path::new(file), &[key]),
            None => Err(format!("{public} is no public key")),
        },
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn make_keys(file: &Path) -> Result<String, String> {
    refuse_repository(file)?;
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *seed).map_err(|error| format!("no random numbers: {error}"))?;
    let text = Zeroizing::new(in_hex(&*seed));
    // Never over a key that is there.
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .write(true)
        .create_new(true)
        .open(file)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(named(file))?;
    let public = VerificationKey::from(&SigningKey::from(*seed));
    Ok(format!(
        "The private key is in {}. Its public key, for crates/core/registry/keys.txt:\n{}",
        file.display(),
        in_hex(public.as_ref())
    ))
}

/// A key that was once in the repository is in its history for good.
fn refuse_repository(file: &Path) -> Result<(), String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize().map_err(named(file))?;
    if folder.ancestors().any(|folder| folder.join(".git").exists()) {
        return Err(format!("{} lies in a repository; a private key never does", file.display()));
    }
    Ok(())
}

fn sign(body: &Path, key: &Path, out: &Path) -> Result<String, String> {
    let body = fs::read(body).map_err(named(body))?;
    let registry = Registry::parse(&body, Policy::RELEASE).map_err(|error| error.to_string())?;
    let text = Zeroizing::new(fs::read_to_string(key).map_err(named(key))?);
    let seed = Zeroizing::new(read_seed(text.trim()).ok_or("the key file holds no key")?);
    let key = SigningKey::from(*seed);
    let signed = write_signed(&body, &key.sign(&text_to_sign(&body)).into());
    fs::write(out, signed).map_err(named(out))?;
    let public = in_hex(VerificationKey::from(&key).as_ref());
    let key = RegistryKey::from_hex(&public).ok_or("the key file holds no key")?;
    let checked = check(out, &[key])?;
    let known = RegistryKey::of_release().contains(&key);
    let warning = if known { "" } else { "\nNo release trusts this key: keys.txt has not got it." };
    Ok(format!("{checked}, {} rows, by {public}{warning}", registry.rows.len()))
}

fn check(file: &Path, keys: &[RegistryKey]) -> Result<String, String> {
    let bytes = fs::read(file).map_err(named(file))?;
    let newest = Registry::bundled(Policy::RELEASE).version;
    let opened = Registry::open_newer(&bytes, keys, newest, Policy::RELEASE);
    let registry = opened.map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(format!("{}: version {}", file.display(), registry.version))
}

fn named(file: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("{}: {error}", file.display())
}

fn in_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_seed(text: &str) -> Option<[u8; 32]> {
    let pair = |at: usize| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..32).map(pair).collect();
    bytes?.try_into().ok().filter(|_| text.len() == 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"version":2,"rows":[]}"#;

    fn made(folder: &Path) -> (String, std::path::PathBuf) {
        let key = folder.join("key");
        let said = make_keys(&key).expect("a key outside the repository");
        let public = said.lines().last().expect("the public key is the last line").to_owned();
        (public, key)
    }

    #[test]
    fn what_was_signed_is_checked_under_its_own_key_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let (public, key) = made(folder.path());
        let (body, out) = (folder.path().join("body"), folder.path().join("out"));
        fs::write(&body, BODY).expect("a file");

        let signed = sign(&body, &key, &out);
        let own = check(&out, &[RegistryKey::from_hex(&public).expect("a key")]);
        let release = check(&out, &RegistryKey::of_release());

        assert!(signed.is_ok_and(|said| said.contains("No release trusts")));
        assert!(own.is_ok() && release.is_err());
    }

    #[test]
    fn a_key_is_made_neither_in_a_repository_nor_over_another_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let (_, key) = made(folder.path());

        assert!(make_keys(&key).is_err());
        assert!(make_keys(Path::new("a-private-key")).is_err());
        assert!(!Path::new("a-private-key").exists());
    }
}
