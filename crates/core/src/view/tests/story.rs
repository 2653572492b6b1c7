//! How a referral's story is told.

use super::*;

#[test]
fn a_consent_stands_in_the_story_where_it_was_given() {
    let begins = |day: &str| -> Vec<String> {
        let shelf = shelf(vec![
            request(json!({ "supportingInfo": [{ "reference": "Consent/yes" }] })),
            referral_task("new", json!({ "status": "accepted" })),
            json!({ "resourceType": "Consent", "id": "yes", "status": "active", "dateTime": day }),
        ]);
        let rows = all_referrals(&shelf);
        let page = referral(&shelf, &rows[0].id, now(), &TimeZone::UTC).unwrap();
        page.story.into_iter().take(2).map(|step| step.heading.key).collect()
    };
    // The request is of 4 May.
    assert_eq!(begins("2026-04-20"), ["story-shared", "story-asked"]);
    assert_eq!(begins("2026-05-05"), ["story-asked", "story-shared"]);
}
