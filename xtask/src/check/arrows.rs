//! Who may depend on whom. STYLE and docs/adr draw it; this refuses anything else.

use serde_json::Value;

/// Each package of ours, and what it may name in its Cargo.toml, tests and build scripts included.
const DRAWN: [(&str, &[&str]); 13] = [
    ("handrail-contract", &[]),
    ("handrail-core", &["handrail-contract"]),
    ("handrail-engine", &["handrail-core", "handrail-contract"]),
    ("handrail-sandbox", &[]),
    // docs/adr/0021: the sandbox's handlers, without a socket.
    ("handrail-tryout", &["handrail-engine", "handrail-sandbox", "handrail-contract"]),
    ("handrail-cli", &["handrail-engine", "handrail-tryout", "handrail-core", "handrail-contract"]),
    (
        "handrail-app",
        &[
            "handrail-engine",
            "handrail-tryout",
            "handrail-core",
            "handrail-contract",
            "handrail-plugin",
        ],
    ),
    ("handrail-frontend", &["handrail-contract"]),
    (
        "handrail-tests",
        &[
            "handrail-engine",
            "handrail-cli",
            "handrail-sandbox",
            "handrail-core",
            "handrail-contract",
        ],
    ),
    ("xtask", &[]),
    ("xtask-bindgen", &[]),
    // docs/adr/0014: what it signs is judged by the app's own code.
    ("xtask-registry", &["handrail-core"]),
    // The native code of the phones.
    ("handrail-plugin", &["handrail-contract"]),
];

/// Crates that only one may name, even for its tests.
const NEVER: [(&str, &str); 4] = [
    ("handrail-app", "axum"),
    ("handrail-engine", "axum"),
    ("handrail-contract", "tokio"),
    ("handrail-core", "tokio"),
];

/// What a package may not reach, through whatever is between.
pub struct Reach {
    pub from: &'static str,
    never: &'static [&'static str],
    reason: &'static str,
}

/// No I/O in the decisions, no server in the app, no network in the pages.
pub const REACH: [Reach; 5] = [
    Reach {
        from: "handrail-contract",
        never: &["tokio", "reqwest", "hyper", "tauri", "axum", "rusqlite"],
        reason: "the contract is plain data",
    },
    Reach {
        from: "handrail-core",
        never: &["tokio", "reqwest", "hyper", "tauri", "axum", "rusqlite"],
        reason: "the core decides and does no I/O",
    },
    Reach {
        from: "handrail-engine",
        never: &["tauri", "axum", "yew"],
        reason: "the engine knows no shell",
    },
    Reach {
        from: "handrail-app",
        // What the sandbox takes to listen and to draw codes; its handlers alone are in the app (docs/adr/0021).
        never: &["qrcode", "yew"],
        reason: "no server that listens is in the app",
    },
    Reach {
        from: "handrail-frontend",
        never: &["reqwest", "hyper", "tauri"],
        reason: "pages reach no network; they ask",
    },
];

impl Reach {
    /// What is in `tree` (`cargo tree --prefix none --format {p}`) and must not be.
    pub fn find_reached(&self, tree: &str) -> Vec<String> {
        let mut names: Vec<&str> =
            tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
        names.sort_unstable();
        names.dedup();
        let reached = names.into_iter().filter(|name| self.never.contains(name));
        reached
            .map(|name| {
                let from = self.from;
                format!("{from} reaches {name}: {} (cargo tree -p {from} -i {name})", self.reason)
            })
            .collect()
    }
}

/// Every arrow of `cargo metadata --no-deps`: from a package of ours to what it names.
pub fn read_arrows(metadata: &Value) -> Vec<(String, String)> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let mut arrows = Vec::new();
    for package in list(&metadata["packages"]) {
        // So that a package without arrows is seen too.
        arrows.push((name(&package), name(&package)));
        for dependency in list(&package["dependencies"]) {
            arrows.push((name(&package), name(&dependency)));
        }
    }
    arrows
}

/// The arrows that nobody drew.
pub fn find_wrong_arrows(arrows: &[(String, String)]) -> Vec<String> {
    let ours = |name: &str| arrows.iter().any(|(from, _)| from == name);
    let mut findings = Vec::new();
    for (from, to) in arrows {
        if NEVER.contains(&(from, to)) {
            findings.push(format!("{from} → {to}: never"));
        }
        let Some((_, drawn)) = DRAWN.iter().find(|(name, _)| name == from) else {
            if from == to {
                findings.push(format!("{from} is not drawn: add it to xtask/src/check/arrows.rs"));
            }
            continue;
        };
        if from != to && ours(to) && !drawn.contains(&to.as_str()) {
            findings.push(format!("{from} → {to}: nobody drew this arrow"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn arrows(lines: &[(&str, &str)]) -> Vec<(String, String)> {
        lines.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
    }

    #[test]
    fn an_arrow_against_the_drawing_is_refused() {
        let wrong = arrows(&[
            ("handrail-core", "handrail-core"),
            ("handrail-engine", "handrail-engine"),
            ("handrail-core", "handrail-engine"),
            ("handrail-engine", "handrail-core"),
        ]);

        assert_eq!(
            find_wrong_arrows(&wrong),
            ["handrail-core → handrail-engine: nobody drew this arrow"]
        );
    }

    #[test]
    fn axum_in_the_window_is_refused() {
        let wrong = arrows(&[("handrail-app", "axum")]);

        assert_eq!(find_wrong_arrows(&wrong), ["handrail-app → axum: never"]);
    }

    #[test]
    fn a_sandbox_that_listens_is_refused_in_the_window_and_its_handlers_are_not() {
        let window = REACH.iter().find(|reach| reach.from == "handrail-app").unwrap();

        let listens = window.find_reached("handrail-sandbox v0.1.0 (/x)\nqrcode v0.14.1\n");
        let answers = window.find_reached("handrail-sandbox v0.1.0 (/x)\naxum v0.8.9\n");

        assert_eq!((listens.len(), answers.len()), (1, 0), "{listens:?} {answers:?}");
    }

    #[test]
    fn a_crate_that_nobody_drew_is_refused() {
        let wrong = arrows(&[("handrail-extra", "handrail-extra")]);

        assert_eq!(find_wrong_arrows(&wrong).len(), 1);
    }

    #[test]
    fn reaching_a_runtime_from_the_core_is_refused() {
        let tree =
            "handrail-core v0.1.0 (/x)\noauth2 v5.0.0\nreqwest v0.12.28\nreqwest v0.12.28 (*)\n";

        let findings = REACH[1].find_reached(tree);

        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].starts_with("handrail-core reaches reqwest"));
    }

    #[test]
    fn arrows_for_tests_and_build_scripts_count() {
        let metadata = json!({ "packages": [
            { "name": "handrail-sandbox", "dependencies": [{ "name": "handrail-core", "kind": "dev" }] },
            { "name": "handrail-core", "dependencies": [] },
        ]});

        let findings = find_wrong_arrows(&read_arrows(&metadata));

        assert_eq!(findings, ["handrail-sandbox → handrail-core: nobody drew this arrow"]);
    }
}
