//! Codes, links and typed texts, and what each is.

use handrail_contract::{code::Grade, problem::Refusal};
use proptest::prelude::*;
use url::Host;

use super::{Invitation, read_code, verdict};
use crate::{connect::Registry, fhir::base::Policy};

/// Texts that are the FHIR base beside them, in any build.
const BASES: &[(&str, &str)] = &[
    ("https://health.example.org/fhir", "https://health.example.org/fhir"),
    ("https://health.example.org/fhir/", "https://health.example.org/fhir"),
    ("https://health.example.org/fhir///", "https://health.example.org/fhir"),
    ("https://health.example.org", "https://health.example.org"),
    ("https://health.example.org/", "https://health.example.org"),
    ("https://health.example.org?", "https://health.example.org"),
    ("https://health.example.org/fhir#", "https://health.example.org/fhir"),
    ("HTTPS://HEALTH.EXAMPLE.ORG/fhir", "https://health.example.org/fhir"),
    ("HtTpS://Health.Example.Org/FHIR", "https://health.example.org/FHIR"),
    ("https://health.example.org/fhir/R4", "https://health.example.org/fhir/R4"),
    (
        "https://health.example.org/tenant/4f1c-22/fhir/r4",
        "https://health.example.org/tenant/4f1c-22/fhir/r4",
    ),
    ("https://health.example.org/fhir_server/v4.0", "https://health.example.org/fhir_server/v4.0"),
    (
        "https://health.example.org/interconnect-prd/api/FHIR/R4",
        "https://health.example.org/interconnect-prd/api/FHIR/R4",
    ),
    (
        "https://health.example.org/FhirProxy.svc/fhir",
        "https://health.example.org/FhirProxy.svc/fhir",
    ),
    ("https://health.example.org/~clinic/fhir", "https://health.example.org/~clinic/fhir"),
    (
        "https://health.example.org/clinic%20one/fhir",
        "https://health.example.org/clinic%20one/fhir",
    ),
    ("https://health.example.org:8443/fhir", "https://health.example.org:8443/fhir"),
    ("https://health.example.org:443/fhir", "https://health.example.org/fhir"),
    ("https://health.example.org:65535", "https://health.example.org:65535"),
    ("https://a.b.c.d.e.example.org/fhir", "https://a.b.c.d.e.example.org/fhir"),
    ("https://fhir-1.example.co.uk/fhir", "https://fhir-1.example.co.uk/fhir"),
    ("https://3rd.example.com/fhir", "https://3rd.example.com/fhir"),
    ("https://1.2.3.example.com/fhir", "https://1.2.3.example.com/fhir"),
    ("https://clinic.azurewebsites.net/fhir", "https://clinic.azurewebsites.net/fhir"),
    ("https://health.example.org/fhir/metadata", "https://health.example.org/fhir"),
    ("https://health.example.org/fhir/metadata/", "https://health.example.org/fhir"),
    ("https://health.example.org/fhir/metadata?_format=json", "https://health.example.org/fhir"),
    ("https://health.example.org/metadata", "https://health.example.org"),
    (
        "https://health.example.org/fhir/.well-known/smart-configuration",
        "https://health.example.org/fhir",
    ),
    ("https://health.example.org/.well-known/smart-configuration", "https://health.example.org"),
    // As people paste, type and wrap it.
    ("  https://health.example.org/fhir  ", "https://health.example.org/fhir"),
    ("\n\thttps://health.example.org/fhir\r\n", "https://health.example.org/fhir"),
    ("\u{feff}https://health.example.org/fhir", "https://health.example.org/fhir"),
    ("\u{a0}https://health.example.org/fhir\u{200b}", "https://health.example.org/fhir"),
    ("https://health.example.org/\nfhir/r4", "https://health.example.org/fhir/r4"),
    ("https://health.example.org/\r\n  fhir/r4", "https://health.example.org/fhir/r4"),
    ("https://health.\nexample.org/fhir", "https://health.example.org/fhir"),
    ("<https://health.example.org/fhir>", "https://health.example.org/fhir"),
    ("\"https://health.example.org/fhir\"", "https://health.example.org/fhir"),
    ("“https://health.example.org/fhir”", "https://health.example.org/fhir"),
    ("(https://health.example.org/fhir)", "https://health.example.org/fhir"),
    ("URL:https://health.example.org/fhir", "https://health.example.org/fhir"),
    ("url: https://health.example.org/fhir", "https://health.example.org/fhir"),
    ("health.example.org/fhir", "https://health.example.org/fhir"),
    ("health.example.org", "https://health.example.org"),
    ("Health.Example.ORG/fhir", "https://health.example.org/fhir"),
    ("health.example.org:8443/fhir", "https://health.example.org:8443/fhir"),
    ("health.example.org:8443", "https://health.example.org:8443"),
    // Names in other scripts, shown in ASCII.
    ("https://gesundheit-köln.de/fhir", "https://xn--gesundheit-kln-6pb.de/fhir"),
    ("https://xn--gesundheit-kln-6pb.de/fhir", "https://xn--gesundheit-kln-6pb.de/fhir"),
    ("https://clínica.example.com/fhir", "https://xn--clnica-4va.example.com/fhir"),
    ("https://здоровье.example.com/fhir", "https://xn--b1adef0ban2h.example.com/fhir"),
    ("https://診療所.example.com/fhir", "https://xn--8ou585bfso.example.com/fhir"),
    // Links that carry it.
    (
        "https://elm.example.org/connect?fhirUri=https://health.example.org/fhir",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/connect?fhirUri=https%3A%2F%2Fhealth.example.org%2Ffhir",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/connect?fhirUri=https%253A%252F%252Fhealth.example.org%252Ffhir",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/connect?iss=https%3A%2F%2Fhealth.example.org%2Ffhir%2F",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/connect?server=https%3A%2F%2Fhealth.example.org",
        "https://health.example.org",
    ),
    (
        "https://elm.example.org/connect?ISS=https://health.example.org/fhir",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/connect?FHIRURI=https://health.example.org/fhir",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/connect#fhirUri=https://health.example.org/fhir",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/#/connect?fhirUri=https://health.example.org/fhir",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/?utm_source=letter&iss=https://health.example.org/fhir",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/app.html?fhirUri=https://health.example.org/fhir",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/?iss=https://health.example.org/fhir&fhirUri=https://health.example.org/fhir",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/?fhirUri=https://health.example.org/fhir/metadata",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/?fhirUri=%20https://health.example.org/fhir%20",
        "https://health.example.org/fhir",
    ),
    (
        "https://elm.example.org/connect?fhirUri=https%3A%2F%2Fhealth.\nexample.org%2Ffhir",
        "https://health.example.org/fhir",
    ),
    (
        "careapp://open/import-server?title=Elm&fhirUri=https%3A%2F%2Fhealth.example.org%2Ffhir&clientId=x",
        "https://health.example.org/fhir",
    ),
    (
        "exp://192.168.1.7:19000/--/import-server?fhirUri=https%253A%252F%252Fhealth.example.org%252Ffhir",
        "https://health.example.org/fhir",
    ),
    (
        "org.example.care://import-server#fhirUri=https://health.example.org/fhir",
        "https://health.example.org/fhir",
    ),
];

