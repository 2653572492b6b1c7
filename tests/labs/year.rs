//! A year of thirty connections in a minute: the real engine, its real sealed folder and its real records, over
//! servers in memory and a clock turned by hand.
//!
//! In: `--long` for a year, else two weeks. Out: what was counted beside what was promised; 0 if all was kept.
//! Never: a promise that no flaw could break: the same days with a flaw built in must be noticed.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

#[path = "year/household.rs"]
mod household;
#[path = "year/ledger.rs"]
mod ledger;

use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use handrail_engine::{
    ports::{Slot, SlotLock, Vault, VaultError},
    vault::{StrongholdSnapshots, VaultFolder, XChaChaSnapshots},
};
use household::{Days, Household, Kind, Lived, make_folder};
use ledger::Ledger;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// 1 % of all requests.
const FAULTS: u64 = 100;
const KEY: [u8; 32] = [7; 32];
/// What the memory may grow by between the first month and the last.
const GROWTH_KB: i64 = 5 * 1024;
const PAGE: u64 = 4096;

fn main() -> ExitCode {
    let long = std::env::args().any(|argument| argument == "--long");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // As the headless shell has it.
        .max_blocking_threads(8)
        .enable_all()
        .build()
        .expect("a runtime of two threads");
    let mut ledger = Ledger::default();
    runtime.block_on(async {
        let (days, first) = if long { (365, 30) } else { (14, 7) };
        live_long(&mut ledger, Days { all: days, first_measure: first }).await;
        live_with_stronghold(&mut ledger, if long { 7 } else { 1 }).await;
        notice_flaws(&mut ledger).await;
    });
    ledger.sum_up()
}

async fn live_long(ledger: &mut Ledger, days: Days) {
    let begun = Instant::now();
    ledger.open(&format!(
        "{} days of {} places; each is looked at about once an hour; 1 % of requests go wrong",
        days.all,
        household::PLACES
    ));
    let folder = make_folder();
    let vault = open_xchacha(&folder);
    let household = Household::found(&folder, Arc::new(vault), 1).await;
    household.world.set_faults(FAULTS);
    let lived = household.live(days).await;
    // The year ends here; what follows is how it is judged.
    let took = begun.elapsed();
    let differing = household.differ_after_calm_days().await;

    describe(ledger, &lived, took);
    judge_sessions(ledger, &lived);
    ledger.expect("token requests while the last token still worked", lived.needless, 0);
    ledger.expect("looks that ended in a fault of ours", lived.our_faults, 0);
    ledger.expect("resources that differ from the server's after calm days", differing, 0);
    judge_sizes(ledger, &lived, days);
}

fn describe(ledger: &mut Ledger, lived: &Lived, took: Duration) {
    ledger.note("looks", lived.looks);
    ledger.note("  of these whole", lived.whole);
    ledger.note("requests", lived.requests);
    ledger.note("  of these token requests", lived.exchanges);
    for (fault, count) in &lived.faults {
        ledger.note(&format!("  went wrong: {fault:?}"), *count);
    }
    ledger.note("sign-ins", lived.sign_ins);
    ledger.note("seconds", took.as_secs());
}

fn judge_sessions(ledger: &mut Ledger, lived: &Lived) {
    for (kind, lost) in &lived.lost {
        let name = kind.name();
        match kind {
            Kind::None | Kind::ConfirmOnUse => {
                ledger.expect(&format!("{name}: lost sessions"), lost.all(), 0);
            }
            Kind::Grace | Kind::Strict | Kind::StrictWithSiblings => {
                ledger.note(&format!("{name}: lost sessions"), lost.all());
                if lost.in_window > 0 {
                    ledger.note(&format!("  {}", kind.window()), lost.in_window);
                }
                if lost.given_up > 0 {
                    ledger.note("  not asked again, so that no other session ends", lost.given_up);
                }
                ledger.expect(&format!("{name}: lost without that"), lost.unexplained, 0);
            }
        }
    }
}

