"""fhirpy as its pages show it: an asynchronous client a place, all side by side."""

import asyncio
import sys

from fhirpy import AsyncFHIRClient
from meter import KINDS, SINCE, Meter, count, keep, open_store, wanted_of


async def fetch_place(base, mode):
    client = AsyncFHIRClient(base)

    def ask(kind):
        found = client.resources(kind).search(patient="Patient/rosa").limit(200)
        return found.search(_lastUpdated=SINCE) if mode == "delta" else found

    lists = await asyncio.gather(*(ask(kind).fetch_all() for kind in KINDS))
    resources = [it.serialize() for found in lists for it in found]
    if mode == "delta":
        return resources
    names = [*wanted_of(resources), "Patient/rosa"]
    return resources + await asyncio.gather(*(client.get(*name.split("/")) for name in names))


async def main(path, mode, bases):
    store = open_store(path)
    meter = Meter()
    places = await asyncio.gather(*(fetch_place(base, mode) for base in bases))
    for place, resources in enumerate(places):
        keep(store, place, resources)
    meter.say(count(store))


asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
