//! The story of a referral: what happened, where it stands, what comes next.

use handrail_contract::{
    referral::{ReferralState, StepStage, StoryStep},
    words::{Phrase, Words},
};
use jiff::Timestamp;

use super::{
    Now,
    index::Index,
    people::{Named, name_of},
    referral::Referral,
    say::{say, their_message, theirs},
};
use crate::{
    fhir::{
        element::{self, concept_name, text, text_at},
        task::output_references,
        time::{first_moment, read_moment},
    },
    store::Kept,
};

/// Tells a referral step by step: done, now, next.
pub fn tell_story<'a>(
    index: &Index<'a>,
    referral: &Referral<'a>,
    state: ReferralState,
    now: Now<'_>,
) -> Vec<StoryStep> {
    let sender = referral.sender(index);
    let helper = referral.helper(index);
    let mut story = Story { steps: Vec::new() };
    let main = referral.main;
    let asked_at = first_moment(&main.body, &["authoredOn"], now.tz);
    let only_asked = state == ReferralState::AskedFor;
    let stage = if only_asked { StepStage::Now } else { StepStage::Done };
    let shared_at = consent_at(index, referral, now);
    let was_shared_first = shared_at.is_some_and(|shared| asked_at.is_some_and(|it| shared < it));
    let tell_shared = |story: &mut Story| {
        if shared_at.is_some() {
            story.add(StepStage::Done, say("story-shared"), shared_at, None);
        }
    };
    if was_shared_first {
        tell_shared(&mut story);
    }
    story.add(stage, say("story-asked").with("source", sender.first()), asked_at, None);
    if !was_shared_first {
        tell_shared(&mut story);
    }
    let current = referral.current();
    for task in &referral.tasks {
        if current.is_none_or(|current| !std::ptr::eq(*task, current)) {
            tell_earlier(&mut story, index, task, now);
        }
    }
    tell_current(&mut story, referral, state, &helper, now);
    for (done, at) in activities(index, referral, now) {
        story.add(StepStage::Done, say("story-activity"), at, Some(done));
    }
    tell_rest(&mut story, state, &sender);
    // What happened stands before what is and what comes.
    story.steps.sort_by_key(|step| match step.stage {
        StepStage::Done => 0,
        StepStage::Now => 1,
        StepStage::Next => 2,
    });
    story.steps
}

struct Story {
    steps: Vec<StoryStep>,
}

impl Story {
    fn add(
        &mut self,
        stage: StepStage,
        heading: Phrase,
        at: Option<Timestamp>,
        words: Option<Words>,
    ) {
        self.steps.push(StoryStep { stage, heading, at: at.map(|at| at.to_string()), words });
    }
}

/// Somebody who was asked before, and what came of it.
fn tell_earlier<'a>(story: &mut Story, index: &Index<'a>, task: &'a Kept, now: Now<'_>) {
    let them = Named::helper(task.body.get("owner").and_then(|it| name_of(index, task, it)));
    let sent = say("story-sent").with("them", them.inside());
    story.add(StepStage::Done, sent, read_at(task, &["authoredOn"], now), None);
    let key = match text(&task.body, "status") {
        Some("rejected") => "story-could-not",
        Some("failed") => "story-did-not-work",
        Some("cancelled") => "story-stopped",
        Some("completed") => "story-done",
        _ => return,
    };
    let at = read_at(task, &["lastModified"], now).or(task.last_updated);
    story.add(StepStage::Done, say(key).with("them", them.first()), at, reason(task));
}

/// The one who is asked now.
fn tell_current(
    story: &mut Story,
    referral: &Referral<'_>,
    state: ReferralState,
    helper: &Named,
    now: Now<'_>,
) {
    let Some(task) = referral.current() else { return };
    let at = read_at(task, &["lastModified"], now).or(task.last_updated);
    let sent_at = read_at(task, &["authoredOn"], now);
    let is_sent = state == ReferralState::Sent;
    let sent = say("story-sent").with("them", helper.inside());
    story.add(if is_sent { StepStage::Now } else { StepStage::Done }, sent, sent_at, None);
    let (stage, key) = match state {
        ReferralState::Sent | ReferralState::AskedFor => return,
        ReferralState::SaidYes => (StepStage::Now, "story-said-yes"),
        ReferralState::Helping => (StepStage::Now, "story-helping"),
        ReferralState::OnHold => (StepStage::Now, "story-on-hold"),
        ReferralState::Unknown => (StepStage::Now, "story-unknown"),
        ReferralState::Done => (StepStage::Done, "story-done"),
        ReferralState::CouldNot => (StepStage::Done, "story-could-not"),
        ReferralState::DidNotWork => (StepStage::Done, "story-did-not-work"),
        ReferralState::Stopped => (StepStage::Done, "story-stopped"),
    };
    story.add(stage, say(key).with("them", helper.first()), at, reason(task));
}

/// What can come next.
fn tell_rest(story: &mut Story, state: ReferralState, sender: &Named) {
    let next: &[&str] = match state {
        ReferralState::AskedFor => &["story-next-sent", "story-next-answer"],
        ReferralState::Sent => &["story-next-answer", "story-next-help"],
        ReferralState::SaidYes => &["story-next-help"],
        ReferralState::Helping => &["story-next-done"],
        ReferralState::OnHold => &["story-next-goes-on"],
        ReferralState::CouldNot | ReferralState::DidNotWork => {
            let turn = say("story-senders-turn").with("source", sender.first());
            return story.add(StepStage::Now, turn, None, None);
        }
        ReferralState::Done | ReferralState::Stopped | ReferralState::Unknown => &[],
    };
    for key in next {
        story.add(StepStage::Next, say(key), None, None);
    }
}

/// What was done, from the Procedures and codes among the outputs.
fn activities<'a>(
    index: &Index<'a>,
    referral: &Referral<'a>,
    now: Now<'_>,
) -> Vec<(Words, Option<Timestamp>)> {
    let mut found = Vec::new();
    for task in &referral.tasks {
        for reference in output_references(&task.body) {
            let Some(("Procedure", done)) = index.follow(task, reference) else { continue };
            if text(done, "status") == Some("entered-in-error") {
                continue;
            }
            let Some(name) = done.get("code").and_then(concept_name) else { continue };
            let at = first_moment(done, &["performedDateTime"], now.tz).or_else(|| {
                let period = done.get("performedPeriod")?;
                first_moment(period, &["end", "start"], now.tz)
            });
            found.push((theirs(name), at));
        }
        let told = element::list(&task.body, "output")
            .filter_map(|output| output.get("valueCodeableConcept").and_then(concept_name));
        found.extend(told.map(|name| (theirs(name), None)));
    }
    found.sort_by_key(|(_, at)| *at);
    found.truncate(50);
    found
}

/// When the person agreed to share their details: an active Consent of the request.
fn consent_at<'a>(index: &Index<'a>, referral: &Referral<'a>, now: Now<'_>) -> Option<Timestamp> {
    let request = referral.request?;
    element::list(&request.body, "supportingInfo").find_map(|reference| {
        let ("Consent", consent) = index.follow(request, reference)? else { return None };
        let is_active = text(consent, "status") == Some("active");
        is_active.then(|| first_moment(consent, &["dateTime"], now.tz))?
    })
}

fn reason(task: &Kept) -> Option<Words> {
    let said = text_at(&task.body, &["statusReason", "text"])?;
    Some(their_message(said, text(&task.body, "language")))
}

fn read_at(task: &Kept, members: &[&str], now: Now<'_>) -> Option<Timestamp> {
    members.iter().find_map(|member| read_moment(text(&task.body, member)?, now.tz))
}
