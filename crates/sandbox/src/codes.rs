//! The code on a place's flyer, as a picture and for the terminal.

use image::{GrayImage, Luma};
use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2, types::QrError};

/// How wide one module of the picture is.
const MODULE_PIXELS: u32 = 8;

/// Draws the text of an invitation as a QR code, black on white, with its quiet zone.
pub fn draw_code(text: &str) -> Result<GrayImage, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let drawn = code
        .render::<Luma<u8>>()
        .module_dimensions(MODULE_PIXELS, MODULE_PIXELS)
        .quiet_zone(true)
        .build();
    let (width, height) = (drawn.width(), drawn.height());
    Ok(GrayImage::from_raw(width, height, drawn.into_raw()).expect("one byte a pixel, as rendered"))
}

/// Draws the same for a terminal, two rows of modules in a line; light modules are printed, so it reads on dark ground.
pub fn draw_for_terminal(text: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L)?;
    let (on, off) = (Dense1x2::Light, Dense1x2::Dark);
    Ok(code.render::<Dense1x2>().dark_color(on).light_color(off).quiet_zone(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_reads_back_as_the_text() {
        let text = "http://127.0.0.1:8462/invite?fhirUri=http%3A%2F%2F127.0.0.1%3A8462%2Ffhir&title=Two%20Rivers%20Care%20Network";

        let picture = draw_code(text).unwrap();

        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            picture.get_pixel(x as u32, y as u32).0[0]
        });
        let (_, read) = prepared.detect_grids()[0].decode().unwrap();
        assert_eq!(read, text);
    }
}
