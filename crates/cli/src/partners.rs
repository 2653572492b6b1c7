//! `handrail registry`: the list of partners.

use std::path::Path;

use handrail_engine::registry::{self, InstallError, Origin};
use serde_json::json;

use crate::{Exit, arguments::RegistryVerb, print_json};

/// Runs the command. Touches no network and asks for no key.
pub fn run(data: &Path, verb: &RegistryVerb, json: bool) -> Result<Exit, Exit> {
    match verb {
        RegistryVerb::Show => show(data, json),
        RegistryVerb::Check { file } => {
            let judged = registry::check(data, file);
            report(judged, json, "would be taken")?;
        }
        RegistryVerb::Install { file } => {
            let installed = registry::install(data, file);
            report(installed, json, "is in force from the next start on")?;
        }
    }
    Ok(Exit::Done)
}

fn show(data: &Path, json: bool) {
    let partners = registry::load(data);
    let origin = match partners.origin {
        Origin::Bundled => "bundled",
        Origin::Installed => "installed",
    };
    let trouble = partners.trouble.map(|error| error.to_string());
    let (version, rows) = (partners.registry.version, partners.registry.rows.len());
    if json {
        print_json(
            &json!({ "version": version, "rows": rows, "origin": origin, "trouble": trouble }),
        );
        return;
    }
    println!("version {version}, {rows} places, {origin}");
    if let Some(trouble) = trouble {
        println!("The installed list was left out: {trouble}.");
    }
}

fn report(judged: Result<u64, InstallError>, json: bool, what: &str) -> Result<(), Exit> {
    match judged {
        Ok(version) if json => print_json(&json!({ "version": version })),
        Ok(version) => println!("Version {version} {what}."),
        Err(error) => {
            eprintln!("handrail: {error}; the list that was there is still in force");
            if json {
                print_json(&json!({ "refused": error.to_string() }));
            }
            return Err(Exit::Refused);
        }
    }
    Ok(())
}
