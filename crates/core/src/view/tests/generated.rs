//! Anything a server may send, through every page.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

pub fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            "Task/t1",
            "ServiceRequest/s1",
            "Goal/g1",
            "Organization/o1",
            "PractitionerRole/r1",
            "Questionnaire/q1",
            "#c",
            "fulfill",
            "complete-questionnaire",
            "make-contact",
            "review-material",
            "questionnaire",
            "phone",
            "2026-05-09",
            "9999-12-31",
            "-9999-01-01T00:00:00Z",
            "2026-05-06T10:00:00+14:00",
            "elder-abuse",
            "completed",
            "active",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let names = prop::sample::select(vec![
            "resourceType",
            "id",
            "status",
            "for",
            "owner",
            "requester",
            "focus",
            "partOf",
            "basedOn",
            "code",
            "coding",
            "text",
            "display",
            "input",
            "output",
            "type",
            "valueReference",
            "valueCanonical",
            "valueCodeableConcept",
            "reference",
            "restriction",
            "period",
            "end",
            "description",
            "category",
            "target",
            "dueDate",
            "addresses",
            "reasonReference",
            "telecom",
            "system",
            "value",
            "name",
            "given",
            "address",
            "organization",
            "practitioner",
            "lifecycleStatus",
            "achievementStatus",
            "authoredOn",
            "lastModified",
            "statusReason",
            "item",
            "url",
            "meta",
            "profile",
            "priority",
            "providedBy",
            "content",
            "attachment",
            "contained",
            "extension",
            "supportingInfo",
            "dateTime",
            "performer",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..10).prop_map(|members| Value::Object(
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            )),
        ]
    })
}

pub fn any_row() -> impl Strategy<Value = Kept> {
    let kinds = prop::sample::select(vec![
        ("Task", "t1"),
        ("Task", "t2"),
        ("ServiceRequest", "s1"),
        ("Goal", "g1"),
        ("Organization", "o1"),
        ("PractitionerRole", "r1"),
        ("HealthcareService", "h1"),
        ("Questionnaire", "q1"),
        ("Patient", "rosa"),
        ("DocumentReference", "d1"),
        ("Procedure", "p1"),
        ("Consent", "c1"),
    ]);
    (kinds, any_json(), any::<bool>(), any::<bool>()).prop_map(
        |((kind, id), body, is_new, seen)| Kept {
            kind: kind.to_owned(),
            id: id.to_owned(),
            news: is_new.then_some(News::New),
            seen,
            ..kept(body)
        },
    )
}

/// A row, by where it stands, one of its members, and what stands there instead.
pub type Edit = (usize, &'static str, Option<Value>);

/// Changes rows as somebody may send them.
pub fn edit_rows(shelf: &mut Shelf, edits: &[Edit]) {
    let mut at = 0;
    change_rows(shelf, |row| {
        let of_row = edits.iter().filter(|(to, ..)| *to == at);
        let Some(members) = row.body.as_object_mut() else { return };
        for (_, member, value) in of_row {
            match value {
                Some(value) => drop(members.insert((*member).to_owned(), value.clone())),
                None => drop(members.remove(*member)),
            }
        }
        at += 1;
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_resource_makes_a_page_panic(rows in prop::collection::vec(any_row(), 0..12)) {
        let mut keys = BTreeSet::new();
        let once = |row: &Kept| keys.insert((row.kind.clone(), row.id.clone()));
        // The records hold one row for each resource.
        let kept: Vec<Kept> = rows.into_iter().filter(once).collect();
        let shelf = Shelf { kept: kept.into(), ..shelf(vec![]) };
        let tz = TimeZone::fixed(jiff::tz::offset(13));

        let today = today(&shelf, now(), &tz);
        let todos = todos(&shelf, None, now(), &tz);
        let goals = goals(&shelf, None, now(), &tz);
        let referrals = referrals(&shelf, None, now(), &tz);
        found(&shelf, &elm(), now(), &tz);
        connection(&shelf, &elm(), now(), &tz);

        for row in todos.your_turn.iter().chain(&todos.paused).chain(&todos.done) {
            prop_assert!(todo(&shelf, &row.id, now(), &tz).is_some(), "a listed to-do has a page");
        }
        for row in goals.open.iter().chain(&goals.reached).chain(&goals.ended) {
            prop_assert!(goal(&shelf, &row.id, now(), &tz).is_some(), "a listed goal has a page");
        }
        for row in referrals.needs_push.iter().chain(&referrals.moving).chain(&referrals.finished) {
            prop_assert!(referral(&shelf, &row.id, now(), &tz).is_some(), "a listed referral has a page");
        }
        let mut desk = shelf.clone();
        desk.sources[0].role = Role::Organization;
        desk.sources[0].organizations = vec!["o1".to_owned()];
        let inbox = inbox(&desk, &ListInbox::default(), now(), &tz);
        for row in inbox.new.iter().chain(&inbox.active).chain(&inbox.waiting).chain(&inbox.done) {
            prop_assert!(open_request(&desk, &row.id).is_some(), "a listed request has a page");
        }
        drop(today);
        prop_assert_eq!(all_lists(&at_a_glance(&shelf)), all_lists(&shelf));
    }
}
