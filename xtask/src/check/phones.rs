//! What the phones' projects ask for, offer and keep, judged by their texts (OWASP MASVS: STORAGE, NETWORK, PLATFORM,
//! PRIVACY; RFC 8252 section 7). Each rule names what it wants and sees only that; each is seen to fail in the tests.

use std::{collections::BTreeMap, collections::BTreeSet};

/// The texts by their paths from the top.
pub type Texts = BTreeMap<String, String>;

const MANIFEST: &str = "gen/android/app/src/main/AndroidManifest.xml";
const EXTRACTION: &str = "gen/android/app/src/main/res/xml/data_extraction_rules.xml";
const PHOTOS: &str = "gen/android/app/src/main/res/xml/file_paths.xml";
const GRADLE: &str = "gen/android/app/build.gradle.kts";
const BUILD_TASK: &str =
    "gen/android/buildSrc/src/main/java/org/handrail/client/kotlin/BuildTask.kt";
const PLIST: &str = "gen/apple/handrail-app_iOS/Info.plist";
const ENTITLEMENTS: &str = "gen/apple/handrail-app_iOS/handrail-app_iOS.entitlements";
const PRIVACY: &str = "gen/apple/handrail-app_iOS/PrivacyInfo.xcprivacy";
const PROJECT: &str = "gen/apple/project.yml";
const KOTLIN: &str = "src-tauri/plugins/phone/android/src/main/java/org/handrail/client/phone";
const KEEP: &str = "src-tauri/plugins/phone/android/consumer-rules.pro";
const SWIFT: &str = "src-tauri/plugins/phone/ios/Sources";
const JAVA_BORDER: &str = "src-tauri/src/app/phone/java.rs";
/// What cargo makes for the phones.
pub const LIBRARY: &str = "src-tauri/Cargo.toml";
const SWIFT_BORDER: &str = "src-tauri/src/app/phone/swift.rs";

/// All that the app may ask Android for.
const PERMISSIONS: [&str; 5] =
    ["INTERNET", "CAMERA", "POST_NOTIFICATIONS", "RECEIVE_BOOT_COMPLETED", "ACCESS_NETWORK_STATE"];
/// What changes without the page being torn down.
const CONFIG_CHANGES: [&str; 6] =
    ["fontScale", "density", "locale", "uiMode", "screenSize", "navigation"];

