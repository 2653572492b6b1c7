//! The questions of the contract as commands of the window, one line each.

use handrail_contract::{
    Problem, Question,
    code::{ReadCode, ScanOutcome, ScanStep, Scanned, UseScanner},
    export::{SaveFile, SavedFile},
    lock::{Door, ShowDoor},
    start_over::StartedOver,
};
use handrail_engine::Answer as _;
use tauri::{AppHandle, Manager as _, Runtime, State, ipc::Invoke};

use crate::app::{
    desk::Desk,
    downloads,
    scanner::{Scanner, Seen},
    window,
};

macro_rules! commands {
    ($($command:ident => $question:path,)*) => {
        $(
            #[tauri::command]
            async fn $command(
                desk: State<'_, Desk>,
                question: $question,
            ) -> Result<<$question as Question>::Answer, Problem> {
                desk.on_show()?.answer(question).await
            }
        )*

        /// Answers the commands, each under its question's name.
        pub fn answer<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![
                $($command,)*
                start_over, save_file, use_scanner, begin_tryout, leave_tryout
            ]
        }
    };
}
handrail_contract::with_every_question!(commands);

/// The one question that is asked while there is no engine.
#[tauri::command]
async fn start_over(desk: State<'_, Desk>) -> Result<StartedOver, Problem> {
    desk.start_over()
}

/// A file of the person's own, where other apps find it.
#[tauri::command]
async fn save_file<R: Runtime>(
    app: AppHandle<R>,
    question: SaveFile,
) -> Result<SavedFile, Problem> {
    let folder = app.path().download_dir().map_err(|_| Problem::CannotSave)?;
    downloads::save(&folder, &question.file)
}

/// The device's own scanner. What a code says, the engine judges.
#[tauri::command]
async fn use_scanner(
    desk: State<'_, Desk>,
    scanner: State<'_, Scanner>,
    question: UseScanner,
) -> Result<Scanned, Problem> {
    let engine = desk.on_show()?;
    if question.step == ScanStep::Look && engine.answer(ShowDoor {}).await?.locked {
        return Err(Problem::Locked);
    }
    let outcome = match scanner.take(question.step).await {
        Seen::Missing => ScanOutcome::Missing,
        Seen::Ready => ScanOutcome::Ready,
        Seen::Text(text) => {
            let code = Some(engine.answer(ReadCode { text }).await?);
            return Ok(Scanned { outcome: ScanOutcome::Read, code });
        }
        Seen::Refused => ScanOutcome::Refused,
        Seen::Nothing => ScanOutcome::NothingSeen,
        Seen::Stopped => ScanOutcome::Stopped,
    };
    Ok(Scanned { outcome, code: None })
}

/// Made-up people and places, in place of what is saved.
#[tauri::command]
async fn begin_tryout<R: Runtime>(
    app: AppHandle<R>,
    desk: State<'_, Desk>,
) -> Result<Door, Problem> {
    let tryout = desk.tryout().begin(&desk.engine()?).await?;
    window::tell_of_changes(&app, &tryout);
    tryout.answer(ShowDoor {}).await
}

/// Back to what is saved.
#[tauri::command]
async fn leave_tryout(desk: State<'_, Desk>) -> Result<Door, Problem> {
    desk.tryout().leave(&desk.engine()?).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use handrail_contract::COMMANDS;
    use serde_json::Value;

    #[test]
    fn the_window_may_ask_every_question_and_do_nothing_else() {
        let capability: Value =
            serde_json::from_str(include_str!("../../capabilities/main.json")).unwrap();

        let allowed: BTreeSet<String> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|permission| permission.as_str().unwrap().to_owned())
            .collect();

        let expected: BTreeSet<String> = COMMANDS
            .iter()
            .map(|command| format!("allow-{}", command.replace('_', "-")))
            .chain(["core:event:allow-listen".to_owned(), "core:event:allow-unlisten".to_owned()])
            .collect();
        assert_eq!(allowed, expected);
        assert_eq!(capability["windows"], serde_json::json!(["main"]));
        assert_eq!(capability.get("remote"), None);
    }
}
