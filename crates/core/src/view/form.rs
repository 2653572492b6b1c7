//! The questions of a to-do, one at a time.

use handrail_contract::{
    form::{
        FormOption, FormPage, FormQuestion, FormRepetition, FormReview, FormStep, Given, Input,
        ReviewRow, Spot,
    },
    words::{Filling, Icon, ItemId, Note, Phrase, Tone, Words},
};
use serde_json::Value;

use super::{
    index::{Index, parse_item_id},
    say::{moment, number, ours, say, theirs},
    todo,
};
use crate::{
    fhir::{element::text, text::clean_message, time::read_instant},
    form::{
        self, Answer, Draft, Fault, Form, Item, Kind, Look, Moment, Path, Stand, Step, Unshowable,
        check_form, check_question, read_form, read_given, read_response,
    },
    store::Kept,
};

/// A to-do's form, and what is answered of it: what a page shows, and what a page changes.
pub struct Desk {
    title: Words,
    place: String,
    form: Result<Form, Unshowable>,
    /// Before calculations.
    pub draft: Option<Draft>,
}

/// What became of an answer.
pub enum Saved {
    /// Keep this draft, and show the page.
    Draft(Box<Draft>, Box<FormPage>),
    /// It could not be read as an answer; what was kept stays.
    Not(Box<FormPage>),
}

/// Opens the form of a to-do. `kept`: the draft on this device. `None`: there is no such to-do, or no such form here.
pub fn open(
    index: &Index<'_>,
    id: &ItemId,
    kept: Option<Draft>,
    lang: &str,
    moment: Moment<'_>,
) -> Option<Desk> {
    let (source, task) = parse_item_id(id, "todo")?;
    let row = index.row(&source, "Task", &task)?;
    let listed = index.todos.iter().any(|it| std::ptr::eq(*it, row));
    let whole = todo::questionnaire(index, row).filter(|_| listed)?;
    let form = read_form(&whole.body, lang);
    let draft = form.as_ref().ok().map(|form| {
        kept.filter(|draft| draft.form == form.canonical)
            .or_else(|| begun_elsewhere(index, row, form))
            .unwrap_or_else(|| form::start_draft(form, moment))
    });
    let named = form.as_ref().ok().and_then(|form| form.title.as_deref());
    Some(Desk {
        title: named.map_or_else(|| todo::title(index, row), theirs),
        place: index.place(&source).name,
        form,
        draft,
    })
}

/// Answers that were begun with another app: the last response in progress to this very form.
fn begun_elsewhere<'a>(index: &Index<'a>, todo: &'a Kept, form: &Form) -> Option<Draft> {
    let mut begun: Vec<&Value> = index
        .shelf
        .kept
        .iter()
        .filter(|row| row.source == todo.source && row.kind == "QuestionnaireResponse")
        .map(|row| &row.body)
        .filter(|body| text(body, "status") == Some("in-progress"))
        .collect();
    begun.sort_by_key(|body| text(body, "authored").and_then(read_instant));
    begun.iter().rev().find_map(|body| read_response(form, body).ok())
}

impl Desk {
    /// The page at a spot, or the first question that is open, or the review.
    pub fn show(&self, at: Option<&Spot>, moment: Moment<'_>) -> FormPage {
        match (&self.form, &self.draft) {
            (Ok(form), Some(draft)) => self.page(form, draft, at, moment, Vec::new()),
            (Err(why), _) => self.cannot(why),
            (Ok(_), None) => self.cannot(&Unshowable::Empty),
        }
    }

    /// Takes an answer. `None`: there is no such question any more.
    pub fn save(&self, at: &Spot, given: &[Given], moment: Moment<'_>) -> Option<Saved> {
        let (form, mut draft) = (self.form.as_ref().ok()?, self.draft.clone()?);
        let path = read_spot(at)?;
        let item = form.find(&path.link).filter(|item| item.is_question())?;
        let worked = form::calculate(form, &draft, moment);
        let is_open = item.is_asked()
            || (worked.failed.contains(&item.link) && !item.read_only && !item.hidden);
        if !Look::new(form, &worked.draft, moment).is_enabled(&path) || !is_open {
            return None;
        }
        if !item.can_be_asked() {
            let page = self.after(form, &draft, &path, moment);
            return Some(Saved::Draft(Box::new(draft), Box::new(page)));
        }
        let mut answers = Vec::new();
        for one in given {
            match read_given(item, &as_given(one), moment.tz) {
                Ok(answer) => answers.extend(answer),
                Err(fault) => {
                    let page = self.page(form, &draft, Some(at), moment, vec![say_fault(&fault)]);
                    return Some(Saved::Not(Box::new(page)));
                }
            }
        }
        draft.put(&path, answers);
        let worked = form::calculate(form, &draft, moment);
        let look = Look::new(form, &worked.draft, moment);
        let faults = check_question(&look, item, &path);
        let page = if faults.is_empty() {
            self.after(form, &draft, &path, moment)
        } else {
            let problems = faults.iter().map(say_fault).collect();
            self.page(form, &draft, Some(at), moment, problems)
        };
        Some(Saved::Draft(Box::new(worked.draft), Box::new(page)))
    }

