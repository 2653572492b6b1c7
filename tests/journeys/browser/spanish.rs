//! The pages for somebody whose phone speaks Spanish.

use handrail_sandbox::{Options, PlaceKind, Sandbox};
use support::{
    person::Person,
    phone::registry_of,
    preview::{Look, Preview},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_speaks_spanish_is_spoken_to_in_spanish() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::open(folder.path(), &registry_of(&sandbox), Look::Spanish).await;
    let screen = &preview.screen;
    screen.see("Toda su ayuda en un lugar").await;
    let clinic = sandbox.place(PlaceKind::Provider);

    screen.go("/connect").await;
    screen.type_into("address", &clinic.invitation()).await;
    screen.press("Continuar").await;
    screen.see(clinic.name).await;
    screen.press("Sí, entrar").await;
    Person::rosa().sign_in(&preview.wait_for_sign_in_page().await).await.unwrap();
    screen.see("Ya está conectado").await;

    for (page, words) in [
        ("/", "Rosa"),
        ("/todos", "Le toca a usted"),
        ("/goals", "Lo que usted y su equipo quieren lograr."),
        ("/referrals", "Tal vez deba llamar"),
        ("/connections", "Conectado"),
    ] {
        screen.go(page).await;
        screen.see(words).await;
        let text = screen.text().await;
        for english in ["Your turn", "Checked", "Due ", "today", "Connected", "need you"] {
            assert!(!text.contains(english), "“{english}” stands on {page}:\n{text}");
        }
    }
    let language = screen.run("return document.documentElement.lang", Vec::new()).await;
    assert_eq!(language, "es");
    let picture = std::env::var_os("HANDRAIL_PICTURES");
    if let Some(folder) = picture {
        for page in ["/", "/todos", "/goals", "/referrals", "/connections"] {
            screen.go(page).await;
            screen.see("Más").await;
            let name = page.trim_matches('/');
            let name = format!("es-{}.png", if name.is_empty() { "today" } else { name });
            preview.take_picture(&std::path::Path::new(&folder).join(name)).await;
        }
    }
}
