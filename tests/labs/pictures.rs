//! Codes photographed as people do it, read by the app's own reader. `docs/laboratories.md` says what is promised.
//!
//! In: `--long` for all pictures, else two of each kind; the names of some kinds, such as `Blurred`, for those alone. Out: a line a kind, then what was counted beside its goal.
//! Never: a judgement about time but for the end of a person's patience; else it is only shown.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

#[path = "report.rs"]
mod report;

use std::{
    env, fs,
    panic::catch_unwind,
    path::Path,
    process::{Command, ExitCode},
    time::Instant,
};

use handrail_contract::problem::Refusal;
use handrail_core::{fhir::base::Policy, scan};
use handrail_engine::read_picture;
use report::Report;
use support::pictures::{Form, Kind, Picture, spoilt_files};
use wait4::Wait4 as _;

/// Of all pictures, in hundredths.
const READ: f64 = 95.0;
const PEAK_MB: u64 = 200;
/// The reader ends after ten seconds; what it is at then, and another program on this core, take a little more.
const LONGEST_MS: f64 = 12_000.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [word, file] = arguments.as_slice()
        && word == "worker"
    {
        // What comes of it does not matter here: what it takes does.
        let _ = read_picture(&fs::read(file).expect("the laboratory wrote it"), Policy::DEVELOPER);
        return ExitCode::SUCCESS;
    }
    let long = arguments.iter().any(|argument| argument == "--long");
    let form = if long { Form::Long } else { Form::Short };
    let mut report = Report::default();
    let wanted = |kind: &Kind| arguments.contains(&format!("{kind:?}"));
    let some: Vec<Kind> = Kind::ALL.into_iter().filter(wanted).collect();
    if !some.is_empty() {
        read_all(&some, form, &mut report);
        return report.conclude();
    }
    read_all(&Kind::ALL, form, &mut report);
    read_spoilt(if long { 200 } else { 24 }, &mut report);
    weigh(&mut report);
    report.conclude()
}

/// What came of one picture.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Read,
    Missed,
    Wrong,
    Panicked,
}

fn judge(picture: &Picture) -> Outcome {
    let meant = scan::choose_code(picture.texts.clone(), Policy::DEVELOPER);
    match catch_unwind(|| read_picture(&picture.file, Policy::DEVELOPER)) {
        Err(_) => Outcome::Panicked,
        Ok(read) if read == meant => Outcome::Read,
        Ok(Err(_)) => Outcome::Missed,
        // One of two codes only: nothing wrong was read, yet not what there is.
        Ok(Ok(text)) if picture.texts.contains(&text) => Outcome::Missed,
        Ok(Ok(_)) => Outcome::Wrong,
    }
}

fn read_all(kinds: &[Kind], form: Form, report: &mut Report) {
    report.begin("Codes as people photograph them");
    println!("    {:<18} {:>9} {:>12} {:>12}", "kind", "read", "median", "worst");
    let mut outcomes = Vec::new();
    for kind in kinds {
        let mut took = Vec::new();
        let before = outcomes.len();
        for number in 0..kind.count(form) {
            let picture = kind.make(number);
            let begun = Instant::now();
            outcomes.push(judge(&picture));
            took.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        took.sort_by(f64::total_cmp);
        let read = outcomes[before..].iter().filter(|it| **it == Outcome::Read).count();
        println!(
            "    {:<18} {:>9} {:>9.0} ms {:>9.0} ms",
            format!("{kind:?}"),
            format!("{read} of {}", took.len()),
            took[took.len() / 2],
            took.last().copied().unwrap_or_default()
        );
    }
    let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    let read = count(Outcome::Read) as f64 * 100.0 / outcomes.len() as f64;
    if kinds == Kind::ALL {
        report.at_least("pictures", outcomes.len(), if form == Form::Long { 200 } else { 35 });
    }
    report.at_least("hundredths of them read", (read * 10.0).floor() / 10.0, READ);
    report.exactly("read as something else", count(Outcome::Wrong), 0);
    report.exactly("panics", count(Outcome::Panicked), 0);
}

fn read_spoilt(count: u64, report: &mut Report) {
    report.begin("Files that are broken, or mean harm");
    let (mut panics, mut wrong, mut slow, mut slowest) = (0, 0, 0, (0.0, String::new()));
    let files = spoilt_files(count);
    report.note("files", files.len());
    for (about, file) in files {
        let begun = Instant::now();
        let read = catch_unwind(|| read_picture(&file, Policy::DEVELOPER));
        let took = begun.elapsed().as_secs_f64() * 1_000.0;
        slow += u32::from(took > LONGEST_MS);
        if took > slowest.0 {
            slowest = (took, about);
        }
        match read {
            Err(_) => panics += 1,
            Ok(Err(Refusal::NoCodeInPicture | Refusal::UnreadablePicture)) => {}
            // Twenty wrong bytes may leave a code that can be read; then it must be an invitation that was printed.
            Ok(Ok(text)) if text.contains(".example/") => {}
            Ok(_) => wrong += 1,
        }
    }
    report.note(&format!("slowest: {}", slowest.1), format!("{:.0} ms", slowest.0));
    report.exactly("took longer than a person is kept waiting", slow, 0);
    report.exactly("read as something that was never printed", wrong, 0);
    report.exactly("panics", panics, 0);
}

/// What the reader takes, in a process of its own.
fn weigh(report: &mut Report) {
    report.begin("Memory, in a process that does nothing else");
    let folder = tempfile::tempdir().expect("a folder for the pictures");
    let mut files =
        vec![("a photo of 12 megapixels".to_owned(), Kind::TwelveMegapixels.make(0).file)];
    files.extend(spoilt_files(0));
    let mut worst = 0;
    for (about, file) in files {
        let path = folder.path().join("picture");
        fs::write(&path, file).expect("our own folder");
        let peak = weigh_one(&path);
        if about.contains("megapixels") {
            report.note(&about, format!("{peak} MB"));
        }
        worst = worst.max(peak);
    }
    report.at_most("MB at the most, for any of them", worst, PEAK_MB);
}

fn weigh_one(file: &Path) -> u64 {
    let program = env::current_exe().expect("this program");
    let child = Command::new(program).arg("worker").arg(file).spawn().expect("this program starts");
    child.wait4().expect("it ends").rusage.maxrss / (1024 * 1024)
}
