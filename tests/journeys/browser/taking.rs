//! Taking what is saved along from the pages: on paper, and as a page of its own.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::json;
use support::preview::Look;

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
    assert!(!page.contains("saved here on today"), "today is another day for whoever reads it");
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
