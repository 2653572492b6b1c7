//! `/metadata`: what this place can do, from the same tables that do it.

use serde_json::{Value, json};

use crate::{
    fhir::offer::{self, ParamKind, TypeOffer},
    place::Site,
};

pub(crate) fn describe(site: &Site) -> Value {
    let resources: Vec<Value> = offer::list_types(site.kind).map(describe_type).collect();
    let mut security = json!({
        "service": [{"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
            "code": "SMART-on-FHIR",
        }]}],
    });
    if site.lock_discovery().oauth_uris {
        security["extension"] = json!([{
            "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
            "extension": [
                {"url": "authorize", "valueUri": format!("{}/authorize", site.issuer)},
                {"url": "token", "valueUri": format!("{}/token", site.issuer)},
            ],
        }]);
    }
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-01-01",
        "kind": "instance",
        "software": {"name": "Handrail sandbox", "version": env!("CARGO_PKG_VERSION")},
        "implementation": {"description": site.kind.name(), "url": site.fhir_base},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{
            "mode": "server",
            "security": security,
            "resource": resources,
            "interaction": [{"code": "batch"}],
        }],
    })
}

fn describe_type(offered: &TypeOffer) -> Value {
    let may = |letter: char| offered.patient.contains(letter) || offered.staff.contains(letter);
    let codes: &[(char, &[&str])] = &[
        ('r', &["read", "vread"]),
        ('s', &["search-type"]),
        ('c', &["create"]),
        ('u', &["update"]),
    ];
    let interactions: Vec<Value> = codes
        .iter()
        .filter(|(letter, _)| may(*letter))
        .flat_map(|(_, names)| names.iter())
        .map(|code| json!({"code": code}))
        .collect();
    let mut described = json!({
        "type": offered.name,
        "interaction": interactions,
        "versioning": if offered.name == "Task" { "versioned-update" } else { "versioned" },
        "readHistory": true,
        "updateCreate": false,
        "conditionalRead": "full-support",
    });
    if may('s') {
        let own = offered.params.iter().map(|param| (param.name, param.kind));
        let all = [("_id", ParamKind::Token), ("_lastUpdated", ParamKind::Date)];
        let params: Vec<Value> = all
            .into_iter()
            .chain(own)
            .map(|(name, kind)| json!({"name": name, "type": kind.code()}))
            .collect();
        described["searchParam"] = json!(params);
        if !offered.includes.is_empty() {
            let includes = offered.includes.iter().map(|name| format!("{}:{name}", offered.name));
            described["searchInclude"] = json!(includes.collect::<Vec<_>>());
        }
    }
    described
}
