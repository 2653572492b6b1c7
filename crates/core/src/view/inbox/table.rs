//! The inbox as a table for a spreadsheet (RFC 4180), one line a request.
//!
//! In: the inbox as it is told. Out: the text of a CSV file.
//! Never: a way to reach the person, or a cell that a spreadsheet would take for a formula.

use handrail_contract::{
    export::Exported,
    inbox::{ConsentSeen, InboxGroup, InboxRow, ListInbox, TableOf},
    words::{Filling, Phrase, Words},
};

use super::list;
use crate::{
    fhir::time::read_instant,
    view::{Now, index::Index},
};

/// What tells a spreadsheet that the file is UTF-8 (Unicode, section 23.8). Excel takes letters with accents apart without
/// it.
const MARK: &str = "\u{feff}";

/// The columns. Their names are for programs, so they are the same in every language.
const COLUMNS: [&str; 14] = [
    "group",
    "do_not_contact",
    "title",
    "topic",
    "person",
    "age",
    "language",
    "sender",
    "place",
    "reasons",
    "goals",
    "consent",
    "due",
    "days_old",
];

/// The file, of all requests or of those that somebody moved on a day.
pub fn write(index: &Index<'_>, of: &TableOf, now: Now<'_>) -> Exported {
    let today = now.tz.to_datetime(now.at).date().to_string();
    let day = match of {
        TableOf::All => None,
        TableOf::Today => Some(today.as_str()),
        TableOf::Day(day) => Some(day.as_str()),
    };
    let inbox = list(index, &ListInbox::default(), now);
    let rows = [inbox.new, inbox.active, inbox.waiting, inbox.done].into_iter().flatten();
    let lines = rows.filter(|row| day.is_none_or(|day| is_of_day(index, row, day, now)));
    let mut table = csv::Writer::from_writer(Vec::from(MARK));
    let invariant = "a table in memory takes every line of as many cells as it has columns";
    table.write_record(COLUMNS).expect(invariant);
    for row in lines {
        table.write_record(cells(&row).map(defuse)).expect(invariant);
    }
    let content = table.into_inner().expect(invariant);
    Exported {
        name: format!("handrail-requests-{}.csv", day.unwrap_or(&today)),
        media: "text/csv".to_owned(),
        content: String::from_utf8(content).expect("cells and commas are text"),
    }
}

/// Whether the request was asked or moved on this day, where the person is.
fn is_of_day(index: &Index<'_>, row: &InboxRow, day: &str, now: Now<'_>) -> bool {
    let Some(task) =
        super::read_id(&row.id).and_then(|(source, id)| index.row(&source, "Task", &id))
    else {
        return false;
    };
    let is_on = |at| now.tz.to_datetime(at).date().to_string() == day;
    let told = ["authoredOn", "lastModified"].into_iter().filter_map(|member| {
        task.body.get(member).and_then(serde_json::Value::as_str).and_then(read_instant)
    });
    told.chain(task.last_updated).any(is_on)
}

fn cells(row: &InboxRow) -> [String; COLUMNS.len()] {
    let all = |words: &[Words]| words.iter().map(plain).collect::<Vec<_>>().join("; ");
    let consent = match row.consent {
        ConsentSeen::InForce => "in_force",
        ConsentSeen::NotInForce => "not_in_force",
        ConsentSeen::NotSeen => "not_seen",
    };
    let group = match row.group {
        InboxGroup::New => "new",
        InboxGroup::Active => "active",
        InboxGroup::Waiting => "waiting",
        InboxGroup::Done => "done",
    };
    [
        group.to_owned(),
        if row.do_not_contact { "yes" } else { "no" }.to_owned(),
        plain(&row.title),
        plain(&row.topic),
        row.person.clone().unwrap_or_default(),
        row.age.map(|age| age.to_string()).unwrap_or_default(),
        row.language.as_ref().map(plain).unwrap_or_default(),
        plain(&row.sender),
        row.place.name.clone(),
        all(&row.reasons),
        all(&row.goals),
        consent.to_owned(),
        row.due.clone().unwrap_or_default(),
        row.days_old.map(|days| days.to_string()).unwrap_or_default(),
    ]
}

/// Their words as they are; ours by their key, because a file has no language, or by the name that fills its gap.
fn plain(words: &Words) -> String {
    match words {
        Words::Theirs { text, .. } => text.clone(),
        Words::Ours(Phrase { key, with }) => with
            .values()
            .find_map(|it| match it {
                Filling::Text(text) | Filling::Language { name: text, .. } => Some(text.clone()),
                _ => None,
            })
            .unwrap_or_else(|| key.clone()),
    }
}

/// A cell that no spreadsheet runs (OWASP, "CSV Injection"): what would begin a formula stands behind an apostrophe.
fn defuse(cell: String) -> String {
    let first = cell.trim_start_matches([' ', '\u{a0}']).chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{cell}")
        }
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_spreadsheet_would_run_begins_a_cell() {
        for cell in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u{a0}=1", "＝1",
            "＋1", "－1", "＠A1",
        ] {
            assert_eq!(defuse(cell.to_owned()), format!("'{cell}"));
        }
        for cell in ["", "Food box", "2026-05-06", "a=b", "Ann-Marie"] {
            assert_eq!(defuse(cell.to_owned()), cell);
        }
    }
}