/// One line that a file must have, or must not have, spaces apart: its file, the text, whether it must be there, why.
type Line = (&'static str, &'static str, bool, &'static str);

const LINES: [Line; 33] = [
    (MANIFEST, "android:allowBackup=\"false\"", true, "STORAGE-2: nothing goes into a backup"),
    (
        MANIFEST,
        "android:fullBackupContent=\"false\"",
        true,
        "STORAGE-2: the same before Android 12",
    ),
    (
        MANIFEST,
        "android:dataExtractionRules=\"@xml/data_extraction_rules\"",
        true,
        "STORAGE-2: nothing goes to a new phone",
    ),
    (MANIFEST, "android:usesCleartextTraffic=\"false\"", true, "NETWORK-1: TLS only"),
    (MANIFEST, "android:debuggable", false, "RESILIENCE: the build says so, not the manifest"),
    (MANIFEST, "android:launchMode=\"singleTask\"", true, "a redirect comes to the app that waits"),
    (MANIFEST, "android:autoVerify=\"true\"", true, "RFC 8252 7.2: https links are verified"),
    (MANIFEST, "android.permission.BIND_JOB_SERVICE", true, "only Android runs the job"),
    (MANIFEST, "android.intent.action.BOOT_COMPLETED", true, "the job is there after a start"),
    (MANIFEST, "android.intent.action.MY_PACKAGE_REPLACED", true, "and after an update"),
    (
        MANIFEST,
        "android.hardware.camera.any\" android:required=\"false\"",
        true,
        "also without a camera",
    ),
    (EXTRACTION, "<include", false, "STORAGE-2: nothing is let out"),
    (EXTRACTION, "<device-transfer>", true, "STORAGE-2: transfers are named"),
    (EXTRACTION, "<cloud-backup", true, "STORAGE-2: backups are named"),
    (PHOTOS, "path=\".\"", false, "PLATFORM-2: no whole folder is lent out"),
    (GRADLE, "minSdk = 24", true, "CODE-1: the oldest Android that is supported"),
    (GRADLE, "[\"usesCleartextTraffic\"] = \"true\"", false, "NETWORK-1: in no build"),
    (BUILD_TASK, "\"\"\"cargo\"\"\"", true, "whoever builds has cargo"),
    (PLIST, "<key>NSCameraUsageDescription</key>", true, "PRIVACY: the camera is explained"),
    (PLIST, "NSAppTransportSecurity", false, "NETWORK-1: no exception from TLS"),
    (PLIST, "UIApplicationSceneManifest", false, "with scenes a link that starts the app is lost"),
    (PLIST, "<string>fetch</string>", true, "the job may run"),
    (PLIST, "<string>audio</string>", false, "and nothing else in the background"),
    (PLIST, "UIFileSharingEnabled", false, "STORAGE-2: no files for others"),
    (ENTITLEMENTS, "<string>applinks:", true, "RFC 8252 7.2: https links come to the app"),
    (
        ENTITLEMENTS,
        "NSFileProtectionCompleteUntilFirstUserAuthentication",
        true,
        "STORAGE-1: closed until the first unlocking",
    ),
    (ENTITLEMENTS, "keychain-access-groups", false, "STORAGE-1: keys are shared with no app"),
    (PRIVACY, "<key>NSPrivacyTracking</key> <false/>", true, "PRIVACY: nobody is followed"),
    (PROJECT, "INFOPLIST_FILE: handrail-app_iOS/Info.plist", true, "one description, not two"),
    (PROJECT, "iOS: \"14.0\"", true, "CODE-1: the oldest iOS that is supported"),
    (LIBRARY, "\"cdylib\"", true, "what Android loads"),
    (LIBRARY, "\"staticlib\"", true, "what the iOS app is linked with"),
    (LIBRARY, "\"rlib\"", false, "docs/adr/0024: link-time optimisation would pass it by"),
];

/// The same of our own Kotlin and Swift.
const OURS: [Line; 8] = [
    (KOTLIN, "FLAG_SECURE", true, "PLATFORM-3: no picture of the app"),
    (KOTLIN, "FLAG_IMMUTABLE", true, "PLATFORM-1: nobody fills in what we hand out"),
    (KOTLIN, "FLAG_MUTABLE", false, "PLATFORM-1: nobody fills in what we hand out"),
    (KOTLIN, "import androidx.", false, "it compiles without AndroidX"),
    (KOTLIN, "Log.", false, "STORAGE-2: our Kotlin writes no log"),
    (
        SWIFT,
        "kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly",
        true,
        "STORAGE-1: on this device only",
    ),
    (SWIFT, "print(", false, "STORAGE-2: our Swift writes no log"),
    (SWIFT, "willResignActiveNotification", true, "PLATFORM-3: covered in the list of recent apps"),
];

/// Everything that is not as it must be.
pub fn find_wrong(texts: &Texts, identifier: &str, version: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, wanted, must, why) in LINES.iter().chain(&OURS) {
        let text = below(texts, path);
        if text.is_empty() {
            findings.push(format!("{path} is not there"));
        } else if squeeze(&text).contains(&squeeze(wanted)) != *must {
            let verb = if *must { "lacks" } else { "has" };
            findings.push(format!("{path} {verb} `{wanted}`: {why}"));
        }
    }
    findings.extend(judge_manifest(&below(texts, MANIFEST), identifier));
    findings.extend(judge_names(texts, identifier, version));
    findings.extend(judge_border(texts));
    findings
}

fn judge_manifest(manifest: &str, identifier: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let asked: BTreeSet<&str> = elements(manifest, "uses-permission")
        .filter(|element| !element.contains("tools:node=\"remove\""))
        .filter_map(|element| attribute(element, "android:name"))
        .filter_map(|name| name.strip_prefix("android.permission."))
        .collect();
    if asked != BTreeSet::from(PERMISSIONS) {
        findings.push(format!("PRIVACY: the app asks for {asked:?}, and may for {PERMISSIONS:?}"));
    }
    let parts = ["activity", "service", "receiver", "provider"];
    let exported: Vec<&str> = parts
        .iter()
        .flat_map(|part| elements(manifest, part))
        .filter(|element| attribute(element, "android:exported") != Some("false"))
        .filter_map(|element| attribute(element, "android:name"))
        .collect();
    if exported != [".MainActivity"] {
        findings.push(format!("PLATFORM-1: one activity may be exported, not {exported:?}"));
    }
    let activity = elements(manifest, "activity").next().unwrap_or_default();
    let borne = attribute(activity, "android:configChanges").unwrap_or_default();
    for change in CONFIG_CHANGES {
        if !borne.split('|').any(|one| one == change) {
            findings.push(format!("a change of `{change}` tears the page down in a sign-in"));
        }
    }
    let schemes: BTreeSet<&str> =
        elements(manifest, "data").filter_map(|it| attribute(it, "android:scheme")).collect();
    if schemes != BTreeSet::from(["https", identifier]) {
        findings.push(format!("RFC 8252 7.1: the app opens links of {schemes:?}"));
    }
    findings
}

