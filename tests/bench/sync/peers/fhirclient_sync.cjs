// fhirclient (SMART's own for JavaScript) as its pages show it: all places side by side, every page, flat.
// Node has no SQLite here, so it writes a file of lines and syncs it, which is less work than a database.

const fs = require("fs");
const { performance } = require("perf_hooks");
const FHIR = require("fhirclient");

const KINDS = ["Task", "ServiceRequest", "Goal"];

async function fetchPlace(base, mode) {
    const storage = { get: async () => null, set: async () => null, unset: async () => true };
    const smart = FHIR({ headers: {}, url: "/" }, { setHeader() {} }, storage);
    const client = smart.client(base);
    const since = mode === "delta" ? "&_lastUpdated=gt2026-01-01T00:00:00Z" : "";
    const ask = (kind) =>
        client.request(`${kind}?patient=Patient/rosa${since}&_count=200`, { pageLimit: 0, flat: true });
    const lists = (await Promise.all(KINDS.map(ask))).flat().filter(Boolean);
    if (mode === "delta") return lists;
    const references = lists.map((it) => it.requester && it.requester.reference).filter(Boolean);
    const names = [...new Set(references.filter((it) => it.startsWith("Organization/"))), "Patient/rosa"];
    return lists.concat(await Promise.all(names.map((name) => client.request(name))));
}

async function main(path, mode, bases) {
    const begun = performance.now();
    const cpu = process.cpuUsage();
    const places = await Promise.all(bases.map((base) => fetchPlace(base, mode)));
    const file = fs.openSync(path, "a");
    for (const [place, resources] of places.entries()) {
        const lines = resources.map((it) => JSON.stringify({ place, it }) + "\n").join("");
        fs.writeSync(file, lines);
        fs.fsyncSync(file);
    }
    const spent = process.cpuUsage(cpu);
    const wall_s = (performance.now() - begun) / 1000;
    const kept = new Set();
    for (const line of fs.readFileSync(path, "utf8").split("\n").filter(Boolean)) {
        const { place, it } = JSON.parse(line);
        kept.add(`${place}/${it.resourceType}/${it.id}`);
    }
    const peak_mb = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ wall_s, cpu_s: (spent.user + spent.system) / 1e6, peak_mb, resources: kept.size }));
}

main(process.argv[2], process.argv[3], process.argv.slice(4));
