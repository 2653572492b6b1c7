//! Scanning with the camera: a code in front of it, and a person who says no.

use handrail_sandbox::{Options, PlaceKind, Sandbox};
use support::{
    phone::registry_of,
    pictures::write_video,
    preview::{Camera, Look, Preview},
};

use super::english;

#[tokio::test(flavor = "multi_thread")]
async fn a_code_in_front_of_the_camera_leads_to_the_question_whether_it_is_the_right_place() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let clinic = sandbox.place(PlaceKind::Provider);
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("code.y4m");
    write_video(&clinic.invitation(), &video).unwrap();
    let camera = Some(Camera::Shows(&video));
    let preview =
        Preview::open_with(folder.path(), &registry_of(&sandbox), Look::Light, camera).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;

    screen.go("/connect").await;
    screen.press(&english("connect-scan")).await;
    screen.see(&english("scan-ask-heading")).await;
    screen.press(&english("scan-turn-on")).await;

    screen.see("Is this the right place?").await;
    screen.see(clinic.name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_that_may_not_be_used_is_named_and_other_ways_are_offered() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let camera = Some(Camera::Refused);
    let preview =
        Preview::open_with(folder.path(), &registry_of(&sandbox), Look::Light, camera).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;

    screen.go("/connect/scan").await;
    screen.press(&english("scan-turn-on")).await;

    screen.see(&english("scan-refused-heading")).await;
    screen.press(&english("connect-type-again")).await;
    screen.see(&english("connect-address-heading")).await;
}
