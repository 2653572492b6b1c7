//! `handrail act`: what the person does to a to-do, or an organization to a request.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use handrail_contract::{
    Problem,
    act::{Act, ActKind, ActState, Acted, Asking, Given},
    words::ItemId,
};
use handrail_engine::{Answer as _, Engine};
use serde_json::{Value, json};

use crate::{Exit, arguments::ActOn, print_json, speak};

/// Does it, and says what came of it. Waiting is not done: the exit status says what it waits for.
pub async fn run(engine: &Engine, on: &ActOn, json: bool) -> Result<Exit, Problem> {
    let answer = match on.answer.as_deref().map(read_answer).transpose() {
        Ok(answer) => answer,
        Err(error) => {
            eprintln!("handrail: the answer cannot be read: {error}");
            return Ok(Exit::Refused);
        }
    };
    let answer = answer.or_else(|| {
        let because = on.because.map(|why| Given::Because(why.into()));
        let is_done = on.nothing_done || !on.done.is_empty();
        let done = is_done.then(|| match on.on.clone() {
            Some(day) => Given::DoneOn { done: on.done.clone(), day },
            None => Given::Done(on.done.clone()),
        });
        let capacity = on.capacity.map(|capacity| Given::Capacity(capacity.into()));
        let asking = read_asking(on).map(Given::Asking);
        let question = || on.question.clone().map(Given::Words);
        because.or(done).or(capacity).or(asking).or_else(question)
    });
    let question = Act {
        id: ItemId(on.id.clone()),
        act: ActKind::from(on.act),
        reason: on.reason.clone(),
        answer,
    };
    let acted = engine.answer(question).await?;
    if json {
        print_json(&acted);
    } else {
        say(&acted);
    }
    Ok(match (acted.state, acted.problem.as_deref()) {
        (ActState::Sent, _) => Exit::Done,
        (ActState::Waiting, Some("sign_in_again")) => Exit::SignInAgain,
        (ActState::Waiting, _) => Exit::OutOfReach,
        (ActState::Conflict | ActState::Refused, _) => Exit::Refused,
    })
}

fn say(acted: &Acted) {
    match &acted.note {
        Some(note) => println!("{}. {}", speak::phrase(&note.heading), speak::phrase(&note.body)),
        None => println!("{}", speak::text("sending-sent")),
    }
    if let Some(said) = &acted.said {
        println!("“{}”", speak::words(said));
    }
}

/// What the person is asked for, where it is more than a question.
fn read_asking(on: &ActOn) -> Option<Asking> {
    let words = on.question.clone().unwrap_or_default();
    if !on.call.is_empty() {
        return Some(Asking::Contact { whom: on.call.clone(), words });
    }
    match (&on.form, &on.page) {
        (Some(form), _) => Some(Asking::Form { form: form.clone(), words }),
        (None, Some(page)) => Some(Asking::Review { address: page.clone(), words }),
        (None, None) => None,
    }
}

/// A PDF, an answered form, or a text: the content says which.
fn read_answer(path: &Path) -> std::io::Result<Given> {
    let bytes = std::fs::read(path)?;
    if bytes.starts_with(b"%PDF-") {
        return Ok(Given::Pdf(STANDARD.encode(bytes)));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| std::io::Error::other("neither a PDF nor a text in UTF-8"))?;
    let is_form = serde_json::from_str::<Value>(&text)
        .is_ok_and(|value| value.get("resourceType") == Some(&json!("QuestionnaireResponse")));
    Ok(if is_form { Given::Form(text) } else { Given::Words(text.trim().to_owned()) })
}
