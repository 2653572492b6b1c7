//! A phone in a browser that is connected to the clinic, where most journeys begin.

use std::path::Path;

use handrail_sandbox::{Control, Options, PlaceKind, Sandbox};
use support::{
    person::Person,
    phone::registry_of,
    preview::{Look, Preview},
    screen::Screen,
};
use tempfile::TempDir;

/// The phone, and the places it can reach.
pub struct AtTheClinic {
    pub preview: Preview,
    pub control: Control,
    _sandbox: Sandbox,
    _folder: TempDir,
}

impl AtTheClinic {
    pub async fn open(look: Look) -> Self {
        let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let preview = Preview::open(folder.path(), &registry_of(&sandbox), look).await;
        let clinic = sandbox.place(PlaceKind::Provider);
        preview.screen.see("Your help, in one place").await;
        preview.screen.type_address(&clinic.invitation()).await;
        preview.screen.confirm_listed(clinic.name).await;
        Person::rosa().sign_in(&preview.wait_for_sign_in_page().await).await.unwrap();
        preview.screen.see("You are connected").await;
        let control = clinic.control();
        Self { preview, control, _sandbox: sandbox, _folder: folder }
    }

    pub fn screen(&self) -> &Screen {
        &self.preview.screen
    }

    /// Takes a picture for whoever wants to look, into the folder that `HANDRAIL_PICTURES` names.
    pub async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("HANDRAIL_PICTURES") {
            self.screen().run("window.scrollTo(0, 0)", vec![]).await;
            self.preview.take_picture(&Path::new(&folder).join(format!("{name}.png"))).await;
        }
    }
}
