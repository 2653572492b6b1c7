//! A list of thousands: every row is reached by hand and by key, and few are drawn at any time (docs/adr/0023).

use std::time::Duration;

use fantoccini::{
    Locator,
    actions::{InputSource as _, KeyAction, KeyActions},
    key::Key,
    wd::TimeoutConfiguration,
};
use handrail_engine::{Policy, Registry};
use serde::Deserialize;
use serde_json::{Value, json};
use support::{
    preview::{Look, Preview},
    saved::{save_requests, save_todos},
    screen::Screen,
};
use tempfile::TempDir;

const ROWS: usize = 5_000;

/// Rows that stand on the page at most.
const MOST_DRAWN: u64 = 150;

/// How long a walk along all rows may take.
const PATIENCE: Duration = Duration::from_secs(240);

/// What every script here looks with. `seen` waits for a frame in which no gap is in sight, and tells the rows that are.
const LOOK: &str = "const done = arguments[arguments.length - 1]; \
    const page = document.scrollingElement; let most = 0; \
    const frame = () => new Promise(requestAnimationFrame); \
    const list = () => document.querySelector('.list'); \
    const inSight = it => { const { top, bottom } = it.getBoundingClientRect(); return bottom > 0 && top < innerHeight; }; \
    const row = it => ({ at: Number(it.getAttribute('aria-posinset')), of: Number(it.getAttribute('aria-setsize')), \
        number: Number(/number (\\d+)/.exec(it.innerText)[1]), top: it.getBoundingClientRect().top }); \
    const seen = async () => { for (;;) { \
        await frame(); \
        const items = [...list().children]; \
        most = Math.max(most, document.querySelectorAll('.row').length); \
        if (items.some(it => it.matches('.list__gap') && inSight(it))) continue; \
        return items.filter(it => !it.matches('.list__gap') && inSight(it)).map(row); } }; \
    /* Scrolls, and tells what was in sight before and still is, had to move by just as much, and did not. */ \
    const jumps = []; \
    const go = async by => { \
        const before = await seen(); const from = page.scrollTop; page.scrollBy(0, by); const moved = page.scrollTop - from; \
        const after = await seen(); await frame(); await frame(); \
        const stayed = (await seen()).filter(it => before.some(was => was.at === it.at)); \
        for (const it of stayed) { const was = before.find(was => was.at === it.at); \
            if (Math.abs(was.top - moved - it.top) > 2) jumps.push({ at: it.at, was: was.top - moved, is: it.top }); } \
        return after; }; ";

/// The saved to-dos in a browser.
struct Thousands {
    preview: Preview,
    _folder: TempDir,
}

#[derive(Deserialize)]
struct Walk {
    /// The rows in the order of the list: their place, and the number in their title.
    rows: Vec<(u64, u64)>,
    most: u64,
    jumps: Vec<Value>,
    sizes: Vec<u64>,
}

