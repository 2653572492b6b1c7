use super::*;

/// Friday, 15 January 2027, 08:00:00 UTC.
pub const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

const SIX_HOURS: u64 = 6 * 60 * 60;

pub fn source() -> Source {
    Source {
        id: SourceId("elm".to_owned()),
        name: "Elm".to_owned(),
        base: FhirBase::try_from("https://elm.example/fhir".to_owned()).unwrap(),
        role: Role::Patient,
        hue: 1,
        patient: None,
        fhir_user: None,
        organizations: Vec::new(),
        chosen: Vec::new(),
        services: BTreeMap::new(),
        granted: vec![],
        state: ConnectionState::Connected,
        connected_at: NOW,
        last_success_at: None,
        next_due_at: None,
        failures: 0,
        signs_in_each_time: false,
        left_at: None,
        skipped: vec![],
        cursors: Cursors::default(),
        rest: BTreeMap::new(),
    }
}

fn minutes_until_due(source: &Source) -> i64 {
    source.next_due_at.unwrap().duration_since(NOW).as_secs() / 60
}

#[test]
fn a_place_that_answered_is_due_in_about_an_hour() {
    let mut source = source();
    source.succeed(NOW, 0);

    source.succeed(NOW, 0);
    let earliest = minutes_until_due(&source);
    source.succeed(NOW, u16::MAX);

    assert_eq!((earliest, minutes_until_due(&source)), (54, 66));
}

#[test]
fn failures_wait_longer_each_time_and_never_move_the_last_success() {
    let mut source = source();
    source.succeed(NOW, 0);

    let pauses = [0; 12].map(|_| {
        source.fail(NOW, None, u16::MAX / 2);
        minutes_until_due(&source)
    });

    assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]), "{pauses:?}");
    assert!(*pauses.last().unwrap() <= 6 * 60);
    assert_eq!(source.last_success_at, Some(NOW));
    assert_eq!(source.state, ConnectionState::OutOfReach);
}

#[test]
fn a_success_after_failures_clears_the_alarm() {
    let mut source = source();
    source.fail(NOW, None, 0);

    source.succeed(NOW, 0);

    assert_eq!((source.state, source.failures), (ConnectionState::Connected, 0));
}

#[test]
fn a_place_that_ended_the_session_is_never_due_by_itself() {
    let mut source = source();

    source.sign_out();

    assert!(!source.is_due(Timestamp::MAX, HowOften::Hourly));
}

#[test]
fn the_first_pause_falls_anywhere_within_an_hour_and_never_too_soon() {
    let mut earliest = source();
    let mut latest = source();

    earliest.succeed(NOW, 0);
    latest.succeed(NOW, u16::MAX);

    assert_eq!((minutes_until_due(&earliest), minutes_until_due(&latest)), (15, 75));
}

#[test]
fn nobody_comes_back_before_the_time_a_busy_place_asked_for() {
    let asked = Duration::from_secs(600);

    let pauses = [0, 1, u16::MAX / 2, u16::MAX].map(|jitter| {
        let mut source = source();
        source.fail(NOW, Some(asked), jitter);
        source.next_due_at.unwrap().duration_since(NOW).as_secs()
    });

    assert_eq!(pauses, [600, 600, 629, 660]);
}

#[test]
fn retry_after_is_read_in_every_form_that_servers_send() {
    let cases = [
        ("seconds", "120", Some(120)),
        ("seconds with blanks around", " 7 ", Some(7)),
        ("zero", "0", Some(0)),
        ("negative", "-5", None),
        ("huge", "99999999", Some(SIX_HOURS)),
        ("larger than any number type", "99999999999999999999999999", Some(SIX_HOURS)),
        ("fractional", "1.5", Some(2)),
        ("fractional, nothing after the point but zeros", "30.0", Some(30)),
        ("IMF-fixdate", "Fri, 15 Jan 2027 08:01:00 GMT", Some(60)),
        ("IMF-fixdate of another year", "Sat, 15 Jan 2028 08:01:00 GMT", Some(SIX_HOURS)),
        ("RFC 850 date", "Friday, 15-Jan-27 08:01:00 GMT", Some(60)),
        ("asctime date", "Fri Jan 15 08:01:00 2027", Some(60)),
        ("asctime date with a day of one digit", "Tue Jan  5 08:01:00 2027", Some(0)),
        ("past IMF-fixdate", "Fri, 15 Jan 2021 08:01:00 GMT", Some(0)),
        ("past RFC 850 date", "Friday, 15-Jan-21 08:01:00 GMT", Some(0)),
        ("past asctime date", "Fri Jan 15 08:01:00 2021", Some(0)),
        ("nothing", "", None),
        ("a word", "soon", None),
        ("a number and a unit", "120s", None),
        ("not a number", "NaN", None),
        ("two points", "1.2.3", None),
        ("other digits", "\u{0663}", None),
        ("a day that is not", "Fri, 32 Jan 2027 08:01:00 GMT", None),
    ];

    for (form, text, expected) in cases {
        let read = read_delay(text, NOW).map(|delay| delay.as_secs());

        assert_eq!(read, expected, "{form}: {text:?}");
    }
}

