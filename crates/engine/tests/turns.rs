//! One bounded turn over more places than are looked at side by side: who goes first, and what a cut leaves for later.

#![allow(clippy::unwrap_used, reason = "tests, and what they share")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use handrail_contract::place::{CheckOutcome, SourceId};
use handrail_core::{connect::Rotation, fhir::base::Policy};
use handrail_engine::{
    Engine, Ports, Which,
    ports::{Http, HttpError, HttpRequest, HttpResponse},
    records::SqliteRecords,
    testing::{Habits, HandClock, Person, SeededEntropy, World, connect},
    vault::{VaultFolder, XChaChaSnapshots},
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use zeroize::Zeroizing;

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);
/// More than twice as many as are looked at side by side.
const PLACES: usize = 20;
const BUDGET: Duration = Duration::from_secs(25);

/// A network on which a token takes twenty seconds, and which notes who asked for one first.
struct Slow {
    world: World,
    begun: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Http for Slow {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if request.url.path() == "/auth/token" {
            self.begun.lock().unwrap().push(request.url.host_str().unwrap().to_owned());
            tokio::time::sleep(Duration::from_secs(20)).await;
        }
        self.world.send(request).await
    }
}

struct Household {
    engine: Engine,
    clock: HandClock,
    /// Which places asked for a token, in order.
    begun: Arc<Mutex<Vec<String>>>,
    hosts: BTreeMap<SourceId, String>,
    /// Who was looked at last, the longest ago first.
    waiting: Vec<String>,
    _folder: TempDir,
}

impl Household {
    /// Connects every place, then looks at each a minute after the other, in an order of its own.
    async fn found() -> Self {
        let clock = HandClock::at(NOW);
        let site =
            |number| (format!("place-{number:02}.example.org"), Habits::of(Rotation::Strict));
        let world = World::new(&clock, (0..PLACES).map(site));
        let folder = TempDir::new().unwrap();
        let vault =
            VaultFolder::open(folder.path(), Zeroizing::new([7; 32]), XChaChaSnapshots).unwrap();
        let begun = Arc::new(Mutex::new(Vec::new()));
        let ports = Ports {
            http: Arc::new(Slow { world: world.clone(), begun: begun.clone() }),
            network: Arc::new(world.clone()),
            records: Arc::new(SqliteRecords::in_memory().unwrap()),
            vault: Arc::new(vault),
            browser: Arc::new(Person::new(&world)),
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(1)),
        };
        let engine = Engine::new(ports, world.registry(), Policy::RELEASE);
        let mut sources = Vec::new();
        for number in 0..PLACES {
            let host = site(number).0;
            sources.push((connect(&engine, world.invitation(&host)).await.unwrap(), host));
        }
        let mut waiting = Vec::new();
        for number in 0..PLACES {
            let (source, host) = &sources[number * 7 % PLACES];
            clock.turn(SignedDuration::from_mins(1));
            engine.check(Which::One(source.clone())).await.unwrap();
            waiting.push(host.clone());
        }
        begun.lock().unwrap().clear();
        let hosts = sources.into_iter().collect();
        Self { engine, clock, begun, hosts, waiting, _folder: folder }
    }

    fn take_begun(&self) -> Vec<String> {
        std::mem::take(&mut *self.begun.lock().unwrap())
    }

    /// The places with this problem, by host, in order.
    fn hosts_with(&self, outcome: &CheckOutcome, problem: &str) -> Vec<String> {
        let with = |places: &[String]| places.iter().any(|one| one == problem);
        let found = outcome.sources.iter().filter(|checked| with(&checked.problems));
        let mut hosts: Vec<_> = found.map(|checked| self.hosts[&checked.source].clone()).collect();
        hosts.sort();
        hosts
    }
}

fn sorted(hosts: &[String]) -> Vec<String> {
    let mut hosts = hosts.to_vec();
    hosts.sort();
    hosts
}

#[tokio::test(start_paused = true)]
async fn who_waited_longest_goes_first_and_who_was_not_reached_has_a_turn_in_the_next() {
    let house = Household::found().await;
    house.clock.turn(SignedDuration::from_hours(5));
    let begun_at = tokio::time::Instant::now();

    let first = house.engine.wake(BUDGET).await.unwrap();
    let took = begun_at.elapsed();
    let went_first = house.take_begun();
    house.engine.wake(BUDGET).await.unwrap();
    let went_next = house.take_begun();

    // Twenty seconds a place and eight side by side: sixteen begin within the budget, eight of them end.
    assert_eq!(took.as_secs(), BUDGET.as_secs());
    assert_eq!(sorted(&went_first[..8]), sorted(&house.waiting[..8]));
    assert_eq!(sorted(&went_first[8..]), sorted(&house.waiting[8..16]));
    assert_eq!(house.hosts_with(&first, "out_of_time"), sorted(&house.waiting[8..]));
    assert_eq!(
        sorted(&went_next),
        sorted(&house.waiting[16..]),
        "no other place asks for a second token"
    );
}
