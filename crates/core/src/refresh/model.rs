//! Every way in which refreshing can be interrupted, and whether the session lives on.
//!
//! In: the real [`Demand`], two processes that may die before and after every step, a disk that may be full, a
//! network, and an authorization server of each kind. Out: every state they can reach together.
//! Never: a second version of the decisions; only what stands around them is modelled.
//!
//! Numbers of tokens are compared by rank alone, so the exploration ends by itself and needs no bound.

use std::{
    collections::{BTreeSet, HashMap, HashSet, VecDeque},
    rc::Rc,
};

use self::server::{MODES, Mode, Server, Session};
use super::*;
use crate::vault::tests::{NOW, record};

mod server;
mod key;
mod saved;

/// A mistake around the decisions, built in to see that it is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    Nothing,
    NoLock,
    NoIntent,
    UseBeforeSeal,
    SuccessorDropped,
    /// A try that never left clears the doubt about the try before it.
    DoubtForgotten,
    AnyAnswerIsARefusal,
}

/// What is on its way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reply {
    Granted(u32),
    Refused,
    NotSent,
    Busy,
    Odd,
    Nothing,
}

/// Where a process stands; every line is a place to die at. From `Due` on it holds the lock.
#[derive(Clone, Debug)]
enum Step {
    Dead,
    Running,
    /// About to do what the machine said.
    Due(Rc<Demand>, Rc<Action>),
    /// The first half is done: what had to be sealed is on disk.
    Sealed(Rc<Demand>, Rc<Action>),
    /// The request left.
    Sent(Rc<Demand>, Reply),
}

#[derive(Clone, Debug)]
struct Process {
    step: Step,
    /// The access token in its memory, and its generation.
    held: Option<(u32, u64)>,
    /// How often this demand sent, what came of the last time, and whether it found an intent on disk.
    sends: u32,
    last: Option<Reply>,
    found_intent: bool,
}

const DEAD: Process =
    Process { step: Step::Dead, held: None, sends: 0, last: None, found_intent: false };

impl Process {
    fn holds_lock(&self) -> bool {
        !matches!(self.step, Step::Dead | Step::Running)
    }

    /// How often the token was sent by this demand, and by the process that left its intent.
    fn sends_of_the_token(&self) -> u32 {
        self.sends + u32::from(self.found_intent)
    }
}

#[derive(Clone, Debug)]
struct World {
    disk: Rc<Record>,
    server: Server,
    processes: [Process; 2],
    clock: i64,
    /// The server replaced the refresh token on disk, and its successor is not durable.
    window: bool,
}

/// What an exploration found.
#[derive(Debug, Default)]
struct Found {
    states: usize,
    /// States in which the session is lost if the power fails now.
    lost: usize,
    lost_in_window: usize,
    window: usize,
    siblings_ended: usize,
    /// The most times that one demand, and the dead process whose intent it found, sent one refresh token.
    most_sends: u32,
    violations: BTreeSet<&'static str>,
}

fn number(text: &str) -> u32 {
    text.rsplit('-').next().unwrap().parse().unwrap()
}

fn refresh_of(record: &Record) -> u32 {
    number(record.refresh.as_ref().unwrap().expose())
}

fn instant(clock: i64) -> Timestamp {
    NOW.checked_add(jiff::SignedDuration::from_hours(2 * clock)).unwrap()
}

fn expires(clock: i64) -> Timestamp {
    instant(clock).checked_add(jiff::SignedDuration::from_hours(1)).unwrap()
}

fn outcome(reply: Reply, mode: Mode, clock: i64) -> Outcome {
    match reply {
        Reply::Granted(tokens) => Outcome::Granted(Grant {
            access: AccessToken::new(format!("access-{tokens}")),
            refresh: (mode != Mode::None).then(|| RefreshToken::new(format!("refresh-{tokens}"))),
            expires_at: expires(clock),
            granted: vec![],
            patient: None,
            fhir_user: None,
        }),
        Reply::Refused => Outcome::Refused,
        Reply::NotSent => Outcome::NotSent,
        Reply::Busy => Outcome::Busy { retry_after: None },
        Reply::Odd => Outcome::Odd,
        Reply::Nothing => Outcome::Ambiguous,
    }
}

