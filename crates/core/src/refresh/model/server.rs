//! The authorization server of the model: what each kind does with a refresh token.

/// What the server does with a refresh token once it was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It stays the same.
    None,
    /// The one before brings the same successor again. Assumed: until the retry arrives, however long that takes.
    Grace,
    /// As before, for an hour: the next turn of the clock ends it.
    BriefGrace,
    /// The one before works until the new refresh or access token is used.
    ConfirmOnUse,
    /// The one before is dead, and using it ends the session.
    Strict,
    /// As before, and the person's other sessions end as well. The registry says so, and the app knows.
    StrictWithSiblings,
}

pub const MODES: [Mode; 6] = [
    Mode::None,
    Mode::Grace,
    Mode::BriefGrace,
    Mode::ConfirmOnUse,
    Mode::Strict,
    Mode::StrictWithSiblings,
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Session {
    Alive,
    /// A refresh token came twice.
    EndedByReuse,
    /// The server had reasons of its own.
    EndedByServer,
}

#[derive(Clone, Debug)]
pub struct Server {
    pub mode: Mode,
    pub current: u32,
    /// With grace the one before; with confirm-on-use the one that nobody used yet.
    pub other: Option<u32>,
    pub issued: u32,
    pub session: Session,
    pub siblings_ended: bool,
}

impl Server {
    /// The number of the tokens given for a refresh token, or `invalid_grant`.
    pub fn exchange(&mut self, token: u32) -> Option<u32> {
        if self.session != Session::Alive {
            return None;
        }
        match self.mode {
            Mode::None if token == self.current => Some(token),
            Mode::Grace | Mode::BriefGrace if Some(token) == self.other => Some(self.current),
            Mode::ConfirmOnUse if token == self.current || Some(token) == self.other => {
                self.current = token;
                self.issued += 1;
                self.other = Some(self.issued);
                self.other
            }
            Mode::Grace | Mode::BriefGrace | Mode::Strict | Mode::StrictWithSiblings
                if token == self.current =>
            {
                self.issued += 1;
                let overlaps = matches!(self.mode, Mode::Grace | Mode::BriefGrace);
                self.other = overlaps.then_some(self.current);
                self.current = self.issued;
                Some(self.current)
            }
            _ => {
                self.session = Session::EndedByReuse;
                self.siblings_ended |= self.mode == Mode::StrictWithSiblings;
                None
            }
        }
    }

    /// The clock turns.
    pub fn turn(&mut self) {
        if self.mode == Mode::BriefGrace {
            self.other = None;
        }
    }

    pub fn see_access(&mut self, token: u32) {
        if self.mode == Mode::ConfirmOnUse && self.other == Some(token) {
            self.current = token;
            self.other = None;
        }
    }
}
