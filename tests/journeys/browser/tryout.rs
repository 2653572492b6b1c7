//! Trying the app with made-up data: all of it works, none of it reaches the disk or a network, and one tap ends it.

use std::{collections::BTreeSet, fs};

use handrail_engine::Registry;
use support::{
    preview::{Look, Preview},
    saved::read_all,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_up_works_like_the_real_thing_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = Registry { version: 0, rows: Vec::new() };
    let preview = Preview::open(folder.path(), &nobody, Look::Light).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;
    let before = read_all(folder.path());

    screen.try_with_made_up_data().await;
    screen.finish_a_made_up_todo().await;
    screen.see("All of this is made up").await;
    screen.go("/referrals").await;
    screen.press("Rides to clinic visits").await;
    screen.see("Elm Street Family Clinic").await;
    screen.see("All of this is made up").await;
    let reached = list_far_ports(preview.process());
    screen.press("Stop trying").await;

    screen.see("Your help, in one place").await;
    assert!(!screen.text().await.contains("made up"));
    screen.go("/connections").await;
    screen.see("No places yet").await;
    assert_eq!(read_all(folder.path()), before, "something of the tryout is on the disk");
    assert_eq!(reached, BTreeSet::from([preview.address.port().unwrap()]));
}

/// The ports of this machine at which the process holds a TCP socket (proc(5), `/proc/net/tcp`).
fn list_far_ports(process: u32) -> BTreeSet<u16> {
    let held: BTreeSet<String> = fs::read_dir(format!("/proc/{process}/fd"))
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.unwrap().path()).ok())
        .filter_map(|link| {
            let inode = link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(inode.to_owned())
        })
        .collect();
    ["tcp", "tcp6"]
        .iter()
        .flat_map(|table| {
            let table = fs::read_to_string(format!("/proc/{process}/net/{table}")).unwrap();
            table.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
        })
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let port = u16::from_str_radix(fields[1].rsplit(':').next()?, 16).ok()?;
            held.contains(fields[9]).then_some(port)
        })
        .collect()
}
