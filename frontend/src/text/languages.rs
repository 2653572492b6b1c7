//! The world's languages, named in the person's.

use js_sys::{Array, Intl::DisplayNames, Object, Reflect, global};

use super::LOCALE;

/// What the browser calls a language: `es` is "Spanish" or "español". Nothing where it cannot say.
///
/// `subtag` has two or three letters: at anything else the browser throws.
pub fn name(subtag: &str) -> Option<String> {
    let intl = Reflect::get(&global(), &"Intl".into()).ok()?;
    if !Reflect::has(&intl, &"DisplayNames".into()).ok()? {
        return None;
    }
    let options = Object::new();
    for (option, value) in [("type", "language"), ("fallback", "none")] {
        Reflect::set(&options, &option.into(), &value.into()).ok()?;
    }
    let locales = LOCALE.with_borrow(|locale| Array::of1(&locale.as_str().into()));
    DisplayNames::new(&locales, &options).of(subtag).map(String::from)
}