/// Texts that are a base only while developing.
const DEVELOPER_BASES: &[(&str, &str)] = &[
    ("http://127.0.0.1:8461/fhir", "http://127.0.0.1:8461/fhir"),
    ("http://localhost:8461/fhir/", "http://localhost:8461/fhir"),
    ("127.0.0.1:8463/fhir", "http://127.0.0.1:8463/fhir"),
    ("localhost:8463/fhir", "http://localhost:8463/fhir"),
    ("http://127.0.0.1/fhir", "http://127.0.0.1/fhir"),
    ("https://elmstreetclinic.example/fhir", "https://elmstreetclinic.example/fhir"),
    ("elm.example", "https://elm.example"),
    ("https://clinic.test", "https://clinic.test"),
    (
        "http://127.0.0.1:8461/connect?fhirUri=http%3A%2F%2F127.0.0.1%3A8461%2Ffhir",
        "http://127.0.0.1:8461/fhir",
    ),
    (
        "https://elm.example/connect?fhirUri=http://127.0.0.1:8461/fhir",
        "http://127.0.0.1:8461/fhir",
    ),
];

use Refusal::{
    ContactCard, Empty, HidesAddress, LookAlike, NotAnAddress, NotLocked, OtherApp, PhoneOrMessage,
    SignInCode, SpecialAddress, TooLong, Website, Wifi,
};

