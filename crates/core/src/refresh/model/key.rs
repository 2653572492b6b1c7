//! Which states of the model are the same state: tokens and generations by rank, instants by whether they passed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::*;

impl World {
    /// Tells states apart.
    pub fn key(&self) -> String {
        let ranks = self.ranks();
        let mut processes =
            self.processes.each_ref().map(|process| self.process_key(process, &ranks));
        processes.sort();
        format!("{}|{}|{}", self.shared_key_by(&ranks), processes[0], processes[1])
    }

    /// The part that outlives every process.
    pub fn shared_key(&self) -> String {
        self.shared_key_by(&self.ranks())
    }

    fn shared_key_by(&self, ranks: &Ranks) -> String {
        let server = &self.server;
        let (current, other) =
            (ranks.token(server.current), server.other.map(|one| ranks.token(one)));
        let (session, siblings) = (server.session, server.siblings_ended);
        let disk = self.record_key(&self.disk, ranks);
        format!("{disk} {current} {other:?} {session:?} {siblings} {}", self.window)
    }

    fn record_key(&self, record: &Record, ranks: &Ranks) -> String {
        let phase = match record.phase {
            Phase::Idle => 'i',
            Phase::InFlight { sent_at, .. } if sent_at == instant(self.clock) => 'f',
            Phase::InFlight { .. } => 'F',
            Phase::SignedOut { .. } => 'o',
        };
        let access = record.access.as_ref().map(|token| ranks.token(number(token.expose())));
        let lasts = instant(self.clock) < record.access_expires_at;
        let generation = ranks.generation(record.generation);
        format!("{phase}{lasts}{access:?}r{}g{generation}", ranks.token(refresh_of(record)))
    }

    fn process_key(&self, process: &Process, ranks: &Ranks) -> String {
        let mut key = String::new();
        let held = process
            .held
            .map(|(access, generation)| (ranks.token(access), ranks.generation(generation)));
        let (step, demand, sealed, reply) = match &process.step {
            Step::Dead => return "dead".to_owned(),
            Step::Running => ('r', None, None, None),
            Step::Due(demand, action) => ('d', Some(demand), Some(action), None),
            Step::Sealed(demand, action) => ('s', Some(demand), Some(action), None),
            Step::Sent(demand, reply) => ('w', Some(demand), None, Some(*reply)),
        };
        write!(key, "{step}{held:?}").unwrap();
        let Some(demand) = demand else { return key };
        let want = match demand.want {
            Want::Fresh => None,
            Want::NewerThan(generation) => Some(ranks.generation(generation)),
        };
        let record = self.record_key(&demand.record, ranks);
        let Demand { sent, reloaded, in_doubt, begun_at, .. } = **demand;
        let old = begun_at < instant(self.clock);
        let action = sealed.map(|action| std::mem::discriminant(&**action));
        let reply = reply.map(|reply| match reply {
            Reply::Granted(token) => format!("granted {}", ranks.token(token)),
            other => format!("{other:?}"),
        });
        let last = process.last.map(|last| match last {
            Reply::Granted(_) => "granted".to_owned(),
            other => format!("{other:?}"),
        });
        write!(key, "{record}{want:?}{sent}{reloaded}{in_doubt}{old}{action:?}{reply:?}{last:?}")
            .unwrap();
        write!(key, "{}{}", process.sends, process.found_intent).unwrap();
        key
    }

    fn ranks(&self) -> Ranks {
        let mut tokens = BTreeSet::from([self.server.current]);
        let mut generations = BTreeSet::new();
        tokens.extend(self.server.other);
        let mut note = |record: &Record| {
            tokens.insert(refresh_of(record));
            tokens.extend(record.access.as_ref().map(|token| number(token.expose())));
            generations.insert(record.generation);
        };
        note(&self.disk);
        let mut others = (vec![], vec![]);
        for process in &self.processes {
            others.0.extend(process.held.map(|held| held.0));
            others.1.extend(process.held.map(|held| held.1));
            let (Step::Due(demand, _) | Step::Sealed(demand, _) | Step::Sent(demand, _)) =
                &process.step
            else {
                continue;
            };
            note(&demand.record);
            if let Want::NewerThan(generation) = demand.want {
                others.1.push(generation);
            }
            if let Step::Sent(_, Reply::Granted(token)) = process.step {
                others.0.push(token);
            }
        }
        tokens.extend(others.0);
        generations.extend(others.1);
        Ranks { tokens: rank(tokens), generations: rank(generations) }
    }
}

struct Ranks {
    tokens: BTreeMap<u32, usize>,
    generations: BTreeMap<u64, usize>,
}

impl Ranks {
    fn token(&self, token: u32) -> usize {
        self.tokens[&token]
    }

    fn generation(&self, generation: u64) -> usize {
        self.generations[&generation]
    }
}

fn rank<T: Ord>(values: BTreeSet<T>) -> BTreeMap<T, usize> {
    values.into_iter().enumerate().map(|(rank, value)| (value, rank)).collect()
}