/// One identifier and one version everywhere.
fn judge_names(texts: &Texts, identifier: &str, version: &str) -> Vec<String> {
    let wanted = [
        (GRADLE, format!("applicationId = \"{identifier}\"")),
        (GRADLE, format!("namespace = \"{identifier}\"")),
        (PROJECT, format!("PRODUCT_BUNDLE_IDENTIFIER: {identifier}")),
        (PROJECT, format!("MARKETING_VERSION: {version}")),
        (PLIST, format!("<key>CFBundleShortVersionString</key> <string>{version}</string>")),
        (PLIST, format!("<key>CFBundleURLSchemes</key> <array> <string>{identifier}</string>")),
        (PLIST, format!("<string>{identifier}.wake</string>")),
        (SWIFT, format!("static let name = \"{identifier}.wake\"")),
        (SWIFT, format!("appendingPathComponent(\"{identifier}\")")),
        (KOTLIN, format!("package {identifier}.phone")),
    ];
    let lacks =
        |(path, text): &(&str, String)| !squeeze(&below(texts, path)).contains(&squeeze(text));
    wanted
        .iter()
        .filter(|one| lacks(one))
        .map(|(path, text)| format!("{path} lacks `{text}`"))
        .collect()
}

/// Each name that one side of a border calls is there on the other.
fn judge_border(texts: &Texts) -> Vec<String> {
    let (kotlin, swift) = (below(texts, KOTLIN), below(texts, SWIFT));
    let (java, c) = (below(texts, JAVA_BORDER), below(texts, SWIFT_BORDER));
    let word = |text: &str| -> String {
        text.chars().take_while(|one| one.is_alphanumeric() || *one == '_').collect()
    };
    let after = |text: &str, mark: &str| -> BTreeSet<String> {
        text.split(mark).skip(1).map(word).filter(|name| !name.is_empty()).collect()
    };
    let mut findings = Vec::new();
    let mut compare = |what: &str, one: BTreeSet<String>, other: BTreeSet<String>| {
        if one.is_empty() || one != other {
            findings.push(format!("{what}: {one:?} on one side, {other:?} on the other"));
        }
    };
    let shipped = java.replace("Java_org_handrail_client_phone_Panic_", "");
    compare(
        "Kotlin calls Rust",
        after(&kotlin, "external fun "),
        after(&shipped, "fn Java_org_handrail_client_phone_Wake_"),
    );
    compare(
        "Swift calls Rust",
        after(&swift, "@_silgen_name(\""),
        after(&c, "pub unsafe extern \"C\" fn "),
    );
    let taken: BTreeSet<String> =
        after(&c, "    fn ").into_iter().filter(|name| name.starts_with("handrail_")).collect();
    let offered = after(&swift, "@_cdecl(\"");
    compare(
        "Rust calls Swift",
        taken,
        offered.into_iter().filter(|it| it.starts_with("handrail_")).collect(),
    );
    for class in ["Wake", "DeviceKeys", "KeyGone", "PhonePlugin", "WakeJob", "WakeReceiver"] {
        let is_there =
            ["class ", "object "].iter().any(|kind| kotlin.contains(&format!("{kind}{class}")));
        if !is_there {
            findings.push(format!("there is no Kotlin class {class}"));
        }
        let kept = below(texts, KEEP).lines().any(|line| {
            line.strip_prefix("-keep class org.handrail.client.phone.")
                .is_some_and(|rest| word(rest) == class)
        });
        if !kept {
            findings.push(format!("{KEEP} lets R8 rename {class}"));
        }
    }
    findings
}

