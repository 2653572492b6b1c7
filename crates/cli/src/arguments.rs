//! What can be typed after `handrail`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use handrail_contract::{
    act::{ActKind, Capacity, DeclineReason},
    place::Role,
};

/// Your to-dos, goals and referrals from every place that helps you.
#[derive(Debug, Parser)]
#[command(name = "handrail", version, about)]
pub struct Arguments {
    /// Where everything is kept; the platform's data folder if not given.
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Print JSON for programs instead of words for people.
    #[arg(long, global = true)]
    pub json: bool,
    /// The PIN, where the app is locked with one: the first line of this file, or of the input for `-`.
    #[arg(long, global = true, value_name = "FILE")]
    pub pin_file: Option<PathBuf>,
    /// Partners to know instead of the bundled ones (developer builds).
    #[cfg(feature = "developer")]
    #[arg(long, global = true, value_name = "FILE")]
    pub registry: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// `--data`, or the platform's own place for it.
    pub fn data_folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| {
            let home = || std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
            let base = std::env::var_os("XDG_DATA_HOME")
                .map(PathBuf::from)
                .or_else(|| home().map(|home| PathBuf::from(home).join(".local/share")));
            base.unwrap_or_else(|| PathBuf::from(".")).join("org.handrail.client")
        })
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what a code or link is. Touches no network and stores nothing.
    Scan(Scan),
    /// Connect a place: confirm it, sign in, look for the first time.
    Connect(Connect),
    /// Which places can be chosen without a code.
    Places {
        /// Words of the name, the town or the host.
        #[arg(long, default_value = "", hide_default_value = true, value_name = "WORDS")]
        search: String,
        /// Save this list first: a User-Access Brands Bundle, as organizations publish it.
        #[arg(long, value_name = "FILE")]
        take: Option<PathBuf>,
    },
    /// What is connected, and how it stands.
    Sources,
    /// A report about problems, to share with whoever helps: no names, no health facts, no keys.
    Report {
        /// With the web addresses of the places.
        #[arg(long)]
        hosts: bool,
    },
    /// Save a copy of what is saved, as a FHIR Bundle or as a page to read and print. What is hidden is left out.
    Export {
        /// Of this connection alone.
        #[arg(long, value_name = "ID")]
        connection: Option<String>,
        /// As a page: one HTML file without script, which any browser shows and prints.
        #[arg(long)]
        page: bool,
        /// A file that is not there yet. Whoever gets it can read it.
        file: PathBuf,
    },
    /// Look for news at one place or at all of them.
    Refresh {
        source: Option<String>,
        /// Only where it is due by the schedule.
        #[arg(long)]
        if_due: bool,
    },
    /// To-dos.
    Tasks {
        #[arg(long, value_name = "ID")]
        source: Option<String>,
    },
    /// Goals.
    Goals {
        #[arg(long, value_name = "ID")]
        source: Option<String>,
    },
    /// Referrals.
    Referrals {
        #[arg(long, value_name = "ID")]
        source: Option<String>,
    },
    /// What an organization was asked to do.
    Inbox {
        #[arg(long, value_name = "ID")]
        source: Option<String>,
        /// All of it as a table for a spreadsheet.
        #[arg(long, conflicts_with_all = ["source", "json"])]
        csv: bool,
        /// Only what was asked or moved on this day (YYYY-MM-DD).
        #[arg(long, value_name = "DAY", requires = "csv")]
        day: Option<String>,
    },
    /// One request to an organization in full.
    Request { id: String },
    /// For which organizations you work at a place. With names of some: choose those.
    WorksFor {
        source: String,
        /// As `works-for SOURCE` lists them.
        organizations: Vec<String>,
    },
    /// One to-do, goal or referral in full.
    Show { id: String },
    /// How one to-do, goal or referral changed, the latest first.
    History { id: String },
    /// Do something to a to-do: start, pause, finish, cancel, or say that it could not be done. An organization also
    /// claims, accepts or declines a request, and asks the person.
    Act(ActOn),
    /// End a connection: revoke the tokens, then keep or erase what was saved.
    Disconnect {
        source: String,
        /// Keep what was saved.
        #[arg(long, conflicts_with = "erase", required_unless_present = "erase")]
        keep: bool,
        /// Erase what was saved.
        #[arg(long)]
        erase: bool,
    },
    /// The list of partners: show it, check a newer signed one, or install that.
    Registry {
        #[command(subcommand)]
        verb: RegistryVerb,
    },
    /// Where the key to what is saved is lost for good: move that aside, unread and undeleted, and begin anew.
    StartOver {
        /// Do it without asking.
        #[arg(long)]
        yes: bool,
    },
    /// The app in a browser on loopback, over this engine (development and tests).
    Preview(Preview),
}

