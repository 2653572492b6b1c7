//! Everything that can go wrong on the way in has a name, and changes nothing that was saved.

use handrail_contract::{
    Problem,
    code::{Grade, ReadCode, ReadPicture},
    place::ListConnections,
    problem::Refusal,
    sign_in::{CancelSignIn, Stage},
};
use handrail_engine::Answer as _;
use handrail_sandbox::{At, Fault, Options, PlaceKind, Rule, Sandbox};
use support::{
    life::live_and_die,
    phone::{Mood, Phone},
};

pub async fn refusal_of(phone: &Phone, code: &str) -> Option<Refusal> {
    match phone.connect(code).await {
        Err(Problem::Refused { reason }) => Some(reason),
        Ok(ended) => match ended.stage {
            Stage::Refused { reason, .. } => Some(reason),
            _ => None,
        },
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_is_named_before_anything_is_sent() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let cases = [
        ("", Refusal::Empty),
        ("WIFI:T:WPA;S:Cafe;P:secret;;", Refusal::Wifi),
        ("BEGIN:VCARD\nFN:Rosa\nEND:VCARD", Refusal::ContactCard),
        ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP", Refusal::SignInCode),
        ("tel:+15550142", Refusal::PhoneOrMessage),
        ("http://elm.example/fhir", Refusal::NotLocked),
        ("https://elm.example@evil.example/fhir", Refusal::HidesAddress),
        ("https://203.0.113.7/fhir", Refusal::SpecialAddress),
        ("javascript:alert(1)", Refusal::OtherApp),
    ];

    for (text, expected) in cases {
        let read = phone.engine.answer(ReadCode { text: text.to_owned() }).await.unwrap();
        assert_eq!((read.verdict, read.reason), (Grade::Refused, Some(expected)), "{text}");
        assert!(read.note.is_some(), "{text}");
        assert_eq!(refusal_of(&phone, text).await, Some(expected), "{text}");
    }
    assert!(sandbox.places().iter().all(|place| place.control().requests().is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_a_flyer_is_read_and_a_picture_without_a_code_is_named() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let folder = tempfile::tempdir().unwrap();
    let place = sandbox.place(PlaceKind::Platform);
    let flyer = folder.path().join("flyer.png");
    handrail_sandbox::codes::draw_code(&place.invitation()).unwrap().save(&flyer).unwrap();
    let read = async |bytes: &[u8]| {
        let picture = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
        phone.engine.answer(ReadPicture { picture }).await.unwrap()
    };

    let good = read(&std::fs::read(&flyer).unwrap()).await;
    let not_a_picture = read(b"this is no picture").await;

    assert_eq!(good.verdict, Grade::Listed);
    assert_eq!(good.invitation.unwrap().name.as_deref(), Some(place.name));
    assert_eq!(not_a_picture.reason, Some(Refusal::UnreadablePicture));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_does_not_answer_or_does_not_know_smart_is_named() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Cbo);

    let dead = refusal_of(&phone, "http://127.0.0.1:9/fhir").await;
    place.control().add_fault(Rule::once(At::Discovery, Fault::Status { status: 404 }));
    let not_smart = refusal_of(&phone, &place.invitation()).await;
    place.control().add_fault(Rule::once(At::Discovery, Fault::WebPage));
    let web_page = refusal_of(&phone, &place.invitation()).await;
    place.control().add_fault(Rule::once(At::Discovery, Fault::Status { status: 503 }));
    let busy = refusal_of(&phone, &place.invitation()).await;

    assert_eq!(dead, Some(Refusal::NoAnswer));
    assert_eq!(not_smart, Some(Refusal::NotSmart));
    assert_eq!(web_page, Some(Refusal::NotSmart));
    assert_eq!(busy, Some(Refusal::NoAnswer));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_in_a_missing_browser_and_a_closed_page_are_told_apart() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let code = sandbox.place(PlaceKind::Provider).invitation();

    phone.set_mood(Mood::SaysNo);
    let declined = refusal_of(&phone, &code).await;
    phone.set_mood(Mood::HasNoBrowser);
    let no_browser = refusal_of(&phone, &code).await;
    phone.set_mood(Mood::ClosesIt);
    let question = handrail_contract::sign_in::BeginSignIn { text: code, role: Default::default() };
    let begun = phone.engine.answer(question).await.unwrap();
    phone.wait_for(&begun.attempt, |stage| matches!(stage, Stage::InBrowser { .. })).await.unwrap();
    phone.engine.answer(CancelSignIn { attempt: begun.attempt.clone() }).await.unwrap();
    let closed = phone.wait_for_end(&begun.attempt).await.unwrap().stage;

    assert_eq!(declined, Some(Refusal::Declined));
    assert_eq!(no_browser, Some(Refusal::NoBrowser));
    assert!(matches!(closed, Stage::Refused { reason: Refusal::Cancelled, .. }));
    assert!(phone.engine.answer(ListConnections {}).await.unwrap().rows.is_empty());
    assert!(
        phone.files().iter().all(|(name, _)| !name.ends_with(".hold")),
        "no pending sign-in is left"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_whose_process_died_is_finished_by_the_next_one() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    let (page_sender, mut pages) = tokio::sync::mpsc::unbounded_channel();
    let data = tempfile::tempdir().unwrap();
    let open = || {
        let page_sender = page_sender.clone();
        let opener = handrail_engine::browser::Opener::Shell(Box::new(move |_, page| {
            page_sender.send(page.clone()).map_err(std::io::Error::other)?;
            Ok(handrail_engine::ports::Opened::Shown)
        }));
        handrail_engine::open(handrail_engine::Setup {
            data: data.path().to_owned(),
            keys: handrail_engine::Keys::File,
            registry: support::phone::registry_of(&sandbox),
            browser: std::sync::Arc::new(handrail_engine::browser::DesktopBrowser::new(opener)),
            snapshots: handrail_engine::vault::StrongholdSnapshots::new(),
        })
        .unwrap()
    };

    let code = place.invitation();
    let first = open();
    let page = live_and_die(async move {
        let question =
            handrail_contract::sign_in::BeginSignIn { text: code, role: Default::default() };
        first.answer(question).await.unwrap();
        pages.recv().await.unwrap()
    })
    .await;
    let second = open();
    second.resume_sign_ins().await;
    let today = second.answer(handrail_contract::today::ShowToday {}).await.unwrap();
    let heading = today.sign_in.unwrap().note.heading;
    assert_eq!(heading.with["name"], handrail_contract::words::Filling::Text(place.name.into()));
    let mut changes = second.changes();
    support::person::Person::rosa().sign_in(&page).await.unwrap();
    while second.answer(ListConnections {}).await.unwrap().rows.is_empty() {
        tokio::time::timeout(std::time::Duration::from_secs(60), changes.changed())
            .await
            .unwrap()
            .unwrap();
    }

    let rows = second.answer(ListConnections {}).await.unwrap().rows;
    let today = second.answer(handrail_contract::today::ShowToday {}).await.unwrap();
    assert_eq!(rows[0].place.name, place.name);
    assert_eq!(today.sign_in, None);
    drop(phone);
}
