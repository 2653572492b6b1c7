//! A list that may be long: only the rows near what is seen are drawn (docs/adr/0023).
//!
//! In: the rows, and where the page was scrolled to. Out: some of the rows, and gaps as high as the others.
//! Never: a row that cannot be reached, or a page that jumps under who reads it.

mod parts;
mod sight;

use std::{any::Any, cell::RefCell, rc::Rc};

use handrail_contract::words::ItemId;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, MouseEvent};
use yew::prelude::*;

use self::{
    parts::{Heights, PART, Piece, draw_next, pieces, rows_of},
    sight::{Held, Sight, Watch, find_row, find_scroller, is_at_end, look_soon, row_of},
};
use super::draw_section;
use crate::hooks::{Around, LeftRow};

/// How far above and below what is seen rows are drawn, in CSS pixels.
const AHEAD_PX: f64 = 1200.0;

/// A row of a list.
pub trait InList: Eq + Clone + 'static {
    /// What the row is about.
    fn id(&self) -> &ItemId;
    fn draw(&self) -> Html;
}

/// Rows under a heading, however many; nothing where there are none.
pub fn draw_long_rows<R: InList>(heading: AttrValue, rows: &[R]) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    draw_section(heading.clone(), draw_named_list(heading, rows))
}

/// Rows under one another, however many.
pub fn draw_long_list<R: InList>(rows: &[R]) -> Html {
    draw_named_list(AttrValue::default(), rows)
}

fn draw_named_list<R: InList>(name: AttrValue, rows: &[R]) -> Html {
    let rows = Rows(Rc::new(rows.to_vec()));
    html! { <LongList {name} {rows} /> }
}

/// Rows of any one kind: the list itself is one program for all of them.
#[derive(Clone)]
struct Rows(Rc<dyn AnyRows>);

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0.is_same(&*other.0)
    }
}

trait AnyRows: Any {
    fn count(&self) -> usize;
    fn id(&self, at: usize) -> Option<&ItemId>;
    fn draw(&self, at: usize) -> Html;
    fn is_same(&self, other: &dyn AnyRows) -> bool;
}

impl<R: InList> AnyRows for Vec<R> {
    fn count(&self) -> usize {
        self.len()
    }

    fn id(&self, at: usize) -> Option<&ItemId> {
        self.get(at).map(InList::id)
    }

    fn draw(&self, at: usize) -> Html {
        self.get(at).map(InList::draw).unwrap_or_default()
    }

    fn is_same(&self, other: &dyn AnyRows) -> bool {
        (other as &dyn Any).downcast_ref::<Self>().is_some_and(|other| self == other)
    }
}

#[derive(Properties, PartialEq)]
struct LongListProps {
    /// Tells the lists of one page apart.
    name: AttrValue,
    rows: Rows,
}

impl LongListProps {
    fn count(&self) -> usize {
        self.rows.0.count()
    }

    fn parts(&self) -> usize {
        self.count().div_ceil(PART)
    }
}

struct LongList {
    list: NodeRef,
    heights: Heights,
    /// The parts to draw, in their order.
    drawn: Vec<usize>,
    /// The parts that stand on the page, and of how many rows.
    stands: RefCell<(Vec<usize>, usize)>,
    held: Option<Held>,
    /// What the page was not scrolled by, because it goes by whole pixels.
    rest: f64,
    left: LeftRow,
    /// The row that the person comes back to, and how far below the top of what is seen it stood.
    back: Option<(usize, f64)>,
    watch: Option<Watch>,
}

enum Happened {
    /// The page was scrolled, or the focus moved.
    Moved,
    /// The list got other measures.
    Resized,
}

impl Component for LongList {
    type Message = Happened;
    type Properties = LongListProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let around = ctx.link().context::<Around>(Callback::noop());
        let left = around.map(|(around, _)| around.left).unwrap_or_default();
        let mut heights = Heights::default();
        let back = left.take(&props.name).and_then(|left| {
            let rows = &props.rows.0;
            let is_it = |at: &usize| rows.id(*at) == Some(&left.id);
            // What was done and is gone made room for the next one.
            let at = (0..rows.count()).find(is_it).unwrap_or(left.at);
            heights = Heights::expecting(left.usual);
            (at < rows.count()).then_some((at, left.top))
        });
        let first = back.map_or(0, |(at, _)| at / PART);
        let drawn = (first.saturating_sub(1)..props.parts().min(first + 2)).collect();
        Self {
            list: NodeRef::default(),
            heights,
            drawn,
            stands: RefCell::default(),
            held: None,
            rest: 0.0,
            left,
            back,
            watch: None,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &LongListProps) -> bool {
        let parts = ctx.props().parts();
        self.drawn.retain(|part| *part < parts);
        if self.drawn.is_empty() {
            self.drawn.push(0);
        }
        self.held = None; // It may be another row now.
        true
    }