    /// Begins a group once more, or takes the repetition at a spot away.
    pub fn repeat(&self, at: &Spot, take_away: bool, moment: Moment<'_>) -> Option<Saved> {
        let (form, mut draft) = (self.form.as_ref().ok()?, self.draft.clone()?);
        let path = read_spot(at)?;
        let depth = path.around.iter().rposition(|spot| {
            form.find(&spot.link).is_some_and(|item| item.kind == Kind::Group && item.repeats)
        })?;
        let spot = &path.around[depth];
        let group = Path { around: path.around[..depth].to_vec(), link: spot.link.clone() };
        if take_away {
            draft.remove_group(&group, spot.index);
        } else {
            draft.add_group(&group);
            let last = draft.at(&group).len().saturating_sub(1);
            form::fill_group(form, &mut draft, &group.spot(last), moment);
        }
        let worked = form::calculate(form, &draft, moment);
        let look = Look::new(form, &worked.draft, moment);
        let steps = form::list_steps(&look, &worked.failed);
        let index = if take_away {
            spot.index.saturating_sub(1)
        } else {
            draft.at(&group).len().saturating_sub(1)
        };
        let inside = group.spot(index);
        let next = steps.steps.iter().find(|step| step.path.around.starts_with(&inside));
        let page = self.page(
            form,
            &draft,
            next.map(|step| write_spot(&step.path)).as_ref(),
            moment,
            Vec::new(),
        );
        Some(Saved::Draft(Box::new(worked.draft.clone()), Box::new(page)))
    }

    fn after(&self, form: &Form, draft: &Draft, path: &Path, moment: Moment<'_>) -> FormPage {
        let worked = form::calculate(form, draft, moment);
        let look = Look::new(form, &worked.draft, moment);
        let steps = form::list_steps(&look, &worked.failed);
        let place = steps.steps.iter().position(|step| step.path == *path);
        let next = place.and_then(|place| steps.steps.get(place + 1));
        let spot = next.map_or_else(review_spot, |step| write_spot(&step.path));
        self.page(form, draft, Some(&spot), moment, Vec::new())
    }

    fn page(
        &self,
        form: &Form,
        draft: &Draft,
        at: Option<&Spot>,
        moment: Moment<'_>,
        problems: Vec<Words>,
    ) -> FormPage {
        let worked = form::calculate(form, draft, moment);
        let look = Look::new(form, &worked.draft, moment);
        let steps = form::list_steps(&look, &worked.failed);
        let found = match at {
            Some(spot) if *spot == review_spot() => None,
            Some(spot) => {
                let path = read_spot(spot);
                steps.steps.iter().position(|step| Some(&step.path) == path.as_ref())
            }
            None => steps
                .steps
                .iter()
                .position(|step| matches!(step.stand, Stand::Open | Stand::Faulty)),
        };
        let back = found.unwrap_or(steps.steps.len()).checked_sub(1);
        FormPage {
            title: self.title.clone(),
            back: back.and_then(|place| steps.steps.get(place)).map(|it| write_spot(&it.path)),
            step: match found {
                Some(place) => {
                    let (step, count) = (&steps.steps[place], steps.steps.len());
                    let question = self.question(&look, step, place + 1, count, problems);
                    FormStep::Question(Box::new(question))
                }
                None => FormStep::Review(review(&look, &steps)),
            },
        }
    }

    fn question(
        &self,
        look: &Look<'_>,
        step: &Step<'_>,
        at: usize,
        count: usize,
        problems: Vec<Words>,
    ) -> FormQuestion {
        let item = step.item;
        let problems = match step.stand {
            Stand::Faulty if problems.is_empty() => {
                check_question(look, item, &step.path).iter().map(say_fault).collect()
            }
            _ => problems,
        };
        let required = item.fewest() > 0;
        let mut help: Vec<Words> = item.help.iter().map(|it| message(it)).collect();
        help.extend(item.hint.as_deref().map(theirs));
        if item.can_be_asked() {
            help.push(ours(if required { "form-must" } else { "form-may-skip" }));
        }
        FormQuestion {
            at: write_spot(&step.path),
            progress: say("form-progress").with("n", number(at)).with("count", number(count)),
            number: at,
            count,
            group: step.group.map(message),
            said: step.said.iter().map(|it| message(it)).collect(),
            heading: heading(item),
            help,
            input: self.input(item),
            given: look.draft.answers(&step.path).filter_map(|it| given_of(item, it)).collect(),
            required,
            problems,
            repetition: step.repetition.as_ref().map(|it| FormRepetition {
                line: say("form-repetition")
                    .with("n", number(it.index + 1))
                    .with("count", number(it.count)),
                can_add: it.is_last
                    && look
                        .form
                        .find(&it.group.link)
                        .and_then(|group| group.limits.max_occurs)
                        .is_none_or(|most| it.count < most),
                can_take_away: it.count > 1,
            }),
        }
    }

