// Medplum's client as its pages show it: pages by its generator, references in one batch.

const { MedplumClient } = require("@medplum/core");
const { KINDS, SINCE, wantedOf, measure } = require("./meter.cjs");

async function fetchList(medplum, kind, query) {
    const found = [];
    for await (const page of medplum.searchResourcePages(kind, query)) found.push(...page);
    return found;
}

measure(async (base, mode) => {
    const at = new URL(base);
    const medplum = new MedplumClient({ baseUrl: `${at.origin}/`, fhirUrlPath: at.pathname.slice(1), fetch });
    const query = { patient: "Patient/rosa", _count: "200" };
    if (mode === "delta") query._lastUpdated = SINCE;
    const lists = (await Promise.all(KINDS.map((kind) => fetchList(medplum, kind, query)))).flat();
    if (mode === "delta") return lists;
    const names = [...wantedOf(lists), "Patient/rosa"];
    const entry = names.map((url) => ({ request: { method: "GET", url } }));
    const answer = await medplum.executeBatch({ resourceType: "Bundle", type: "batch", entry });
    return lists.concat((answer.entry || []).map((it) => it.resource).filter(Boolean));
});