/// Texts that are no invitation in a release, and why.
const REFUSED: &[(&str, Refusal)] = &[
    // Nothing, or words.
    ("", Empty),
    ("   \r\n\t ", Empty),
    ("\u{feff}\u{200b}", Empty),
    ("hello", NotAnAddress),
    ("Elm Street Family Clinic", NotAnAddress),
    ("Please go to https://health.example.org/fhir today", NotAnAddress),
    ("https://health.example.org/fhir or https://elm.example.org/fhir", NotAnAddress),
    ("health example org", NotAnAddress),
    ("hello.there", NotAnAddress),
    ("v1.2", SpecialAddress),
    ("4f1c22aa-77b1", NotAnAddress),
    ("{\"fhirUri\":\"https://health.example.org/fhir\"}", NotAnAddress),
    ("<Bundle>", NotAnAddress),
    ("https", NotAnAddress),
    ("https:", NotAnAddress),
    ("https://", NotAnAddress),
    ("https:///", NotAnAddress),
    ("https:///health.example.org/fhir", NotAnAddress),
    ("https:////health.example.org", NotAnAddress),
    ("https:health.example.org/fhir", NotAnAddress),
    ("https:/health.example.org/fhir", NotAnAddress),
    ("https//health.example.org/fhir", NotAnAddress),
    ("//health.example.org/fhir", NotAnAddress),
    ("/fhir", NotAnAddress),
    ("?fhirUri=https://health.example.org/fhir", NotAnAddress),
    ("https://?fhirUri=https://health.example.org/fhir", NotAnAddress),
    ("https://health.example.org:99999/fhir", NotAnAddress),
    ("https://health.example.org:0/fhir", NotAnAddress),
    ("https://health.example.org:08443/fhir", NotAnAddress),
    ("https://health.example.org:84a3/fhir", NotAnAddress),
    ("https://-health.example.org/fhir", NotAnAddress),
    ("https://health-.example.org/fhir", NotAnAddress),
    ("https://health_1.example.org/fhir", NotAnAddress),
    ("https://health!.example.org/fhir", NotAnAddress),
    ("https://health.example.org/fhir|r4", NotAnAddress),
    ("https://health.example.org/fh ir", NotAnAddress),
    ("https://health.example.org/fhir%zz", NotAnAddress),
    ("https://health.example.org/fhir%4", NotAnAddress),
    ("https://health.example.org/клиника", NotAnAddress),
    ("https://elm.example.org/?fhirUri=", NotAnAddress),
    ("https://elm.example.org/?fhirUri=fhir", NotAnAddress),
    ("https://elm.example.org/?fhirUri=/fhir", NotAnAddress),
    ("https://elm.example.org/?fhirUri=javascript:alert(1)", NotAnAddress),
    ("https://elm.example.org/?fhirUri=health.example.org/fhir", NotAnAddress),
    ("https://elm.example.org/?fhirUri=https://health.example.org/fhir%3Fx%3D1", NotAnAddress),
    ("https://elm.example.org/?fhirUri=https://health.example.org/fhir%23x", NotAnAddress),
    // Pages.
    ("https://www.example.org/coupons.html", Website),
    ("https://www.example.org/letter.PDF", Website),
    ("https://www.example.org/index.php", Website),
    ("https://www.example.org/photo.jpeg", Website),
    ("https://www.example.org/page?id=7", Website),
    ("https://www.example.org/#contact", Website),
    ("www.example.org/about.html", Website),
    ("https://apps.apple.com/us/app/x/id1", Website),
    ("https://play.google.com/store/apps/details?id=x", Website),
    ("https://www.youtube.com/watch?v=x", Website),
    ("https://youtu.be/abc", Website),
    ("https://www.facebook.com/clinic", Website),
    ("https://m.facebook.com/clinic", Website),
    ("https://bit.ly/3xyz", Website),
    ("https://wa.me/15550118", Website),
    ("https://maps.google.com/", Website),
    ("MEBKM:TITLE:Elm;URL:https\\://health.example.org;;", Website),
    // Other kinds of codes.
    ("WIFI:T:WPA;S:Clinic;P:secret;;", Wifi),
    ("wifi:S:Open;;", Wifi),
    ("DPP:K:MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgAC;;", Wifi),
    ("BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lopez;Ana\r\nEND:VCARD", ContactCard),
    ("begin:vcard", ContactCard),
    ("MECARD:N:Lopez,Ana;TEL:5550118;;", ContactCard),
    ("BIZCARD:N:Ana;;", ContactCard),
    ("otpauth://totp/Elm:rosa?secret=JBSWY3DPEHPK3PXP&issuer=Elm", SignInCode),
    ("otpauth-migration://offline?data=AAAA", SignInCode),
    ("FIDO:/0123456789", SignInCode),
    ("phonefactor://activate_account?code=1", SignInCode),
    ("tel:+15550118", PhoneOrMessage),
    ("TEL:555-0118", PhoneOrMessage),
    ("555-0118", PhoneOrMessage),
    ("+1 (555) 555-0118", PhoneOrMessage),
    ("SMSTO:5550118:hello", PhoneOrMessage),
    ("sms:5550118?body=hi", PhoneOrMessage),
    ("mailto:desk@example.org", PhoneOrMessage),
    ("MATMSG:TO:desk@example.org;SUB:x;;", PhoneOrMessage),
    ("rosa.delgado@example.org", PhoneOrMessage),
    ("geo:44.98,-93.26", PhoneOrMessage),
    ("BEGIN:VEVENT\nSUMMARY:Visit\nEND:VEVENT", PhoneOrMessage),
    ("BEGIN:VCALENDAR\nEND:VCALENDAR", PhoneOrMessage),
    ("webcal://example.org/a.ics", PhoneOrMessage),
    ("facetime:rosa@example.org", PhoneOrMessage),
    // Other apps, and things that run.
    ("javascript:alert(1)", OtherApp),
    ("JaVaScRiPt:alert(1)//https://health.example.org/fhir", OtherApp),
    (
        "javascript://health.example.org/%0aalert(1)?fhirUri=https://health.example.org/fhir",
        OtherApp,
    ),
    ("vbscript:msgbox", OtherApp),
    ("data:text/html,<script>alert(1)</script>", OtherApp),
    ("data:text/html;base64,PHNjcmlwdD4=", OtherApp),
    ("file:///etc/passwd", OtherApp),
    ("file://health.example.org/fhir?fhirUri=https://health.example.org/fhir", OtherApp),
    ("content://com.android.contacts/1", OtherApp),
    ("blob:https://health.example.org/1", OtherApp),
    ("about:blank", OtherApp),
    ("view-source:https://health.example.org", OtherApp),
    ("intent://health.example.org/#Intent;scheme=https;end", OtherApp),
    ("intent://x?fhirUri=https://health.example.org/fhir#Intent;end", OtherApp),
    ("market://details?id=x", OtherApp),
    ("itms-services://?action=download-manifest", OtherApp),
    ("tauri://localhost/index.html", OtherApp),
    ("ipc://localhost/x", OtherApp),
    ("asset://localhost/x", OtherApp),
    ("handrail://callback?code=x&state=y", OtherApp),
    ("careapp://open", OtherApp),
    ("careapp:open?fhirUri=https://health.example.org/fhir", OtherApp),
    ("shlink:/eyJ1cmwiOiJodHRwcyJ9", OtherApp),
    (
        "shc:/5676290952432060346029243740446031222959532654603460292540772804336028702864716745222809286133314564376531415906402203064504590856435503414245413640370636654171372412363803043756220467374075323239254334433260573601064137333912707426350769625364643945753638652852454535422237213876065244343160345853740855723835636810685217345255400428376429392865273955656170",
        OtherApp,
    ),
    ("bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", OtherApp),
    ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", OtherApp),
    ("gopher://health.example.org/", OtherApp),
    ("a:b", OtherApp),
    // Not locked.
    ("http://health.example.org/fhir", NotLocked),
    ("HTTP://health.example.org/fhir", NotLocked),
    ("http://health.example.org/connect?fhirUri=https://health.example.org/fhir", NotLocked),
    ("https://elm.example.org/?fhirUri=http://health.example.org/fhir", NotLocked),
    ("https://elm.example.org/?fhirUri=http%253A%252F%252Fhealth.example.org", NotLocked),
    ("careapp://x?fhirUri=http://health.example.org/fhir", NotLocked),
    ("http://127.0.0.1:8461/fhir", NotLocked),
    ("http://localhost:8461/fhir", NotLocked),
    ("ftp://health.example.org/fhir", NotLocked),
    ("ws://health.example.org/fhir", NotLocked),
    // Hiding where it goes.
    ("https://health.example.org@evil.example.com/fhir", HidesAddress),
    ("https://health.example.org:443@evil.example.com/fhir", HidesAddress),
    ("https://@health.example.org/fhir", HidesAddress),
    ("https://rosa:secret@health.example.org/fhir", HidesAddress),
    ("health.example.org@evil.example.com/fhir", HidesAddress),
    ("https://health.example.org%40evil.example.com/fhir", HidesAddress),
    ("https://health.example.org%2f.evil.example.com/fhir", HidesAddress),
    ("https://health.example.org%00.evil.example.com/fhir", HidesAddress),
    ("https://evil.example.com\\@health.example.org/fhir", HidesAddress),
    ("https:\\\\health.example.org\\fhir", NotAnAddress),
    ("https://health.example.org\\fhir", HidesAddress),
    ("https://https://health.example.org/fhir", HidesAddress),
    ("https://http://health.example.org/fhir", HidesAddress),
    ("https://https:health.example.org/fhir", NotAnAddress),
    ("https://https/health.example.org", HidesAddress),
    ("https://evil.example.com/https://health.example.org/fhir", HidesAddress),
    ("https://evil.example.com/https%3A%2F%2Fhealth.example.org/fhir", HidesAddress),
    ("https://health.example.org/fhir\nhttps://evil.example.com/fhir", HidesAddress),
    ("https://health.example.org/fhir/../../x", HidesAddress),
    ("https://health.example.org/./fhir", HidesAddress),
    ("https://health.example.org/fhir/..", HidesAddress),
    ("https://health.example.org/fhir/%2e%2e/x", HidesAddress),
    ("https://health.example.org/fhir%2Fx", HidesAddress),
    ("https://health.example.org/fhir%5Cx", HidesAddress),
    ("https://health.example.org/fhir%00", HidesAddress),
    ("https://health.example.org/fhir%0d%0aHost:x", HidesAddress),
    ("https://health.example.org/fhir%252e", HidesAddress),
    ("https://health.example.org./fhir", HidesAddress),
    ("https://health.example.org../fhir", HidesAddress),
    ("https://.health.example.org/fhir", HidesAddress),
    ("https://health..example.org/fhir", HidesAddress),
    ("https://health.example.org:/fhir", HidesAddress),
    ("https://health.example.org/fhir\tx", HidesAddress),
    ("ht\ttps://health.example.org/fhir", HidesAddress),
    ("https://health.example\u{0}.org/fhir", HidesAddress),
    ("https://health.example.org/\u{8}fhir", HidesAddress),
    ("https://health.example.org/\u{7f}fhir", HidesAddress),
    ("https://health.exam\u{ad}ple.org/fhir", HidesAddress),
    ("https://health.exam\u{200b}ple.org/fhir", HidesAddress),
    ("https://health.exam\u{200d}ple.org/fhir", HidesAddress),
    ("https://health.exam\u{2060}ple.org/fhir", HidesAddress),
    ("https://\u{202e}gro.elpmaxe.htlaeh/fhir", HidesAddress),
    ("https://health.example.org/\u{2066}fhir\u{2069}", HidesAddress),
    ("https://health.example.org/\u{e0041}fhir", HidesAddress),
    ("https://health\u{fe0f}.example.org/fhir", HidesAddress),
    (
        "https://elm.example.org/?fhirUri=https://a.example.org/fhir&fhirUri=https://b.example.org/fhir",
        HidesAddress,
    ),
    (
        "https://elm.example.org/?fhirUri=https://a.example.org/fhir&iss=https://b.example.org/fhir",
        HidesAddress,
    ),
    (
        "https://elm.example.org/?iss=https://a.example.org/fhir#iss=https://b.example.org/fhir",
        HidesAddress,
    ),
    ("https://elm.example.org/?fhirUri=https://a.example.org@b.example.org/fhir", HidesAddress),
    (
        "https://elm.example.org/?fhirUri=https%3A%2F%2Fa.example.org%5C%40b.example.org",
        HidesAddress,
    ),
    ("https://elm.example.org/?fhirUri=https://a.example.org/%0afhir", HidesAddress),
    (
        "https://elm.example.org/?fhirUri=https://a.example.org/fhir&clientId=a&clientId=b",
        HidesAddress,
    ),
    (
        "https://elm.example.org/?fhirUri=https://a.example.org/fhir&clientId=a&client_id=b",
        HidesAddress,
    ),
    ("https://elm.example.org/?fhirUri=https://a.example.org/fhir&clientId=a%00b", HidesAddress),
    ("https://elm.example.org/?fhirUri=https://a.example.org/fhir&title=A&title=B", HidesAddress),
    // Numbers in every spelling.
    ("https://192.168.0.1/fhir", SpecialAddress),
    ("192.168.0.1/fhir", SpecialAddress),
    ("https://127.0.0.1/fhir", SpecialAddress),
    ("https://203.0.113.7/fhir", SpecialAddress),
    ("https://8.8.8.8", SpecialAddress),
    ("https://169.254.169.254/latest/meta-data", SpecialAddress),
    ("https://2130706433/fhir", SpecialAddress),
    ("https://0x7f000001/fhir", SpecialAddress),
    ("https://0X7F.0x0.0x0.0x1/fhir", SpecialAddress),
    ("https://0177.0.0.1/fhir", SpecialAddress),
    ("https://017700000001/fhir", SpecialAddress),
    ("https://127.1/fhir", SpecialAddress),
    ("https://0/fhir", SpecialAddress),
    ("https://0x/fhir", SpecialAddress),
    ("https://1.2.3/fhir", SpecialAddress),
    ("https://256.256.256.256/fhir", SpecialAddress),
    ("https://1.2.3.4.5/fhir", SpecialAddress),
    ("https://health.example.123/fhir", SpecialAddress),
    ("https://health.example.0x1f/fhir", SpecialAddress),
    ("https://127.0.0.1./fhir", HidesAddress),
    ("https://[::1]/fhir", SpecialAddress),
    ("https://[2001:db8::1]:8443/fhir", SpecialAddress),
    ("https://[::ffff:127.0.0.1]/fhir", SpecialAddress),
    ("https://[fe80::1%25eth0]/fhir", SpecialAddress),
    ("https://[64:ff9b::7f00:1]/fhir", SpecialAddress),
    ("https://elm.example.org/?fhirUri=https://10.0.0.1/fhir", SpecialAddress),
    ("https://elm.example.org/?fhirUri=https%253A%252F%252F127.0.0.1%252Ffhir", SpecialAddress),
    ("https://１２７.0.0.1/fhir", LookAlike),
    ("https://①②⑦.0.0.1/fhir", LookAlike),
    ("https://127。0。0。1/fhir", LookAlike),
    // Names of no public network.
    ("https://localhost/fhir", SpecialAddress),
    ("https://localhost:8461/fhir", SpecialAddress),
    ("https://LOCALHOST/fhir", SpecialAddress),
    ("https://a.localhost/fhir", SpecialAddress),
    ("https://localhost.localdomain/fhir", SpecialAddress),
    ("https://intranet/fhir", SpecialAddress),
    ("https://fhir/", SpecialAddress),
    ("https://printer.local/fhir", SpecialAddress),
    ("https://metadata.google.internal/fhir", SpecialAddress),
    ("https://elm.onion/fhir", SpecialAddress),
    ("https://elm.test/fhir", SpecialAddress),
    ("https://elm.example/fhir", SpecialAddress),
    ("https://elm.invalid/fhir", SpecialAddress),
    ("https://router.home.arpa/fhir", SpecialAddress),
    ("https://1.0.0.127.in-addr.arpa/fhir", SpecialAddress),
    ("https://nas.lan/fhir", SpecialAddress),
    ("https://ehr.corp/fhir", SpecialAddress),
    ("https://elm.alt/fhir", SpecialAddress),
    ("https://com/fhir", SpecialAddress),
    ("https://co.uk/fhir", SpecialAddress),
    ("https://127.0.0.1.nip.io/fhir", SpecialAddress),
    ("https://elm.10-0-0-1.sslip.io/fhir", SpecialAddress),
    ("https://lvh.me/fhir", SpecialAddress),
    ("https://app.localtest.me/fhir", SpecialAddress),
    // Letters that only look like others.
    ("https://hеalth.example.org/fhir", LookAlike),
    ("https://health.еxample.org/fhir", LookAlike),
    ("https://аррӏе.example.com/fhir", LookAlike),
    ("https://xn--80ak6aa92e.com/fhir", LookAlike),
    ("https://ｈｅａｌｔｈ.example.org/fhir", LookAlike),
    ("https://health．example．org/fhir", LookAlike),
    ("https://ℋealth.example.org/fhir", LookAlike),
    ("https://heaⅼth.example.org/fhir", LookAlike),
    ("https://heaıth.example.org/fhir", LookAlike),
    ("https://héαlth.example.org/fhir", LookAlike),
    ("https://ηealth.example.org/fhir", LookAlike),
    ("https://healthー.example.org/fhir", LookAlike),
    ("https://health.example.org⁄fhir.example.com/", LookAlike),
    ("https://health.example.org∕fhir.example.com/", LookAlike),
    ("https://health.example.org／fhir.example.com/", LookAlike),
    ("https://💊.example.org/fhir", LookAlike),
    ("https://xn--.example.org/fhir", NotAnAddress),
    ("https://xn--a.example.org/fhir", LookAlike),
    ("https://xn--health-.example.org/fhir", NotAnAddress),
    ("https://ab--cd.example.org/fhir", LookAlike),
];

