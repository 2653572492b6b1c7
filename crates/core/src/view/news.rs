//! News: what is new or different since it was last looked at.

use std::collections::HashSet;

use handrail_contract::{
    today::NewsRow,
    todo::TodoState,
    words::{ItemId, Phrase, Words},
};
use jiff::Timestamp;

use super::{
    Now, goal,
    index::{Index, item_id},
    referral::{self, Referral, find_for},
    say::{day, filling, say},
    todo,
};
use crate::{
    fhir::time::read_day,
    store::{Kept, News},
};

/// News rows on Today; what is older stays in the lists.
const MOST: usize = 50;

/// What was not seen yet, the latest first; one row a thing.
pub fn list<'a>(index: &Index<'a>, all: &[Vec<Referral<'a>>], now: Now<'_>) -> Vec<NewsRow> {
    let mut rows: Vec<(Timestamp, NewsRow)> = Vec::new();
    for row in unseen(&index.todos).filter(|row| !index.is_hidden_todo(row)) {
        rows.extend(todo_news(index, row, now).map(|news| (row.changed_at, news)));
    }
    for row in unseen(&index.goals).filter(|row| !index.is_hidden_goal(row)) {
        rows.extend(goal_news(index, row, now).map(|news| (row.changed_at, news)));
    }
    // A Task says more about a referral than its request does, so it comes first.
    let referrals = unseen(&index.referral_tasks).chain(unseen(&index.requests));
    // What two places tell of is one piece of news.
    let names = referral::names(all);
    rows.extend(referrals.filter_map(|row| {
        let mut news = referral_news(index, row)?;
        news.id = names.get(&news.id).cloned().unwrap_or(news.id);
        Some((row.changed_at, news))
    }));
    let mut seen = HashSet::new();
    rows.retain(|(_, row)| seen.insert(row.id.clone()));
    rows.sort_by(|(one_at, one), (other_at, other)| {
        other_at.cmp(one_at).then_with(|| one.id.cmp(&other.id))
    });
    rows.truncate(MOST);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn unseen<'i, 'a: 'i>(rows: &'i [&'a Kept]) -> impl Iterator<Item = &'a Kept> + 'i {
    rows.iter().copied().filter(|row| row.news.is_some() && !row.seen)
}

fn todo_news<'a>(index: &Index<'a>, row: &'a Kept, now: Now<'_>) -> Option<NewsRow> {
    let title = todo::title(index, row);
    let state = todo::read_state(&row.body);
    let mut about = title.clone();
    let key = match (row.news.as_ref()?, state) {
        (_, None) => "news-taken-away",
        (News::New, Some(TodoState::YourTurn | TodoState::Started | TodoState::Paused)) => {
            "news-todo-new"
        }
        // Something that was over before we ever saw it needs nobody's eye.
        (News::New, Some(_)) => return None,
        (News::Due { from, to }, _) => {
            let (from, to) = (read(from.as_deref(), now), read(to.as_deref(), now));
            let moved = match (from, to) {
                (Some(from), Some(to)) => {
                    say("news-due-about").with("to", day(to)).with("from", day(from))
                }
                (None, Some(to)) => say("news-due-about-first").with("to", day(to)),
                (_, None) => say("news-due-about-none"),
            };
            about = Words::Ours(moved.with("title", filling(&title)));
            match (from, to) {
                (Some(from), Some(to)) if to < from => "news-due-earlier",
                (Some(_), Some(_)) => "news-due-later",
                (None, Some(_)) => "news-due-set",
                (_, None) => "news-due-gone",
            }
        }
        (News::Status { .. }, Some(state)) => match state {
            TodoState::YourTurn => "news-todo-yours",
            TodoState::Started => "news-todo-started",
            TodoState::Paused => "news-todo-paused",
            TodoState::Done => "news-todo-done",
            TodoState::CouldNot => "news-todo-could-not",
            TodoState::Stopped => "news-todo-stopped",
        },
        (News::Text, _) => "news-todo-text",
        (News::Achievement { .. } | News::Target { .. }, _) => return None,
    };
    Some(news_row(index, row, item_id("todo", &row.source, &row.id), say(key), about))
}

fn read(text: Option<&str>, now: Now<'_>) -> Option<jiff::civil::Date> {
    read_day(text?, now.tz)
}

fn goal_news(index: &Index<'_>, row: &Kept, now: Now<'_>) -> Option<NewsRow> {
    let mut about = goal::title(row);
    let title = match row.news.as_ref()? {
        _ if !goal::is_listed(row) => say("news-taken-away"),
        News::New => say("news-goal-new"),
        News::Achievement { .. } | News::Status { .. } => {
            say("news-goal-state").with("state", filling(&goal::state_phrase(row)))
        }
        News::Target { to, .. } => {
            let title = about;
            let moved = match read(to.as_deref(), now) {
                Some(to) => say("news-target-about").with("to", day(to)),
                None => say("news-due-about-none"),
            };
            about = Words::Ours(moved.with("title", filling(&title)));
            say("news-target")
        }
        News::Text => say("news-goal-text"),
        News::Due { .. } => return None,
    };
    Some(news_row(index, row, item_id("goal", &row.source, &row.id), title, about))
}

fn referral_news<'a>(index: &Index<'a>, row: &'a Kept) -> Option<NewsRow> {
    let referral: Referral<'a> = find_for(index, row)?;
    if referral.is_hidden(index) {
        return None;
    }
    let key = match (row.news.as_ref()?, referral.state()) {
        (_, None) if referral.is_mistake() => "news-taken-away".to_owned(),
        (_, None) => return None,
        // A first Task for a known request is how it goes on; a request that is new with it is new.
        (News::New, Some(_))
            if referral.request.is_none_or(|it| it.news == Some(News::New) && !it.seen) =>
        {
            "news-referral-new".to_owned()
        }
        (News::Text | News::Due { .. }, Some(_)) => "news-referral-text".to_owned(),
        (_, Some(state)) => format!("news-referral-{}", referral::code_of(state)),
    };
    let title = referral.title();
    Some(news_row(index, row, referral.id(), say(&key), title))
}

fn news_row(index: &Index<'_>, row: &Kept, id: ItemId, title: Phrase, about: Words) -> NewsRow {
    NewsRow { id, place: index.place(&row.source), title, about, at: row.changed_at.to_string() }
}
