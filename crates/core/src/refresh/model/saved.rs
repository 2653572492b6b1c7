//! Whether a session can still be saved in a state of the model.

use super::*;

impl World {
    /// Whether the server takes the token on disk now even if it was spent.
    pub fn overlaps(&self) -> bool {
        match (self.server.mode, &self.disk.phase) {
            (Mode::None | Mode::Grace | Mode::ConfirmOnUse, _) => true,
            (Mode::BriefGrace, Phase::InFlight { sent_at, .. }) => *sent_at == instant(self.clock),
            (Mode::BriefGrace | Mode::Strict | Mode::StrictWithSiblings, _) => false,
        }
    }

    /// Everybody dies now, and one process starts again with a network that works.
    pub fn is_saved_after_power_loss(&self) -> bool {
        let clock = self.clock + 9;
        let mut later = self.clone();
        later.server.turn();
        let (demand, action) = Demand::start((*self.disk).clone(), Want::Fresh, instant(clock));
        later.is_saved_by(demand, action, clock)
    }

    /// This demand goes on with a network that works from here.
    pub fn is_saved_by(&self, mut demand: Demand, mut action: Action, clock: i64) -> bool {
        let mut server = self.server.clone();
        loop {
            action = match action {
                Action::SealThenUse(..) => return true,
                Action::SealThenSend(_, refresh) | Action::SendAgain(refresh, _) => {
                    let reply = server.exchange(number(refresh.expose()));
                    let reply = reply.map_or(Reply::Refused, Reply::Granted);
                    demand.took(outcome(reply, server.mode, clock), instant(clock))
                }
                Action::Reload => demand.reloaded((*self.disk).clone(), instant(clock)),
                _ => return false,
            };
        }
    }
}
