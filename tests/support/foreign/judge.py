"""Two validators that we did not write judge resources: PyPI `fhirkit-rs` (R4) and `fhir.resources` (R4B's models).

In: paths of files with one resource each. Out: a line for each thing that is wrong; status 1 if there is one.
"""

import json
import sys

import fhirkit
from fhir.resources.R4B import get_fhir_model_class

wrong = 0
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for issue in fhirkit.validate(text):
        wrong += 1
        print(f"{path}: fhirkit: {issue}")
    try:
        get_fhir_model_class(json.loads(text)["resourceType"]).model_validate_json(text)
    except ValueError as error:
        wrong += 1
        print(f"{path}: fhir.resources: {error}")
sys.exit(1 if wrong else 0)
