"""fhirclient (SMART's own for Python) as its pages show it: typed models, one request after the other."""

import sys

from fhirclient import client
from fhirclient.models.goal import Goal
from fhirclient.models.organization import Organization
from fhirclient.models.patient import Patient
from fhirclient.models.servicerequest import ServiceRequest
from fhirclient.models.task import Task
from meter import SINCE, Meter, count, keep, open_store, wanted_of


def fetch_place(base, mode):
    server = client.FHIRClient(settings={"app_id": "bench", "api_base": base}).server
    resources = []
    for model in (Task, ServiceRequest, Goal):
        query = {"patient": "Patient/rosa", "_count": "200"}
        if mode == "delta":
            query["_lastUpdated"] = SINCE
        found = model.where(query).perform_resources_iter(server)
        resources += [it.as_json() for it in found]
    if mode == "delta":
        return resources
    for name in wanted_of(resources):
        resources.append(Organization.read(name.split("/")[1], server).as_json())
    resources.append(Patient.read("rosa", server).as_json())
    return resources


def main(path, mode, bases):
    store = open_store(path)
    meter = Meter()
    for place, base in enumerate(bases):
        keep(store, place, fetch_place(base, mode))
    meter.say(count(store))


main(sys.argv[1], sys.argv[2], sys.argv[3:])
