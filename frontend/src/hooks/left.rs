//! The row that somebody left a list by, so that they find it where it was when they come back.

use std::{cell::RefCell, rc::Rc};

use handrail_contract::words::ItemId;
use yew::prelude::*;

use super::use_around;
use crate::route::Route;

/// The row that was pressed last; one for all pages.
#[derive(Clone, Default)]
pub struct LeftRow(Rc<RefCell<Known>>);

#[derive(Default)]
struct Known {
    /// The page that is shown.
    page: Option<Route>,
    left: Option<Left>,
}

/// A row, and where it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    page: Route,
    list: AttrValue,
    /// Which of its list it was.
    pub at: usize,
    pub id: ItemId,
    /// How far below the top of what was seen, in CSS pixels.
    pub top: f64,
    /// How high the parts of the list were that nobody had seen, so that it is as long as before.
    pub usual: f64,
}

impl LeftRow {
    /// The person pressed a row of the list with this name.
    pub fn mark(&self, list: &AttrValue, (at, top): (usize, f64), id: &ItemId, usual: f64) {
        let mut known = self.0.borrow_mut();
        let (list, id) = (list.clone(), id.clone());
        known.left = known.page.clone().map(|page| Left { page, list, at, id, top, usual });
    }

    /// The person is on a page; returns whether it is another one than before. From a row's own pages they come back,
    /// from anywhere else a list begins at its start.
    fn go(&self, to: &Route) -> bool {
        let mut known = self.0.borrow_mut();
        known.left.take_if(|left| left.page != *to && !to.is_of_item());
        known.page.replace(to.clone()).as_ref() != Some(to)
    }

    /// Whether the person comes back to a row of this page, and was not shown it yet.
    pub fn is_here(&self) -> bool {
        let known = self.0.borrow();
        known.left.as_ref().is_some_and(|left| Some(&left.page) == known.page.as_ref())
    }

    /// The row by which the person left this list of this page; told once.
    pub fn take(&self, list: &AttrValue) -> Option<Left> {
        let mut known = self.0.borrow_mut();
        let Known { page, left } = &mut *known;
        left.take_if(|left| Some(&left.page) == page.as_ref() && left.list == *list)
    }
}

/// Begins each page at its top.
#[hook]
pub fn use_top(route: &Route) {
    // While drawing and not in an effect: a list that is drawn next puts who comes back where they were.
    if use_around().left.go(route)
        && let Some(window) = web_sys::window()
    {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

impl PartialEq for LeftRow {
    fn eq(&self, _: &Self) -> bool {
        true // One for all pages; what is in it draws nothing.
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn todo() -> Route {
        Route::Todo { id: "todo:elm:1".to_owned() }
    }

    fn left_by_a_todo() -> LeftRow {
        let rows = LeftRow::default();
        rows.go(&Route::Todos);
        rows.mark(&"Your turn".into(), (7, 120.0), &ItemId("todo:elm:1".into()), 400.0);
        rows.go(&todo());
        rows
    }

    #[test]
    fn who_comes_back_from_a_row_or_its_form_finds_it_once() {
        let rows = left_by_a_todo();
        rows.go(&Route::Form { id: "todo:elm:1".to_owned() });
        rows.go(&todo());
        rows.go(&Route::Todos);

        assert_eq!(rows.take(&"Done".into()), None, "another list");
        let left = rows.take(&"Your turn".into()).unwrap();
        assert_eq!((left.at, left.top), (7, 120.0));
        assert_eq!(rows.take(&"Your turn".into()), None);
    }

    #[test]
    fn who_went_elsewhere_meanwhile_begins_at_the_start() {
        let rows = left_by_a_todo();
        rows.go(&Route::Goals);
        rows.go(&Route::Todos);

        assert_eq!(rows.take(&"Your turn".into()), None);
    }
}
