//! Questions one at a time.

use handrail_contract::form::{FormPage, FormQuestion, FormReview, FormStep, Given, Input, Spot};

use super::*;
use crate::{
    form::{Draft, Moment},
    view::{Desk, Saved, open_form},
};

static UTC: TimeZone = TimeZone::UTC;

fn moment() -> Moment<'static> {
    Moment { at: now(), tz: &UTC }
}

fn shelf_with(form: Value) -> Shelf {
    let canonical = form["url"].clone();
    let input = json!([{ "type": { "coding": [{ "code": "questionnaire" }] }, "valueCanonical": canonical }]);
    let code = json!({ "coding": [{ "code": "complete-questionnaire" }] });
    shelf(vec![form, todo_task("1", json!({ "code": code, "input": input }))])
}

fn food() -> Value {
    json!({ "resourceType": "Questionnaire", "id": "q", "url": "https://elm.example/q", "version": "1", "title": "Food at home", "item": [
        { "linkId": "worry", "type": "choice", "required": true, "text": "Did you worry?", "answerOption": [
            { "valueCoding": { "code": "often", "display": "Often" } }, { "valueCoding": { "code": "never", "display": "Never" } },
        ] },
        { "linkId": "people", "type": "integer", "text": "How many eat with you?",
          "enableWhen": [{ "question": "worry", "operator": "=", "answerCoding": { "code": "often" } }] },
        { "linkId": "person", "type": "group", "repeats": true, "text": "Who eats with you", "item": [
            { "linkId": "name", "type": "string", "text": "Name?" },
        ] },
        { "linkId": "thanks", "type": "display", "text": "Thank you." },
    ] })
}

fn desk(shelf: &Shelf, kept: Option<Draft>) -> Desk {
    open_form(shelf, &ItemId("todo:elm:1".to_owned()), kept, "en", moment()).unwrap()
}

fn question(page: FormPage) -> FormQuestion {
    match page.step {
        FormStep::Question(question) => *question,
        other => panic!("{other:?}"),
    }
}

fn review(page: FormPage) -> FormReview {
    match page.step {
        FormStep::Review(review) => review,
        other => panic!("{other:?}"),
    }
}

fn save(desk: &mut Desk, at: &Spot, given: &[Given]) -> FormPage {
    match desk.save(at, given, moment()).unwrap() {
        Saved::Draft(draft, page) => {
            desk.draft = Some(*draft);
            *page
        }
        Saved::Not(page) => *page,
    }
}

#[test]
fn a_form_is_asked_question_by_question_to_its_review() {
    let shelf = shelf_with(food());
    let mut desk = desk(&shelf, None);

    let first = desk.show(None, moment());
    let worry = question(first.clone());
    let people = question(save(&mut desk, &worry.at, &[Given::Option(0)]));
    let name = question(save(&mut desk, &people.at, &[Given::Text("3".to_owned())]));
    let end = review(save(&mut desk, &name.at, &[]));

    assert_eq!(first.title, Words::theirs("Food at home"));
    assert_eq!((worry.number, worry.count, worry.required), (1, 2, true));
    assert!(matches!(worry.input, Input::Options { ref options, .. } if options.len() == 2));
    assert_eq!((people.number, people.count), (2, 3));
    assert_eq!(name.group, Some(Words::theirs("Who eats with you")));
    assert!(name.repetition.unwrap().can_add);
    assert!(end.is_complete);
    assert_eq!(end.rows[0].answers, [Words::theirs("Often")]);
    assert_eq!(end.said, [Words::theirs("Thank you.")]);
}

#[test]
fn what_cannot_be_read_is_said_and_what_was_kept_stays() {
    let shelf = shelf_with(food());
    let mut desk = desk(&shelf, None);
    let worry = question(desk.show(None, moment()));
    let people = question(save(&mut desk, &worry.at, &[Given::Option(0)]));
    save(&mut desk, &people.at, &[Given::Text("3".to_owned())]);

    let again = question(save(&mut desk, &people.at, &[Given::Text("a few".to_owned())]));

    assert_eq!(again.at, people.at);
    assert_eq!(key(&again.problems[0]), "form-fault-whole");
    assert_eq!(again.given, [Given::Text("3".to_owned())]);
}

#[test]
fn a_required_question_left_open_is_named_in_the_review() {
    let shelf = shelf_with(food());

    let end = review(desk(&shelf, None).show(Some(&Spot("review".to_owned())), moment()));

    assert!(!end.is_complete);
    assert_eq!(key(&end.rows[0].problems[0]), "form-fault-required");
}

#[test]
fn a_group_is_begun_again_and_taken_away() {
    let shelf = shelf_with(food());
    let mut desk = desk(&shelf, None);
    let worry = question(desk.show(None, moment()));
    let name = question(save(&mut desk, &worry.at, &[Given::Option(1)]));

    let Some(Saved::Draft(draft, second)) = desk.repeat(&name.at, false, moment()) else {
        panic!("there is a group");
    };
    desk.draft = Some(*draft);
    let second = question(*second);
    let Some(Saved::Draft(_, left)) = desk.repeat(&second.at, true, moment()) else {
        panic!("there is a group");
    };

    assert_eq!(
        second.repetition.unwrap().line,
        Phrase::new("form-repetition").with("n", 2).with("count", 2)
    );
    assert!(!question(*left).repetition.unwrap().can_take_away);
}

