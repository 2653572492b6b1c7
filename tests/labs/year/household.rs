//! A phone with thirty connections, and the days it lives through.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use handrail_contract::place::{Outcome, SourceId};
use handrail_core::connect::Rotation;
use handrail_engine::{
    Engine,
    ports::{Records, Vault},
    records::SqliteRecords,
    testing::{Ended, Fault, Habits, HandClock, How, World, assemble, connect, sign_in_again},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;

pub const PLACES: usize = 30;

const BEGIN: Timestamp = Timestamp::constant(1_800_000_000, 0);
/// A phone is woken this often, and looks at what is due.
const WAKES: SignedDuration = SignedDuration::from_mins(15);
const WAKES_A_DAY: u32 = 96;
/// By then each place was looked at that is not resting: an hour, a tenth of jitter, and the pause between two wakes.
const WAKES_UNTIL_ALL_WERE_SEEN: u32 = 6;
const BUDGET: Duration = Duration::from_secs(25);

/// What a server does with refresh tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    None,
    ConfirmOnUse,
    Grace,
    Strict,
    StrictWithSiblings,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "no rotation",
            Self::ConfirmOnUse => "confirmed on use",
            Self::Grace => "grace",
            Self::Strict => "strict",
            Self::StrictWithSiblings => "strict, ends other sessions",
        }
    }

    /// The only way to lose a session there.
    pub const fn window(self) -> &'static str {
        match self {
            Self::None | Self::ConfirmOnUse => "there is none",
            Self::Grace => {
                "the new tokens were lost on the way, and three retries went wrong as well"
            }
            Self::Strict | Self::StrictWithSiblings => "the new tokens were lost on the way",
        }
    }

    const fn of(habits: &Habits) -> Self {
        match habits.rotation {
            Rotation::None => Self::None,
            Rotation::ConfirmOnUse => Self::ConfirmOnUse,
            Rotation::Grace { .. } => Self::Grace,
            Rotation::Strict if habits.revokes_siblings => Self::StrictWithSiblings,
            Rotation::Strict => Self::Strict,
        }
    }
}

/// How servers differ, over and over.
fn habits(number: usize) -> Habits {
    let (rotation, revokes_siblings) = match number % 10 {
        0 | 1 => (Rotation::None, false),
        2 | 3 => (Rotation::ConfirmOnUse, false),
        // Seconds that widespread servers ship with or allow.
        4 => (Rotation::Grace { seconds: 30 }, false),
        5 => (Rotation::Grace { seconds: 60 }, false),
        6 => (Rotation::Grace { seconds: 300 }, false),
        7 | 8 => (Rotation::Strict, false),
        _ => (Rotation::Strict, true),
    };
    let minutes = if number.is_multiple_of(3) { 5 } else { 60 };
    Habits {
        rotation,
        revokes_siblings,
        token_life: SignedDuration::from_mins(minutes),
        batch: number.is_multiple_of(2),
    }
}

/// How long to live, and when to measure first.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    pub all: u32,
    pub first_measure: u32,
}

/// Sessions lost at servers of one kind.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lost {
    /// In [`Kind::window`]; the server has the evidence.
    pub in_window: u64,
    /// The phone was in doubt, and rather asked the person than the server.
    pub given_up: u64,
    pub unexplained: u64,
}

impl Lost {
    pub fn all(&self) -> u64 {
        self.in_window + self.given_up + self.unexplained
    }
}

/// How large everything is.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    pub memory_kb: u64,
    /// Sealed files, by name.
    pub sealed: BTreeMap<String, u64>,
    /// Everything in the sealed folder, locks included.
    pub files: u64,
    pub records: u64,
}