#[test]
fn every_honest_text_is_the_base_it_names() {
    for (text, base) in BASES {
        for policy in [Policy::RELEASE, Policy::DEVELOPER] {
            let read = read_code(text, policy);

            let read = read.unwrap_or_else(|refusal| panic!("{text:?} is refused: {refusal:?}"));
            assert_eq!(read.fhir_base.as_str(), *base, "{text:?}");
        }
    }
}

#[test]
fn loopback_and_example_names_are_for_developers() {
    for (text, base) in DEVELOPER_BASES {
        let developer =
            read_code(text, Policy::DEVELOPER).map(|read| read.fhir_base.as_str().to_owned());
        let release = read_code(text, Policy::RELEASE);

        assert_eq!(developer.as_deref(), Ok(*base), "{text:?}");
        assert!(release.is_err(), "{text:?}");
    }
}

#[test]
fn every_wrong_text_is_refused_for_what_it_is() {
    let wrong: Vec<_> = REFUSED
        .iter()
        .map(|(text, refusal)| (text, read_code(text, Policy::RELEASE), refusal))
        .filter(|(_, read, refusal)| *read != Err(**refusal))
        .collect();

    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(BASES.len() + DEVELOPER_BASES.len() + REFUSED.len() >= 250);
}

#[test]
fn a_developer_build_refuses_all_of_that_but_loopback_and_example_names() {
    let accepted: Vec<_> = REFUSED
        .iter()
        .filter_map(|(text, _)| Some((text, read_code(text, Policy::DEVELOPER).ok()?.fhir_base)))
        .filter(|(_, base)| {
            let host = base.url().host_str().unwrap_or_default();
            !matches!(host, "127.0.0.1" | "localhost")
                && !host.ends_with(".example")
                && !host.ends_with(".test")
        })
        .collect();

    assert!(accepted.is_empty(), "{accepted:#?}");
}