    fn input(&self, item: &Item) -> Input {
        let several = item.repeats;
        if !item.can_be_asked() {
            return Input::Elsewhere(Note {
                tone: Tone::Wait,
                icon: Icon::Phone,
                heading: say("form-elsewhere-heading"),
                body: say("form-elsewhere-body").with("place", self.place.as_str()),
            });
        }
        match item.kind {
            Kind::Boolean => Input::YesNo,
            Kind::Choice | Kind::OpenChoice => Input::Options {
                options: item
                    .choices
                    .iter()
                    .map(|it| FormOption { words: theirs(&it.text), alone: it.exclusive })
                    .collect(),
                several,
                other: item.kind == Kind::OpenChoice,
            },
            Kind::Integer | Kind::Decimal | Kind::Quantity => Input::Number {
                whole: item.kind == Kind::Integer,
                several,
                units: item
                    .units
                    .iter()
                    .filter_map(|unit| text(unit, "display").or_else(|| text(unit, "code")))
                    .map(theirs)
                    .collect(),
            },
            Kind::Date => Input::Day { several },
            Kind::Time => Input::Time { several },
            Kind::DateTime => Input::Moment { several },
            Kind::Url => Input::Address { several },
            _ => Input::Text {
                lines: item.kind == Kind::Text,
                several,
                longest: item.limits.max_length,
            },
        }
    }

    /// A form that is not shown, and what to do instead.
    fn cannot(&self, why: &Unshowable) -> FormPage {
        let body = match why {
            Unshowable::UnknownModifier => "form-cannot-modifier",
            Unshowable::CannotAsk { .. } => "form-cannot-ask",
            Unshowable::UnknownCondition { .. } => "form-cannot-condition",
            Unshowable::TooLarge => "form-cannot-large",
            Unshowable::Malformed | Unshowable::Empty => "form-cannot-read",
        };
        FormPage {
            title: self.title.clone(),
            back: None,
            step: FormStep::Cannot(Note {
                tone: Tone::Plain,
                icon: Icon::Phone,
                heading: say("form-cannot-heading"),
                body: say(body).with("place", self.place.as_str()),
            }),
        }
    }
}

fn review(look: &Look<'_>, steps: &form::Steps<'_>) -> FormReview {
    let faults = check_form(look);
    let faults_at = |path: &Path| -> Vec<Words> {
        faults.iter().filter(|(at, _)| at == path).map(|(_, fault)| say_fault(fault)).collect()
    };
    let row = |item: &Item, path: &Path, at: Option<Spot>| ReviewRow {
        heading: heading(item),
        answers: look.draft.answers(path).map(|it| say_answer(item, it)).collect(),
        problems: faults_at(path),
        at,
    };
    let asked = steps.steps.iter().map(|it| row(it.item, &it.path, Some(write_spot(&it.path))));
    let worked_out = steps
        .worked_out
        .iter()
        .map(|(item, path)| row(item, path, None))
        .filter(|row| !row.answers.is_empty() || !row.problems.is_empty());
    let rows: Vec<ReviewRow> = asked.chain(worked_out).collect();
    let shown: usize = rows.iter().map(|row| row.problems.len()).sum();
    let elsewhere: Vec<Words> = faults
        .iter()
        .filter(|(at, _)| !steps.steps.iter().any(|step| step.path == *at))
        .filter(|(at, _)| !steps.worked_out.iter().any(|(_, path)| path == at))
        .map(|(_, fault)| say_fault(fault))
        .collect();
    FormReview {
        is_complete: shown == 0 && elsewhere.is_empty(),
        rows,
        said: steps.closing.iter().map(|it| message(it)).collect(),
        problems: elsewhere,
    }
}

fn heading(item: &Item) -> Words {
    match (&item.prefix, &item.text) {
        (Some(prefix), Some(text)) => message(&format!("{prefix} {text}")),
        (_, Some(text)) => message(text),
        (_, None) => ours("form-untitled"),
    }
}

