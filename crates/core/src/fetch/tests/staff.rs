//! An organization's look: who they are, what is theirs, and what became of what they were told.

use super::*;

const ROLES: &str = "PractitionerRole?practitioner=Practitioner/sam&_count=200";
const EMPLOYERS: &str = "Organization?_count=200";
const OWN: &str = "Task?owner=Organization/harvest&_count=200";
const SERVICES: &str = "HealthcareService?organization=Organization/harvest&_count=200";
const OF_SERVICE: &str = "Task?owner=HealthcareService/boxes&_count=200";
const OPEN: &str = "Task?owner:missing=true&status=requested&_count=200";
const ASKED: &str = "Task?requester=Organization/harvest&_count=200";

fn staff_errand() -> Errand {
    Errand {
        role: Role::Organization,
        patient: None,
        fhir_user: Some("Practitioner/sam".to_owned()),
        granted: vec!["user/*.rs".to_owned()],
        ..errand()
    }
}

fn role(id: &str, practitioner: &str, organization: &str) -> Value {
    json!({ "resourceType": "PractitionerRole", "id": id,
        "practitioner": { "reference": format!("Practitioner/{practitioner}") },
        "organization": { "reference": format!("Organization/{organization}") } })
}

fn given_to(id: &str, owner: Option<&str>) -> Value {
    let mut task = json!({ "resourceType": "Task", "id": id, "status": "requested",
        "code": { "coding": [{ "code": "fulfill" }] },
        "focus": { "reference": format!("ServiceRequest/{id}-asked") },
        "for": { "reference": "Patient/rosa" },
        "partOf": [{ "reference": "Task/somebody-elses" }],
        "requester": { "reference": "Organization/elm" } });
    if let Some(owner) = owner {
        task["owner"] = json!({ "reference": format!("Organization/{owner}") });
    }
    task
}

fn clinic() -> Server {
    let kinds = [
        "Task",
        "PractitionerRole",
        "ServiceRequest",
        "Patient",
        "Condition",
        "Goal",
        "Consent",
        "Organization",
        "Practitioner",
        "Procedure",
    ];
    Server::new(metadata(&kinds, true))
        .with(ROLES, 200, page(&[role("r1", "sam", "harvest"), role("r2", "ines", "elm")], None))
        .with(OWN, 200, page(&[given_to("food", Some("harvest"))], None))
        .with(OPEN, 200, page(&[given_to("garden", None)], None))
        .with(ASKED, 200, page(&[], None))
        .with("ServiceRequest/food-asked", 200, json!({ "resourceType": "ServiceRequest", "id": "food-asked",
            "subject": { "reference": "Patient/rosa" },
            "reasonReference": [{ "reference": "Condition/hungry" }],
            "supportingInfo": [{ "reference": "Consent/yes" }],
            "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal",
                "valueReference": { "reference": "Goal/eat" } }] }))
        .with("ServiceRequest/garden-asked", 200, json!({ "resourceType": "ServiceRequest", "id": "garden-asked" }))
        .with("Condition/hungry", 200, json!({ "resourceType": "Condition", "id": "hungry" }))
        .with("Consent/yes", 200, json!({ "resourceType": "Consent", "id": "yes" }))
        .with("Goal/eat", 200, json!({ "resourceType": "Goal", "id": "eat" }))
        .with("Organization/elm", 200, json!({ "resourceType": "Organization", "id": "elm" }))
        .with("Organization/harvest", 200, json!({ "resourceType": "Organization", "id": "harvest" }))
        .with("Practitioner/sam", 200, json!({ "resourceType": "Practitioner", "id": "sam" }))
        .with("Practitioner/ines", 200, json!({ "resourceType": "Practitioner", "id": "ines" }))
}

fn known(fetched: &Fetched) -> Vec<(&str, &str)> {
    fetched.arrived.iter().map(|it| (&*it.kind, &*it.id)).collect()
}

#[test]
fn a_first_look_learns_where_they_work_and_reads_what_is_theirs_with_all_it_refers_to() {
    let mut server = clinic();

    let fetched = server.run(staff_errand(), &[]);

    assert_eq!(fetched.organizations, ["harvest"], "a role of somebody else says nothing");
    let kinds: BTreeSet<&str> = fetched.arrived.iter().map(|it| &*it.kind).collect();
    let expected = [
        "Condition",
        "Consent",
        "Goal",
        "Organization",
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "ServiceRequest",
        "Task",
    ];
    assert_eq!(kinds, expected.into());
    assert_eq!(ids(&fetched, "Task"), ["food", "garden"]);
    assert!(fetched.skipped.is_empty(), "{:?}", fetched.skipped);
    assert!(fetched.complete.contains("Task") && fetched.first.contains("Task"));
    assert!(!server.asked.iter().any(|path| path.contains("somebody-elses")));
}

