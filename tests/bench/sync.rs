//! What a whole look at five places costs beside what others take for the same: fetched, parsed and stored durably.
//!
//! In: places on loopback that answer from memory, and how late they answer. Out: tables, with ratios and goals.
//! Never: a failure for being slow; and never a figure of somebody who did not bring every resource.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

#[path = "sync/bare.rs"]
mod bare;
#[path = "sync/goals.rs"]
mod goals;
#[path = "sync/peers.rs"]
mod peers;
#[path = "sync/shelf.rs"]
mod shelf;
#[path = "table.rs"]
mod table;
#[path = "sync/traffic.rs"]
mod traffic;
#[path = "sync/used.rs"]
mod used;

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use handrail_core::fetch::Cursors;
use handrail_engine::{
    Engine, Keys, POLICY, Registry, Setup, Which,
    browser::{DesktopBrowser, Opener},
    keys::KeyFile,
    memory::{HEAP, Heap},
    ports::{KeyName, KeySource as _, Opened, Records as _},
    records::SqliteRecords,
    vault::StrongholdSnapshots,
};
use handrail_sandbox::{Options, Place, PlaceKind, Sandbox};
use support::phone::{Phone, registry_of};

use self::{
    shelf::{PATIENT, PLACES, RESOURCES, Shelves},
    used::Used,
};

/// As in the shells. The bare fetch has it too, to be told from the app by its work alone.
#[global_allocator]
static ALLOCATOR: Heap = HEAP;

const RUNS: usize = 5;
const LATE: Duration = Duration::from_millis(100);

