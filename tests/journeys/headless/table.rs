//! The inbox as a table, from a script.

use handrail_contract::place::Role;
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use support::{
    phone::{Mood, Phone},
    requests::ask_food_bank,
};

use crate::terminal::handrail;

#[tokio::test(flavor = "multi_thread")]
async fn a_script_gets_a_line_for_each_request_of_a_day_or_of_all() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    ask_food_bank(&sandbox, PlaceKind::Provider, None);
    let phone = Phone::new(&sandbox);
    phone.set_mood(Mood::SignsInAsHelper);
    let code = sandbox.place(PlaceKind::Provider).invitation();
    phone.connect_as(&code, Role::Organization).await.unwrap();
    let run = |more: &[&str]| {
        let mut command = std::process::Command::new(handrail().expect("the shell is built"));
        command.env("HANDRAIL_KEYS", "file").arg("--data").arg(phone.data());
        command.args(["inbox", "--csv"]).args(more).output().unwrap()
    };
    let lines = |more: &[&str]| {
        let output = run(more);
        assert!(output.status.success(), "{more:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };

    let (all, long_ago) = (lines(&[]), lines(&["--day", "1999-12-31"]));

    assert!(all[0].starts_with("group,do_not_contact,title,"), "{}", all[0]);
    let pantry =
        |line: &&String| line.contains("Assistance with application for food pantry program");
    assert_eq!(all.iter().filter(pantry).count(), 1);
    assert!(all.len() > 2, "{all:?}");
    assert_eq!(long_ago, all[..1]);
    assert_eq!(run(&["--json"]).status.code(), Some(2), "it is one or the other");
}