#[test]
fn a_text_is_too_long_beyond_2048_bytes_and_a_base_beyond_512() {
    let long = format!("https://health.example.org/{}", "a".repeat(2_048));
    let base = format!("https://health.example.org/{}", "a".repeat(512));

    assert_eq!(read_code(&long, Policy::RELEASE), Err(TooLong));
    assert_eq!(read_code(&base, Policy::RELEASE), Err(TooLong));
}

#[test]
fn a_link_brings_a_name_and_a_client_id() {
    let text = "https://elm.example.org/c?fhirUri=https%3A%2F%2Fhealth.example.org%2Ffhir\
                &title=Cl%C3%ADnica+del+%C3%81rbol&client_id=handrail-7";

    let read = read_code(text, Policy::RELEASE).unwrap();

    assert_eq!(read.name.as_deref(), Some("Clínica del Árbol"));
    assert_eq!(read.client_id.as_deref(), Some("handrail-7"));
}

#[test]
fn a_name_is_plain_short_and_no_second_address() {
    let name = |title: &str| {
        let mut link =
            url::Url::parse("https://elm.example.org/?iss=https://health.example.org/fhir")
                .unwrap();
        link.query_pairs_mut().append_pair("title", title);
        read_code(link.as_str(), Policy::RELEASE).unwrap().name
    };

    assert_eq!(name(" Elm\n\tStreet \u{202e}Clinic\u{0} ").as_deref(), Some("Elm Street Clinic"));
    assert_eq!(name(&"é".repeat(120)).map(|name| name.chars().count()), Some(80));
    assert_eq!(name(&"診".repeat(120)).map(|name| name.len()), Some(159));
    assert_eq!(name("https://health.example.com is safe"), None);
    assert_eq!(name("see WWW.example.com"), None);
    assert_eq!(name("\u{200b}"), None);
}

