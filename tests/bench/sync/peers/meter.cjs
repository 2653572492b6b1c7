// What a piece of work used, and where it is stored: shared by the JavaScript peers.

const { performance } = require("perf_hooks");
const { DatabaseSync } = require("node:sqlite");

const KINDS = ["Task", "ServiceRequest", "Goal"];
const SINCE = "gt2026-01-01T00:00:00Z";

/** What the lists refer to, once each. */
function wantedOf(resources) {
    const found = resources.map((it) => it.requester && it.requester.reference).filter(Boolean);
    return [...new Set(found.filter((it) => it.startsWith("Organization/")))].sort();
}

function openStore(path) {
    const store = new DatabaseSync(path);
    store.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    store.exec(
        "CREATE TABLE IF NOT EXISTS kept (place INTEGER, kind TEXT, id TEXT, body TEXT, PRIMARY KEY (place, kind, id))",
    );
    return store;
}

/** One transaction a place. */
function keep(store, place, resources) {
    const put = store.prepare("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)");
    store.exec("BEGIN");
    for (const it of resources) put.run(place, it.resourceType, it.id, JSON.stringify(it));
    store.exec("COMMIT");
}

/** Fetches all places side by side with `fetchPlace(base, mode)`, stores what came, and says what it took. */
async function measure(fetchPlace) {
    const [path, mode, ...bases] = process.argv.slice(2);
    const store = openStore(path);
    const begun = performance.now();
    const cpu = process.cpuUsage();
    const places = await Promise.all(bases.map((base) => fetchPlace(base, mode)));
    places.forEach((resources, place) => keep(store, place, resources));
    const spent = process.cpuUsage(cpu);
    const wall_s = (performance.now() - begun) / 1000;
    const peak_mb = process.resourceUsage().maxRSS / 1024;
    const resources = store.prepare("SELECT count(*) AS kept FROM kept").get().kept;
    console.log(JSON.stringify({ wall_s, cpu_s: (spent.user + spent.system) / 1e6, peak_mb, resources }));
}

module.exports = { KINDS, SINCE, wantedOf, measure };