struct Explorer {
    mode: Mode,
    flaw: Flaw,
    found: Found,
    next: Vec<World>,
}

impl Explorer {
    fn explore(mode: Mode, flaw: Flaw) -> Found {
        let mut explorer = Self { mode, flaw, found: Found::default(), next: vec![] };
        let mut first = record();
        first.server.rotation = match mode {
            Mode::None => Rotation::None,
            Mode::Grace => Rotation::Grace { seconds: u32::MAX },
            Mode::BriefGrace => Rotation::Grace { seconds: 3_600 },
            Mode::ConfirmOnUse => Rotation::ConfirmOnUse,
            Mode::Strict | Mode::StrictWithSiblings => Rotation::Strict,
        };
        first.server.revokes_siblings = matches!(mode, Mode::Grace | Mode::StrictWithSiblings);
        let server = Server {
            mode,
            current: 1,
            other: None,
            issued: 1,
            session: Session::Alive,
            siblings_ended: false,
        };
        let start = World {
            disk: Rc::new(first),
            server,
            processes: [DEAD, DEAD],
            clock: 0,
            window: false,
        };
        let mut seen = HashSet::from([start.key()]);
        let mut queue = VecDeque::from([start]);
        let mut saved = HashMap::new();
        while let Some(world) = queue.pop_front() {
            explorer.judge(&world, &mut saved);
            if flaw == Flaw::NoLock && !explorer.found.violations.is_empty() {
                // Two at once may leave records that no rank tells apart; the first finding is enough.
                break;
            }
            explorer.go_on(&world);
            for next in explorer.next.drain(..) {
                if seen.insert(next.key()) {
                    queue.push_back(next);
                }
            }
        }
        explorer.found
    }

    fn demand(&mut self, rule: &'static str, holds: bool) {
        if !holds {
            self.found.violations.insert(rule);
        }
    }

    /// Looks at one state.
    fn judge(&mut self, world: &World, saved: &mut HashMap<String, bool>) {
        let sending = world.processes.iter().filter(|one| matches!(one.step, Step::Sent(..)));
        let sending = sending.count();
        let tells = !world.window || world.disk.phase != Phase::Idle;
        let ended = world.server.session == Session::EndedByServer;
        let lost = !ended
            && !*saved
                .entry(world.shared_key())
                .or_insert_with(|| world.is_saved_after_power_loss());
        self.demand("I1: at most one exchange is in flight", sending <= 1);
        self.demand("intent: a token that may be spent is never called idle on disk", tells);
        let cautious = self.mode == Mode::StrictWithSiblings && world.disk.phase != Phase::Idle;
        self.demand("lost: only in the one window", !lost || world.window || cautious);
        let exact = self.mode != Mode::Strict || ended || lost == world.window;
        self.demand("lost: in the whole of the one window", exact);
        self.found.states += 1;
        self.found.lost += usize::from(lost);
        self.found.lost_in_window += usize::from(lost && world.window);
        self.found.window += usize::from(world.window && !ended);
        self.found.siblings_ended += usize::from(world.server.siblings_ended);
    }

