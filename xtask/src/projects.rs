//! The phones' projects: what Tauri's own tool writes, then what we change in it.
//!
//! In: `tauri android init`, `xtask/phones`, the app's description. Out: `gen/android` and `gen/apple`.
//! Never: an edit by hand. Deleting `gen` and running this gives the same tree.

use std::{fs, io, path::Path, process::Command};

use crate::{
    fresh, icons, place, setup,
    step::{self, Failure, Step},
};

/// Where our https links lead. Nobody owns it yet (RFC 2606 section 2), so that no phone trusts it by mistake.
const LINK_HOST: &str = "handrail.example";

/// What Tauri writes and we change: the file, its text, ours instead. Each text stands there once.
const EDITS: [(&str, &str, &str); 2] = [
    // The tool that npm brought asks to be called by node; who builds here has cargo.
    (
        "buildSrc/src/main/java/org/handrail/client/kotlin/BuildTask.kt",
        "val executable = \"\"\"node\"\"\";",
        "val executable = \"\"\"cargo\"\"\";",
    ),
    // Pages are inside the app; nothing asks for a server without TLS, in no build.
    (
        "app/build.gradle.kts",
        "manifestPlaceholders[\"usesCleartextTraffic\"] = \"true\"",
        "manifestPlaceholders[\"usesCleartextTraffic\"] = \"false\"",
    ),
];

/// What Tauri's template draws for its own example.
const EXAMPLES: [&str; 3] = [
    "app/src/main/res/layout/activity_main.xml",
    "app/src/main/res/drawable-v24/ic_launcher_foreground.xml",
    "app/src/main/res/drawable/ic_launcher_background.xml",
];

/// What the app calls itself, from its one description.
pub struct About {
    pub name: String,
    pub identifier: String,
    pub version: String,
}

impl About {
    /// Reads `tauri.conf.json`, and the workspace's version.
    pub fn read() -> Result<Self, Failure> {
        let broken = || Failure::plain("the app's description", "is not complete", "mend it");
        let config = read(&place::root().join("src-tauri/tauri.conf.json"))?;
        let config: serde_json::Value = serde_json::from_str(&config).map_err(|_| broken())?;
        let word = |key: &str| config[key].as_str().map(str::to_owned).ok_or_else(broken);
        let manifest = read(&place::root().join("Cargo.toml"))?;
        let version = manifest.lines().find_map(|line| line.strip_prefix("version = \""));
        Ok(Self {
            name: word("productName")?,
            identifier: word("identifier")?,
            version: version.and_then(|line| line.strip_suffix('"')).ok_or_else(broken)?.to_owned(),
        })
    }

    /// A text of `xtask/phones` with what it leaves open filled in.
    pub fn fill(&self, text: &str) -> String {
        let words = [
            ("{{name}}", self.name.as_str()),
            ("{{identifier}}", &self.identifier),
            ("{{version}}", &self.version),
            ("{{host}}", LINK_HOST),
        ];
        words.iter().fold(text.to_owned(), |text, (open, word)| text.replace(open, word))
    }
}

/// Writes both projects anew.
pub fn write() -> Result<(), Failure> {
    setup::install_tauri_cli()?;
    init_android()?;
    let android = place::root().join("gen/android");
    for (file, before, after) in EDITS {
        let path = android.join(file);
        fs::write(&path, edit(&read(&path)?, before, after)?).map_err(failed)?;
    }
    for file in EXAMPLES {
        fs::remove_file(android.join(file)).or_else(unless_gone).map_err(failed)?;
    }
    for (path, text) in list_ours()? {
        let path = place::root().join(path);
        fs::create_dir_all(path.parent().expect("it is a file")).map_err(failed)?;
        fs::write(path, text).map_err(failed)?;
    }
    icons::draw()?;
    step::say("gen/ is ready");
    Ok(())
}

/// What is ours in `gen`, and how it must read: the path from the top, and the text.
pub fn list_ours() -> Result<Vec<(String, String)>, Failure> {
    let about = About::read()?;
    let ours = place::root().join("xtask/phones");
    let mut files = Vec::new();
    for project in ["android", "apple"] {
        fresh::list_files(&ours.join(project), &mut files).map_err(failed)?;
    }
    let mut texts = Vec::new();
    for file in files {
        let below = file.strip_prefix(&ours).expect("listed below it").display();
        texts.push((format!("gen/{below}"), about.fill(&read(&file)?)));
    }
    texts.sort();
    Ok(texts)
}

/// What differs from what [`write()`] would leave, as far as this can be seen without running Tauri's tool.
pub fn find_drift() -> Result<Vec<String>, Failure> {
    let mut findings = Vec::new();
    for (path, wanted) in list_ours()? {
        let there = fs::read_to_string(place::root().join(&path)).unwrap_or_default();
        if there != wanted {
            findings.push(format!("{path} is not what xtask/phones says"));
        }
    }
    for (file, before, after) in EDITS {
        let text = read(&place::root().join("gen/android").join(file))?;
        if text.contains(before) || !text.contains(after) {
            findings.push(format!("gen/android/{file} lacks an edit of ours"));
        }
    }
    Ok(findings)
}

fn init_android() -> Result<(), Failure> {
    let manifest = place::root().join("src-tauri/Cargo.toml");
    let as_written = read(&manifest)?;
    // The tool keeps what is there, also what a newer one would write otherwise.
    fs::remove_dir_all(place::root().join("gen/android")).or_else(unless_gone).map_err(failed)?;
    let mut command = Command::new(setup::tauri_cli());
    command.args(["android", "init", "--ci", "--skip-targets-install"]);
    command.current_dir(place::root()).env("CI", "true");
    // It looks for an SDK and a JDK, and uses neither: folders that look like them do.
    let sdk = place::target().join("xtask/no-sdk");
    let ndk = sdk.join("ndk/29.0.13846066");
    fs::create_dir_all(&ndk).map_err(failed)?;
    fs::write(ndk.join("source.properties"), "Pkg.Revision = 29.0.13846066\n").map_err(failed)?;
    command.env("ANDROID_HOME", &sdk).env("NDK_HOME", &ndk).env("JAVA_HOME", &sdk);
    let outcome = Step::new("writing gen/android", command, "see what tauri says").run();
    // It also puts the app's manifest into a shape of its own.
    fs::write(manifest, as_written).map_err(failed)?;
    outcome.map(|_| ())
}

/// Replaces what stands there exactly once.
fn edit(text: &str, before: &str, after: &str) -> Result<String, Failure> {
    if text.matches(before).count() == 1 {
        return Ok(text.replace(before, after));
    }
    let why = format!("`{before}` does not stand there once");
    Err(Failure::plain("editing gen/android", why, "see what a newer Tauri writes, and mend EDITS"))
}

fn unless_gone(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::plain(&place::shown(path), error.to_string(), "cargo xtask gen"))
}

fn failed(error: io::Error) -> Failure {
    Failure::plain("writing gen/", error.to_string(), "see that gen/ can be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_whose_text_is_gone_or_doubled_is_no_edit() {
        assert_eq!(edit("a node b", "node", "cargo").unwrap(), "a cargo b");
        assert!(edit("a b", "node", "cargo").is_err());
        assert!(edit("node node", "node", "cargo").is_err());
    }

    #[test]
    fn what_is_filled_in_leaves_nothing_open() {
        for (path, text) in list_ours().unwrap() {
            assert!(!text.contains("{{"), "{path}");
        }
    }
}
