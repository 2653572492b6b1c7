//! Both sides of the border to tauri-plugin-barcode-scanner, held against one another: its Kotlin and Swift are compiled
//! only for phones, and each side knows the other's names by heart.

use std::{fs, path::Path, process::Command};

use super::*;

/// The plugin's Kotlin and Swift, of the very version that is in Cargo.lock, and Tauri's words for permissions.
struct Source {
    kotlin: String,
    swift: String,
    states: String,
}

impl Source {
    fn read() -> Self {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        let output = command.args(["metadata", "--format-version=1", "--locked"]).output().unwrap();
        let all: Value = serde_json::from_slice(&output.stdout).unwrap();
        let folder = |name: &str| {
            let mut packages = all["packages"].as_array().unwrap().iter();
            let package = packages.find(|package| package["name"] == name).unwrap();
            Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
        };
        let (plugin, tauri) = (folder("tauri-plugin-barcode-scanner"), folder("tauri"));
        Self {
            kotlin: read(&plugin.join("android/src/main/java/BarcodeScannerPlugin.kt")),
            swift: read(&plugin.join("ios/Sources/BarcodeScannerPlugin.swift")),
            states: read(&tauri.join("mobile/android/src/main/java/app/tauri/PermissionState.kt")),
        }
    }
}

/// A file with one space wherever there is any.
fn read(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands between two marks, the first time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("the plugin has no `{before}`")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("the plugin has no `{after}`")).0
}

/// All that we ever ask of the phone.
async fn ask_all() -> Vec<(&'static str, Value)> {
    let phone = Phone::new("granted", None);
    let scanner = Scanner { patience: Duration::ZERO, ..over(&phone) };
    for step in [ScanStep::Ask, ScanStep::Look, ScanStep::OpenSettings] {
        scanner.take(step).await;
    }
    phone.told.lock().unwrap().clone()
}

#[tokio::test]
async fn each_command_of_ours_is_one_of_the_plugins_on_both_phones() {
    let source = Source::read();

    let mut commands: Vec<_> = ask_all().await.iter().map(|(command, _)| *command).collect();

    commands.sort_unstable();
    assert_eq!(commands, ["cancel", "openAppSettings", "requestPermissions", "scan"]);
    for command in commands {
        let kotlin = ["", "override "]
            .map(|kind| format!("@Command {kind}fun {command}(invoke: Invoke)"))
            .iter()
            .any(|line| source.kotlin.contains(line));
        let swift = ["", "override ", "private "]
            .map(|kind| format!("@objc {kind}func {command}(_ invoke: Invoke)"))
            .iter()
            .any(|line| source.swift.contains(line));
        assert!(kotlin && swift, "{command}: Kotlin {kotlin}, Swift {swift}");
    }
}

#[tokio::test]
async fn each_argument_of_a_scan_is_read_by_both_phones_and_none_is_another_kind() {
    let source = Source::read();
    let kotlin = between(&source.kotlin, "@InvokeArg class ScanOptions {", "}");
    let swift = between(&source.swift, "struct ScanOptions: Decodable {", "}");

    let told = ask_all().await;
    let options = &told.iter().find(|(command, _)| *command == "scan").unwrap().1;

    for (name, value) in options.as_object().unwrap() {
        let (of_kotlin, of_swift) = match value {
            Value::Bool(_) => ("Boolean", "Bool?"),
            Value::String(_) => ("String?", "String?"),
            Value::Array(_) => ("Array<String>?", "[SupportedFormat]?"),
            other => panic!("{name}: {other}"),
        };
        assert!(kotlin.contains(&format!(" var {name}: {of_kotlin} =")), "Kotlin: {name}");
        assert!(swift.contains(&format!("var {name}: {of_swift} ")), "Swift: {name}");
    }
    for format in options["formats"].as_array().unwrap() {
        let format = format.as_str().unwrap();
        assert!(source.kotlin.contains(&format!("map[\"{format}\"]")), "Kotlin: {format}");
        assert!(source.swift.contains(&format!(" case {format} ")), "Swift: {format}");
    }
    let direction = options["cameraDirection"].as_str().unwrap();
    assert!(source.kotlin.contains(&format!("args.cameraDirection ?: \"{direction}\"")));
    assert!(source.swift.contains(&format!("args.cameraDirection ?? \"{direction}\"")));
}

#[tokio::test]
async fn what_a_phone_answers_to_a_scan_is_the_text_of_the_code() {
    let source = Source::read();
    let kotlin = between(&source.kotlin, "jsObject.put(\"", "\", rawValue)");
    let swift = between(&source.swift, "jsObject[\"format\"]", "= found.stringValue");
    let swift = between(swift, "jsObject[\"", "\"]");

    for name in [kotlin, swift] {
        let phone = Phone::new("granted", Some(Some(json!({ name: "a code" }))));

        let seen = over(&phone).take(ScanStep::Look).await;

        assert_eq!(seen, Seen::Text("a code".to_owned()), "{name}");
    }
}

#[tokio::test]
async fn what_a_phone_answers_where_the_camera_is_allowed_is_a_yes() {
    let source = Source::read();
    let kotlin = between(&source.kotlin, "PERMISSION_ALIAS_CAMERA = \"", "\"");
    let android = between(&source.states, "GRANTED(\"", "\")");
    let swift = between(&source.swift, "func requestPermissions", "func openAppSettings");
    let swift = between(swift, "invoke.resolve([\"", "\": state])");
    let swift = swift.rsplit_once('"').map_or(swift, |(_, name)| name);
    let ios = between(&source.swift, "case .authorized: permissionState = \"", "\"");

    for (name, state) in [(kotlin, android), (swift, ios)] {
        let Some(mut phone) = Arc::into_inner(Phone::new("", None)) else { unreachable!() };
        phone.camera = Some(json!({ name: state }));

        let seen = over(&Arc::new(phone)).take(ScanStep::Ask).await;

        assert_eq!(seen, Seen::Ready, "{name}: {state}");
    }
}

#[test]
fn the_plugin_is_loaded_by_the_names_it_has() {
    let source = Source::read();
    let ours = read(Path::new("plugins/phone/src/scanner.rs"));

    let package = between(&source.kotlin, "package ", " ");
    let class = between(&source.kotlin, ") class ", "(private val activity");
    let entry = between(&source.swift, "@_cdecl(\"", "\")");

    let android = format!("register_android_plugin(\"{package}\", \"{class}\")");
    assert!(ours.contains(&android), "{android}");
    assert!(ours.contains(&format!("ios_plugin_binding!({entry})")), "{entry}");
}
