// fhirclient (SMART's own for JavaScript) as its pages show it: all places side by side, every page, flat.

const FHIR = require("fhirclient");
const { KINDS, SINCE, wantedOf, measure } = require("./meter.cjs");

measure(async (base, mode) => {
    const storage = { get: async () => null, set: async () => null, unset: async () => true };
    const client = FHIR({ headers: {}, url: "/" }, { setHeader() {} }, storage).client(base);
    const since = mode === "delta" ? `&_lastUpdated=${SINCE}` : "";
    const ask = (kind) =>
        client.request(`${kind}?patient=Patient/rosa${since}&_count=200`, { pageLimit: 0, flat: true });
    const lists = (await Promise.all(KINDS.map(ask))).flat().filter(Boolean);
    if (mode === "delta") return lists;
    const names = [...wantedOf(lists), "Patient/rosa"];
    return lists.concat(await Promise.all(names.map((name) => client.request(name))));
});
