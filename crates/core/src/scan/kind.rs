//! Codes that are something else altogether, known by how they begin.

use handrail_contract::problem::Refusal;

/// Beginnings, in lower case, and what they are.
const BEGINNINGS: &[(&str, Refusal)] = &[
    ("wifi:", Refusal::Wifi),
    ("dpp:", Refusal::Wifi),
    ("begin:vcard", Refusal::ContactCard),
    ("mecard:", Refusal::ContactCard),
    ("bizcard:", Refusal::ContactCard),
    ("otpauth:", Refusal::SignInCode),
    ("otpauth-migration:", Refusal::SignInCode),
    ("fido:", Refusal::SignInCode),
    ("phonefactor:", Refusal::SignInCode),
    ("tel:", Refusal::PhoneOrMessage),
    ("telprompt:", Refusal::PhoneOrMessage),
    ("facetime:", Refusal::PhoneOrMessage),
    ("sip:", Refusal::PhoneOrMessage),
    ("sips:", Refusal::PhoneOrMessage),
    ("sms:", Refusal::PhoneOrMessage),
    ("smsto:", Refusal::PhoneOrMessage),
    ("mms:", Refusal::PhoneOrMessage),
    ("mmsto:", Refusal::PhoneOrMessage),
    ("mailto:", Refusal::PhoneOrMessage),
    ("smtp:", Refusal::PhoneOrMessage),
    ("matmsg:", Refusal::PhoneOrMessage),
    ("geo:", Refusal::PhoneOrMessage),
    ("begin:vevent", Refusal::PhoneOrMessage),
    ("begin:vcalendar", Refusal::PhoneOrMessage),
    ("webcal:", Refusal::PhoneOrMessage),
    ("mebkm:", Refusal::Website),
    ("urlto:", Refusal::Website),
    ("javascript:", Refusal::OtherApp),
    ("vbscript:", Refusal::OtherApp),
    ("data:", Refusal::OtherApp),
    ("blob:", Refusal::OtherApp),
    ("file:", Refusal::OtherApp),
    ("content:", Refusal::OtherApp),
    ("filesystem:", Refusal::OtherApp),
    ("about:", Refusal::OtherApp),
    ("view-source:", Refusal::OtherApp),
    ("intent:", Refusal::OtherApp),
    ("android-app:", Refusal::OtherApp),
    ("market:", Refusal::OtherApp),
    ("itms:", Refusal::OtherApp),
    ("itms-apps:", Refusal::OtherApp),
    ("itms-services:", Refusal::OtherApp),
    ("chrome:", Refusal::OtherApp),
    ("chrome-extension:", Refusal::OtherApp),
    ("resource:", Refusal::OtherApp),
    ("jar:", Refusal::OtherApp),
    ("tauri:", Refusal::OtherApp),
    ("ipc:", Refusal::OtherApp),
    ("asset:", Refusal::OtherApp),
    ("ms-appinstaller:", Refusal::OtherApp),
    ("shlink:", Refusal::OtherApp),
    ("shc:", Refusal::OtherApp),
    ("bitcoin:", Refusal::OtherApp),
    ("upi:", Refusal::OtherApp),
    ("whatsapp:", Refusal::OtherApp),
    ("ws:", Refusal::NotLocked),
    ("ftp:", Refusal::NotLocked),
    ("http://", Refusal::NotLocked),
];

/// Names what is no invitation by its beginning, or by its looks where it has none.
pub(super) fn refuse_other_kinds(text: &str) -> Result<(), Refusal> {
    let beginning: String = text.chars().take(32).collect::<String>().to_ascii_lowercase();
    let known = BEGINNINGS.iter().find(|(known, _)| beginning.starts_with(known));
    match known {
        // Whether http is allowed on this host is the policy's to say.
        Some((_, Refusal::NotLocked)) | None => {}
        Some(&(_, refusal)) => return Err(refusal),
    }
    if is_phone_number(text) || is_mail_address(text) {
        return Err(Refusal::PhoneOrMessage);
    }
    Ok(())
}

fn is_phone_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let allowed = text.bytes().all(|byte| byte.is_ascii_digit() || b" +-()/".contains(&byte));
    allowed && (5..=20).contains(&digits)
}

fn is_mail_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, domain)| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte))
            && domain.contains('.')
            && domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
    })
}
