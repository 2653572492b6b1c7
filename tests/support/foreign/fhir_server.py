"""The FHIR server of the foreign pair: PyPI `sekmet-fhir`, which leaves when its standard input closes.

In: the path of its settings, as the only argument. Out: uvicorn's log on standard error, with the port it took.
"""

import os
import sys
import threading


def leave_with_whoever_started_us() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


threading.Thread(target=leave_with_whoever_started_us, daemon=True).start()

from sekmet.cli import app  # noqa: E402  (the thread above must already watch while this loads)

app(["serve", "--config", sys.argv[1], "--host", "127.0.0.1"])
