//! Signing in over and over, in a process that runs for long.

use std::sync::Arc;

use handrail_contract::{
    Problem,
    sign_in::{ShowSignIn, SignInAgain, Stage},
};
use handrail_core::connect::Rotation;
use handrail_engine::{
    Answer as _,
    records::SqliteRecords,
    testing::{Habits, HandClock, World, assemble, connect, sign_in_again},
    vault::{VaultFolder, XChaChaSnapshots},
};
use jiff::Timestamp;
use tempfile::TempDir;
use zeroize::Zeroizing;

const HOST: &str = "elm.example.org";

#[tokio::test]
async fn the_latest_sign_ins_are_remembered_and_old_ones_are_not() {
    let clock = HandClock::at(Timestamp::constant(1_800_000_000, 0));
    let world = World::new(&clock, [(HOST.to_owned(), Habits::of(Rotation::Strict))]);
    let folder = TempDir::new().unwrap();
    let vault =
        VaultFolder::open(folder.path(), Zeroizing::new([7; 32]), XChaChaSnapshots).unwrap();
    let records = Arc::new(SqliteRecords::in_memory().unwrap());
    let engine = assemble(&world, &clock, records, Arc::new(vault), 1);
    let source = connect(&engine, world.invitation(HOST)).await.unwrap();
    let begin = || engine.answer(SignInAgain { source: source.clone() });
    let show = |attempt| engine.answer(ShowSignIn { attempt });

    let old = begin().await.unwrap().attempt;
    for _ in 0..40 {
        sign_in_again(&engine, &source).await.unwrap();
    }
    let latest = begin().await.unwrap().attempt;

    assert_eq!(show(old).await, Err(Problem::Gone));
    assert!(matches!(show(latest).await.unwrap().stage, Stage::Preparing));
}
