//! Today: what needs the person, and what waits on others.

use handrail_contract::{
    place::Role,
    referral::{Ball, ReferralGroup},
    today::{Attention, Today},
};

use super::{
    Now,
    index::Index,
    news,
    place::{attention_note, checked},
    referral::{self, Referral},
    todo,
};
use crate::fhir::{element::given_name, text::clean_line};

/// The first page, in its fixed order.
pub fn show(index: &Index<'_>, now: Now<'_>) -> Today {
    let sources = &index.shelf.sources;
    let referrals = Referral::all(index);
    let open = |group| group != ReferralGroup::Finished;
    Today {
        places: u32::try_from(sources.len()).unwrap_or(u32::MAX),
        only_helps: !sources.is_empty()
            && sources.iter().all(|source| source.role == Role::Organization),
        // No record tells of it; the engine knows.
        sign_in: None,
        name: name(index),
        your_turn: todo::your_turn(index, now),
        attention: sources
            .iter()
            .filter_map(|source| {
                Some(Attention {
                    place: index.place(&source.id),
                    note: attention_note(source)?,
                    sign_in: source.state == handrail_contract::place::ConnectionState::SignInAgain,
                })
            })
            .collect(),
        waiting: referral::rows(index, &referrals, None, now, open)
            .into_iter()
            .filter(|row| match row.group {
                ReferralGroup::NeedsPush => true,
                ReferralGroup::Moving => matches!(row.ball, Ball::Helper | Ball::Source),
                ReferralGroup::Finished => false,
            })
            .collect(),
        news: news::list(index, &referrals, now),
        checked: checked(index, None, now),
    }
}

/// The person's first name, from the first place that told it.
fn name(index: &Index<'_>) -> Option<String> {
    index.shelf.sources.iter().filter(|source| source.role == Role::Patient).find_map(|source| {
        let row = index.row(&source.id, "Patient", source.patient.as_deref()?)?;
        given_name(&row.body).map(clean_line)
    })
}
