//! A report about problems, for whoever helps with them. It is shown in full before anybody shares it.

use serde::{Deserialize, Serialize};

/// What stands in a report?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowReport {
    /// With the web addresses of the places, which tell where somebody gets help.
    #[serde(default)]
    pub with_hosts: bool,
}

/// A report: versions, states, codes and counts. No names, no health data, no tokens; places are numbered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Plain text, in English, for those who mend the app.
    pub text: String,
}
