//! What each place offers: types, interactions, search parameters and includes.
//!
//! The tables follow the guide's capability statements (ReferralSource, CoordinationPlatform, ReferralRecipient);
//! `/metadata`, scopes and search all read them, so none can promise what another lacks.

use crate::place::PlaceKind;

/// How a search parameter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParamKind {
    Token,
    Reference,
    Date,
    Uri,
    Text,
}

impl ParamKind {
    /// The code of SearchParameter.type.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Reference => "reference",
            Self::Date => "date",
            Self::Uri => "uri",
            Self::Text => "string",
        }
    }
}

/// A search parameter and where its values stand.
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) kind: ParamKind,
    pub(crate) paths: &'static [&'static str],
}

/// A type as a place offers it.
pub(crate) struct TypeOffer {
    pub(crate) name: &'static str,
    /// What patients may do, in the letters of SMART scopes (`cruds`).
    pub(crate) patient: &'static str,
    /// What staff may do.
    pub(crate) staff: &'static str,
    /// The element that names the patient; without one it is shared by all.
    pub(crate) subject: Option<&'static str>,
    pub(crate) params: &'static [Param],
    /// The reference parameters that `_include` follows.
    pub(crate) includes: &'static [&'static str],
}

impl TypeOffer {
    pub(crate) fn find_param(&self, name: &str) -> Option<&'static Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

/// The types this place offers, in alphabetical order.
pub(crate) fn list_types(kind: PlaceKind) -> impl Iterator<Item = &'static TypeOffer> {
    let table: &[TypeOffer] = match kind {
        PlaceKind::Provider => PROVIDER,
        PlaceKind::Platform => PLATFORM,
        PlaceKind::Cbo => CBO,
    };
    table.iter()
}

pub(crate) fn find_type(kind: PlaceKind, name: &str) -> Option<&'static TypeOffer> {
    list_types(kind).find(|offered| offered.name == name)
}

