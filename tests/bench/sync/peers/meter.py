"""What a piece of work used, and where it is stored: shared by the Python peers."""

import json
import resource
import sqlite3
import time


class Meter:
    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def say(self, resources):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        wall, cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu
        print(json.dumps({"wall_s": wall, "cpu_s": cpu, "peak_mb": peak, "resources": resources}))


def open_store(path):
    store = sqlite3.connect(path)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute(
        "CREATE TABLE IF NOT EXISTS kept (place INTEGER, kind TEXT, id TEXT, body TEXT, PRIMARY KEY (place, kind, id))"
    )
    return store


def keep(store, place, resources):
    """One transaction a place; `resources` are plain dictionaries."""
    rows = [(place, it["resourceType"], it["id"], json.dumps(it)) for it in resources]
    with store:
        store.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", rows)


def count(store):
    return store.execute("SELECT count(*) FROM kept").fetchone()[0]


KINDS = ["Task", "ServiceRequest", "Goal"]
SINCE = "gt2026-01-01T00:00:00Z"


def wanted_of(resources):
    """What the lists refer to, once each."""
    found = {it["requester"]["reference"] for it in resources if "requester" in it}
    return sorted(it for it in found if it.startswith("Organization/"))
