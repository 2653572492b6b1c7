//! What is left after a death, told by a fresh process of the app and by what the server remembers.

use crate::{ground::Ground, hand::Kind};

/// A connection, and the generation that was on disk before the blow.
pub struct Session {
    pub source: String,
    pub generation: u64,
}

impl Session {
    /// Connects anew on an empty folder.
    pub async fn connect(ground: &Ground) -> Self {
        ground.wipe();
        let source = ground.connect().await;
        ground.take_rotations();
        Self { source, generation: 1 }
    }

    /// Goes on from what was found: the same session, one that the person began again, or a new phone.
    pub async fn go_on(&mut self, ground: &Ground, found: &Found) {
        if found.unreadable {
            *self = Self::connect(ground).await;
        } else if found.lost {
            ground.connect_again(&self.source).await;
            self.generation = 1;
        } else {
            self.generation = found.generation;
        }
        ground.take_rotations();
    }
}

/// How the fresh process tries the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One exchange.
    Demand,
    /// A whole look for news, as after a wake-up.
    Check,
}

/// What a fresh process found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// It could not open, or not read the record.
    pub unreadable: bool,
    /// The record on disk is the next one.
    pub is_new: bool,
    /// The record on disk is neither the one before nor the one after.
    pub is_another: bool,
    /// Drafts before the fresh process opened, and after.
    pub strays: u64,
    pub strays_left: u64,
    /// Only the person can mend it.
    pub lost: bool,
    /// The server rotated, and no new record was durable. Nobody had been told that it was.
    pub in_window: bool,
    /// Neither a token nor a sign-out came: something else is wrong.
    pub trouble: Option<String>,
    /// What is on disk in the end.
    pub generation: u64,
}

/// Lets a fresh process open the folder, read the record and go on with the session.
///
/// `announced` is the newest generation that the dead process had said is sealed.
pub async fn judge(ground: &Ground, session: &Session, announced: u64, step: Step) -> Found {
    let mut found = Found { strays: ground.count_strays(), ..Found::default() };
    let mut fresh = match ground.open(Kind::Usual).await {
        Ok(fresh) => fresh,
        Err(why) => return Found { unreadable: true, trouble: Some(why), ..found },
    };
    found.strays_left = ground.count_strays();
    let source = &session.source;
    let sealed = fresh.ask(&format!("load {source}")).await.unwrap_or_default();
    let words: Vec<&str> = sealed.split(' ').collect();
    let ["sealed", durable, _] = words.as_slice() else {
        fresh.close().await;
        return Found { unreadable: true, trouble: Some(sealed), ..found };
    };
    let durable: u64 = durable.parse().unwrap_or_default();
    found.is_new = durable == session.generation + 1;
    found.is_another = !found.is_new && durable != session.generation;

    let said = match step {
        Step::Demand => fresh.ask(&format!("demand {source} {durable}")).await,
        Step::Check => fresh.ask(&format!("check {source}")).await,
    };
    fresh.close().await;
    found.generation = read_generation(said.as_deref());
    match said.as_deref().unwrap_or("died") {
        said if said.starts_with("token ") || said.starts_with("checked Some(Ok) ") => {}
        said if said == "none signed_out" || said.starts_with("checked Some(SignInAgain) ") => {
            found.lost = true;
            found.generation = durable;
        }
        said => found.trouble = Some(said.to_owned()),
    }
    // Each 200 of the token endpoint is a rotation; each of ours that was sealed is a generation.
    let unsealed = (ground.take_rotations() + session.generation).saturating_sub(found.generation);
    found.in_window = unsealed == 1 && announced <= durable;
    found
}

/// The generation an answer names: `token 7`, `checked Some(Ok) 7`. 0: it names none.
pub fn read_generation(said: Option<&str>) -> u64 {
    let said = said.filter(|said| said.starts_with("token ") || said.starts_with("checked "));
    said.and_then(|said| said.rsplit(' ').next()?.parse().ok()).unwrap_or_default()
}

/// The sums over many blows.
#[derive(Default)]
pub struct Sums {
    pub blows: u64,
    pub old: u64,
    pub new: u64,
    pub another: u64,
    pub unreadable: u64,
    pub most_strays: u64,
    pub strays_left: u64,
    pub lost: u64,
    pub lost_in_window: u64,
    pub in_window: u64,
    pub trouble: u64,
}

impl Sums {
    pub fn add(&mut self, found: &Found, after: &str) {
        self.blows += 1;
        self.unreadable += u64::from(found.unreadable);
        self.another += u64::from(found.is_another);
        self.new += u64::from(found.is_new);
        self.old += u64::from(!found.is_new && !found.is_another && !found.unreadable);
        self.most_strays = self.most_strays.max(found.strays);
        self.strays_left += found.strays_left;
        self.lost += u64::from(found.lost);
        self.in_window += u64::from(found.in_window);
        self.lost_in_window += u64::from(found.lost && found.in_window);
        self.trouble += u64::from(found.trouble.is_some());
        if let Some(trouble) = &found.trouble {
            println!("      after {after}: {trouble}");
        } else if found.lost && !found.in_window {
            println!("      after {after}: lost without the window: {found:?}");
        }
    }
}
