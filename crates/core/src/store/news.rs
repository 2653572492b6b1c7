//! What is new about a resource, in terms a page can say.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fhir::{
    element::{codes, list, text, text_at},
    task::due_text,
};

/// What is new about something kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum News {
    /// It was not there before.
    New,
    /// A Task or ServiceRequest stands elsewhere, or a Goal's lifecycle does.
    Status { from: String, to: String },
    /// The day by which a Task should be done moved; dates as the server wrote them.
    Due { from: Option<String>, to: Option<String> },
    /// How a Goal goes.
    Achievement { from: Option<String>, to: String },
    /// The day by which a Goal should be reached moved.
    Target { from: Option<String>, to: Option<String> },
    /// They wrote or asked something else.
    Text,
}

impl News {
    /// Whether a resource of this type is something the person is told about.
    pub fn is_made_by(kind: &str) -> bool {
        matches!(kind, "Task" | "ServiceRequest" | "Goal")
    }

    /// What the person should be told about a change. News that was not seen yet is not lost in the next one.
    pub fn of_change(
        kind: &str,
        unseen: Option<&Self>,
        before: &Value,
        after: &Value,
    ) -> Option<Self> {
        let change = match kind {
            "Task" => status(before, after, "status")
                .or_else(|| {
                    moved(due_text(before), due_text(after))
                        .map(|(from, to)| Self::Due { from, to })
                })
                .or_else(|| reworded(before, after)),
            "ServiceRequest" => status(before, after, "status"),
            "Goal" => achievement(before, after)
                .or_else(|| status(before, after, "lifecycleStatus"))
                .or_else(|| {
                    moved(target(before), target(after)).map(|(from, to)| Self::Target { from, to })
                })
                .or_else(|| {
                    (text_at(before, &["description", "text"])
                        != text_at(after, &["description", "text"]))
                    .then_some(Self::Text)
                }),
            _ => return None,
        };
        match (unseen, change) {
            (None, change) => change,
            (Some(unseen), None) => Some(unseen.clone()),
            (Some(Self::New), Some(_)) => Some(Self::New),
            (Some(Self::Status { from, .. }), Some(Self::Status { to, .. })) => {
                (*from != to).then(|| Self::Status { from: from.clone(), to })
            }
            (Some(Self::Due { from, .. }), Some(Self::Due { to, .. })) => {
                (*from != to).then(|| Self::Due { from: from.clone(), to })
            }
            (Some(_), change) => change,
        }
    }
}

fn status(before: &Value, after: &Value, member: &str) -> Option<News> {
    let (from, to) = (text(before, member), text(after, member)?);
    (from != Some(to))
        .then(|| News::Status { from: from.unwrap_or_default().to_owned(), to: to.to_owned() })
}

fn achievement(before: &Value, after: &Value) -> Option<News> {
    let code = |goal: &Value| -> Option<String> {
        codes(goal.get("achievementStatus")?).next().map(str::to_owned)
    };
    let (from, to) = (code(before), code(after)?);
    (from.as_ref() != Some(&to)).then_some(News::Achievement { from, to })
}

fn target(goal: &Value) -> Option<&str> {
    list(goal, "target").find_map(|target| text(target, "dueDate"))
}

fn moved(from: Option<&str>, to: Option<&str>) -> Option<(Option<String>, Option<String>)> {
    (from != to).then(|| (from.map(str::to_owned), to.map(str::to_owned)))
}

fn reworded(before: &Value, after: &Value) -> Option<News> {
    let said = |task: &Value| {
        (
            text(task, "description").map(str::to_owned),
            text_at(task, &["statusReason", "text"]).map(str::to_owned),
        )
    };
    (said(before) != said(after)).then_some(News::Text)
}
