//! `handrail scan`: says what a code or link is. No network, no disk but the file it was given.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use handrail_contract::{
    code::{CodeRead, Grade},
    problem::Refusal,
};
use handrail_core::connect::{Registry, verdict};
use handrail_engine::{POLICY, read_picture};
use serde_json::{Value, json};

use crate::{Exit, arguments::Scan, print_json, speak};

/// Runs the command.
pub fn run(wanted: &Scan, registry: &Registry, json: bool) -> Exit {
    let judge = |text: &str| verdict(text, registry, &[], POLICY);
    if let Some(path) = &wanted.batch {
        return match read_batch(path, &judge) {
            Ok(()) => Exit::Done,
            Err(error) => {
                eprintln!("handrail: {}: {error}", path.display());
                Exit::Refused
            }
        };
    }
    let read = match (&wanted.text, &wanted.image) {
        (Some(text), _) => Ok(judge(text)),
        (None, Some(path)) => match std::fs::read(path) {
            Ok(bytes) => read_picture(&bytes, POLICY).map(|text| judge(&text)),
            Err(error) => {
                eprintln!("handrail: {}: {error}", path.display());
                return Exit::Refused;
            }
        },
        (None, None) => return Exit::Refused,
    };
    let (verdict, refusal) = match &read {
        Ok(read) => (in_json(read), read.reason),
        Err(reason) => (json!({ "verdict": Grade::Refused, "reason": reason }), Some(*reason)),
    };
    if json {
        print_json(&verdict);
    }
    match (refusal, read) {
        (Some(reason), _) => {
            let code = reason.code();
            eprintln!(
                "handrail: {}. {} ({code})",
                speak::text(&format!("refused-{code}-heading")),
                speak::text(&format!("refused-{code}-body"))
            );
            Exit::Refused
        }
        (None, Ok(read)) if !json => {
            if let Some(invitation) = read.invitation {
                println!(
                    "An invitation to {}",
                    invitation.name.as_deref().unwrap_or(&invitation.host)
                );
                println!("  address  {}", invitation.fhir_base);
                println!(
                    "  known    {}",
                    if read.verdict == Grade::Listed { "yes" } else { "no, it is new" }
                );
            }
            Exit::Done
        }
        (None, _) => Exit::Done,
    }
}

fn in_json(read: &CodeRead) -> Value {
    let mut verdict = json!({ "verdict": read.verdict });
    if let Some(reason) = read.reason {
        verdict["reason"] = json!(reason);
    }
    if let Some(invitation) = &read.invitation {
        verdict["invitation"] = json!(invitation);
    }
    verdict
}

/// A JSON string a line in, a verdict a line out, in order. A line that is no JSON string is judged as it stands.
fn read_batch(path: &Path, judge: &dyn Fn(&str) -> CodeRead) -> io::Result<()> {
    let lines: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path)?))
    };
    for line in lines.split(b'\n') {
        let line = line?;
        let verdict = match serde_json::from_slice::<String>(&line) {
            Ok(text) => in_json(&judge(&text)),
            Err(_) => json!({ "verdict": Grade::Refused, "reason": Refusal::NotAnAddress }),
        };
        print_json(&verdict);
    }
    Ok(())
}
