//! One code, every way in: each ends at the same question, whether it is the right place.

use handrail_sandbox::{Options, PlaceKind, Sandbox, codes::draw_code};
use support::{
    phone::registry_of,
    pictures::write_video,
    preview::{Camera, Look, Preview},
    screen::Screen,
};
use url::form_urlencoded;

use super::english;

#[tokio::test(flavor = "multi_thread")]
async fn every_way_in_leads_to_the_same_question_and_asks_the_place_for_nothing() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let clinic = sandbox.place(PlaceKind::Provider);
    let base = clinic.fhir_base.as_str();
    let without_scheme = base.strip_prefix("http://").unwrap();
    let (host, path) = without_scheme.split_once('/').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (video, picture) = (folder.path().join("code.y4m"), folder.path().join("code.png"));
    write_video(base, &video).unwrap();
    draw_code(base).unwrap().save(&picture).unwrap();
    let camera = Some(Camera::Shows(&video));
    let preview =
        Preview::open_with(folder.path(), &registry_of(&sandbox), Look::Light, camera).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;

    begin(screen).await;
    screen.press(&english("connect-scan")).await;
    screen.press(&english("scan-turn-on")).await;
    confirm("camera", screen, clinic.name, host).await;

    begin(screen).await;
    screen.choose_file(&picture).await;
    confirm("picture", screen, clinic.name, host).await;

    begin(screen).await;
    screen.put_on_clipboard(&format!(" \n {host}\r\n/{path}  \n")).await;
    screen.press(&english("connect-paste")).await;
    screen.press(&english("connect-continue")).await;
    confirm("pasted, broken over two lines", screen, clinic.name, host).await;

    let carried = form_urlencoded::byte_serialize(base.as_bytes()).collect::<String>();
    for (way, text) in [
        ("typed without its beginning", without_scheme.to_owned()),
        ("typed in capitals", format!("  HTTP://{without_scheme} ")),
        ("a link that carries it", format!("https://clinic.example/app?fhirUri={carried}")),
        ("a link of our own", format!("org.handrail.client://invite?fhirUri={carried}")),
    ] {
        begin(screen).await;
        screen.type_into("address", &text).await;
        screen.press(&english("connect-continue")).await;
        confirm(way, screen, clinic.name, host).await;
    }

    begin(screen).await;
    screen.press(&english("connect-find")).await;
    screen.press(clinic.name).await;
    confirm("list", screen, clinic.name, host).await;

    let opened = tempfile::tempdir().unwrap();
    let link = format!("org.handrail.client://invite?fhirUri={carried}");
    let preview = Preview::open_by(opened.path(), &registry_of(&sandbox), &link).await;
    confirm("opened by the system", &preview.screen, clinic.name, host).await;

    assert_eq!(clinic.control().requests().len(), 0, "the person confirmed nothing");
}

async fn begin(screen: &Screen) {
    screen.go("/connect").await;
    screen.see(&english("connect-address-heading")).await;
}

/// The question about a place of the list, in a page of its own for each way.
async fn confirm(way: &str, screen: &Screen, name: &str, host: &str) {
    screen.see(&english("confirm-heading")).await;
    let page = screen.text().await;
    for words in [name, host, &english("confirm-known"), &english("confirm-asks-see")] {
        assert!(page.contains(words), "{way}: “{words}” is not on the page:\n{page}");
    }
}
