//! The questions of a to-do, one at a time.

use handrail_contract::{
    form::{
        FormOption, FormPage, FormQuestion, FormRepetition, FormReview, FormStep, Given, Input,
        ReviewRow, Spot,
    },
    words::{Icon, ItemId, Note, Tone, Words},
};
use serde_json::Value;

use super::{
    index::{Index, parse_item_id},
    say::{number, ours, say, theirs},
    todo,
};
use crate::{
    act::{DocumentKind, Unfit},
    fetch::value_set_here,
    fhir::{element::text, time::read_instant},
    form::{
        self, Draft, Form, Item, Kind, Look, Moment, Path, Sender, Stand, Step, Unshowable,
        build_response, check_form, check_question, read_form_with, read_given, read_response,
    },
    store::Kept,
};

mod words;

use words::{given_of, heading, message, say_answer, say_fault};

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
    let base = &index.source(&source)?.base;
    let value_set = |canonical: &str| {
        let id = value_set_here(canonical, base)?;
        index.row(&source, "ValueSet", id).map(|row| &row.body)
    };
    let form = read_form_with(&whole.body, lang, &value_set);
    let draft = form.as_ref().ok().map(|form| {
        kept.filter(|draft| draft.form == form.canonical)
            .or_else(|| not_taken(index, row, form))
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

/// Answers that were to be sent and did not get there: they are the person's to send again.
fn not_taken(index: &Index<'_>, todo: &Kept, form: &Form) -> Option<Draft> {
    let entries = index.shelf.outbox.iter().rev();
    let mut entries = entries.filter(|it| it.source == todo.source && it.task == todo.id);
    let document = entries.find_map(|entry| entry.document())?;
    let body = serde_json::from_str(&document.body).ok()?;
    let is_form = document.kind == DocumentKind::Response;
    is_form.then(|| read_response(form, &body).ok()).flatten()
}

/// Answers that were begun with another app: the last response in progress to this very form.
fn begun_elsewhere<'a>(index: &Index<'a>, todo: &'a Kept, form: &Form) -> Option<Draft> {
    let mut begun: Vec<&Value> = index
        .rows(&todo.source)
        .into_iter()
        .filter(|row| row.kind == "QuestionnaireResponse")
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
            match read_given(item, one, moment.tz) {
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

    /// Takes answers that were written elsewhere in the place of those that are here.
    ///
    /// # Errors
    /// They answer another form, or something in them would be lost.
    pub fn take_response(&mut self, response: &str) -> Result<(), Unfit> {
        let form = self.form.as_ref().map_err(|_| Unfit::AnswerUnfit)?;
        let mut response: Value = serde_json::from_str(response).map_err(|_| Unfit::AnswerUnfit)?;
        if let Some(members) = response.as_object_mut() {
            members.entry("questionnaire").or_insert_with(|| form.canonical.clone().into());
        }
        let draft = read_response(form, &response).map_err(|_| Unfit::AnswerUnfit)?;
        self.draft = Some(draft);
        Ok(())
    }

    /// The QuestionnaireResponse to send.
    ///
    /// # Errors
    /// Nothing is answered, or something has to be mended first.
    pub fn response(&self, patient: &str, moment: Moment<'_>) -> Result<Value, Unfit> {
        let (Ok(form), Some(draft)) = (&self.form, &self.draft) else {
            return Err(Unfit::AnswerMissing);
        };
        let worked = form::calculate(form, draft, moment);
        let look = Look::new(form, &worked.draft, moment);
        let steps = form::list_steps(&look, &worked.failed);
        let sender = Sender { patient, is_complete: true };
        let mut response = build_response(&look, &sender, moment.at);
        if !review(&look, &steps).is_complete || response.get("item").is_none() {
            return Err(Unfit::AnswerMissing);
        }
        // A form without an address of its own is named as the to-do names it.
        if form.canonical.starts_with("Questionnaire/")
            && let Some(members) = response.as_object_mut()
        {
            members.remove("questionnaire");
        }
        Ok(response)
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
        let step = match found {
            Some(place) => {
                let (step, count) = (&steps.steps[place], steps.steps.len());
                let question = self.question(&look, step, place + 1, count, problems);
                FormStep::Question(Box::new(question))
            }
            None => FormStep::Review(review(&look, &steps)),
        };
        // Only now it is known what conditions and rules took.
        let is_over_budget = worked.is_over_budget || look.is_over_budget();
        FormPage {
            title: self.title.clone(),
            place: self.place.clone(),
            note: is_over_budget.then(over_budget_note),
            back: back.and_then(|place| steps.steps.get(place)).map(|it| write_spot(&it.path)),
            step,
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
            place: self.place.clone(),
            note: None,
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

/// The form works out more than a phone should: the person fills it in.
fn over_budget_note() -> Note {
    Note {
        tone: Tone::Plain,
        icon: Icon::Info,
        heading: say("form-over-heading"),
        body: say("form-over-body"),
    }
}

fn review(look: &Look<'_>, steps: &form::Steps<'_>) -> FormReview {
    let faults = check_form(look);
    let faults_at = |path: &Path| -> Vec<Words> {
        faults.iter().filter(|(at, _)| at == path).map(|(_, fault)| say_fault(fault)).collect()
    };
    let row = |item: &Item, path: &Path, at: Option<Spot>| ReviewRow {
        is_worked_out: item.is_calculated() && at.is_none(),
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