fn main() {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    if words.first() == Some(&"--handrail") {
        // As the shells do.
        handrail_engine::memory::share_heap();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    match words.as_slice() {
        ["--handrail", data, registry] => {
            let used = runtime.block_on(look(Path::new(data), Path::new(registry)));
            println!("{}", used.to_line());
        }
        ["--bare", file, mode, bases @ ..] => {
            let used = runtime.block_on(bare::fetch(Path::new(file), mode, bases));
            println!("{}", used.to_line());
        }
        ["--under", program] => runtime.block_on(measure_under(program)),
        _ => runtime.block_on(measure()),
    }
}

/// One process of the app: opens what is there and looks at every place.
async fn look(data: &Path, registry: &Path) -> Used {
    let rows = fs::read(registry).expect("the registry");
    let browser = DesktopBrowser::new(Opener::Shell(Box::new(|_, _| Ok(Opened::Shown))));
    let engine: Engine = handrail_engine::open(Setup {
        data: data.to_owned(),
        keys: Keys::File,
        registry: Registry::parse(&rows, POLICY).expect("rows as the app ships them"),
        browser: Arc::new(browser),
        snapshots: StrongholdSnapshots::new(),
    })
    .expect("the phone's own folder");
    let meter = used::Meter::start();
    let outcome = engine.check(Which::All).await.expect("records that open");
    let spent = meter.stop();
    for place in &outcome.sources {
        assert!(place.problems.is_empty(), "{:?}", place.problems);
    }
    Used { resources: count_kept(data), ..spent }
}

fn records_of(data: &Path) -> SqliteRecords {
    let key = KeyFile::new(data).find(KeyName::Records).expect("a key that can be read");
    let key = key.expect("the phone's own key");
    SqliteRecords::open(&data.join("records.db"), &key).expect("the phone's records")
}

fn count_kept(data: &Path) -> u64 {
    records_of(data).kept(None).expect("records that open").len() as u64
}

/// Somebody who fetches: the name, and the command for a folder of its own and a mode, `full` or `delta`.
struct Rival {
    name: &'static str,
    command: Box<Start>,
}

type Start = dyn Fn(&Path, &str) -> Command;

/// The places, and a phone that is connected to each.
struct Scene {
    _sandboxes: Vec<Sandbox>,
    /// Its folder is gone when this is.
    _phone: Phone,
    /// The phone's own folder, which every run copies.
    template: PathBuf,
    /// The registry that the app is given.
    partners: PathBuf,
}

async fn set_up() -> Scene {
    let options = || Options { token_life: Duration::from_secs(86_400), ..Options::anywhere() };
    let mut sandboxes = Vec::new();
    for _ in 0..3 {
        sandboxes.push(Sandbox::start(options()).await.expect("three free ports"));
    }
    let mut registry = registry_of(&sandboxes[0]);
    registry.rows.extend(sandboxes[1..].iter().flat_map(|more| registry_of(more).rows));
    let phone = Phone::with_registry(registry.clone());
    // The food bank grants nothing but to-dos.
    let rich = |place: &&Place| place.kind != PlaceKind::Cbo;
    let places = sandboxes.iter().flat_map(Sandbox::places).filter(rich).take(PLACES);
    for place in places {
        phone.connect(&place.invitation()).await.expect("an honest code");
    }
    let template = phone.data();
    let partners = template.with_file_name("partners.json");
    fs::write(&partners, serde_json::to_vec(&registry).expect("a registry is JSON"))
        .expect("a disk with room");
    Scene { _sandboxes: sandboxes, _phone: phone, template, partners }
}

/// The app alone, once, as another program sees it that is given its command: one that counts instructions.
async fn measure_under(program: &str) {
    let scene = set_up().await;
    let shelves = Shelves::open(Duration::ZERO, true).await;
    point_at(&scene.template, &shelves.bases);
    let app = list_rivals(&scene.template, &scene.partners, &shelves.bases).swap_remove(goals::APP);
    let folder = tempfile::tempdir().expect("a folder for the time being");
    for mode in ["full", "delta"] {
        let (command, mut under) = ((app.command)(folder.path(), mode), Command::new("sh"));
        under.args(["-c", &format!("exec {program} \"$0\" \"$@\"")]);
        under.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || under.output()).await;
        let output = output.expect("no panic").expect("the program starts");
        println!("\n{mode}: {}", String::from_utf8_lossy(&output.stdout).trim());
        println!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
}

async fn measure() {
    let Scene { template, partners, .. } = &set_up().await;
    for peer in peers::PEERS.iter().filter(|peer| !peer.is_here()) {
        println!("\nleft out, because it could not be installed: {}", peer.name);
    }
    for late in [Duration::ZERO, LATE] {
        let shelves = Shelves::open(late, true).await;
        point_at(template, &shelves.bases);
        let rivals = list_rivals(template, partners, &shelves.bases);
        let (full, delta) = compare(&rivals, &shelves).await;
        goals::show(&full, &delta, late);
    }
    let shelves = Shelves::open(Duration::ZERO, false).await;
    point_at(template, &shelves.bases);
    let app = &list_rivals(template, partners, &shelves.bases)[goals::APP..=goals::APP];
    let (_, delta) = compare(app, &shelves).await;
    goals::show_without_batch(&delta[0].1);
}

/// From now on the places are somewhere else, and nothing was fetched from there.
fn point_at(data: &Path, bases: &[String]) {
    let records = records_of(data);
    let sources = records.sources().expect("the phone's places");
    for (mut source, base) in sources.into_iter().zip(bases) {
        records.erase_source(&source.id).expect("a disk with room");
        source.base = base.clone().try_into().expect("an honest address");
        source.patient = Some(PATIENT.to_owned());
        source.cursors = Cursors::default();
        source.skipped = Vec::new();
        records.put_source(&source).expect("a disk with room");
    }
}

fn list_rivals(template: &Path, partners: &Path, bases: &[String]) -> Vec<Rival> {
    let this = env::current_exe().expect("a program knows where it is");
    let (template, partners) = (template.to_owned(), partners.to_owned());
    let bases = bases.to_vec();
    let mut rivals = vec![
        Rival {
            name: "a bare fetch in Rust, plain SQLite",
            command: {
                let (this, bases) = (this.clone(), bases.clone());
                Box::new(move |folder, mode| {
                    let mut command = Command::new(&this);
                    command.arg("--bare").arg(folder.join("plain.db")).arg(mode).args(&bases);
                    command
                })
            },
        },
        Rival {
            name: "Handrail, encrypted records",
            command: Box::new(move |folder, mode| {
                let data = folder.join("data");
                if mode == "full" {
                    copy_folder(&template, &data);
                }
                let mut command = Command::new(&this);
                command.arg("--handrail").arg(data).arg(&partners);
                command
            }),
        },
    ];
    rivals.extend(peers::PEERS.iter().filter_map(|peer| peer.find(&bases)));
    rivals
}

/// What each used for a whole look, and then for one at which nothing changed.
type Figures = Vec<(&'static str, Used)>;

async fn compare(rivals: &[Rival], shelves: &Shelves) -> (Figures, Figures) {
    let (mut full, mut delta) = (Vec::new(), Vec::new());
    for rival in rivals {
        let mut folder = tempfile::tempdir().expect("a folder for the time being");
        let (mut whole, mut unchanged) = (Vec::new(), Vec::new());
        for number in 0..RUNS {
            if number > 0 {
                folder = tempfile::tempdir().expect("a folder for the time being");
            }
            whole.push(run(rival, folder.path(), "full", shelves).await);
        }
        for _ in 0..RUNS {
            // What the last whole look fetched is there.
            unchanged.push(run(rival, folder.path(), "delta", shelves).await);
        }
        full.push((rival.name, middle_of(&whole)));
        delta.push((rival.name, middle_of(&unchanged)));
    }
    show("everything is new", shelves, &full);
    show("nothing changed", shelves, &delta);
    (full, delta)
}

fn show(what: &str, shelves: &Shelves, all: &Figures) {
    let batch = if shelves.takes_batch { "" } else { ", no `batch`" };
    println!(
        "\n{PLACES} places of {RESOURCES} resources, {what}, answers {} ms late{batch}: median of {RUNS} processes",
        shelves.late.as_millis()
    );
    println!(
        "  {:<44} | {:>8} | {:>8} | {:>8} | {:>8} | {:>8} | ratios to the first: wall CPU peak",
        "who", "wall s", "CPU s", "peak MB", "requests", "kB"
    );
    let first = all[0].1;
    for (name, used) in all {
        println!(
            "  {name:<44} | {:>8.3} | {:>8.2} | {:>8.1} | {:>8} | {:>8.1} | {:.2} {:.2} {:.2}",
            used.wall_s,
            used.cpu_s,
            used.peak_mb,
            used.requests,
            used.bytes as f64 / 1e3,
            used.wall_s / first.wall_s,
            used.cpu_s / first.cpu_s.max(0.01),
            used.peak_mb / first.peak_mb,
        );
    }
}

/// One process, and what it sent and received.
async fn run(rival: &Rival, folder: &Path, mode: &str, shelves: &Shelves) -> Used {
    let mut command = (rival.command)(folder, mode);
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    shelves.traffic.forget();
    // The places answer on this runtime meanwhile.
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.expect("no panic").expect("the program starts");
    assert!(output.status.success(), "{} ends well", rival.name);
    let used = read_line(&String::from_utf8_lossy(&output.stdout));
    let wanted = PLACES as u64 * RESOURCES as u64;
    assert_eq!(used.resources, wanted, "{} brought everything", rival.name);
    Used { requests: shelves.traffic.requests(), bytes: shelves.traffic.bytes(), ..used }
}

fn read_line(said: &str) -> Used {
    serde_json::from_str(said.trim()).unwrap_or_else(|error| panic!("figures: {error}: {said}"))
}

/// The middle of each figure.
fn middle_of(runs: &[Used]) -> Used {
    let middle = |figure: fn(&Used) -> f64| table::median(runs.iter().map(figure).collect());
    Used {
        wall_s: middle(|used| used.wall_s),
        cpu_s: middle(|used| used.cpu_s),
        peak_mb: middle(|used| used.peak_mb),
        ..runs[0]
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a disk with room");
    for entry in fs::read_dir(from).expect("our own folder").flatten() {
        let (here, there) = (entry.path(), to.join(entry.file_name()));
        if here.is_dir() {
            copy_folder(&here, &there);
        } else {
            fs::copy(here, there).expect("a disk with room");
        }
    }
}
