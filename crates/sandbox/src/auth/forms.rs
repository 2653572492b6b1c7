//! Reading forms and queries strictly: a parameter that repeats is an error (RFC 6749 section 3.1).

use std::collections::BTreeMap;

use url::form_urlencoded;

/// The parameters of a form or query.
#[derive(Default)]
pub(crate) struct Fields {
    values: BTreeMap<String, String>,
    repeated: Vec<String>,
}

impl Fields {
    /// Reads `application/x-www-form-urlencoded` text. Empty values count as absent (RFC 6749 section 3.1).
    pub(crate) fn read(encoded: &str) -> Self {
        let mut fields = Self::default();
        for (name, value) in form_urlencoded::parse(encoded.as_bytes()) {
            if value.is_empty() {
                continue;
            }
            let earlier = fields.values.insert(name.clone().into_owned(), value.into_owned());
            if earlier.is_some() {
                fields.repeated.push(name.into_owned());
            }
        }
        fields
    }

    /// The value of this parameter, where it is there exactly once.
    pub(crate) fn only(&self, name: &str) -> Option<&str> {
        if self.is_repeated(name) {
            return None;
        }
        self.values.get(name).map(String::as_str)
    }

    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }

    pub(crate) fn has_repeats(&self) -> bool {
        !self.repeated.is_empty()
    }
}
