//! A place that writes markup into everything it may fill: it is shown as the letters it is, and nothing else happens.

use std::cell::Cell;

use handrail_sandbox::{Options, Sandbox};
use serde_json::Value;
use support::{
    phone::registry_of,
    preview::{Look, Preview},
    tour::Tour,
};

/// Does something wherever it is taken for markup.
const MARKUP: &str = concat!(
    " <b class=spoilt>bold</b><img src=/spoilt onerror=window.spoilt=1>",
    "<script>window.spoilt=1</script><style>.app{display:none}</style>",
    "<a href=javascript:window.spoilt=1>link</a><iframe src=/spoilt></iframe>",
    "<form action=/spoilt></form><meta http-equiv=refresh content=0;url=/spoilt>",
);

const RUNS: &str = "javascript:window.spoilt=1";

/// What a server's people write, and a page may show.
const WRITTEN: [&str; 20] = [
    "text",
    "display",
    "description",
    "title",
    "name",
    "given",
    "family",
    "line",
    "city",
    "comment",
    "valueString",
    "valueMarkdown",
    "patientInstruction",
    "purpose",
    "copyright",
    "prefix",
    "alias",
    "label",
    "publisher",
    "extraDetails",
];

const KINDS: [&str; 15] = [
    "Patient",
    "Task",
    "ServiceRequest",
    "Goal",
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Questionnaire",
    "Procedure",
    "DocumentReference",
    "HealthcareService",
    "Consent",
    "Condition",
    "Observation",
    "Location",
];

#[tokio::test(flavor = "multi_thread")]
async fn markup_in_every_field_is_shown_as_letters_and_does_nothing() {
    let shown = Cell::new(0_u32);
    let spoil_all = |sandbox: &Sandbox| {
        for place in sandbox.places() {
            let control = place.control();
            for mut resource in KINDS.iter().flat_map(|kind| control.list_resources(kind)) {
                spoil(&mut resource, "");
                control.put_resource(resource);
            }
        }
    };
    Tour::walk_spoilt(Look::Light, spoil_all, async |preview: &Preview, name: &str| {
        let faults = look(preview).await;
        assert_eq!(faults, Vec::<String>::new(), "on {name}");
        shown
            .set(shown.get() + u32::from(preview.screen.text().await.contains("<b class=spoilt>")));
    })
    .await;

    assert!(shown.get() > 15, "the markup reached {} pages only", shown.get());
}

/// The look is awake: markup that is taken as such is found.
#[tokio::test(flavor = "multi_thread")]
async fn markup_that_is_taken_for_markup_would_be_noticed() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::open(folder.path(), &registry_of(&sandbox), Look::Light).await;
    preview.screen.see("Your help, in one place").await;
    assert_eq!(look(&preview).await, Vec::<String>::new());

    let insert = "document.querySelector('main').innerHTML += arguments[0]";
    // All but the last, which leads away at once.
    let markup = MARKUP.split("<meta").next().unwrap();
    preview.screen.run(insert, vec![markup.into()]).await;

    let faults = look(&preview).await.join("\n");
    for sign in ["B", "IMG", "A javascript:", "IFRAME", "FORM"] {
        assert!(faults.contains(sign), "{sign} was not noticed:\n{faults}");
    }
    // The policy of the page held all the same.
    assert!(!faults.contains("ran"), "{faults}");
}

/// Writes markup after every text, and something that runs into every link.
fn spoil(value: &mut Value, key: &str) {
    match value {
        Value::Object(members) => {
            members.iter_mut().for_each(|(key, value)| spoil(value, key));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, key)),
        Value::String(text) if WRITTEN.contains(&key) => text.push_str(MARKUP),
        Value::String(text) if key == "div" => {
            *text = text.replace("</div>", &format!("{MARKUP}</div>"));
        }
        // Forms are named by address, and addresses of the guide's own are no links.
        Value::String(text) if key == "valueUrl" => RUNS.clone_into(text),
        _ => {}
    }
}

/// What on the page came of markup.
async fn look(preview: &Preview) -> Vec<String> {
    let script = r"
        const faults = [];
        if (window.spoilt) faults.push('a script of the place ran');
        const own = 'iframe, form[action], meta, object, embed, base, .spoilt, [src*=spoilt], [action*=spoilt], main style, main script';
        for (const it of document.body.querySelectorAll(own)) faults.push(`${it.tagName} of the place`);
        for (const it of document.querySelectorAll('[href], [src]')) {
            const link = it.getAttribute('href') ?? it.getAttribute('src');
            if (/^\s*(javascript|data|vbscript):/i.test(link)) faults.push(`${it.tagName} ${link}`);
        }
        for (const it of document.querySelectorAll('*')) {
            for (const { name } of it.attributes) if (name.startsWith('on')) faults.push(`${it.tagName} has ${name}`);
        }
        for (const { name } of performance.getEntriesByType('resource')) {
            if (new URL(name).origin !== location.origin || name.includes('spoilt')) faults.push(`asked for ${name}`);
        }
        if (!document.querySelector('.app')?.checkVisibility()) faults.push('the page is hidden');
        return faults;";
    let faults = preview.screen.run(script, Vec::new()).await;
    serde_json::from_value(faults).expect("a list of sentences")
}