fn judge_sizes(ledger: &mut Ledger, lived: &Lived, days: Days) {
    let (first, last) = (&lived.first, &lived.last);
    let when = format!("after {} and {} days", days.first_measure, days.all);
    let (before, after) = (first.sealed.values().sum::<u64>(), last.sealed.values().sum::<u64>());
    ledger.note_pair(&format!("sealed bytes {when}"), before, after);
    ledger.note_pair(&format!("files in the sealed folder {when}"), first.files, last.files);
    ledger.note_pair(&format!("bytes of the records {when}"), first.records, last.records);
    ledger.note_pair(&format!("memory in kB {when}"), first.memory_kb, last.memory_kb);
    if !lived.memory_by_month.is_empty() {
        println!("    memory in kB each 30 days: {:?}", lived.memory_by_month);
    }
    let grown = |(name, size): (&String, &u64)| {
        first.sealed.get(name).is_none_or(|before| size.abs_diff(*before) > PAGE)
    };
    let grown = last.sealed.iter().filter(|entry| grown(*entry)).count() as u64;
    ledger.expect("sealed files that grew by more than a page", grown, 0);
    ledger.expect("files more in the sealed folder", last.files.saturating_sub(first.files), 0);
    let growth = i64::try_from(last.memory_kb).unwrap_or(i64::MAX)
        - i64::try_from(first.memory_kb).unwrap_or(i64::MAX);
    ledger.expect_at_most("growth of memory in kB", growth, GROWTH_KB);
}

/// The same with the default adapter, which takes longer: a part of the year is enough to see it keep up.
async fn live_with_stronghold(ledger: &mut Ledger, days: u32) {
    ledger.open(&format!("{days} days of the same, sealed by Stronghold"));
    let folder = make_folder();
    let sealed = folder.path().join("vault");
    let vault = VaultFolder::open(sealed, Zeroizing::new(KEY), StrongholdSnapshots::new());
    let vault = Arc::new(vault.expect("a folder of our own"));
    let household = Household::found(&folder, vault, 2).await;
    household.world.set_faults(FAULTS);

    let lived = household.live(Days { all: days, first_measure: 1 }).await;

    ledger.note("looks", lived.looks);
    let unexplained: u64 = lived.lost.values().map(|lost| lost.unexplained).sum();
    ledger.expect("sessions lost outside the windows", unexplained, 0);
    ledger.expect("looks that ended in a fault of ours", lived.our_faults, 0);
}

/// Positive controls: what breaks the promise is seen.
async fn notice_flaws(ledger: &mut Ledger) {
    ledger.open("3 days with a flaw built in, and nothing else wrong: it must be noticed");
    let days = Days { all: 3, first_measure: 1 };

    let folder = make_folder();
    let forgetful = Forgetful { vault: open_xchacha(&folder), saves: AtomicU64::new(0) };
    let household = Household::found(&folder, Arc::new(forgetful), 3).await;
    let lived = household.live(days).await;
    let unexplained = lived.lost.values().map(|lost| lost.unexplained).sum();
    ledger.expect_some("a sealed folder that drops one write in fifty: sessions lost", unexplained);

    let folder = make_folder();
    let household = Household::found(&folder, Arc::new(open_xchacha(&folder)), 4).await;
    let host = household.hosts_of(Kind::None).next().expect("a server that never rotates");
    household.world.revoke(&host);
    let lived = household.live(days).await;
    let unexplained = lived.lost[&Kind::None].unexplained;
    ledger.expect_some("a server that ends a session by itself: sessions lost", unexplained);
}

fn open_xchacha(folder: &TempDir) -> VaultFolder<XChaChaSnapshots> {
    VaultFolder::open(folder.path().join("vault"), Zeroizing::new(KEY), XChaChaSnapshots)
        .expect("a folder of our own")
}

/// A vault that says it wrote, and sometimes did not.
struct Forgetful {
    vault: VaultFolder<XChaChaSnapshots>,
    saves: AtomicU64,
}

impl Vault for Forgetful {
    fn load(&self, slot: &Slot) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.vault.load(slot)
    }

    fn save(&self, slot: &Slot, bytes: &[u8]) -> Result<(), VaultError> {
        let count = self.saves.fetch_add(1, Ordering::Relaxed);
        if slot.source().is_some() && count % 50 == 49 {
            return Ok(());
        }
        self.vault.save(slot, bytes)
    }

    fn remove(&self, slot: &Slot) -> Result<bool, VaultError> {
        self.vault.remove(slot)
    }

    fn slots(&self) -> Result<Vec<Slot>, VaultError> {
        self.vault.slots()
    }

    fn lock(&self, slot: &Slot, patience: Duration) -> Result<SlotLock, VaultError> {
        self.vault.lock(slot, patience)
    }
}