#[test]
fn endpoints_and_scopes_in_a_code_are_not_read() {
    let text = "https://elm.example.org/?iss=https://health.example.org/fhir\
                &authorization_endpoint=https://evil.example.com/a&token_endpoint=https://evil.example.com/t\
                &scope=patient/*.*&launch=x";

    let read = read_code(text, Policy::RELEASE).unwrap();

    assert!(!serde_json::to_string(&read).unwrap().contains("evil"));
}

#[test]
fn a_listed_place_is_told_from_an_unlisted_one_and_shown_under_its_own_name() {
    let registry = Registry::bundled(Policy::DEVELOPER);
    let listed =
        "http://127.0.0.1:8461/fhir?iss=http://127.0.0.1:8461/fhir&title=Free+Money&clientId=evil";

    let elm = verdict(listed, &registry, &[], Policy::DEVELOPER);
    let bright = verdict("http://127.0.0.1:8463/fhir", &registry, &[], Policy::DEVELOPER);

    let seen = elm.invitation.unwrap();
    assert_eq!(
        (elm.verdict, seen.name.as_deref()),
        (Grade::Listed, Some("Elm Street Family Clinic"))
    );
    assert_eq!(seen.client_id.as_deref(), Some("handrail"));
    assert_eq!((bright.verdict, bright.invitation.unwrap().name), (Grade::Unlisted, None));
}

