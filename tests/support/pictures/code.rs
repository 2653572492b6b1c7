//! The code itself: its modules, and the texts that places print.

use qrcode::{Color, EcLevel, QrCode};

use super::dice::Dice;

/// Invitations as they are printed: a bare base, a link, a link with everything.
const INVITATIONS: [&str; 5] = [
    "https://fhir.elmstreetclinic.example/r4",
    "https://fhir.tworivers.example/tenants/0f3a/fhir/R4",
    "https://handrail.example/invite?fhirUri=https%3A%2F%2Ffhir.elmstreetclinic.example%2Fr4&title=Elm%20Street%20Family%20Clinic",
    "https://handrail.example/invite#iss=https%3A%2F%2Fehr.brightharvest.example%2Finterconnect%2Fapi%2FFHIR%2FR4&title=Bright%20Harvest%20Food%20Bank&clientId=0d2f7c1e-handrail",
    "https://www.tworivers.example/patients/connect?campaign=spring&source=flyer&fhirUri=https%3A%2F%2Ffhir.tworivers.example%2Ftenants%2F0f3a77c2-1d1e%2Ffhir%2FR4&title=Two%20Rivers%20Care%20Network&clientId=b1c7a6d2-5a63-4f5e-9d0f-handrail",
];
const LEVELS: [EcLevel; 4] = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H];
/// The margin that ISO/IEC 18004 section 5.3.8 asks for, in modules.
const QUIET_ZONE: i32 = 4;

/// A code's modules.
#[derive(Clone)]
pub struct Code {
    pub text: String,
    side: i32,
    dark: Vec<bool>,
}

impl Code {
    pub fn draw(text: &str, level: EcLevel) -> Self {
        let code = QrCode::with_error_correction_level(text, level).expect("it fits a code");
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Self { text: text.to_owned(), side: code.width() as i32, dark }
    }

    /// One of the invitations, at one of the levels. `strong` takes the two levels that bear a stain.
    pub fn roll(dice: &mut Dice, strong: bool) -> Self {
        let text = *dice.pick(if strong { &INVITATIONS[..4] } else { &INVITATIONS });
        let level = *dice.pick(if strong { &LEVELS[2..] } else { &LEVELS });
        Self::draw(text, level)
    }

    /// Modules along a side, the quiet zone included.
    pub const fn span(&self) -> i32 {
        self.side + 2 * QUIET_ZONE
    }

    /// Whether the module there is dark; counted from the quiet zone's corner.
    pub fn is_dark(&self, x: i32, y: i32) -> bool {
        let (x, y) = (x - QUIET_ZONE, y - QUIET_ZONE);
        let inside = x >= 0 && y >= 0 && x < self.side && y < self.side;
        inside && self.dark[(y * self.side + x) as usize]
    }
}
