//! The questions a page may ask, each tied to the shape of its answer.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    act, activity, code, export, form, goal, history, inbox, lock, paper, partner, place, private,
    referral, report, settings, sign_in, start_over, today, todo, tryout,
};

/// A question a page may ask the engine.
pub trait Question: Serialize + DeserializeOwned + Clone + PartialEq + Send + 'static {
    /// The command that answers it, the same in every shell.
    const COMMAND: &'static str;
    /// Whether it is answered while the app is locked. Only what opens the door, or erases what is behind it.
    const WHILE_LOCKED: bool = false;
    /// What comes back when the engine can answer.
    type Answer: Serialize + DeserializeOwned + Clone + PartialEq + Send + 'static;
}

/// Calls a macro with every question that an engine answers as `command => Question`, so that no shell keeps a list of its own.
#[macro_export]
macro_rules! with_every_question {
    ($callback:ident) => {
        $callback! {
            read_code => $crate::code::ReadCode,
            read_picture => $crate::code::ReadPicture,
            list_places => $crate::partner::ListPlaces,
            begin_sign_in => $crate::sign_in::BeginSignIn,
            sign_in_again => $crate::sign_in::SignInAgain,
            show_sign_in => $crate::sign_in::ShowSignIn,
            reopen_browser => $crate::sign_in::ReopenBrowser,
            cancel_sign_in => $crate::sign_in::CancelSignIn,
            show_today => $crate::today::ShowToday,
            mark_seen => $crate::today::MarkSeen,
            list_todos => $crate::todo::ListTodos,
            show_todo => $crate::todo::ShowTodo,
            show_form => $crate::form::ShowForm,
            save_answer => $crate::form::SaveAnswer,
            repeat_group => $crate::form::RepeatGroup,
            act => $crate::act::Act,
            list_goals => $crate::goal::ListGoals,
            show_goal => $crate::goal::ShowGoal,
            list_referrals => $crate::referral::ListReferrals,
            show_referral => $crate::referral::ShowReferral,
            list_inbox => $crate::inbox::ListInbox,
            show_request => $crate::inbox::ShowRequest,
            count_inbox => $crate::inbox::CountInbox,
            export_inbox => $crate::inbox::ExportInbox,
            show_history => $crate::history::ShowHistory,
            list_connections => $crate::place::ListConnections,
            show_connection => $crate::place::ShowConnection,
            choose_employers => $crate::place::ChooseEmployers,
            check_now => $crate::place::CheckNow,
            disconnect => $crate::place::Disconnect,
            take_opened_link => $crate::code::TakeOpenedLink,
            show_settings => $crate::settings::ShowSettings,
            change_settings => $crate::settings::ChangeSettings,
            show_door => $crate::lock::ShowDoor,
            note_away => $crate::lock::NoteAway,
            lock_now => $crate::lock::LockNow,
            unlock => $crate::lock::Unlock,
            leave_private => $crate::lock::LeavePrivate,
            set_pin => $crate::lock::SetPin,
            remove_pin => $crate::lock::RemovePin,
            erase_all => $crate::lock::EraseAll,
            list_activity => $crate::activity::ListActivity,
            show_report => $crate::report::ShowReport,
            export_bundle => $crate::export::ExportBundle,
            show_paper => $crate::paper::ShowPaper,
            list_private => $crate::private::ListPrivate,
            list_topics => $crate::settings::ListTopics,
            hide_topic => $crate::settings::HideTopic,
        }
    };
}

macro_rules! name_commands {
    ($($command:ident => $question:path,)*) => {
        /// Every command a shell answers. The access list of the window is made from it.
        pub const COMMANDS: &[&str] =
            &[
                $(stringify!($command),)*
                start_over::StartOver::COMMAND,
                export::SaveFile::COMMAND,
                code::UseScanner::COMMAND,
                tryout::BeginTryout::COMMAND,
                tryout::LeaveTryout::COMMAND,
            ];
    };
}
with_every_question!(name_commands);

macro_rules! answer {
    ($($command:ident: $question:ty => $answer:ty $(, while_locked: $open:literal)?;)*) => {
        $(impl Question for $question {
            const COMMAND: &'static str = stringify!($command);
            $(const WHILE_LOCKED: bool = $open;)?
            type Answer = $answer;
        })*
    };
}

