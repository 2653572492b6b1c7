//! The words of an answer: ours by key, theirs as they wrote them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// A text of ours: its key in the catalogue, and what fills its gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// The message's id in the Fluent catalogue, such as `todo-state-paused`.
    pub key: String,
    /// What fills the message's variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<String, Filling>,
}

impl Phrase {
    /// The text under `key`, which has no gaps.
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), with: BTreeMap::new() }
    }

    /// The same text with one more gap filled.
    #[must_use]
    pub fn with(mut self, name: &str, filling: impl Into<Filling>) -> Self {
        self.with.insert(name.to_owned(), filling.into());
        self
    }
}

/// What fills a gap in a phrase. Numbers and dates are written out by the page, in the person's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filling {
    /// A name or other text that is not translated.
    Text(String),
    /// A count.
    Number(i64),
    /// A day, `YYYY-MM-DD`.
    Day(String),
    /// A day, `YYYY-MM-DD`, written out whole whenever it is read: for what is kept on paper.
    Date(String),
    /// An instant, RFC 3339, shown in the phone's time zone.
    Moment(String),
    /// A language, named in the language of the page.
    Language {
        /// Its subtag, two or three letters (RFC 5646 section 2.2.1).
        tag: String,
        /// What the place calls it, for whoever cannot name it.
        name: String,
    },
    /// Another text of ours.
    Phrase(Phrase),
}

impl From<&str> for Filling {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Filling {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Filling {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Phrase> for Filling {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(phrase)
    }
}

/// Words on the screen, and whose they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    /// A text of ours.
    Ours(Phrase),
    /// Written by an organization; shown as plain text and marked as theirs.
    Theirs {
        text: String,
        /// BCP 47 tag of their text, where they named it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lang: Option<String>,
    },
}

impl Words {
    /// An organization's own words in a language they did not name.
    pub fn theirs(text: impl Into<String>) -> Self {
        Self::Theirs { text: text.into(), lang: None }
    }
}

/// The colour group of a state. Never shown without an icon and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Something needs the person.
    Turn,
    /// Somebody else has to act.
    Wait,
    /// It ended well.
    Done,
    /// It did not work, or may harm.
    Bad,
    /// Nothing to act on.
    Plain,
}

/// A small label: an icon and a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    pub tone: Tone,
    pub icon: Icon,
    pub words: Words,
}

impl Chip {
    /// A label in our words.
    pub fn ours(tone: Tone, icon: Icon, phrase: Phrase) -> Self {
        Self { tone, icon, words: Words::Ours(phrase) }
    }
}

/// One line of a list of facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub icon: Icon,
    pub label: Phrase,
    pub value: Words,
}

/// A way to reach somebody: pressed, it calls, writes or shows a map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub icon: Icon,
    /// What pressing does, such as "Call 555-0118".
    pub label: Phrase,
    /// Whom it reaches, or what for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Words>,
    /// A `tel:` or `mailto:` link; absent where there is nothing safe to press.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A note in the page: what is the matter, and what that means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub tone: Tone,
    pub icon: Icon,
    pub heading: Phrase,
    pub body: Phrase,
}

/// How fresh a page is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// "Checked 5 minutes ago", or that nothing was checked yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Phrase>,
    /// "Next check: about 1 PM".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Phrase>,
    /// A check is under way.
    #[serde(default)]
    pub running: bool,
}

/// The thing a row stands for: `todo:SOURCE:ID`, `goal:SOURCE:ID`, `referral:SOURCE:ID` or `request:SOURCE:ID`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(pub String);

impl std::fmt::Display for ItemId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! icons {
    ($($name:ident $text:literal,)*) => {
        /// An icon of the set the product ships (Lucide), by its Lucide name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        pub enum Icon {
            $(#[serde(rename = $text)] $name,)*
        }

        impl Icon {
            /// Every icon of the set.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The Lucide name, such as `circle-check`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

// Not derived: that would make a matcher over all names three times over, and the page downloads it.
impl<'de> Deserialize<'de> for Icon {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let icon = Self::ALL.iter().find(|icon| icon.name() == name);
        icon.copied().ok_or_else(|| D::Error::custom("no icon of this name"))
    }
}

icons! {
    ArrowLeft "arrow-left",
    Bed "bed",
    Bell "bell",
    BookOpen "book-open",
    Briefcase "briefcase",
    Bus "bus",
    Calendar "calendar",
    Camera "camera",
    Check "check",
    ChevronRight "chevron-right",
    CircleAlert "circle-alert",
    CircleCheck "circle-check",
    CirclePause "circle-pause",
    CircleQuestionMark "circle-question-mark",
    CircleSlash "circle-slash",
    CircleX "circle-x",
    ClipboardPaste "clipboard-paste",
    Clock "clock",
    CloudOff "cloud-off",
    Delete "delete",
    ExternalLink "external-link",
    EyeOff "eye-off",
    FileText "file-text",
    Flag "flag",
    Globe "globe",
    GraduationCap "graduation-cap",
    Hand "hand",
    HandHeart "hand-heart",
    HandHelping "hand-helping",
    HeartHandshake "heart-handshake",
    History "history",
    Hourglass "hourglass",
    House "house",
    Image "image",
    Inbox "inbox",
    Info "info",
    KeyRound "key-round",
    Keyboard "keyboard",
    Languages "languages",
    Leaf "leaf",
    Link "link",
    ListChecks "list-checks",
    Lock "lock",
    LogIn "log-in",
    Mail "mail",
    MapPin "map-pin",
    Medal "medal",
    Menu "menu",
    MessageCircle "message-circle",
    MessageSquareText "message-square-text",
    Minus "minus",
    MonitorSmartphone "monitor-smartphone",
    PenLine "pen-line",
    Phone "phone",
    Play "play",
    Plug "plug",
    PlugZap "plug-zap",
    QrCode "qr-code",
    Receipt "receipt",
    RefreshCw "refresh-cw",
    Save "save",
    ScanQrCode "scan-qr-code",
    Send "send",
    Settings "settings",
    Share "share",
    Shield "shield",
    ShieldCheck "shield-check",
    Shirt "shirt",
    Signpost "signpost",
    Smartphone "smartphone",
    Sprout "sprout",
    SquareCheckBig "square-check-big",
    Trash2 "trash-2",
    TrendingDown "trending-down",
    TrendingUp "trending-up",
    TriangleAlert "triangle-alert",
    Umbrella "umbrella",
    Unplug "unplug",
    User "user",
    UserRound "user-round",
    Users "users",
    Utensils "utensils",
    Wallet "wallet",
    WifiOff "wifi-off",
    Wifi "wifi",
    Wrench "wrench",
    X "x",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_written_and_read_as_its_name() {
        for icon in Icon::ALL {
            let written = serde_json::to_string(icon).unwrap();

            assert_eq!(written, format!("\"{}\"", icon.name()));
            assert_eq!(serde_json::from_str::<Icon>(&written).unwrap(), *icon);
        }
    }
}