    fn update(&mut self, ctx: &Context<Self>, happened: Happened) -> bool {
        let Some(list) = self.list.cast::<Element>() else { return false };
        // What was drawn last may have moved it, and nobody was called since.
        self.hold(&list);
        match happened {
            Happened::Moved => self.look(ctx, &list),
            Happened::Resized => {
                look_soon(ctx.link().callback(|()| Happened::Moved));
                false
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        self.stands.replace((self.drawn.clone(), props.count()));
        let mut gaps = 0;
        let draw = |piece| match piece {
            Piece::Part(at) => html! { <Part key={at} rows={props.rows.clone()} {at} /> },
            Piece::Gap(parts) => {
                gaps += 1;
                draw_gap(gaps, self.heights.of(parts))
            }
        };
        let on_move = ctx.link().callback(|_: FocusEvent| Happened::Moved);
        let on_press = {
            let (left, name, rows) = (self.left.clone(), props.name.clone(), props.rows.clone());
            let usual = self.heights.usual();
            Callback::from(move |event: MouseEvent| {
                let target = event.target_dyn_into::<Element>();
                if let Some(row) = target.and_then(|it| row_of(&it))
                    && let Some(id) = rows.0.id(row.0)
                {
                    left.mark(&name, row, id, usual);
                }
            })
        };
        html! {
            <ul ref={self.list.clone()} class="list list--long" role="list" onfocusin={on_move} onclick={on_press}>
                { for pieces(&self.drawn, props.parts()).into_iter().map(draw) }
            </ul>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        let Some(list) = self.list.cast::<Element>() else { return };
        if first {
            let link = ctx.link();
            let moved = link.callback(|()| Happened::Moved);
            let resized = link.callback(|()| Happened::Resized);
            self.watch = Some(Watch::over(&list, moved, resized));
        }
        self.hold(&list);
        if let Some((row, top)) = self.back.take() {
            come_back(&list, row, top);
        }
    }
}

impl LongList {
    /// Measures what is drawn, and chooses what is drawn next. Returns whether that is anything else.
    fn look(&mut self, ctx: &Context<Self>, list: &Element) -> bool {
        let parts = ctx.props().parts();
        let stands = self.stands.borrow();
        let Some(sight) = Sight::of(list, &stands.0, stands.1) else { return false };
        self.heights.measure(&sight.heights);
        self.held = sight.first_row;
        let near = |ahead: f64| {
            let (from, to) = (sight.from - ahead, sight.to + ahead);
            self.heights.between(from, to, parts)
        };
        let (seen, wanted) = (near(0.0), near(AHEAD_PX));
        let middle = usize::midpoint(seen.start, seen.end.max(1) - 1);
        let drawn = draw_next(&stands.0, &wanted, middle, sight.focused, parts);
        if wanted.clone().any(|part| !drawn.contains(&part)) {
            look_soon(ctx.link().callback(|()| Happened::Moved));
        }
        let is_other = stands.0 != drawn;
        self.drawn = drawn;
        is_other
    }

    /// Keeps the row that is held where it was in sight, whatever was drawn above it.
    fn hold(&mut self, list: &Element) {
        let Some(held) = self.held.as_mut() else { return };
        let Some(now) = find_row(list, held.row).map(|row| Held::of(held.row, &row, list)) else {
            return;
        };
        let scroller = find_scroller(list);
        // Within the list, because how far the person scrolled meanwhile is their own. A page that became shorter
        // at its end went along by itself, wholly or in part.
        let mut moved = now.in_list - held.in_list;
        if moved < 0.0 && scroller.as_ref().is_some_and(is_at_end) {
            moved = (now.in_sight - held.in_sight).clamp(moved, 0.0);
        }
        // What is left over waits for the next time something moves: half a pixel would go to and fro for ever.
        let by = if moved.abs() < 0.01 { 0.0 } else { (moved + self.rest).round() };
        self.rest += moved - by;
        *held = Held { in_sight: now.in_sight - by, ..now };
        if by != 0.0
            && let Some(scroller) = scroller
        {
            scroller.scroll_by_with_x_and_y(0.0, by);
        }
    }
}

/// Puts the focus back on the row that the person left by, and the row back in its place.
fn come_back(list: &Element, row: usize, top: f64) {
    let Some(row) = find_row(list, row) else { return };
    let link = row.query_selector(".row").ok().flatten();
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        // WebKit scrolls to what has the focus later, when the list is drawn further already.
        let still = FocusOptions::new();
        still.set_prevent_scroll(true);
        let _ = link.focus_with_options(&still);
    }
    if let Some(scroller) = find_scroller(list) {
        scroller.scroll_by_with_x_and_y(0.0, row.get_bounding_client_rect().top() - top);
    }
}

/// Nothing, as high as the rows that could stand there. An attribute, because the page's policy knows no inline styles.
fn draw_gap(number: u32, height: f64) -> Html {
    // Where a height was measured it is held to the hundredth, so that nothing moves.
    let hundredths = (height * 100.0).round() as u64;
    let height = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    html! { <li key={format!("gap {number}")} class="list__gap" aria-hidden="true"><svg {height} /></li> }
}

#[derive(Properties, PartialEq)]
struct PartProps {
    rows: Rows,
    at: usize,
}

/// Some rows: drawn once, and left alone while others come and go.
#[component]
fn Part(props: &PartProps) -> Html {
    let rows = &props.rows.0;
    let count = rows.count();
    let draw = |at: usize| {
        // Where others came before it, the row moves: what somebody is about to press does not become another one.
        let key = rows.id(at)?.to_string();
        Some(html! {
            <li {key} aria-setsize={count.to_string()} aria-posinset={(at + 1).to_string()}>{ rows.draw(at) }</li>
        })
    };
    html! {<>{ for rows_of(props.at, count).filter_map(draw) }</>}
}