/// Every scope that can be granted here, for discovery.
pub(crate) fn list_scopes(kind: PlaceKind) -> Vec<String> {
    let mut scopes =
        ["openid", "fhirUser", "launch/patient", "offline_access"].map(str::to_owned).to_vec();
    for (level, letters) in [
        ("patient", (|offered| offered.patient) as fn(&TypeOffer) -> &'static str),
        ("user", |offered| offered.staff),
    ] {
        let named = list_types(kind).filter(|offered| !letters(offered).is_empty());
        scopes
            .extend(named.map(|offered| format!("{level}/{}.{}", offered.name, letters(offered))));
    }
    scopes
}

const fn token(name: &'static str, paths: &'static [&'static str]) -> Param {
    Param { name, kind: ParamKind::Token, paths }
}

const fn reference(name: &'static str, paths: &'static [&'static str]) -> Param {
    Param { name, kind: ParamKind::Reference, paths }
}

const fn date(name: &'static str, paths: &'static [&'static str]) -> Param {
    Param { name, kind: ParamKind::Date, paths }
}

const fn text(name: &'static str, paths: &'static [&'static str]) -> Param {
    Param { name, kind: ParamKind::Text, paths }
}

const fn uri(name: &'static str, paths: &'static [&'static str]) -> Param {
    Param { name, kind: ParamKind::Uri, paths }
}

/// A type that all may read and search and nobody may write.
const fn shared(
    name: &'static str,
    params: &'static [Param],
    includes: &'static [&'static str],
) -> TypeOffer {
    TypeOffer { name, patient: "rs", staff: "rs", subject: None, params, includes }
}

/// A type about one patient that all may read and search and nobody may write.
const fn about(
    name: &'static str,
    subject: &'static str,
    params: &'static [Param],
    includes: &'static [&'static str],
) -> TypeOffer {
    TypeOffer { name, patient: "rs", staff: "rs", subject: Some(subject), params, includes }
}

const CARE_TEAM: TypeOffer = about(
    "CareTeam",
    "subject",
    &[reference("patient", &["subject"]), token("status", &["status"])],
    &[],
);
const CONDITION: TypeOffer = about(
    "Condition",
    "subject",
    &[
        reference("patient", &["subject"]),
        token("category", &["category"]),
        token("clinical-status", &["clinicalStatus"]),
        token("code", &["code"]),
    ],
    &["patient"],
);
const CONSENT: TypeOffer = about(
    "Consent",
    "patient",
    &[reference("source-reference", &["sourceReference"]), token("status", &["status"])],
    &["source-reference"],
);
const DEVICE: TypeOffer = TypeOffer {
    name: "Device",
    patient: "r",
    staff: "r",
    subject: None,
    params: &[],
    includes: &[],
};
const DOCUMENT_REFERENCE: TypeOffer = TypeOffer {
    name: "DocumentReference",
    patient: "crus",
    staff: "rs",
    subject: Some("subject"),
    params: &[
        token("identifier", &["identifier"]),
        reference("patient", &["subject"]),
        token("status", &["status"]),
        token("type", &["type"]),
        token("category", &["category"]),
        date("date", &["date"]),
    ],
    includes: &["patient"],
};
/// A clinic where whoever helps may show a page to somebody.
const DOCUMENT_REFERENCE_OF_STAFF: TypeOffer = TypeOffer { staff: "crs", ..DOCUMENT_REFERENCE };
const GOAL: TypeOffer = about(
    "Goal",
    "subject",
    &[
        reference("patient", &["subject"]),
        token("category", &["category"]),
        token("lifecycle-status", &["lifecycleStatus"]),
        token("achievement-status", &["achievementStatus"]),
        date("target-date", &["target.dueDate"]),
    ],
    &["patient"],
);
const GROUP: TypeOffer = TypeOffer {
    name: "Group",
    patient: "",
    staff: "rs",
    subject: None,
    params: &[],
    includes: &[],
};
const HEALTHCARE_SERVICE: TypeOffer = shared(
    "HealthcareService",
    &[
        reference("location", &["location"]),
        reference("organization", &["providedBy"]),
        token("active", &["active"]),
        text("name", &["name"]),
    ],
    &["location", "organization"],
);
/// A draft of the guide, which only the platform takes: a service says whether it has room.
const HEALTHCARE_SERVICE_WITH_ROOM: TypeOffer = TypeOffer { staff: "rus", ..HEALTHCARE_SERVICE };
const LOCATION: TypeOffer = shared(
    "Location",
    &[reference("organization", &["managingOrganization"]), text("name", &["name"])],
    &["organization"],
);
const OBSERVATION: TypeOffer = about(
    "Observation",
    "subject",
    &[
        reference("patient", &["subject"]),
        token("category", &["category"]),
        token("code", &["code"]),
        token("status", &["status"]),
        date("date", &["effectiveDateTime"]),
        reference("derived-from", &["derivedFrom"]),
    ],
    &["patient", "derived-from"],
);
const ORGANIZATION: TypeOffer =
    shared("Organization", &[token("identifier", &["identifier"]), text("name", &["name"])], &[]);
const PATIENT: TypeOffer = TypeOffer {
    name: "Patient",
    patient: "rs",
    staff: "rs",
    subject: Some("id"),
    params: &[
        token("identifier", &["identifier"]),
        text("name", &["name.family", "name.given"]),
        date("birthdate", &["birthDate"]),
    ],
    includes: &[],
};
const PRACTITIONER: TypeOffer =
    shared("Practitioner", &[text("name", &["name.family", "name.given"])], &[]);
const PRACTITIONER_ROLE: TypeOffer = shared(
    "PractitionerRole",
    &[reference("practitioner", &["practitioner"]), reference("organization", &["organization"])],
    &["practitioner", "organization"],
);
const PROCEDURE: TypeOffer = TypeOffer {
    name: "Procedure",
    patient: "rs",
    staff: "crus",
    subject: Some("subject"),
    params: &[
        reference("patient", &["subject"]),
        reference("based-on", &["basedOn"]),
        token("category", &["category"]),
        reference("performer", &["performer.actor"]),
        token("status", &["status"]),
        date("date", &["performedDateTime"]),
    ],
    includes: &["patient", "based-on"],
};
const QUESTIONNAIRE: TypeOffer = shared(
    "Questionnaire",
    &[uri("url", &["url"]), token("version", &["version"]), token("status", &["status"])],
    &[],
);
/// Search is only a MAY for servers: this one can be read by id alone.
const QUESTIONNAIRE_BY_ID: TypeOffer = TypeOffer {
    name: "Questionnaire",
    patient: "r",
    staff: "r",
    subject: None,
    params: &[],
    includes: &[],
};
const QUESTIONNAIRE_RESPONSE: TypeOffer = TypeOffer {
    name: "QuestionnaireResponse",
    patient: "crus",
    staff: "rs",
    subject: Some("subject"),
    params: &[
        token("identifier", &["identifier"]),
        reference("patient", &["subject"]),
        reference("author", &["author"]),
        uri("questionnaire", &["questionnaire"]),
        token("status", &["status"]),
        date("authored", &["authored"]),
    ],
    includes: &["patient"],
};
const RELATED_PERSON: TypeOffer =
    about("RelatedPerson", "patient", &[reference("patient", &["patient"])], &["patient"]);
const SERVICE_REQUEST: TypeOffer = about(
    "ServiceRequest",
    "subject",
    &[
        reference("patient", &["subject"]),
        token("category", &["category"]),
        token("status", &["status"]),
        token("intent", &["intent"]),
        token("code", &["code"]),
        reference("requester", &["requester"]),
        reference("performer", &["performer"]),
        reference("based-on", &["basedOn"]),
        reference("supporting-info", &["supportingInfo"]),
        date("authored", &["authoredOn"]),
    ],
    &["patient", "requester", "performer", "supporting-info", "based-on"],
);
const TASK_PARAMS: &[Param] = &[
    reference("patient", &["for"]),
    token("status", &["status"]),
    token("code", &["code"]),
    token("intent", &["intent"]),
    token("priority", &["priority"]),
    reference("owner", &["owner"]),
    reference("requester", &["requester"]),
    reference("focus", &["focus"]),
    reference("output", &["output.valueReference"]),
    reference("part-of", &["partOf"]),
    date("authored-on", &["authoredOn"]),
    date("modified", &["lastModified"]),
];
const TASK: TypeOffer = TypeOffer {
    name: "Task",
    patient: "rus",
    staff: "crus",
    subject: Some("for"),
    params: TASK_PARAMS,
    includes: &["focus", "output", "requester", "owner", "patient", "part-of"],
};
/// Nothing but documents can be included: the other types live elsewhere.
const TASK_ALONE: TypeOffer = TypeOffer { includes: &["focus", "output"], ..TASK };

const PROVIDER: &[TypeOffer] = &[
    CARE_TEAM,
    CONDITION,
    CONSENT,
    DEVICE,
    DOCUMENT_REFERENCE_OF_STAFF,
    GOAL,
    GROUP,
    HEALTHCARE_SERVICE,
    LOCATION,
    OBSERVATION,
    ORGANIZATION,
    PATIENT,
    PRACTITIONER,
    PRACTITIONER_ROLE,
    PROCEDURE,
    QUESTIONNAIRE,
    QUESTIONNAIRE_RESPONSE,
    RELATED_PERSON,
    SERVICE_REQUEST,
    TASK,
];
const PLATFORM: &[TypeOffer] = &[
    CARE_TEAM,
    CONDITION,
    CONSENT,
    DOCUMENT_REFERENCE,
    GOAL,
    HEALTHCARE_SERVICE_WITH_ROOM,
    LOCATION,
    OBSERVATION,
    ORGANIZATION,
    PATIENT,
    PRACTITIONER,
    PRACTITIONER_ROLE,
    PROCEDURE,
    QUESTIONNAIRE_BY_ID,
    QUESTIONNAIRE_RESPONSE,
    RELATED_PERSON,
    SERVICE_REQUEST,
    TASK,
];
const CBO: &[TypeOffer] = &[DOCUMENT_REFERENCE, TASK_ALONE];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_include_follows_a_reference_parameter_of_its_type() {
        for offered in PlaceKind::ALL.into_iter().flat_map(list_types) {
            for include in offered.includes {
                let kind = offered.find_param(include).map(|param| param.kind);

                assert_eq!(kind, Some(ParamKind::Reference), "{}:{include}", offered.name);
            }
        }
    }
}
