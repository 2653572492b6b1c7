//! Creating and updating resources, as far as the bearer may.

use axum::http::StatusCode;
use serde_json::Value;

use crate::{
    fhir::{
        Ask, Reply,
        access::Access,
        offer::TypeOffer,
        outcome::{forbid, refuse, refuse_element},
        read::is_visible,
        services,
        store::Found,
        tasks,
    },
    place::Site,
};

/// What each type must have before it is kept; the rest is the sender's business.
const REQUIRED: &[(&str, &[&str])] = &[
    ("DocumentReference", &["status", "content"]),
    ("Procedure", &["status", "code", "subject"]),
    ("QuestionnaireResponse", &["questionnaire", "status", "subject", "authored"]),
    ("Task", &["status", "intent", "code", "for", "authoredOn", "requester"]),
];

pub(crate) fn create(site: &Site, access: &Access, ask: &Ask, offered: &TypeOffer) -> Reply {
    if !access.may(offered.name, 'c') {
        return forbid("The token does not cover creating this type.");
    }
    let resource = match check_resource(access, ask, offered) {
        Ok(resource) => resource.clone(),
        Err(reply) => return reply,
    };
    let kept = site.lock_store().create(resource);
    tell(site, ask, StatusCode::CREATED, kept)
}

pub(crate) fn update(
    site: &Site,
    access: &Access,
    ask: &Ask,
    offered: &TypeOffer,
    id: &str,
) -> Reply {
    if !access.may(offered.name, 'u') {
        return forbid("The token does not cover updating this type.");
    }
    let resource = match check_resource(access, ask, offered) {
        Ok(resource) => resource.clone(),
        Err(reply) => return reply,
    };
    if resource["id"] != id {
        return refuse(
            StatusCode::BAD_REQUEST,
            "value",
            "The id differs from the one in the address.",
        );
    }
    let mut store = site.lock_store();
    let old = match store.find(offered.name, id) {
        Found::Here(old) if is_visible(access, offered, old) => old,
        Found::Gone => return refuse(StatusCode::GONE, "deleted", "This was removed."),
        _ => return refuse(StatusCode::NOT_FOUND, "not-found", "There is no such resource."),
    };
    let version = format!("W/\"{}\"", old["meta"]["versionId"].as_str().unwrap_or_default());
    match &ask.if_match {
        Some(known) if *known != version => {
            let words = "It was changed in the meantime. Read it again.";
            return refuse(StatusCode::PRECONDITION_FAILED, "conflict", words);
        }
        // Task is versioned-update: nobody overwrites a version that they have not seen.
        // So it is with a service: two who work there may say something else of its room.
        None if matches!(offered.name, "Task" | "HealthcareService") => {
            let words = "This update needs If-Match with the version it is based on.";
            return refuse(StatusCode::PRECONDITION_REQUIRED, "required", words);
        }
        _ => {}
    }
    if offered.name == "Task"
        && let Err(reply) = tasks::check_change(&store, access, old, &resource)
    {
        return reply;
    }
    if offered.name == "HealthcareService"
        && let Err(reply) = services::check_change(access, old, &resource)
    {
        return reply;
    }
    let kept = store.update(resource);
    drop(store);
    tell(site, ask, StatusCode::OK, kept)
}

fn check_resource<'a>(
    access: &Access,
    ask: &'a Ask,
    offered: &TypeOffer,
) -> Result<&'a Value, Reply> {
    let Some(resource) = &ask.body else {
        return Err(refuse(StatusCode::BAD_REQUEST, "structure", "There is no resource."));
    };
    if resource["resourceType"] != offered.name {
        return Err(refuse(
            StatusCode::BAD_REQUEST,
            "value",
            "This is a resource of another type.",
        ));
    }
    let required = REQUIRED.iter().find(|(name, _)| *name == offered.name);
    for element in required.map_or(&[] as &[_], |(_, elements)| elements) {
        if resource[element].is_null() {
            let path = format!("{}.{element}", offered.name);
            return Err(refuse_element("required", "An element is missing.", &path));
        }
    }
    // A patient writes about themselves: what is about nobody is for staff to publish.
    let about_nobody = offered.subject.is_some_and(|subject| resource[subject].is_null());
    if access.patient().is_some() && (about_nobody || !is_visible(access, offered, resource)) {
        return Err(forbid("This is not about the patient who signed in."));
    }
    Ok(resource)
}

fn tell(site: &Site, ask: &Ask, status: StatusCode, kept: Value) -> Reply {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (name, id) = (text(&kept["resourceType"]), text(&kept["id"]));
    let version = text(&kept["meta"]["versionId"]);
    let location = format!("{}/{name}/{id}/_history/{version}", site.fhir_base);
    let location = Some(location);
    Reply { status, location, silent: ask.minimal, ..Reply::resource(kept) }
}