#[test]
fn a_form_that_cannot_be_shown_says_why_and_takes_no_answer() {
    let mut marked = food();
    marked["modifierExtension"] = json!([{ "url": "https://elm.example/x", "valueBoolean": true }]);
    let shelf = shelf_with(marked);
    let desk = desk(&shelf, None);

    let page = desk.show(None, moment());

    let FormStep::Cannot(note) = page.step else { panic!("it is not shown") };
    assert_eq!(note.body.key, "form-cannot-modifier");
    assert!(desk.save(&Spot("x".to_owned()), &[], moment()).is_none());
}

#[test]
fn a_draft_of_another_version_of_the_form_is_not_taken_for_this_one() {
    let old = {
        let shelf = shelf_with(food());
        let mut desk = desk(&shelf, None);
        let worry = question(desk.show(None, moment()));
        save(&mut desk, &worry.at, &[Given::Option(0)]);
        desk.draft.unwrap()
    };
    let mut newer = food();
    newer["version"] = "2".into();

    let page = desk(&shelf_with(newer), Some(old)).show(None, moment());

    assert_eq!(question(page).given, []);
}

#[test]
fn answers_begun_elsewhere_are_gone_on_with() {
    let mut shelf = shelf_with(food());
    let mut rows: Vec<Kept> = shelf.kept.iter().cloned().collect();
    rows.push(kept(json!({ "resourceType": "QuestionnaireResponse", "id": "r", "status": "in-progress",
        "questionnaire": "https://elm.example/q|1", "authored": "2026-05-05T10:00:00Z",
        "item": [{ "linkId": "worry", "answer": [{ "valueCoding": { "code": "often", "display": "Often" } }] }] })));
    shelf.kept = rows.into();

    let page = desk(&shelf, None).show(None, moment());

    assert_eq!(question(page).heading, Words::theirs("How many eat with you?"));
}

#[test]
fn a_place_in_the_form_that_is_not_asked_takes_no_answer() {
    let shelf = shelf_with(food());
    let desk = desk(&shelf, None);
    let hidden = Spot(r#"{"around":[],"link":"people"}"#.to_owned());

    assert!(desk.save(&hidden, &[Given::Text("3".to_owned())], moment()).is_none());
    assert!(desk.save(&Spot("nonsense".to_owned()), &[], moment()).is_none());
}

#[test]
fn a_form_that_works_out_too_much_says_that_the_person_fills_it_in() {
    let dear = "%resource.descendants().where(item.where(linkId = 'x').count() > 0).count()";
    let mut items: Vec<Value> = (0..400)
        .map(|n| json!({ "linkId": format!("q{n}"), "type": "string", "initial": [{ "valueString": "x" }] }))
        .collect();
    items.extend((0..20).map(|n| json!({ "linkId": format!("sum{n}"), "type": "integer", "text": "How many?", "extension": [{
        "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
        "valueExpression": { "language": "text/fhirpath", "expression": dear },
    }] })));
    let mut form = food();
    form["item"] = items.into();
    let shelf = shelf_with(form);

    let page = desk(&shelf, None).show(None, moment());

    assert_eq!(page.note.clone().unwrap().heading.key, "form-over-heading");
    assert_eq!(question(page).heading, Words::theirs("How many?"));
}

#[test]
fn options_that_came_beside_the_form_can_be_picked() {
    let named = |set: &str| {
        json!({ "resourceType": "Questionnaire", "id": "q", "url": "https://elm.example/q", "item": [
            { "linkId": "a", "type": "choice", "required": true, "text": "How often?", "answerValueSet": set },
        ] })
    };
    let contains =
        json!([{ "code": "often", "display": "Often" }, { "code": "never", "display": "Never" }]);
    let options = |set: &str, expansion: Value| {
        let mut shelf = shelf_with(named(set));
        let mut rows: Vec<Kept> = shelf.kept.iter().cloned().collect();
        rows.push(kept(
            json!({ "resourceType": "ValueSet", "id": "often", "expansion": expansion }),
        ));
        shelf.kept = rows.into();
        match desk(&shelf, None).show(None, moment()).step {
            FormStep::Question(question) => match question.input {
                Input::Options { options, .. } => options.len(),
                other => panic!("{other:?}"),
            },
            // A required question without its options: the whole form says so.
            FormStep::Cannot(_) => 0,
            other => panic!("{other:?}"),
        }
    };

    let whole = json!({ "total": 2, "contains": contains });
    assert_eq!(options("https://elm.example/fhir/ValueSet/often", whole.clone()), 2);
    assert_eq!(options("ValueSet/often|3", whole.clone()), 2);
    assert_eq!(
        options("https://oak.example/fhir/ValueSet/often", whole),
        0,
        "another's is none of ours"
    );
    let part = json!({ "total": 900, "contains": contains });
    assert_eq!(options("ValueSet/often", part), 0, "a part is offered as no whole");
}