    /// Lets everything happen that can happen next, one thing at a time.
    fn go_on(&mut self, world: &World) {
        // Where it matters, time also passes in the middle of an exchange.
        let sent_now = matches!(world.disk.phase, Phase::InFlight { sent_at, .. } if sent_at == instant(world.clock));
        if expires(world.clock) <= world.disk.access_expires_at
            || (self.mode == Mode::BriefGrace && sent_now)
        {
            let mut next = World { clock: world.clock + 1, ..world.clone() };
            next.server.turn();
            self.next.push(next);
        }
        if world.server.session == Session::Alive {
            let mut next = world.clone();
            next.server.session = Session::EndedByServer;
            self.next.push(next);
        }
        for index in 0..2 {
            let process = &world.processes[index];
            if !matches!(process.step, Step::Dead) {
                self.put(world, index, DEAD);
            }
            match &process.step {
                Step::Dead => self.put(world, index, Process { step: Step::Running, ..DEAD }),
                Step::Running => self.run(world, index),
                Step::Due(demand, action) => self.perform(world, index, demand, action),
                Step::Sealed(demand, action) => self.complete(world, index, demand, action),
                Step::Sent(demand, reply) => {
                    self.receive(world, index, demand, *reply);
                    if matches!(reply, Reply::Granted(_) | Reply::Refused) {
                        self.receive(world, index, demand, Reply::Nothing);
                    }
                }
            }
        }
    }

    fn put(&mut self, world: &World, index: usize, process: Process) {
        let mut next = world.clone();
        next.processes[index] = process;
        self.next.push(next);
    }

    /// Uses a token that is held, or asks for one.
    fn run(&mut self, world: &World, index: usize) {
        let held = world.processes[index].held;
        if let Some((access, _)) = held {
            let mut next = world.clone();
            next.server.see_access(access);
            self.next.push(next);
        }
        if self.flaw != Flaw::NoLock && world.processes.iter().any(Process::holds_lock) {
            return;
        }
        let refused = held.map(|(_, generation)| Want::NewerThan(generation));
        for want in [Some(Want::Fresh), refused].into_iter().flatten() {
            let disk = (*world.disk).clone();
            let found_intent = matches!(disk.phase, Phase::InFlight { .. });
            let (demand, action) = Demand::start(disk, want, instant(world.clock));
            let step = Step::Due(Rc::new(demand), Rc::new(action));
            self.put(world, index, Process { step, held, found_intent, ..DEAD });
        }
    }

    /// Does the first half of what the machine said, as the engine's loop does.
    fn perform(&mut self, world: &World, index: usize, demand: &Rc<Demand>, action: &Rc<Action>) {
        let mut next = world.clone();
        match &**action {
            Action::Use(access) => self.hand_out(next, index, access),
            Action::SendAgain(refresh, _) => self.send(world, index, demand, refresh),
            Action::Reload => {
                let mut demand = (**demand).clone();
                let action = demand.reloaded((*world.disk).clone(), instant(world.clock));
                next.processes[index].step = Step::Due(Rc::new(demand), Rc::new(action));
                self.next.push(next);
            }
            Action::Rest(_) | Action::AskToSignIn => {
                next.processes[index].step = Step::Running;
                self.next.push(next);
            }
            Action::SealThenSend(record, _)
            | Action::SealThenUse(record, _)
            | Action::SealThenRest(record, _)
            | Action::SealThenAskToSignIn(record) => {
                // The disk is full: the engine gives up and lets go of the lock.
                let mut full = world.clone();
                full.processes[index].step = Step::Running;
                self.next.push(full);
                let early = self.flaw == Flaw::UseBeforeSeal;
                match &**action {
                    Action::SealThenSend(..) if self.flaw == Flaw::NoIntent => {}
                    Action::SealThenUse(_, access) if early => {
                        self.demand_durable(&next, access);
                        next.server.see_access(number(access.expose()));
                    }
                    _ => self.seal(&mut next, index, record),
                }
                next.processes[index].step = Step::Sealed(demand.clone(), action.clone());
                self.next.push(next);
            }
        }
    }

    /// Does the second half.
    fn complete(&mut self, world: &World, index: usize, demand: &Rc<Demand>, action: &Rc<Action>) {
        let mut next = world.clone();
        match &**action {
            Action::SealThenSend(_, refresh) => self.send(world, index, demand, refresh),
            Action::SealThenUse(record, access) => {
                if self.flaw == Flaw::UseBeforeSeal {
                    self.seal(&mut next, index, record);
                }
                self.hand_out(next, index, access);
            }
            _ => {
                next.processes[index].step = Step::Running;
                self.next.push(next);
            }
        }
    }

