//! Goes to every state that can be reached, and judges each.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{
    server::{Mode, Server, Session},
    *,
};

pub struct Explorer {
    mode: Mode,
    flaw: Flaw,
    found: Found,
    next: Vec<World>,
}

impl Explorer {
    pub fn explore(mode: Mode, flaw: Flaw) -> Found {
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