#[test]
fn a_time_that_only_a_wrong_clock_can_have_written_does_not_put_off_a_look() {
    let mut source = source();
    source.last_success_at = Some(later(NOW, 10 * 365 * 24 * USUAL_PAUSE));
    source.next_due_at = Some(later(NOW, 10 * 365 * 24 * USUAL_PAUSE));

    let by_a_wrong_clock = (source.is_due(NOW, HowOften::Hourly), source.is_fresh(NOW));
    source.fail(NOW, Some(Duration::MAX), u16::MAX);
    let asked_to_wait = source.is_due(NOW, HowOften::Hourly);

    assert_eq!(by_a_wrong_clock, (true, false));
    assert!(!asked_to_wait, "the longest pause that a place may ask for");
}

#[test]
fn who_wants_fewer_looks_gets_them_at_once_and_whoever_changes_their_mind_too() {
    let mut source = source();
    source.last_success_at = Some(NOW);
    source.succeed(NOW, u16::MAX / 2);

    let minutes = [HowOften::Hourly, HowOften::FourHourly, HowOften::Daily, HowOften::WhenOpen]
        .map(|how_often| source.due_at(how_often).unwrap().duration_since(NOW).as_mins());

    assert_eq!(minutes, [59, 239, 1439, 59], "a middling jitter, cut to whole minutes");
    let tomorrow = later(NOW, 20 * USUAL_PAUSE);
    assert!(source.is_due(tomorrow, HowOften::FourHourly));
    assert!(!source.is_due(tomorrow, HowOften::Daily));
}

#[test]
fn a_place_that_is_away_is_tried_as_soon_whatever_was_chosen() {
    let mut source = source();
    source.last_success_at = Some(NOW);

    source.fail(NOW, None, u16::MAX / 2);

    assert_eq!(source.due_at(HowOften::Daily), source.due_at(HowOften::Hourly));
    assert!(source.is_due(later(NOW, Duration::from_secs(61)), HowOften::Daily));
}

#[test]
fn who_has_one_role_acts_for_it_whatever_they_chose_and_who_has_none_for_what_they_chose() {
    let for_whom = |organizations: &[&str], chosen: &[&str]| {
        let all = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
        let mut staff = Source {
            role: Role::Organization,
            organizations: all(organizations),
            chosen: all(chosen),
            ..source()
        };
        staff.succeed(NOW, 0);
        (staff.employers().join(" "), staff.asks_employer())
    };

    assert_eq!(for_whom(&["a"], &[]), ("a".to_owned(), false));
    assert_eq!(for_whom(&["a"], &["b"]), ("a".to_owned(), false));
    assert_eq!(for_whom(&["a", "b"], &[]), ("a b".to_owned(), true));
    assert_eq!(for_whom(&["a", "b"], &["c"]), ("a b".to_owned(), true));
    assert_eq!(for_whom(&["a", "b"], &["b"]), ("b".to_owned(), false));
    assert_eq!(for_whom(&[], &[]), (String::new(), true));
    assert_eq!(for_whom(&[], &["b"]), ("b".to_owned(), false));
}

#[test]
fn a_patient_and_who_left_are_not_asked_for_whom_they_work() {
    let mut patient = source();
    patient.succeed(NOW, 0);
    let mut left = Source { role: Role::Organization, ..patient.clone() };
    left.leave(NOW);

    assert!(!patient.asks_employer() && !left.asks_employer());
}

#[test]
fn who_chooses_another_organization_has_everything_read_anew() {
    let mut staff = Source { role: Role::Organization, ..source() };
    staff.succeed(NOW, 0);
    staff.cursors = serde_json::from_value(serde_json::json!({
        "types": { "Task?owner": { "full_at": NOW } }, "whole_at": NOW, "offer": { "batch": true },
    }))
    .unwrap();

    staff.choose(vec!["b".to_owned()]);

    assert_eq!(staff.cursors.at("Task?owner"), None);
    assert!(staff.cursors.offer().is_some_and(|offer| offer.batch));
    assert!(staff.is_due(NOW, HowOften::Hourly));
}