fn message(text: &str) -> Words {
    Words::theirs(clean_message(text))
}

/// What is wrong, and what would be right.
pub fn say_fault(fault: &Fault) -> Words {
    let phrase = match fault {
        Fault::Required => say("form-fault-required"),
        Fault::TooFew { least } => say("form-fault-few").with("least", number(*least)),
        Fault::TooMany { most } => say("form-fault-many").with("most", number(*most)),
        Fault::NotANumber => say("form-fault-number"),
        Fault::NotAWholeNumber => say("form-fault-whole"),
        Fault::NotADate => say("form-fault-date"),
        Fault::NotATime => say("form-fault-time"),
        Fault::NotAnOption => say("form-fault-option"),
        Fault::NoUnit => say("form-fault-unit"),
        Fault::TooLow { least } => say("form-fault-low").with("least", fill_answer(least)),
        Fault::TooHigh { most } => say("form-fault-high").with("most", fill_answer(most)),
        Fault::TooShort { least } => say("form-fault-short").with("least", number(*least)),
        Fault::TooLong { most } => say("form-fault-long").with("most", number(*most)),
        Fault::TooManyPlaces { most } => say("form-fault-places").with("most", number(*most)),
        Fault::NotInShape => say("form-fault-shape"),
        Fault::GoesAlone => say("form-fault-alone"),
        Fault::Rule { human } => return message(human),
    };
    Words::Ours(phrase)
}

fn say_answer(item: &Item, answer: &Answer) -> Words {
    let choice = item.choices.iter().find(|choice| choice.answer.is_same(answer));
    if let Some(choice) = choice {
        return theirs(&choice.text);
    }
    match answer {
        Answer::Flag(true) => ours("form-yes"),
        Answer::Flag(false) => ours("form-no"),
        Answer::Text(words) => message(words),
        Answer::Other { .. } => ours("form-answer-other"),
        _ => Words::Ours(Phrase::new("form-answer").with("answer", fill_answer(answer))),
    }
}

fn fill_answer(answer: &Answer) -> Filling {
    let plain = |text: &str| Filling::Text(text.to_owned());
    match answer {
        Answer::Integer(number) => Filling::Number(i64::from(*number)),
        Answer::Decimal(number) => Filling::Text(number.to_string()),
        Answer::Date(day) if day.len() == 10 => Filling::Day(day.clone()),
        Answer::DateTime(at) => match read_instant(at) {
            Some(at) => moment(at),
            None if at.len() == 10 => Filling::Day(at.clone()),
            None => plain(at),
        },
        Answer::Coded(coding) => {
            plain(text(coding, "display").or_else(|| text(coding, "code")).unwrap_or_default())
        }
        Answer::Quantity(quantity) => {
            let value = answer.number().map(|it| it.to_string()).unwrap_or_default();
            let unit = text(quantity, "unit").or_else(|| text(quantity, "code"));
            Filling::Text([value.as_str(), unit.unwrap_or_default()].join(" ").trim().to_owned())
        }
        other => plain(other.words().unwrap_or_default()),
    }
}

/// An answer as the page's input holds it.
fn given_of(item: &Item, answer: &Answer) -> Option<Given> {
    if let Some(place) = item.choices.iter().position(|it| it.answer.is_same(answer)) {
        return Some(Given::Option(place));
    }
    Some(match answer {
        Answer::Flag(flag) => Given::Flag(*flag),
        Answer::Integer(number) => Given::Text(number.to_string()),
        Answer::Decimal(number) => Given::Text(number.to_string()),
        Answer::Quantity(quantity) => Given::Amount {
            text: answer.number()?.to_string(),
            unit: item.units.iter().position(|unit| text(unit, "code") == text(quantity, "code")),
        },
        Answer::Coded(coding) => Given::Text(text(coding, "display")?.to_owned()),
        Answer::Other { .. } => return None,
        other => Given::Text(other.words()?.to_owned()),
    })
}

fn as_given(given: &Given) -> form::Given {
    match given {
        Given::Flag(flag) => form::Given::Flag(*flag),
        Given::Option(place) => form::Given::Option(*place),
        Given::Text(text) => form::Given::Text(text.clone()),
        Given::Amount { text, unit } => form::Given::Amount { text: text.clone(), unit: *unit },
    }
}

fn write_spot(path: &Path) -> Spot {
    Spot(serde_json::to_string(path).expect("a path is texts and numbers"))
}

fn read_spot(spot: &Spot) -> Option<Path> {
    serde_json::from_str(&spot.0).ok()
}

/// Where all answers are shown.
fn review_spot() -> Spot {
    Spot("review".to_owned())
}