answer! {
    read_code: code::ReadCode => code::CodeRead;
    read_picture: code::ReadPicture => code::CodeRead;
    list_places: partner::ListPlaces => partner::PlacesToChoose;
    begin_sign_in: sign_in::BeginSignIn => sign_in::SignIn;
    sign_in_again: sign_in::SignInAgain => sign_in::SignIn;
    show_sign_in: sign_in::ShowSignIn => sign_in::SignIn;
    reopen_browser: sign_in::ReopenBrowser => sign_in::SignIn;
    cancel_sign_in: sign_in::CancelSignIn => sign_in::SignIn;
    show_today: today::ShowToday => today::Today;
    mark_seen: today::MarkSeen => today::Today;
    list_todos: todo::ListTodos => todo::Todos;
    show_todo: todo::ShowTodo => todo::TodoPage;
    show_form: form::ShowForm => form::FormPage;
    save_answer: form::SaveAnswer => form::FormPage;
    repeat_group: form::RepeatGroup => form::FormPage;
    act: act::Act => act::Acted;
    list_goals: goal::ListGoals => goal::Goals;
    show_goal: goal::ShowGoal => goal::GoalPage;
    list_referrals: referral::ListReferrals => referral::Referrals;
    show_referral: referral::ShowReferral => referral::ReferralPage;
    list_inbox: inbox::ListInbox => inbox::Inbox;
    show_request: inbox::ShowRequest => inbox::RequestPage;
    count_inbox: inbox::CountInbox => inbox::InboxCount;
    export_inbox: inbox::ExportInbox => export::Exported;
    show_history: history::ShowHistory => history::History;
    list_connections: place::ListConnections => place::Connections;
    show_connection: place::ShowConnection => place::ConnectionPage;
    choose_employers: place::ChooseEmployers => place::ConnectionPage;
    check_now: place::CheckNow => place::CheckOutcome;
    disconnect: place::Disconnect => place::Disconnected;
    take_opened_link: code::TakeOpenedLink => code::OpenedLink;
    show_settings: settings::ShowSettings => settings::Settings;
    change_settings: settings::ChangeSettings => settings::Settings;
    show_door: lock::ShowDoor => lock::Door, while_locked: true;
    note_away: lock::NoteAway => lock::Door, while_locked: true;
    lock_now: lock::LockNow => lock::Door, while_locked: true;
    unlock: lock::Unlock => lock::Door, while_locked: true;
    leave_private: lock::LeavePrivate => lock::Door;
    set_pin: lock::SetPin => lock::Door;
    remove_pin: lock::RemovePin => lock::Door;
    erase_all: lock::EraseAll => lock::ErasedAll, while_locked: true;
    list_activity: activity::ListActivity => activity::Activity;
    show_report: report::ShowReport => report::Report;
    export_bundle: export::ExportBundle => export::Exported;
    show_paper: paper::ShowPaper => paper::Paper;
    save_file: export::SaveFile => export::SavedFile;
    use_scanner: code::UseScanner => code::Scanned;
    list_private: private::ListPrivate => private::Private;
    list_topics: settings::ListTopics => settings::Topics;
    hide_topic: settings::HideTopic => settings::Topics;
    start_over: start_over::StartOver => start_over::StartedOver;
    begin_tryout: tryout::BeginTryout => lock::Door;
    leave_tryout: tryout::LeaveTryout => lock::Door;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_the_app_is_locked_only_the_door_answers() {
        let mut open = Vec::new();
        macro_rules! collect {
            ($($command:ident => $question:path,)*) => {
                $(if <$question as Question>::WHILE_LOCKED { open.push(stringify!($command)); })*
            };
        }
        with_every_question!(collect);

        assert_eq!(open, ["show_door", "note_away", "lock_now", "unlock", "erase_all"]);
    }

    #[test]
    fn every_question_is_in_the_list_of_commands_under_its_own_name() {
        macro_rules! check {
            ($($command:ident => $question:path,)*) => {
                $(assert_eq!(<$question as Question>::COMMAND, stringify!($command));)*
            };
        }
        with_every_question!(check);

        assert_eq!(COMMANDS.len(), 53, "with the five that a shell answers itself");
    }
}
