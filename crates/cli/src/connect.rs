//! `handrail connect`: confirm, sign in, look for the first time.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use handrail_contract::{
    Problem,
    code::{CodeRead, Grade},
    problem::Refusal,
    sign_in::{BeginSignIn, CancelSignIn, ShowSignIn, SignIn, Stage},
};
use handrail_engine::{Answer as _, Engine};
use serde_json::json;

use crate::{Exit, arguments::Connect, explain, print_json, read_code, speak};

/// Runs the command.
pub async fn run(engine: &Engine, wanted: &Connect, json: bool) -> Result<Exit, Exit> {
    let failed = |problem: Problem| explain(&problem, json);
    let read = read_code(engine, &wanted.link).await.map_err(failed)?;
    let Some(text) = read.text.clone().filter(|_| read.verdict != Grade::Refused) else {
        return Ok(refused(read.reason.unwrap_or(Refusal::NotAnAddress), json));
    };
    if !wanted.accept && !confirm(&read) {
        return Ok(refused(Refusal::Cancelled, json));
    }
    let mut changes = engine.changes();
    let begun =
        engine.answer(BeginSignIn { text, role: wanted.role.into() }).await.map_err(failed)?;
    let attempt = begun.attempt;
    loop {
        let SignIn { stage, .. } =
            engine.answer(ShowSignIn { attempt: attempt.clone() }).await.map_err(failed)?;
        match stage {
            Stage::Connected { source, found } => {
                if json {
                    print_json(
                        &json!({ "event": "connected", "source": source, "counts": found.counts }),
                    );
                } else {
                    println!("Connected: {} ({source})", found.place.name);
                    for line in &found.lines {
                        println!("  {}", speak::phrase(&line.title));
                    }
                    for note in &found.notes {
                        println!(
                            "  {}. {}",
                            speak::phrase(&note.heading),
                            speak::phrase(&note.body)
                        );
                    }
                }
                return Ok(Exit::Done);
            }
            Stage::Refused { reason, .. } => return Ok(refused(reason, json)),
            Stage::Preparing
            | Stage::InBrowser { .. }
            | Stage::Exchanging
            | Stage::Fetching { .. } => {}
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return Err(Exit::OurFault) },
            _ = tokio::signal::ctrl_c() => {
                engine.answer(CancelSignIn { attempt: attempt.clone() }).await.map_err(failed)?;
            }
        }
    }
}

fn refused(reason: Refusal, json: bool) -> Exit {
    let code = reason.code();
    eprintln!(
        "handrail: {}. {} ({code})",
        speak::text(&format!("refused-{code}-heading")),
        speak::text(&format!("refused-{code}-body"))
    );
    if json {
        print_json(&json!({ "event": "refused", "reason": reason }));
    }
    match reason {
        Refusal::NoAnswer => Exit::OutOfReach,
        _ => Exit::Refused,
    }
}

/// Shows the host and asks. Without a terminal there is nobody to ask, so the answer is no.
fn confirm(read: &CodeRead) -> bool {
    let Some(invitation) = &read.invitation else { return false };
    if !std::io::stdin().is_terminal() {
        eprintln!("handrail: this needs --accept, or a terminal to confirm in");
        return false;
    }
    if let Some(name) = &invitation.name {
        println!("Place:    {name}");
    }
    println!("Address:  {}", invitation.host);
    if read.verdict == Grade::Unlisted {
        println!(
            "This place is new. Compare the address with your letter or card, letter by letter."
        );
    }
    print!("Sign in there? [y/N] ");
    if std::io::stdout().flush().is_err() {
        return false;
    }
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .is_ok_and(|_| matches!(line.trim(), "y" | "Y" | "yes"))
}