    fn seal(&mut self, world: &mut World, index: usize, record: &Record) {
        let mut record = record.clone();
        let before = &world.disk;
        if self.flaw == Flaw::SuccessorDropped {
            record.refresh.clone_from(&before.refresh);
        }
        if matches!(record.phase, Phase::SignedOut { .. }) {
            let process = &world.processes[index];
            let cautious = self.mode == Mode::StrictWithSiblings && process.found_intent;
            let told = process.last == Some(Reply::Refused);
            self.demand("I5: only `invalid_grant` ends a session", told || cautious);
            let mut kept = record.clone();
            kept.phase = before.phase.clone();
            kept.access.clone_from(&before.access);
            self.demand("I6: the end of a session deletes nothing", kept == **before);
        }
        if record.generation > before.generation {
            world.window = refresh_of(&record) != world.server.current
                && Some(refresh_of(&record)) != world.server.other;
        }
        world.disk = Rc::new(record);
    }

    fn send(&mut self, world: &World, index: usize, demand: &Rc<Demand>, refresh: &RefreshToken) {
        let token = number(refresh.expose());
        let process = &world.processes[index];
        let allowed = match process.sends_of_the_token() {
            _ if process.sends == 0 => true,
            1 => process.last == Some(Reply::Nothing),
            // Whether the server overlaps was judged when that was decided, in `receive`.
            2 | 3 => !matches!(self.mode, Mode::Strict | Mode::StrictWithSiblings),
            _ => false,
        };
        self.found.most_sends = self.found.most_sends.max(process.sends_of_the_token() + 1);
        let on_disk = world.disk.refresh.as_ref() == Some(refresh);
        let intended = matches!(world.disk.phase, Phase::InFlight { .. });
        self.demand("I2: the refresh token sent is the one on disk", on_disk);
        self.demand(
            "I4: sent again only after an ambiguous answer, and once, or while the server overlaps",
            allowed,
        );
        self.demand("intent: sealed before sending", intended);

        let mut arrived = world.clone();
        let reply = match arrived.server.exchange(token) {
            Some(tokens) => {
                arrived.window |= self.mode != Mode::None;
                Reply::Granted(tokens)
            }
            None => Reply::Refused,
        };
        let unmoved = [Reply::NotSent, Reply::Busy, Reply::Odd, Reply::Nothing];
        let ways = unmoved.map(|reply| (world.clone(), reply));
        for (mut next, reply) in ways.into_iter().chain([(arrived, reply)]) {
            next.processes[index].sends += 1;
            next.processes[index].step = Step::Sent(demand.clone(), reply);
            self.next.push(next);
        }
    }

    fn receive(&mut self, world: &World, index: usize, demand: &Rc<Demand>, reply: Reply) {
        let mut next = world.clone();
        let mut demand = (**demand).clone();
        let taken = match reply {
            Reply::Odd | Reply::Busy if self.flaw == Flaw::AnyAnswerIsARefusal => Outcome::Refused,
            other => outcome(other, self.mode, world.clock),
        };
        demand.in_doubt &= self.flaw != Flaw::DoubtForgotten;
        if self.must_persist(world, index, &demand, reply) {
            let mut twin = demand.clone();
            let action = twin.took(outcome(reply, self.mode, world.clock), instant(world.clock));
            let saved = world.is_saved_by(twin, action, world.clock);
            self.demand(
                "persists: three failures in a row cost nothing while the server overlaps",
                saved,
            );
        }
        let action = demand.took(taken, instant(world.clock));
        let often = world.processes[index].sends_of_the_token() >= 2;
        let insists = often && matches!(action, Action::SendAgain(..));
        self.demand(
            "I4: a third time only while the server overlaps",
            !insists || world.overlaps(),
        );
        next.processes[index].last = Some(reply);
        next.processes[index].step = Step::Due(Rc::new(demand), Rc::new(action));
        self.next.push(next);
    }