#[test]
fn a_host_that_reads_like_a_partners_is_refused_as_a_look_alike() {
    let mut registry = Registry::bundled(Policy::DEVELOPER);
    let real = read_code("https://health.elmstreetclinic.example/fhir", Policy::DEVELOPER).unwrap();
    registry.rows[0].fhir_base = real.fhir_base;
    let judge = |text: &str| verdict(text, &registry, &[], Policy::DEVELOPER);

    let rn = judge("https://health.elrnstreetclinic.example/fhir");
    let one = judge("https://e1mstreetclinic.example/fhir");
    let sibling = judge("https://labs.elmstreetclinic.example/fhir");

    assert_eq!(rn.reason, Some(LookAlike));
    assert_eq!(rn.host.unwrap().registered, "elrnstreetclinic.example");
    assert_eq!(one.reason, Some(LookAlike));
    assert_eq!(sibling.verdict, Grade::Unlisted);
}

#[test]
fn a_refusal_says_why_and_names_the_host_of_a_website() {
    let registry = Registry::bundled(Policy::RELEASE);

    let read = verdict("https://www.example.org/coupons.html?x=1", &registry, &[], Policy::RELEASE);

    assert_eq!((read.verdict, read.reason), (Grade::Refused, Some(Website)));
    assert_eq!(read.note.unwrap().heading.key, "refused-website-heading");
    let host = read.host.unwrap();
    assert_eq!((&*host.before, &*host.registered), ("www.", "example.org"));
    assert_eq!(read.text, None);
}

fn read_back(invitation: &Invitation, policy: Policy) {
    let text = invitation.to_text();
    let again = read_code(&text, policy);

    assert_eq!(again.as_ref(), Ok(invitation), "{text:?}");
    assert_eq!(again.map(|again| again.to_text()), Ok(text));
}

