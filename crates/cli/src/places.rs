//! `handrail places`: which places can be chosen without a code.

use std::path::Path;

use handrail_contract::{Problem, partner::ListPlaces};
use handrail_engine::{Answer as _, Engine, places};

use crate::{Exit, print_json};

/// Saves a list that was brought in a file.
pub fn take(data: &Path, file: &Path) -> Result<(), Exit> {
    match places::take_brands(data, file) {
        Ok(brands) => {
            eprintln!(
                "handrail: {} places, {} entries left out",
                brands.rows.len(),
                brands.left_out
            );
            Ok(())
        }
        Err(error) => {
            eprintln!("handrail: {}: {error}", file.display());
            Err(Exit::Refused)
        }
    }
}

/// Lists them.
pub async fn run(engine: &Engine, search: &str, json: bool) -> Result<(), Problem> {
    let found = engine.answer(ListPlaces { search: search.to_owned() }).await?;
    if json {
        print_json(&found);
        return Ok(());
    }
    for row in &found.rows {
        let town = row.town.as_deref().unwrap_or_default();
        println!(
            "{}  {town}  {}{}  {:?}",
            row.name, row.host.before, row.host.registered, row.grade
        );
        println!("    handrail connect {}", row.text);
    }
    if found.more > 0 {
        println!("… and {} more: type more of the name.", found.more);
    }
    Ok(())
}
