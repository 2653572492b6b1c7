//! Taking what is saved along: as health data, and as a page to read.

use std::fs;

use handrail_contract::{goal::ListGoals, referral::ListReferrals, todo::ListTodos, words::Words};
use handrail_engine::Answer as _;
use handrail_sandbox::{Options, Sandbox};
use serde_json::Value;
use support::phone::Phone;

use super::terminal::command;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_is_taken_along_as_data_and_as_a_page_and_no_file_is_written_over() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect_everything(&sandbox).await;
    let titles = list_titles(&phone).await;
    let folder = tempfile::tempdir().unwrap();
    let (data, page) = (folder.path().join("copy.json"), folder.path().join("copy.html"));
    let run = |words: &[&str]| command(&phone.data(), words).output().unwrap();

    let as_data = run(&["export", data.to_str().unwrap()]);
    let as_page = run(&["export", "--page", page.to_str().unwrap()]);
    let again = run(&["export", data.to_str().unwrap()]);
    let of_nobody = run(&["export", "--connection", "nobody", "/dev/null"]);

    assert!(as_data.status.success() && as_page.status.success(), "{as_data:?} {as_page:?}");
    assert_eq!((again.status.code(), of_nobody.status.code()), (Some(2), Some(2)));
    let bundle: Value = serde_json::from_slice(&fs::read(&data).unwrap()).unwrap();
    assert_eq!(
        (&bundle["resourceType"], &bundle["type"]),
        (&"Bundle".into(), &"collection".into())
    );
    let html = fs::read_to_string(&page).unwrap();
    assert!(!html.contains("<script"));
    for title in titles {
        assert!(html.contains(&title), "“{title}” is not on the page");
    }
    #[cfg(unix)]
    for file in [&data, &page] {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// What the places called the things on the lists.
async fn list_titles(phone: &Phone) -> Vec<String> {
    let engine = &phone.engine;
    let todos = engine.answer(ListTodos::default()).await.unwrap();
    let goals = engine.answer(ListGoals::default()).await.unwrap();
    let referrals = engine.answer(ListReferrals::default()).await.unwrap();
    let todos = [todos.your_turn, todos.paused, todos.done].concat();
    let goals = [goals.open, goals.reached, goals.ended].concat();
    let referrals = [referrals.needs_push, referrals.moving, referrals.finished].concat();
    let titles = todos.into_iter().map(|row| row.title);
    let titles = titles.chain(goals.into_iter().map(|row| row.title));
    let titles = titles.chain(referrals.into_iter().map(|row| row.title));
    let theirs = titles.filter_map(|title| match title {
        Words::Theirs { text, .. } => Some(text),
        Words::Ours(_) => None,
    });
    let theirs: Vec<String> = theirs.collect();
    assert!(theirs.len() > 10, "{theirs:?}");
    theirs
}