impl Thousands {
    async fn open(look: Look) -> Self {
        let folder = save_todos(ROWS);
        let registry = Registry::parse(br#"{"version":1,"rows":[]}"#, Policy::DEVELOPER);
        let preview = Preview::open(folder.path(), &registry.unwrap(), look).await;
        let patience = TimeoutConfiguration::new(Some(PATIENCE), None, None);
        preview.screen.0.update_timeouts(patience).await.unwrap();
        preview.screen.see("Rosa").await;
        preview.screen.go("/todos").await;
        preview.screen.see("number 0").await;
        Self { preview, _folder: folder }
    }

    fn screen(&self) -> &Screen {
        &self.preview.screen
    }

    async fn walk(&self, script: &str) -> Walk {
        let script = format!("{LOOK} (async () => {{ {script} }})()");
        let walk = self.screen().run_until_done(&script, Vec::new()).await;
        serde_json::from_value(walk).unwrap()
    }

    /// The first row in sight, and how far below the top it stands.
    async fn first_in_sight(&self) -> (u64, f64) {
        let script = format!(
            "{LOOK} (async () => {{ await seen(); await frame(); await frame(); \
                const first = (await seen()).find(it => it.top >= 0); done([first.at, first.top]); }})()"
        );
        let first = self.screen().run_until_done(&script, Vec::new()).await;
        serde_json::from_value(first).unwrap()
    }

    async fn tab(&self, times: usize, back: bool) {
        let shift = char::from(Key::Shift);
        let mut keys = KeyActions::new("keyboard".to_owned());
        if back {
            keys = keys.then(KeyAction::Down { value: shift });
        }
        let value = char::from(Key::Tab);
        for _ in 0..times {
            keys = keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        if back {
            keys = keys.then(KeyAction::Up { value: shift });
        }
        self.screen().0.perform_actions(keys).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_thousands_of_rows_comes_by_scrolling_and_few_are_drawn_at_any_time() {
    let here = Thousands::open(Look::Light).await;

    let walk = here
        .walk(
            "const rows = new Map(); const sizes = new Set(); const keep = all => all.forEach(it => { \
                const other = rows.get(it.at); sizes.add(it.of); \
                if (other !== undefined && other !== it.number) jumps.push({ twice: it.at }); rows.set(it.at, it.number); }); \
            keep(await seen()); \
            for (let last = -1; last !== page.scrollTop;) { last = page.scrollTop; keep(await go(innerHeight * .8)); } \
            done({ rows: [...rows].sort((a, b) => a[0] - b[0]), most, jumps, sizes: [...sizes] });",
        )
        .await;

    assert_all_rows(&walk);
    assert_eq!(walk.sizes, [ROWS as u64], "what a screen reader says of how many there are");
}

fn assert_all_rows(walk: &Walk) {
    let places: Vec<u64> = walk.rows.iter().map(|(at, _)| *at).collect();
    assert_eq!(places, (1..=ROWS as u64).collect::<Vec<_>>(), "each place once");
    let mut numbers: Vec<u64> = walk.rows.iter().map(|(_, number)| *number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..ROWS as u64).collect::<Vec<_>>(), "each to-do once");
    assert!(walk.most <= MOST_DRAWN, "{} rows were drawn at a time", walk.most);
    assert!(walk.jumps.is_empty(), "{:?}", walk.jumps);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_jumps_on_the_way_up_from_the_end_and_other_letters_leave_the_row_in_its_place() {
    let here = Thousands::open(Look::Light).await;

    let walk = here
        .walk(
            "page.scrollTo(0, page.scrollHeight); \
            for (let last = -1; last !== page.scrollTop;) { await seen(); last = page.scrollTop; page.scrollTo(0, page.scrollHeight); await frame(); await frame(); } \
            const end = (await seen()).at(-1); \
            for (let times = 0; times < 40; times++) await go(innerHeight * -.7); \
            done({ rows: [[end.at, end.number]], most, jumps, sizes: [] });",
        )
        .await;

    assert_eq!(walk.rows[0].0, ROWS as u64, "the end of the page is the end of the list");
    assert!(walk.jumps.is_empty(), "{:?}", walk.jumps);
    assert!(walk.most <= MOST_DRAWN, "{} rows were drawn at a time", walk.most);
    let before = here.first_in_sight().await;
    here.screen().run("document.documentElement.dataset.text = '200'", Vec::new()).await;
    let after = here.first_in_sight().await;
    assert_eq!(after.0, before.0, "another row stands at the top");
    assert!((after.1 - before.1).abs() <= 2.0, "it moved from {} to {}", before.1, after.1);
    let walk = here
        .walk(
            "for (let times = 0; times < 20; times++) await go(innerHeight * -.7); \
            for (let times = 0; times < 20; times++) await go(innerHeight * .7); \
            done({ rows: [], most, jumps, sizes: [] });",
        )
        .await;
    assert!(walk.jumps.is_empty(), "{:?}", walk.jumps);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_goes_from_row_to_row_down_thousands_and_back_up() {
    let here = Thousands::open(Look::Light).await;
    let listen = "window.walked = []; window.most = 0; document.addEventListener('focusin', event => { \
            window.most = Math.max(window.most, document.querySelectorAll('.row').length); \
            const row = event.target.closest('[aria-posinset]'); \
            if (row) window.walked.push([Number(row.getAttribute('aria-posinset')), \
                Number(/number (\\d+)/.exec(row.innerText)[1])]); }); \
        document.querySelector('.list .row').focus()";
    here.screen().run(listen, Vec::new()).await;

    // So fast is nobody: a burst of keys has the rows that it leads to drawn before the next.
    for _ in 0..ROWS / 40 {
        here.tab(40, false).await;
        here.first_in_sight().await;
    }

    let walk = "return { rows: window.walked, most: window.most, jumps: [], sizes: [] }";
    let walk: Walk = serde_json::from_value(here.screen().run(walk, Vec::new()).await).unwrap();
    assert_all_rows(&walk);
    here.screen().run("window.walked = []", Vec::new()).await;
    // Scrolled far away meanwhile, and the keyboard is still where it was.
    here.screen().run("window.scrollTo(0, 0)", Vec::new()).await;
    here.first_in_sight().await;
    here.tab(50, true).await;
    let back = here.screen().run("return window.walked.map(it => it[0])", Vec::new()).await;
    let back: Vec<u64> = serde_json::from_value(back).unwrap();
    let from = ROWS as u64;
    assert_eq!(back, (from - 49..=from).rev().collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_to_a_long_list_finds_the_row_where_it_was_also_in_large_letters() {
    for look in [Look::Light, Look::Large] {
        let here = Thousands::open(look).await;
        if look == Look::Large {
            here.screen().run("document.documentElement.dataset.text = '200'", Vec::new()).await;
        }
        here.screen().run("window.scrollTo(0, 200000)", Vec::new()).await;
        let (at, _) = here.first_in_sight().await;
        let row = at + 1;
        let top = place_of(here.screen(), row).await;

        for way in ["arrow", "the browser's own"] {
            let link = format!("[aria-posinset='{row}'] .row");
            let link = here.screen().0.find(Locator::Css(&link)).await.unwrap();
            let title = link.text().await.unwrap();
            link.click().await.unwrap();
            here.screen().see("Answer the questions").await;
            if way == "arrow" {
                here.screen().run("document.querySelector('.bar .iconbtn').click()", vec![]).await;
            } else {
                here.screen().0.back().await.unwrap();
            }
            here.screen().wait_for_class("list--long").await;
            here.first_in_sight().await;

            let came_back = place_of(here.screen(), row).await;
            assert!((came_back - top).abs() <= 2.0, "{way}: from {top} to {came_back} ({look:?})");
            assert_eq!(here.screen().focused().await, title, "{way} ({look:?})");
        }

        // A tab is no way back: it begins at the start.
        here.screen().go("/goals").await;
        here.screen().wait_for_class("page").await;
        here.screen().see("Goals").await;
        here.screen().go("/todos").await;
        here.screen().wait_for_class("list--long").await;
        assert_eq!(here.first_in_sight().await.0, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_see_their_first_requests_soon_and_then_all_and_come_back_to_any() {
    let folder = save_requests(100);
    let registry = Registry::parse(br#"{"version":1,"rows":[]}"#, Policy::DEVELOPER);
    let preview = Preview::open(folder.path(), &registry.unwrap(), Look::Light).await;
    let screen = &preview.screen;
    screen.see("Food box").await;
    // How many rows each list that is drawn says it has.
    let watch = "window.sizes = []; new MutationObserver(() => { \
            const size = Number(document.querySelector('[aria-setsize]')?.getAttribute('aria-setsize')); \
            if (size && window.sizes.at(-1) !== size) window.sizes.push(size); \
        }).observe(document, { childList: true, subtree: true, attributes: true });";
    preview.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await;
    screen.go("/inbox").await;
    screen.0.refresh().await.unwrap();
    let all = "const done = arguments[0]; const wait = () => window.sizes?.at(-1) === 100 \
        ? done(window.sizes) : requestAnimationFrame(wait); wait()";
    let sizes = screen.run_until_done(all, Vec::new()).await;
    // Where news comes in between, all may be there before its first rows.
    assert!(sizes == json!([30, 100]) || sizes == json!([100]), "{sizes}");
    screen.see("Food box number 0").await;

    screen.run("window.sizes = []; window.scrollTo(0, 200000)", Vec::new()).await;
    let last = Locator::Css("[aria-posinset='99'] .row");
    screen.0.wait().for_element(last).await.unwrap().click().await.unwrap();
    screen.see("Asked by").await;
    screen.0.back().await.unwrap();

    screen.0.wait().for_element(last).await.unwrap();
    assert!(screen.focused().await.contains("Food box number 98"));
    assert_eq!(screen.run_until_done(all, Vec::new()).await, json!([100]));
}

/// How far below the top of what is seen a row stands.
async fn place_of(screen: &Screen, row: u64) -> f64 {
    let script = "return document.querySelector(`[aria-posinset='${arguments[0]}']`)?.getBoundingClientRect().top ?? -1e6";
    screen.run(script, vec![json!(row)]).await.as_f64().unwrap()
}