/// What happened.
#[derive(Debug, Default)]
pub struct Lived {
    pub looks: u64,
    pub whole: u64,
    pub our_faults: u64,
    pub lost: BTreeMap<Kind, Lost>,
    pub requests: u64,
    pub faults: BTreeMap<Fault, u64>,
    pub exchanges: u64,
    pub needless: u64,
    pub sign_ins: u64,
    pub first: Measure,
    pub last: Measure,
    /// Memory in kB each 30 days.
    pub memory_by_month: Vec<u64>,
}

/// A phone, its person, and everybody it is connected to.
pub struct Household {
    pub world: World,
    clock: HandClock,
    engine: Engine,
    records: Arc<SqliteRecords>,
    folder: PathBuf,
    hosts: BTreeMap<SourceId, String>,
}

impl Household {
    /// Connects every place, as a person does.
    pub async fn found(folder: &TempDir, vault: Arc<dyn Vault>, seed: u64) -> Self {
        let clock = HandClock::at(BEGIN);
        let name = |number| format!("place-{number:02}.example.org");
        let world = World::new(&clock, (0..PLACES).map(|number| (name(number), habits(number))));
        let records = SqliteRecords::open(&folder.path().join("records.db"), &[9; 32]);
        let records = Arc::new(records.expect("a database of our own"));
        let engine = assemble(&world, &clock, records.clone(), vault, seed);
        let mut hosts = BTreeMap::new();
        for host in world.hosts() {
            let source = connect(&engine, world.invitation(host)).await;
            hosts.insert(source.expect("nothing goes wrong yet"), host.to_owned());
        }
        Self { world, clock, engine, records, folder: folder.path().to_owned(), hosts }
    }

    pub fn hosts_of(&self, kind: Kind) -> impl Iterator<Item = String> {
        let of_kind = move |host: &&String| Kind::of(&self.world.habits(host)) == kind;
        self.hosts.values().filter(of_kind).cloned()
    }

    pub async fn live(&self, days: Days) -> Lived {
        let mut lived = Lived::default();
        for kind in
            [Kind::None, Kind::ConfirmOnUse, Kind::Grace, Kind::Strict, Kind::StrictWithSiblings]
        {
            lived.lost.insert(kind, Lost::default());
        }
        for day in 0..days.all {
            self.live_a_day(day, &mut lived).await;
            if (day + 1) % 30 == 0 {
                lived.memory_by_month.push(resident_kb());
            }
            if day + 1 == days.first_measure {
                lived.first = self.measure();
            }
        }
        lived.last = self.measure();
        (lived.requests, lived.faults) = self.world.faults();
        for host in self.hosts.values() {
            let counts = self.world.counts(host);
            lived.exchanges += counts.exchanges;
            lived.needless += counts.needless;
            lived.sign_ins += counts.sign_ins;
        }
        lived
    }

    async fn live_a_day(&self, day: u32, lived: &mut Lived) {
        for wake in 0..WAKES_A_DAY {
            // Staff move something on at each place every third day, at some hour.
            let moment = (day * WAKES_A_DAY + wake) as usize;
            for (number, host) in self.hosts.values().enumerate() {
                if (moment + number * 7) % (3 * WAKES_A_DAY as usize) == 0 {
                    self.world.change_something(host);
                }
            }
            self.wake(lived).await;
        }
    }

    async fn wake(&self, lived: &mut Lived) {
        self.clock.turn(WAKES);
        let Ok(woken) = self.engine.wake(BUDGET).await else {
            lived.our_faults += 1;
            return;
        };
        for look in woken.sources.iter().filter(|look| look.outcome != Outcome::NotDue) {
            lived.looks += 1;
            lived.whole += u64::from(look.outcome == Outcome::Ok);
            if look.outcome == Outcome::SignInAgain {
                self.bear_a_loss(&look.source, lived).await;
            }
        }
    }

