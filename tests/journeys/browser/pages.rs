//! Every page in every state, for people who see little, press with a thumb or use the keyboard (WCAG 2.2 AA), and as it
//! was drawn: held against the picture that is kept of it.
//!
//! axe-core judges what a program can judge; what the house asks beyond that is looked at here.

use std::{
    cell::{Cell, RefCell},
    fs,
    path::Path,
};

use handrail_sandbox::{Options, Sandbox};
use serde::Deserialize;
use serde_json::{Value, json};
use support::{
    album::Album,
    phone::registry_of,
    preview::{Look, Preview},
    programs::tools,
    tour::Tour,
};

/// What axe-core found on a page: its rule, and where.
#[derive(Debug, Deserialize)]
struct Finding {
    rule: String,
    help: String,
    places: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_and_as_it_was_in_light() {
    walk(Look::Light).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_and_as_it_was_in_dark_with_more_contrast_and_less_motion() {
    walk(Look::Dark).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_and_as_it_was_in_spanish() {
    walk(Look::Spanish).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_and_as_it_was_in_letters_of_twice_the_size_on_the_narrowest_phone()
 {
    walk(Look::Large).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_page_is_accessible_and_as_it_was_on_a_tablet() {
    glance(Look::Tablet).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_page_is_accessible_and_as_it_was_on_a_desktop() {
    glance(Look::Desktop).await;
}

/// The judges are awake: faults put into a page are found.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_faults_is_told_from_one_without() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::open(folder.path(), &registry_of(&sandbox), Look::Light).await;
    preview.screen.see("Your help, in one place").await;
    let judge = read_judge();
    assert_eq!(judge_all(&preview, &judge).await, Vec::<String>::new());

    let spoil = "const main = document.querySelector('main'); \
        const add = (tag, set) => main.append(Object.assign(document.createElement(tag), set)); \
        add('img', { src: 'icon.svg' }); add('h1', { textContent: 'Again' }); \
        add('button', { textContent: 'x' }); add('button', {}); \
        add('p', { textContent: 'Pale', style: 'color: #eee; background: #fff' }); \
        add('p', { textContent: 'Wide', style: 'width: 900px' })";
    preview.screen.run(spoil, Vec::new()).await;
    let faults = judge_all(&preview, &judge).await.join("\n");

    for sign in [
        "image-alt",
        "color-contrast",
        "small target",
        "2 first headings",
        "sideways",
        "a button without a name",
    ] {
        assert!(faults.contains(sign), "{sign} was not noticed:\n{faults}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_who_helps_is_accessible_and_as_it_was_in_light() {
    walk_desk(Look::Light).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_who_helps_is_accessible_and_as_it_was_in_dark() {
    walk_desk(Look::Dark).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_who_helps_is_accessible_and_as_it_was_in_spanish() {
    walk_desk(Look::Spanish).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_who_helps_is_accessible_and_as_it_was_in_letters_of_twice_the_size() {
    walk_desk(Look::Large).await;
}

/// Walks past every page of who is helped, and judges each.
async fn walk(look: Look) {
    let visitor = Visitor::new(look);
    Tour::walk(look, async |preview: &Preview, name: &str| visitor.look(preview, name).await).await;
    visitor.tell(30);
}

/// The same past every page of who helps.
async fn walk_desk(look: Look) {
    let visitor = Visitor::new(look);
    let visit = async |preview: &Preview, name: &str| visitor.look(preview, name).await;
    Tour::walk_desk(look, visit).await;
    visitor.tell(12);
}

async fn glance(look: Look) {
    let visitor = Visitor::new(look);
    Tour::glance(look, async |preview: &Preview, name: &str| visitor.look(preview, name).await)
        .await;
    visitor.tell(8);
}

/// Who goes along and judges.
struct Visitor {
    look: Look,
    judge: String,
    album: Album,
    faults: RefCell<Vec<String>>,
    stops: Cell<u32>,
}

impl Visitor {
    fn new(look: Look) -> Self {
        Self {
            look,
            judge: read_judge(),
            album: Album::open(look),
            faults: RefCell::default(),
            stops: Cell::default(),
        }
    }

    async fn look(&self, preview: &Preview, name: &str) {
        self.stops.set(self.stops.get() + 1);
        if let Some(folder) = std::env::var_os("HANDRAIL_PICTURES") {
            let file = format!("{name}-{:?}.png", self.look);
            preview.take_picture(&Path::new(&folder).join(file)).await;
        }
        let mut found = judge_all(preview, &self.judge).await;
        if self.look == Look::Dark {
            found.extend(look_at_rest(preview, &self.judge).await);
        }
        found.extend(self.album.compare(preview, name).await);
        let named = found.into_iter().map(|fault| format!("{name}: {fault}"));
        self.faults.borrow_mut().extend(named);
    }

    /// Ends the test if there were faults, or fewer stops than there should be.
    fn tell(self, stops: u32) {
        let faults = self.faults.into_inner();
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
        assert!(self.stops.get() >= stops, "the walk was cut short");
    }
}

fn read_judge() -> String {
    fs::read_to_string(tools().join("axe/node_modules/axe-core/axe.min.js"))
        .expect("`cargo xtask setup` fetched axe-core")
}

async fn judge_all(preview: &Preview, judge: &str) -> Vec<String> {
    let found = ask_axe(preview, judge).await.into_iter();
    let mut faults: Vec<String> =
        found.map(|Finding { rule, help, places }| format!("{rule}: {help}: {places:?}")).collect();
    faults.extend(look_beyond(preview).await);
    faults.extend(listen(preview).await);
    faults
}

/// The same page for somebody who asked for more contrast and less motion: what still moves, or is pale.
async fn look_at_rest(preview: &Preview, judge: &str) -> Vec<String> {
    let asked = json!({ "features": [
        { "name": "prefers-reduced-motion", "value": "reduce" },
        { "name": "prefers-contrast", "value": "more" },
    ] });
    preview.devtools("Emulation.setEmulatedMedia", asked).await;
    let script = r"
        const moves = it => [getComputedStyle(it), getComputedStyle(it, '::before')].some(style =>
            [...style.transitionDuration.split(','), ...style.animationDuration.split(',')].some(it => parseFloat(it) > 0));
        return [...document.querySelectorAll('body, body *')].filter(moves).map(it => `${it.tagName} ${it.className} moves`);";
    let moving = preview.screen.run(script, Vec::new()).await;
    let mut faults: Vec<String> = serde_json::from_value(moving).expect("a list of sentences");
    let pale = ask_axe(preview, judge).await.into_iter();
    faults.extend(pale.map(|finding| format!("{}: {:?}", finding.help, finding.places)));
    preview.devtools("Emulation.setEmulatedMedia", json!({ "features": [] })).await;
    faults
}

/// What a screen reader would have no words for, or one word for two things that do different things.
async fn listen(preview: &Preview) -> Vec<String> {
    const NAMED: [&str; 12] = [
        "button",
        "link",
        "textbox",
        "checkbox",
        "radio",
        "combobox",
        "heading",
        "dialog",
        "progressbar",
        "switch",
        "navigation",
        "img",
    ];
    let tree = preview.devtools("Accessibility.getFullAXTree", json!({})).await;
    let nodes = tree["nodes"].as_array().expect("the tree has nodes");
    let told =
        |node: &Value, what: &str| node[what]["value"].as_str().unwrap_or_default().to_owned();
    let heard = nodes.iter().filter(|node| node["ignored"] == false);
    let heard: Vec<(String, String)> = heard
        .map(|node| (told(node, "role"), told(node, "name")))
        .filter(|(role, _)| NAMED.contains(&role.as_str()))
        .collect();
    assert!(heard.len() > 2, "nothing can be heard: {tree}");
    let mut faults: Vec<String> = heard
        .iter()
        .filter(|(_, name)| name.trim().is_empty())
        .map(|(role, _)| format!("a {role} without a name"))
        .collect();
    let buttons: Vec<&String> =
        heard.iter().filter(|(role, _)| role == "button").map(|(_, name)| name).collect();
    for (at, name) in buttons.iter().enumerate() {
        if buttons[..at].contains(name) {
            faults.push(format!("two buttons say “{name}”"));
        }
    }
    faults
}

async fn ask_axe(preview: &Preview, judge: &str) -> Vec<Finding> {
    let script = format!(
        "{judge};
        const done = arguments[0];
        // A page scrolls under its bars; how far it happens to be scrolled is no finding.
        const loose = new CSSStyleSheet();
        loose.replaceSync('.actions, .tabs, .bar {{ position: static !important; }}');
        document.adoptedStyleSheets = [loose];
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        axe.run(document, {{ runOnly: tags, resultTypes: ['violations'] }}).then(found => {{
            document.adoptedStyleSheets = [];
            done(found.violations.map(it => ({{
                rule: it.id,
                help: it.help,
                places: it.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary),
            }})));
        }});"
    );
    let found = preview.screen.run_until_done(&script, Vec::new()).await;
    serde_json::from_value(found).expect("axe-core answers as it did")
}

/// Nothing cut off at the sides, targets of 48 px, one first heading, a title that names the page.
async fn look_beyond(preview: &Preview) -> Vec<String> {
    let script = r"
        const faults = [];
        const dialog = document.querySelector('dialog[open]');
        const seen = it => it.checkVisibility({ visibilityProperty: true }) && !it.closest('.vh, .skip, svg');
        // A phone zooms out to show what is too wide; how wide it is itself stays as it was.
        const width = document.documentElement.clientWidth;
        for (const it of document.querySelectorAll('body *')) {
            const { left, right } = it.getBoundingClientRect();
            if (seen(it) && (right > width + 1 || left < -1)) {
                faults.push(`reaches out of the page sideways: ${it.tagName} ${it.className} ${left | 0} to ${right | 0}`);
            }
        }
        const scope = dialog ?? document;
        for (const it of scope.querySelectorAll('a, button, summary, input, select, textarea')) {
            // A choice is pressed by its label; a link within a sentence is as high as the sentence.
            const target = it.closest('label') ?? it;
            if (!seen(target) || target.matches('.skip') || getComputedStyle(target).display === 'inline') continue;
            const { width, height } = target.getBoundingClientRect();
            if (Math.round(width) < 48 || Math.round(height) < 48) {
                faults.push(`small target ${Math.round(width)}x${Math.round(height)}: ${target.innerText || target.outerHTML.slice(0, 80)}`);
            }
        }
        const headings = [...document.querySelectorAll('h1')].filter(seen);
        if (headings.length !== 1) faults.push(`${headings.length} first headings`);
        if (!/ · Handrail$/.test(document.title)) faults.push(`the title is ${document.title}`);
        return faults;";
    let faults = preview.screen.run(script, Vec::new()).await;
    serde_json::from_value(faults).expect("a list of sentences")
}