/// A file, or all files of a folder.
fn below(texts: &Texts, path: &str) -> String {
    let folder = format!("{path}/");
    let wanted = |name: &String| *name == path || name.starts_with(&folder);
    texts.iter().filter(|(name, _)| wanted(name)).map(|(_, text)| text.as_str()).collect()
}

/// One space wherever there is any, so that a line break tells nothing.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The opening tags of this name.
fn elements<'a>(xml: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    xml.split('<').filter_map(move |rest| {
        let inside = rest.strip_prefix(name)?;
        inside.starts_with(char::is_whitespace).then(|| inside.split('>').next().unwrap_or(inside))
    })
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split_once(&format!("{name}=\""))?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::read_phone_texts;

    fn judge(texts: &Texts) -> Vec<String> {
        find_wrong(texts, "org.handrail.client", "0.1.0")
    }

    /// The texts with one thing changed in one of them.
    fn with(path: &str, before: &str, after: &str) -> Texts {
        let mut texts = read_phone_texts().unwrap();
        let mut changed = 0;
        for (name, text) in &mut texts {
            if name.starts_with(path) && text.contains(before) {
                *text = text.replace(before, after);
                changed += 1;
            }
        }
        assert!(changed > 0, "{path} has no `{before}`");
        texts
    }

    #[test]
    fn what_is_there_is_as_it_must_be() {
        assert_eq!(judge(&read_phone_texts().unwrap()), [""; 0]);
    }

    #[test]
    fn a_line_that_is_gone_or_came_is_seen_each_by_itself() {
        for (path, line, must, why) in LINES.iter().chain(&OURS) {
            let mut texts = read_phone_texts().unwrap();
            for (name, text) in &mut texts {
                if *name == *path || name.starts_with(&format!("{path}/")) {
                    *text = if *must {
                        squeeze(text).replace(&squeeze(line), "")
                    } else {
                        format!("{text}\n{line}")
                    };
                }
            }

            assert!(judge(&texts).iter().any(|finding| finding.contains(why)), "{path}: {line}");
        }
    }

    #[test]
    fn what_the_manifest_may_not_say_is_seen() {
        let cases = [
            ("android.permission.CAMERA", "android.permission.READ_CONTACTS", "PRIVACY"),
            ("android:exported=\"false\"", "android:exported=\"true\"", "PLATFORM-1"),
            ("|fontScale", "", "`fontScale`"),
            ("|density", "", "`density`"),
            (
                "<data android:scheme=\"org.handrail.client\"",
                "<data android:scheme=\"http\"",
                "7.1",
            ),
            (" tools:node=\"remove\"", "", "PRIVACY"),
        ];
        for (before, after, seen) in cases {
            let findings = judge(&with(MANIFEST, before, after));

            assert!(
                findings.iter().any(|finding| finding.contains(seen)),
                "{before}: {findings:?}"
            );
        }
    }

    #[test]
    fn another_name_or_version_in_one_place_is_seen() {
        for (path, before) in [
            (GRADLE, "applicationId = \"org.handrail.client\""),
            (GRADLE, "namespace = \"org.handrail.client\""),
            (PROJECT, "PRODUCT_BUNDLE_IDENTIFIER: org.handrail.client"),
            (PROJECT, "MARKETING_VERSION: 0.1.0"),
            (PLIST, "<string>0.1.0</string>"),
            (PLIST, "<string>org.handrail.client.wake</string>"),
            (SWIFT, "static let name = \"org.handrail.client.wake\""),
        ] {
            assert!(!judge(&with(path, before, "another")).is_empty(), "{path}: {before}");
        }
    }

    #[test]
    fn a_name_that_one_side_of_a_border_lacks_is_seen() {
        for (path, before, after) in [
            (KOTLIN, "external fun turn", "external fun spin"),
            (JAVA_BORDER, "_Wake_attach", "_Wake_join"),
            (SWIFT, "@_silgen_name(\"handrail_wake\")", "@_silgen_name(\"handrail_woke\")"),
            (SWIFT_BORDER, "fn handrail_came_back(", "fn handrail_went("),
            (SWIFT, "@_cdecl(\"handrail_find_key\")", "@_cdecl(\"handrail_look\")"),
            (KEEP, "phone.KeyGone", "phone.KeyLost"),
            (KOTLIN, "class WakeReceiver", "class BootReceiver"),
        ] {
            assert!(!judge(&with(path, before, after)).is_empty(), "{path}: {before}");
        }
    }
}