#[test]
fn the_cleaned_text_of_every_case_reads_back_to_the_same_invitation() {
    for (text, _) in BASES.iter().chain(DEVELOPER_BASES) {
        read_back(&read_code(text, Policy::DEVELOPER).unwrap(), Policy::DEVELOPER);
    }
}

/// Says of an accepted base what must hold in a release, without asking the parser that accepted it.
fn assert_public_and_locked(invitation: &Invitation) {
    let url = invitation.fhir_base.url();
    let host = url.host_str().unwrap();
    let top = host.rsplit('.').next().unwrap();

    assert_eq!(url.scheme(), "https", "{url}");
    assert!(matches!(url.host(), Some(Host::Domain(_))), "{url}");
    assert!(host.contains('.') && host.is_ascii() && !host.ends_with('.'), "{url}");
    assert!(
        !["localhost", "local", "internal", "onion", "test", "example", "arpa", "lan"]
            .contains(&top),
        "{url}"
    );
    assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    assert!(url.query().is_none() && url.fragment().is_none(), "{url}");
}

/// Texts near the border: pieces of good and bad addresses, put together.
fn near_addresses() -> impl Strategy<Value = String> {
    let scheme = prop::sample::select(vec![
        "https://",
        "HTTPS://",
        "http://",
        "",
        "https:",
        "https:/",
        "//",
        "https://https://",
        "careapp://x?iss=",
        "https://elm.example.org/?fhirUri=",
        "https://elm.example.org/#iss=https%3A%2F%2F",
        "javascript:",
        "wss://",
    ]);
    let host = prop::sample::select(vec![
        "health.example.org",
        "health.example.org.",
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "[::1]",
        "localhost",
        "a.local",
        "еxample.org",
        "xn--80ak6aa92e.com",
        "a@b.example.org",
        "a%40b.example.org",
        "köln.de",
        "co.uk",
        "ａ.example.org",
        "10.0.0.1.nip.io",
        "elm.example",
        "127。0。0。1",
        "a..b.org",
        "_x.example.org",
    ]);
    let port =
        prop::sample::select(vec!["", ":8443", ":", ":0", ":99999", ":443@evil.example.com"]);
    let path = prop::sample::select(vec![
        "",
        "/",
        "/fhir",
        "/fhir/",
        "/../x",
        "/%2e%2e/",
        "/fhir%2fx",
        "\\x",
        "/fhir/metadata",
        "/a.html",
        "//x",
        "/https://x",
        "/fhir?x=1",
        "/fhir#x",
        "/fhir%3Fx",
        "/f\u{200b}hir",
        "/f ir",
        "/f\nhir",
    ]);
    let tail = prop::sample::select(vec![
        "",
        "&title=Elm%20Clinic",
        "&clientId=a%2Bb",
        "?title=x",
        "&iss=https://b.org",
    ]);
    (scheme, host, port, path, tail).prop_map(|(a, b, c, d, e)| format!("{a}{b}{c}{d}{e}"))
}

/// A good text with one character changed, dropped or put in.
fn edited() -> impl Strategy<Value = String> {
    let good: Vec<&'static str> = BASES.iter().map(|(text, _)| *text).collect();
    (prop::sample::select(good), any::<prop::sample::Index>(), any::<char>(), 0..3_u8).prop_map(
        |(text, at, c, how)| {
            let mut chars: Vec<char> = text.chars().collect();
            let at = at.index(chars.len());
            match how {
                0 => chars[at] = c,
                1 => drop(chars.remove(at)),
                _ => chars.insert(at, c),
            }
            chars.into_iter().collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = read_code(&text, Policy::RELEASE);
        let _ = read_code(&text, Policy::DEVELOPER);
    }

    #[test]
    fn whatever_a_release_accepts_is_public_locked_and_reads_back(
        text in prop_oneof![near_addresses(), edited(), "https://[a-z0-9.:@%/\\\\?#\\[\\]-]{1,40}"]
    ) {
        if let Ok(invitation) = read_code(&text, Policy::RELEASE) {
            assert_public_and_locked(&invitation);
            read_back(&invitation, Policy::RELEASE);
        }
    }

    #[test]
    fn whatever_a_developer_build_accepts_reads_back(text in prop_oneof![near_addresses(), edited()]) {
        if let Ok(invitation) = read_code(&text, Policy::DEVELOPER) {
            read_back(&invitation, Policy::DEVELOPER);
        }
    }

    #[test]
    fn names_and_client_ids_read_back(title in ".{0,200}", client in "[ -~]{0,128}", path in "(/[a-z0-9%+]{0,6}){0,8}") {
        let mut link = url::Url::parse("https://elm.example.org/").unwrap();
        link.query_pairs_mut()
            .append_pair("iss", &format!("https://health.example.org{path}"))
            .append_pair("title", &title)
            .append_pair("clientId", &client);
        if let Ok(invitation) = read_code(link.as_str(), Policy::RELEASE) {
            read_back(&invitation, Policy::RELEASE);
        }
    }
}
