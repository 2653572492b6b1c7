//! Settings: what the person chose about the app. Each acts at once.

use handrail_contract::{
    settings::{
        ChangeSettings, HideTopic, HowOften, Language, ListTopics, Settings, ShowSettings,
        TextSize, Theme, TopicRow, Topics,
    },
    words::{Icon, Phrase},
};
use yew::prelude::*;

use super::{
    lock::{draw_lost_note, use_erase},
    show_part,
};
use crate::{
    components::{
        Bar, Heading, Leads, Page, PressButton, ProblemNote, Row, Segment, Switch, Tab, Weight,
        draw_list, draw_section, plain_text, use_sheet,
    },
    hooks::{Deed, use_answer, use_around, use_deed},
    route::Route,
    text::{say, t},
};

#[component]
pub fn SettingsPage() -> Html {
    let answered = use_answer(ShowSettings {});
    let around = use_around();
    let asks_to_erase = use_state(|| false);
    // Each for itself: who chooses two things one right after the other means both.
    let changes = [use_change(), use_change(), use_change(), use_change()];
    let problem = changes.iter().find_map(|change| change.problem.clone());
    let has_pin = around.doorway.has_pin();
    let turn = |to: bool| {
        let asks_to_erase = asks_to_erase.setter();
        Callback::from(move |()| asks_to_erase.set(to))
    };
    let erase = PressButton {
        label: t("erase-everything"),
        weight: Weight::Danger,
        icon: Some(Icon::Trash2),
        onclick: turn(true).reform(|_: MouseEvent| ()),
        ..PressButton::default()
    };
    let sheet = asks_to_erase.then(|| html! { <EraseSheet on_close={turn(false)} /> });
    html! {
        <Page title={t("settings-title")} bar={Bar::back(Route::More, t("more-title"))} tab={Tab::More} {sheet}>
            <Heading>{ t("settings-title") }</Heading>
            { problem.map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            { show_part(&answered, |settings| draw(settings, &changes, has_pin)) }
            { erase.draw() }
        </Page>
    }
}

/// Changes one thing, and says so.
#[hook]
fn use_change() -> Deed<ChangeSettings> {
    let around = use_around();
    use_deed(Callback::from(move |_: Settings| {
        around.announce.emit(t("settings-saved"));
        around.ask_again.emit(());
    }))
}

fn draw(settings: &Settings, changes: &[Deed<ChangeSettings>; 4], has_pin: bool) -> Html {
    let [set_language, set_size, set_theme, set] = changes.each_ref().map(Deed::begin);
    let looks = &settings.looks;
    let language = Segment {
        name: "language",
        heading: html! { <h2>{ t("settings-language") }</h2> },
        hint: Some(t("settings-language-hint")),
        chosen: looks.language,
        choices: vec![
            (Language::Phone, t("as-on-device")),
            (Language::English, t("settings-english")),
            (Language::Spanish, t("settings-spanish")),
        ],
        on_choose: set_language
            .reform(|it| ChangeSettings { language: Some(it), ..Default::default() }),
    };
    let size = Segment {
        name: "text-size",
        heading: html! { <h2>{ t("settings-text") }</h2> },
        hint: None,
        chosen: looks.text_size,
        choices: vec![
            (TextSize::Phone, t("as-on-device")),
            (TextSize::Large, t("settings-text-large")),
            (TextSize::Larger, t("settings-text-larger")),
            (TextSize::Largest, t("settings-text-largest")),
        ],
        on_choose: set_size
            .reform(|it| ChangeSettings { text_size: Some(it), ..Default::default() }),
    };
    let theme = Segment {
        name: "theme",
        heading: html! { <h2>{ t("settings-theme") }</h2> },
        hint: None,
        chosen: looks.theme,
        choices: vec![
            (Theme::Phone, t("as-on-device")),
            (Theme::Light, t("settings-theme-light")),
            (Theme::Dark, t("settings-theme-dark")),
        ],
        on_choose: set_theme.reform(|it| ChangeSettings { theme: Some(it), ..Default::default() }),
    };
    let how_often = Segment {
        name: "how-often",
        heading: html! { <h2>{ t("settings-how-often") }</h2> },
        hint: Some(t("settings-how-often-hint")),
        chosen: settings.how_often,
        choices: vec![
            (HowOften::Hourly, t("settings-hourly")),
            (HowOften::FourHourly, t("settings-four-hourly")),
            (HowOften::Daily, t("settings-daily")),
            (HowOften::WhenOpen, t("settings-when-open")),
        ],
        on_choose: set.reform(|it| ChangeSettings { how_often: Some(it), ..Default::default() }),
    };
    let tells_news = settings.tells_news.map(|on| Switch {
        id: "tells-news".into(),
        title: t("settings-tells-news"),
        sub: Some(t("settings-tells-news-sub")),
        on,
        on_turn: set
            .clone()
            .reform(|it| ChangeSettings { tells_news: Some(it), ..Default::default() }),
    });
    html! {<>
        { language.draw() }
        { size.draw() }
        { theme.draw() }
        { draw_privacy(settings, &set, has_pin) }
        { how_often.draw() }
        { tells_news.map(|switch| draw_list([switch.draw()])).unwrap_or_default() }
        <p class="small muted">{ say(&Phrase::new("settings-version").with("version", settings.version.as_str())) }</p>
    </>}
}

fn draw_privacy(settings: &Settings, set: &Callback<ChangeSettings>, has_pin: bool) -> Html {
    let lock = Switch {
        id: "lock".into(),
        title: t("settings-lock"),
        sub: Some(t("settings-lock-sub")),
        on: has_pin,
        on_turn: Callback::from(|wanted: bool| {
            let route = if wanted { Route::PinSet } else { Route::PinOff };
            if let Some(window) = web_sys::window() {
                let _ = window.location().set_hash(&route.href());
            }
        }),
    };
    let another = Row {
        title: html! { t("settings-pin-change") },
        leads: Leads::To(Route::PinSet),
        ..Row::default()
    };
    let covers = Switch {
        id: "covers".into(),
        title: t("settings-covers"),
        sub: Some(t("settings-covers-sub")),
        on: settings.looks.covers,
        on_turn: set.reform(|it| ChangeSettings { covers: Some(it), ..Default::default() }),
    };
    let topics = Row {
        title: html! { t("topics-title") },
        sub: Some(html! {
            say(&Phrase::new("settings-topics-sub").with("n", i64::from(settings.hidden_topics)))
        }),
        leads: Leads::To(Route::HiddenTopics),
        ..Row::default()
    };
    let rows = [
        Some(lock.draw()),
        has_pin.then(|| another.draw()),
        Some(covers.draw()),
        Some(topics.draw()),
    ];
    draw_section(t("settings-privacy"), draw_list(rows.into_iter().flatten()))
}

#[derive(Properties, PartialEq)]
struct EraseSheetProps {
    on_close: Callback<()>,
}

/// Asks once more before everything is erased.
#[component]
fn EraseSheet(props: &EraseSheetProps) -> Html {
    let sheet = use_sheet(props.on_close.clone());
    let erase = use_erase();
    let content = html! {<>
        { erase.note }
        <p>{ t("lock-forgot-erase") }</p>
        { draw_lost_note() }
        <div class="btns">{ erase.button }{ sheet.draw_back(t("disconnect-cancel")) }</div>
    </>};
    sheet.draw(t("erase-heading"), Html::default(), content)
}

/// Which topics are hidden.
#[component]
pub fn HiddenTopicsPage() -> Html {
    let answered = use_answer(ListTopics {});
    let around = use_around();
    let hide = {
        let (announce, ask_again) = (around.announce.clone(), around.ask_again.clone());
        use_deed::<HideTopic>(Callback::from(move |_: Topics| {
            announce.emit(t("settings-saved"));
            ask_again.emit(());
        }))
    };
    let row = |topic: &TopicRow| {
        let code = topic.code.clone();
        Switch {
            id: code.clone().into(),
            title: plain_text(&topic.words),
            sub: None,
            on: topic.hidden,
            on_turn: hide.begin().reform(move |hidden| HideTopic { code: code.clone(), hidden }),
        }
        .draw()
    };
    let rows = |rows: &[TopicRow]| draw_list(rows.iter().map(row));
    html! {
        <Page title={t("topics-title")} bar={Bar::back(Route::Settings, t("settings-title"))} tab={Tab::More}>
            <div class="group group--tight">
                <Heading>{ t("topics-title") }</Heading>
                <p class="muted">{ t("topics-lead") }</p>
            </div>
            { hide.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            { show_part(&answered, |topics| html! {<>
                { draw_section(t("topics-from-start"), rows(&topics.from_start)) }
                { draw_section(t("topics-others"), rows(&topics.others)) }
            </>}) }
        </Page>
    }
}