    /// Whether this answer, which says nothing about a token that may be spent, must not end the demand.
    fn must_persist(&self, world: &World, index: usize, demand: &Demand, reply: Reply) -> bool {
        let silent = match reply {
            Reply::Nothing => true,
            Reply::NotSent | Reply::Busy | Reply::Odd => {
                demand.in_doubt && matches!(self.mode, Mode::Grace | Mode::BriefGrace)
            }
            Reply::Granted(_) | Reply::Refused => false,
        };
        silent
            && self.flaw == Flaw::Nothing
            && demand.begun_at == instant(world.clock)
            && world.overlaps()
            && world.server.session == Session::Alive
            && world.processes[index].sends_of_the_token() < 4
    }

    fn demand_durable(&mut self, world: &World, access: &AccessToken) {
        let durable = world.disk.access.as_ref() == Some(access);
        self.demand("I3: no token is used before it is durable", durable);
    }

    fn hand_out(&mut self, mut world: World, index: usize, access: &AccessToken) {
        self.demand_durable(&world, access);
        let held = Some((number(access.expose()), world.disk.generation));
        world.processes[index] = Process { step: Step::Running, held, ..DEAD };
        self.next.push(world);
    }
}

#[test]
fn no_crash_race_or_fault_loses_a_session_outside_the_one_window() {
    let found = MODES.map(|mode| {
        let found = Explorer::explore(mode, Flaw::Nothing);
        println!("{mode:?}: {found:?}");
        found
    });

    let states: usize = found.iter().map(|found| found.states).sum();
    println!(
        "In {states} reachable states no session is lost at servers that keep, overlap (for as long as a retry takes) \
         or confirm refresh tokens, whatever goes wrong up to three times in a row; at strict servers, and where the \
         overlap is over, one is lost only if the app, the answer or the disk fails after the server replaced the \
         token and before the new one is durable."
    );
    for found in &found {
        assert_eq!(found.violations, BTreeSet::new());
        assert!(found.states > 100, "{found:?}");
    }
    let [none, grace, brief, confirm, strict, siblings] = found;
    assert_eq!([none.lost, grace.lost, confirm.lost], [0, 0, 0]);
    assert!(
        strict.lost > 0 && brief.lost > 0,
        "the one window is reachable, or this check could not fail"
    );
    assert_eq!((strict.lost, strict.lost_in_window), (strict.window, strict.lost));
    assert_eq!(brief.lost, brief.lost_in_window);
    let sends = [&none, &grace, &brief, &confirm, &strict, &siblings].map(|found| found.most_sends);
    assert_eq!(sends, [4, 4, 4, 4, 2, 2], "one refresh token, by one demand");
}

#[test]
fn each_mistake_around_the_decisions_is_noticed() {
    let cases: [(Mode, Flaw, &[&str]); 6] = [
        (Mode::Strict, Flaw::NoLock, &["I1"]),
        (Mode::StrictWithSiblings, Flaw::NoIntent, &["intent"]),
        (Mode::ConfirmOnUse, Flaw::UseBeforeSeal, &["I3"]),
        (Mode::Strict, Flaw::SuccessorDropped, &["intent"]),
        (Mode::StrictWithSiblings, Flaw::DoubtForgotten, &["intent"]),
        (Mode::None, Flaw::AnyAnswerIsARefusal, &["I5", "lost"]),
    ];

    for (mode, flaw, rules) in cases {
        let found = Explorer::explore(mode, flaw);

        println!("{mode:?} with {flaw:?}: {found:?}");
        for rule in rules {
            let noticed = found.violations.iter().any(|violation| violation.starts_with(rule));
            assert!(noticed, "{rule} {flaw:?}: {found:?}");
        }
    }
}

#[test]
fn a_server_that_confirms_on_use_loses_a_session_if_tokens_are_used_before_they_are_sealed() {
    let found = Explorer::explore(Mode::ConfirmOnUse, Flaw::UseBeforeSeal);

    assert!(found.lost > 0, "{found:?}");
}
