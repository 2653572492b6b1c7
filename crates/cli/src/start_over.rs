//! `handrail start-over`: the way out where the key to what is saved is lost for good.

use std::{
    io::{BufRead as _, Write as _},
    sync::Arc,
};

use handrail_engine::keys;
use serde_json::json;

use crate::{
    Exit, arguments::Arguments, browser::TerminalBrowser, explain, open, print_json,
    refuse_to_start,
};

/// Moves aside what nobody can open any more, then opens the folder with new keys.
pub fn run(arguments: &Arguments, yes: bool) -> Result<Exit, Exit> {
    let json = arguments.json;
    // Programs are not asked.
    if !yes && (json || !is_agreed()) {
        eprintln!("handrail: nothing was done; `--yes` does it without asking");
        return Err(Exit::Refused);
    }
    let data = arguments.data_folder();
    let aside = keys::start_over(&data).map_err(|error| explain(&error.problem(), json))?;
    open(arguments, Arc::new(TerminalBrowser::new(false, json)))
        .map_err(|error| refuse_to_start(&error, json))?;
    if json {
        print_json(&json!({ "set_aside": aside }));
    } else {
        println!("What was saved lies in {}, as it was.", data.join(aside).display());
        println!("Handrail begins anew: connect your places again.");
    }
    Ok(Exit::Done)
}

fn is_agreed() -> bool {
    print!("Move what cannot be opened aside, and begin anew? Nothing is deleted. [y/N] ");
    let mut answer = String::new();
    std::io::stdout().flush().is_ok()
        && std::io::stdin().lock().read_line(&mut answer).is_ok()
        && answer.trim().eq_ignore_ascii_case("y")
}