#[derive(Debug, Subcommand)]
pub enum RegistryVerb {
    /// The version in force and where it comes from.
    Show,
    /// Say whether a signed list would be taken. Changes nothing.
    Check { file: PathBuf },
    /// Take a newer signed list in place of the one that is there.
    Install { file: PathBuf },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Scan {
    /// The text of a code, or a link.
    #[arg(long, value_name = "T")]
    pub text: Option<String>,
    /// A picture of a code: PNG or JPEG.
    #[arg(long, value_name = "FILE")]
    pub image: Option<PathBuf>,
    /// A JSON string a line in, a verdict a line out, in order. `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub batch: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Connect {
    /// The text of a code, a link, or a typed address.
    pub link: String,
    #[arg(long, value_enum, default_value_t = RoleName::Patient)]
    pub role: RoleName,
    /// Confirm without asking.
    #[arg(long)]
    pub accept: bool,
    /// Print the sign-in address, open no browser, wait 10 minutes for the redirect.
    #[arg(long)]
    pub no_browser: bool,
}

#[derive(Args)]
pub struct ActOn {
    /// The to-do or request, as the lists name it.
    pub id: String,
    #[arg(value_enum)]
    pub act: ActName,
    /// Why, in your own words.
    #[arg(long, value_name = "T")]
    pub reason: Option<String>,
    /// Your answer: a text, an answered form (QuestionnaireResponse as JSON) or a filled PDF. Of a form without it,
    /// the answers kept on this device are sent.
    #[arg(long, value_name = "FILE")]
    pub answer: Option<PathBuf>,
    /// Why an organization says no to a request; words of its own go into `--reason`.
    #[arg(long, value_enum, conflicts_with = "answer")]
    pub because: Option<BecauseName>,
    /// What was done for a request, by its key in `request ID --json`; as often as there is something.
    #[arg(long, value_name = "KEY", conflicts_with_all = ["answer", "because"])]
    pub done: Vec<String>,
    /// The day on which it was done (YYYY-MM-DD); now, where it is left out.
    #[arg(long, value_name = "DAY", requires = "done")]
    pub on: Option<String>,
    /// There is nothing to record that was done for a request.
    #[arg(long, conflicts_with_all = ["answer", "because", "done"])]
    pub nothing_done: bool,
    /// What to ask the person about a request.
    #[arg(long, value_name = "T", conflicts_with_all = ["answer", "because", "done", "nothing_done"])]
    pub question: Option<String>,
    /// Asks the person to get in touch with this one, by its key in `request ID --json`; as often as there is one. What
    /// it is about goes into `--question`.
    #[arg(long, value_name = "KEY", requires = "question")]
    pub call: Vec<String>,
    /// Asks the person to fill in this form, by its key in `request ID --json`.
    #[arg(long, value_name = "KEY", conflicts_with_all = ["answer", "because", "done", "nothing_done", "call"])]
    pub form: Option<String>,
    /// Asks the person to look at this page on the web, `https://…`. What it is goes into `--question`.
    #[arg(long, value_name = "URL", requires = "question", conflicts_with_all = ["call", "form"])]
    pub page: Option<String>,
    /// Whether a service has room; a few words about it go into `--reason`.
    #[arg(long, value_enum, conflicts_with_all = ["answer", "because", "done", "nothing_done", "question"])]
    pub capacity: Option<CapacityName>,
}

impl std::fmt::Debug for ActOn {
    // The reason is about a person's health.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActOn")
            .field("id", &self.id)
            .field("act", &self.act)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ActName {
    Start,
    Pause,
    Finish,
    Cancel,
    Fail,
    /// Take a request that nobody has.
    Claim,
    /// Say yes to a request.
    Accept,
    /// Say no to a request.
    Decline,
    /// Ask the person something about a request.
    Ask,
    /// Say whether a service of the organization has room; `works-for` lists the services.
    TellCapacity,
}

/// Whether a service has room.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CapacityName {
    HasRoom,
    Waitlist,
    Full,
}

impl From<CapacityName> for Capacity {
    fn from(name: CapacityName) -> Self {
        match name {
            CapacityName::HasRoom => Self::HasRoom,
            CapacityName::Waitlist => Self::Waitlist,
            CapacityName::Full => Self::Full,
        }
    }
}

/// Why an organization says no.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum BecauseName {
    AtCapacity,
    Waitlist,
    NotEligible,
    CannotReach,
    Other,
}

impl From<BecauseName> for DeclineReason {
    fn from(name: BecauseName) -> Self {
        match name {
            BecauseName::AtCapacity => Self::AtCapacity,
            BecauseName::Waitlist => Self::Waitlist,
            BecauseName::NotEligible => Self::NotEligible,
            BecauseName::CannotReach => Self::CannotReach,
            BecauseName::Other => Self::Other,
        }
    }
}

impl From<ActName> for ActKind {
    fn from(name: ActName) -> Self {
        match name {
            ActName::Start => Self::Start,
            ActName::Pause => Self::Pause,
            ActName::Finish => Self::Finish,
            ActName::Cancel => Self::Cancel,
            ActName::Fail => Self::Fail,
            ActName::Claim => Self::Claim,
            ActName::Accept => Self::Accept,
            ActName::Decline => Self::Decline,
            ActName::Ask => Self::Ask,
            ActName::TellCapacity => Self::TellCapacity,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleName {
    Patient,
    Organization,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Patient => Self::Patient,
            RoleName::Organization => Self::Organization,
        }
    }
}

#[derive(Debug, Args)]
pub struct Preview {
    /// The port on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 8460)]
    pub port: u16,
    /// The built UI.
    #[arg(long, value_name = "DIR", default_value = "frontend/dist")]
    pub ui: PathBuf,
    /// Open with this link, as the system does when somebody taps one.
    #[arg(long, value_name = "LINK")]
    pub link: Option<String>,
}