    /// The person signs in again, so that the year goes on.
    async fn bear_a_loss(&self, source: &SourceId, lived: &mut Lived) {
        let host = &self.hosts[source];
        let habits = self.world.habits(host);
        let lost = lived.lost.entry(Kind::of(&habits)).or_default();
        match self.world.take_ended(host).last() {
            Some(ended) if is_explained(&habits, ended) => lost.in_window += 1,
            None if habits.revokes_siblings && !self.world.spoilt(host).is_empty() => {
                lost.given_up += 1;
            }
            _ => lost.unexplained += 1,
        }
        // A sign-in meets faults too, and people try again.
        for _ in 0..20 {
            if sign_in_again(&self.engine, source).await.is_ok() {
                return;
            }
        }
        lived.our_faults += 1;
    }

    /// How many resources are not as at their servers, after days on which nothing goes wrong.
    pub async fn differ_after_calm_days(&self) -> u64 {
        self.world.set_faults(0);
        let mut lived = Lived::default();
        self.live_a_day(0, &mut lived).await;
        self.live_a_day(0, &mut lived).await;
        // A last change everywhere; each place is looked at once more, and that look must bring it.
        self.hosts.values().for_each(|host| self.world.change_something(host));
        for _ in 0..WAKES_UNTIL_ALL_WERE_SEEN {
            self.wake(&mut lived).await;
        }
        let sources = self.records.sources().expect("our own database");
        let mut differing = 0;
        for source in sources {
            let host = &self.hosts[&source.id];
            let mut theirs = self.world.resources(host);
            let mut ours = self.records.kept(Some(&source.id)).expect("our own database");
            ours.retain(|row| {
                let key = (row.kind.clone(), row.id.clone());
                theirs.remove(&key).is_none_or(|body| !is_same(&body, &row.body))
            });
            let count = ours.len() + theirs.len();
            if count > 0 {
                println!(
                    "    {host}: {:?}, last whole at {:?}, due at {:?}; {} differ or are too many, {} are missing",
                    source.state,
                    source.last_success_at,
                    source.next_due_at,
                    ours.len(),
                    theirs.len()
                );
            }
            differing += count as u64;
        }
        differing
    }

    fn measure(&self) -> Measure {
        let mut measure = Measure { memory_kb: resident_kb(), ..Measure::default() };
        for (name, size) in list_sizes(&self.folder.join("vault")) {
            measure.files += 1;
            if name.ends_with(".hold") {
                measure.sealed.insert(name, size);
            }
        }
        let records = list_sizes(&self.folder).into_iter();
        measure.records =
            records.filter(|(name, _)| name.starts_with("records")).map(|(_, size)| size).sum();
        measure
    }
}

/// Whether two versions say the same. What differs in `meta` alone is no change, and is not written anew.
fn is_same(theirs: &Value, ours: &Value) -> bool {
    let but_meta = |body: &Value| {
        let mut body = body.clone();
        body.as_object_mut().map(|members| members.remove("meta"));
        body
    };
    but_meta(theirs) == but_meta(ours)
}

fn is_explained(habits: &Habits, ended: &Ended) -> bool {
    let How::Reuse { was_newest_delivered: true } = ended.how else { return false };
    let new_tokens_were_lost = ended.spoilt.iter().any(|fault| fault.was_done());
    match Kind::of(habits) {
        Kind::None | Kind::ConfirmOnUse => false,
        Kind::Grace => new_tokens_were_lost && ended.spoilt.len() > 3,
        Kind::Strict | Kind::StrictWithSiblings => new_tokens_were_lost,
    }
}

/// In memory where that is possible: a year of durable commits is hours of waiting for a disk, and what a disk can
/// do to a commit is another lab's question.
pub fn make_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    folder.expect("a folder for the time being")
}

fn list_sizes(folder: &Path) -> Vec<(String, u64)> {
    let entries = fs::read_dir(folder).expect("our own folder").flatten();
    let size = |entry: fs::DirEntry| {
        let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some((entry.file_name().to_string_lossy().into_owned(), about.len()))
    };
    entries.filter_map(size).collect()
}

/// What the kernel says this process holds.
fn resident_kb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