#[test]
fn the_next_look_asks_in_one_request_for_what_changed_and_for_what_they_were_told_before() {
    let mut server = clinic();
    let first = server.run(staff_errand(), &[]);
    server.asked.clear();
    let later = Errand {
        cursors: first.cursors.clone(),
        organizations: first.organizations.clone(),
        now: "2026-05-06T11:00:00Z".parse().unwrap(),
        ..staff_errand()
    };
    let since = "&_lastUpdated=gt2026-05-06T09:58:00Z&_count=200";
    let told =
        json!({ "resourceType": "ServiceRequest", "id": "food-asked", "priority": "urgent" });
    let mut server = [OWN, OPEN, ASKED].iter().fold(server, |server, list| {
        server.with(&list.replace("&_count=200", since), 200, page(&[], None))
    });
    for kind in ["Patient", "Consent", "Goal", "Task"] {
        let ids: BTreeSet<&str> =
            known(&first).into_iter().filter(|it| it.0 == kind).map(|it| it.1).collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        server = server.with(&format!("{kind}?_id={}{since}", ids.join(",")), 200, page(&[], None));
    }
    let path = format!("ServiceRequest?_id=food-asked,garden-asked{since}");
    let mut server = server.with(&path, 200, page(&[told], None));

    let second = server.run(later, &known(&first));

    assert_eq!(server.asked, [""], "one batch");
    assert_eq!(ids(&second, "ServiceRequest"), ["food-asked"]);
    assert_eq!(second.organizations, ["harvest"]);
    assert!(second.skipped.is_empty(), "{:?}", second.skipped);
}

#[test]
fn what_was_given_to_another_organization_is_not_kept_and_goes_where_it_was() {
    let mine = [given_to("food", Some("little-steps")), given_to("rent", Some("open-door"))];
    let mut server = clinic().with(OPEN, 200, page(&mine, None));

    let fetched = server.run(staff_errand(), &[("Task", "food")]);

    assert_eq!(ids(&fetched, "Task"), ["food"], "their own list still has it");
    assert_eq!(skips(&fetched), [("Task", SkipReason::AnotherPerson, Some(1))]);

    let mut server = clinic().with(OWN, 200, page(&mine, None));
    let fetched = server.run(staff_errand(), &[("Task", "food")]);
    assert_eq!(ids(&fetched, "Task"), ["garden"]);
    assert_eq!(fetched.gone, [("Task".to_owned(), "food".to_owned())]);
}

#[test]
fn a_server_that_does_not_search_for_open_referrals_is_not_blamed() {
    let bare = "Task?owner:missing=true&status=requested";
    let mut server = clinic().with(OPEN, 400, json!({})).with(bare, 400, json!({}));

    let fetched = server.run(staff_errand(), &[]);

    assert_eq!(ids(&fetched, "Task"), ["food"]);
    assert!(fetched.skipped.is_empty(), "{:?}", fetched.skipped);
    assert!(fetched.complete.contains("Task"));
}

/// The clinic where nobody has a role, with its own organizations to choose from.
fn clinic_without_roles() -> Server {
    let organization = |id: &str| json!({ "resourceType": "Organization", "id": id });
    let all = [organization("harvest"), organization("elm")];
    clinic().with(ROLES, 200, page(&[], None)).with(EMPLOYERS, 200, page(&all, None))
}

fn asks_for_tasks(server: &Server) -> bool {
    server.asked.iter().any(|path| path.starts_with("Task"))
}

#[test]
fn whoever_works_nowhere_asks_for_no_task_and_is_shown_whom_to_choose() {
    let mut nowhere = clinic_without_roles();

    let fetched = nowhere.run(staff_errand(), &[]);

    assert_eq!(skips(&fetched), [("PractitionerRole", SkipReason::Gone, None)]);
    assert!(!asks_for_tasks(&nowhere));
    assert_eq!(ids(&fetched, "Organization"), ["harvest", "elm"]);
}

#[test]
fn of_whom_nobody_says_who_they_are_the_choice_is_asked_as_well() {
    let nobody = Errand { fhir_user: Some("Person/1".to_owned()), ..staff_errand() };
    let mut server = clinic_without_roles();

    let fetched = server.run(nobody, &[]);

    assert_eq!(ids(&fetched, "Organization"), ["harvest", "elm"]);
    assert!(!asks_for_tasks(&server));
}

#[test]
fn who_chose_is_asked_for_nothing_more_and_sees_what_is_theirs() {
    let mut server = clinic_without_roles();
    let chosen = Errand { chosen: vec!["harvest".to_owned()], ..staff_errand() };

    let first = server.run(chosen.clone(), &[]);
    server.asked.clear();
    let later = Errand {
        cursors: first.cursors.clone(),
        now: "2026-05-06T11:00:00Z".parse().unwrap(),
        ..chosen
    };
    server.run(later, &[]);

    assert_eq!(ids(&first, "Task"), ["food", "garden"]);
    assert!(server.asked.iter().all(|path| *path != ROLES && *path != EMPLOYERS));
}

