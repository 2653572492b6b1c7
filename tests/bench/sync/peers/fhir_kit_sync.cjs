// fhir-kit-client as its pages show it: a search a list, `nextPage` until there is none, references in one batch.

const { join } = require("path");
const { pathToFileURL } = require("url");
const { KINDS, SINCE, wantedOf, measure } = require("./meter.cjs");

// It is an ECMAScript module, which NODE_PATH does not find.
const library = pathToFileURL(join(process.env.NODE_PATH, "fhir-kit-client/dist/index.js"));

function resourcesOf(bundle) {
    return (bundle.entry || []).map((entry) => entry.resource).filter(Boolean);
}

async function fetchList(client, resourceType, searchParams) {
    const found = [];
    let bundle = await client.search({ resourceType, searchParams });
    while (bundle) {
        found.push(...resourcesOf(bundle));
        bundle = await client.nextPage({ bundle });
    }
    return found;
}

measure(async (base, mode) => {
    const { Client } = await import(library);
    const client = new Client({ baseUrl: base });
    const query = { patient: "Patient/rosa", _count: "200" };
    if (mode === "delta") query._lastUpdated = SINCE;
    const lists = (await Promise.all(KINDS.map((kind) => fetchList(client, kind, query)))).flat();
    if (mode === "delta") return lists;
    const names = [...wantedOf(lists), "Patient/rosa"];
    const entry = names.map((url) => ({ request: { method: "GET", url } }));
    const answer = await client.batch({ body: { resourceType: "Bundle", type: "batch", entry } });
    return lists.concat(resourcesOf(answer));
});
