//! Taking what is saved along from the pages: on paper, and as a page of its own.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use fantoccini::wd::PrintConfigurationBuilder;

use serde_json::json;
use support::{preview::Look, screen::Screen};

use super::clinic::AtTheClinic;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_is_a_page_that_prints_and_is_kept_without_anything_that_runs() {
    let here = AtTheClinic::open(Look::Light).await;
    let screen = here.screen();
    here.control.change_resource("Task", "papers", |task| {
        task["description"] = "<img src=x onerror=alert(1)><b class=spoilt>papers</b>".into();
    });
    screen.go("/connections").await;
    screen.press("Elm Street Family Clinic").await;
    screen.press("Check now").await;
    screen.see("Checked").await;
    let kept = tempfile::tempdir().unwrap();
    let folder = json!({ "behavior": "allow", "downloadPath": kept.path() });
    here.preview.devtools("Page.setDownloadBehavior", folder).await;
    screen.run("window.printed = 0; window.print = () => { window.printed += 1 }", vec![]).await;

    screen.go("/more/export").await;
    screen.press("A page to read and print").await;
    screen.see("Rides to clinic visits").await;
    screen.press("Print or save as PDF").await;
    screen.press("Save as a page").await;
    screen.see("Saved.").await;

    assert_eq!(screen.run("return window.printed", vec![]).await, json!(1));
    let shown = screen.run("return document.querySelector('.paper').innerText", vec![]).await;
    let page = wait_for(&kept.path().join("handrail.html")).await;
    assert!(page.contains("default-src 'none'"), "its own policy");
    let words = shown.as_str().unwrap();
    for word in ["today", "yesterday", "tomorrow", "days left"] {
        assert!(!words.contains(word), "“{word}” is another day for whoever reads it: {words}");
    }
    assert!(words.contains("Due "), "there is a day on it: {words}");
    for tag in ["<script", "<img", "<b class", "<a ", "<link", "<button"] {
        assert!(!page.contains(tag), "{tag} is in the page");
    }
    assert!(page.contains("&lt;b class=spoilt&gt;papers"), "their letters are letters");
    // Opened by a browser, it says what the app said.
    let text = "const it = new DOMParser().parseFromString(arguments[0], 'text/html'); \
        const out = document.createElement('div'); out.className = 'paper'; \
        out.append(...it.querySelector('.paper').childNodes); document.querySelector('.paper').replaceWith(out); \
        return out.innerText";
    assert_eq!(screen.run(text, vec![page.into()]).await, shown);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_paper_is_printed_whole_without_what_is_pressed_and_cuts_nothing_in_two() {
    for look in [Look::Light, Look::Dark] {
        let here = AtTheClinic::open(look).await;
        let screen = here.screen();
        screen.go("/more/paper").await;
        screen.see("Rides to clinic visits").await;
        let items =
            "return [...document.querySelectorAll('.paper article')].map(it => it.innerText)";
        let items: Vec<String> =
            serde_json::from_value(screen.run(items, Vec::new()).await).unwrap();

        let pages = print(screen, &format!("paper-{look:?}")).await;

        assert!(pages.len() > 1, "it has more than a page: {pages:?}");
        let whole = pages.concat();
        for word in ["Elm Street Family Clinic", "As it was saved here on"] {
            assert!(whole.contains(&squeeze(word)), "“{word}” is not on the paper");
        }
        for label in ["Print or save as PDF", "Save as a page", "Skip to", "Save a copy"] {
            assert!(!whole.contains(&squeeze(label)), "“{label}” is on the paper");
        }
        assert!(items.len() > 5, "{items:?}");
        for item in &items {
            let is_on = |page: &String| item.lines().all(|line| page.contains(&squeeze(line)));
            assert!(pages.iter().any(is_on), "cut in two, or not there: {item}");
        }
    }
}

/// What stands on each printed page, without the room between words.
async fn print(screen: &Screen, name: &str) -> Vec<String> {
    let pdf = screen.0.print(PrintConfigurationBuilder::default().build().unwrap()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.pdf");
    fs::write(&file, &pdf).unwrap();
    if let Some(folder) = std::env::var_os("HANDRAIL_PICTURES") {
        fs::write(Path::new(&folder).join(format!("{name}.pdf")), &pdf).unwrap();
    }
    let text = Command::new("pdftotext").arg(&file).arg("-").output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    text.split('\u{c}').map(squeeze).filter(|page| !page.is_empty()).collect()
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The file, once the browser put it there whole.
async fn wait_for(path: &Path) -> String {
    let begun = Instant::now();
    loop {
        match fs::read_to_string(path) {
            Ok(page) if page.ends_with("</html>") => return page,
            _ if begun.elapsed() > Duration::from_secs(30) => panic!("the file did not come"),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