#[test]
fn of_several_roles_those_that_were_chosen_are_asked_for_and_no_other() {
    let both = "Task?owner=Organization/elm,Organization/harvest&_count=200";
    let roles = [role("r1", "sam", "harvest"), role("r2", "sam", "elm")];
    let look = |chosen: &[&str]| {
        let mut server = clinic().with(ROLES, 200, page(&roles, None));
        let chosen = chosen.iter().map(|&id| id.to_owned()).collect();
        let fetched = server.run(Errand { chosen, ..staff_errand() }, &[]);
        let asks = |search: &str| server.asked.iter().any(|path| path == search);
        (fetched.organizations, asks(both), asks(OWN))
    };
    let two = vec!["elm".to_owned(), "harvest".to_owned()];

    assert_eq!(look(&[]), (two.clone(), true, false));
    assert_eq!(look(&["harvest"]), (two.clone(), false, true));
    assert_eq!(look(&["left-long-ago"]), (two, true, false));
}

#[test]
fn a_list_of_organizations_that_has_no_end_is_left_after_a_few_pages() {
    let mut server = clinic_without_roles();
    for number in 0..20 {
        let next = format!("{BASE}/Organization?page={}", number + 1);
        let path =
            if number == 0 { EMPLOYERS.to_owned() } else { format!("Organization?page={number}") };
        server = server.with(&path, 200, page(&[], Some(&next)));
    }

    let fetched = server.run(staff_errand(), &[]);

    let pages = server.asked.iter().filter(|path| path.starts_with("Organization?")).count();
    assert_eq!(pages, 5);
    assert_eq!(skips(&fetched), [("PractitionerRole", SkipReason::Gone, None)]);
}

/// The clinic with what two organizations provide, and a request that was given to one of the services.
fn clinic_with_services() -> Server {
    let kinds = [
        "Task",
        "PractitionerRole",
        "ServiceRequest",
        "Patient",
        "Organization",
        "HealthcareService",
    ];
    let service = |id: &str, by: &str| {
        json!({ "resourceType": "HealthcareService", "id": id,
        "providedBy": { "reference": format!("Organization/{by}") } })
    };
    let mut boxes = given_to("boxes-task", None);
    boxes["owner"] = json!({ "reference": "HealthcareService/boxes" });
    // A server that does not know the parameter answers with everything.
    clinic()
        .with("metadata", 200, metadata(&kinds, true))
        .with(SERVICES, 200, page(&[service("boxes", "harvest"), service("vans", "rides")], None))
        .with(OF_SERVICE, 200, page(&[boxes], None))
}

#[test]
fn what_was_given_to_a_service_of_theirs_is_theirs_and_anothers_service_is_not() {
    let mut server = clinic_with_services();

    let fetched = server.run(staff_errand(), &[]);

    assert_eq!(fetched.services, [("boxes".to_owned(), "harvest".to_owned())].into());
    assert_eq!(ids(&fetched, "Task"), ["food", "garden", "boxes-task"]);
    assert!(fetched.complete.contains("Task"));

    let mut vans = given_to("vans-task", None);
    vans["owner"] = json!({ "reference": "HealthcareService/vans" });
    let mut server = clinic_with_services().with(OF_SERVICE, 200, page(&[vans], None));
    assert_eq!(ids(&server.run(staff_errand(), &[]), "Task"), ["food", "garden"]);
}

#[test]
fn a_later_look_knows_the_services_and_asks_only_what_changed_for_them() {
    let mut server = clinic_with_services();
    let first = server.run(staff_errand(), &[]);
    let since = "&_lastUpdated=gt2026-05-06T09:58:00Z&_count=200";
    let lists = [OWN, OPEN, ASKED, OF_SERVICE].map(|list| list.replace("&_count=200", since));
    let mut server =
        lists.iter().fold(server, |server, list| server.with(list, 200, page(&[], None)));
    server.batches.clear();
    let later = Errand {
        cursors: first.cursors.clone(),
        organizations: first.organizations.clone(),
        services: first.services.clone(),
        now: "2026-05-06T11:00:00Z".parse().unwrap(),
        ..staff_errand()
    };

    let second = server.run(later, &[]);

    let asked = server.batches[0].to_string();
    assert!(lists.iter().all(|list| asked.contains(list.as_str())), "{asked}");
    assert!(!asked.contains("HealthcareService?"));
    assert_eq!(second.services, first.services);
}

#[test]
fn many_services_are_asked_for_in_several_searches() {
    let services = (0..90).map(|number| (format!("s-{number:02}"), "harvest".to_owned())).collect();

    let searches = crate::fetch::staff::searches(&["harvest"], &services);

    let of_services = searches.iter().filter(|(_, search)| search.contains("HealthcareService/"));
    let counts: Vec<usize> = of_services.map(|(_, search)| search.matches("s-").count()).collect();
    assert_eq!(counts, [40, 40, 10]);
}
