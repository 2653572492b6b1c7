//! Finding a code in a picture.

use std::io::Cursor;

use handrail_contract::problem::Refusal;
use image::{DynamicImage, GrayImage, ImageReader, Limits, imageops::FilterType};

/// No phone's photo is wider or higher; what claims to be is a trap.
const LARGEST_SIDE: u32 = 16_384;
/// Codes are found best when the picture is about this large.
const GOOD_SIDE: u32 = 1_200;

/// Reads the first code in a PNG or JPEG. Nothing of the picture is kept.
///
/// # Errors
/// It is no picture, or no code was found in it.
pub fn read_picture(bytes: &[u8]) -> Result<String, Refusal> {
    let picture = open_picture(bytes).ok_or(Refusal::UnreadablePicture)?;
    let side = picture.width().max(picture.height());
    let sized = if side > GOOD_SIDE {
        picture.resize(GOOD_SIDE, GOOD_SIDE, FilterType::Triangle)
    } else {
        picture.clone()
    };
    find_code(&sized.to_luma8())
        .or_else(|| (side > GOOD_SIDE).then(|| find_code(&picture.to_luma8())).flatten())
        .or_else(|| {
            (side < GOOD_SIDE / 2).then(|| enlarge(&picture)).and_then(|large| find_code(&large))
        })
        .ok_or(Refusal::NoCodeInPicture)
}

fn open_picture(bytes: &[u8]) -> Option<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(160 * 1024 * 1024);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    reader.limits(limits);
    reader.decode().ok()
}

fn enlarge(picture: &DynamicImage) -> GrayImage {
    picture.resize(picture.width() * 3, picture.height() * 3, FilterType::CatmullRom).to_luma8()
}

/// Looks at the picture as it is, and with dark and light exchanged.
fn find_code(picture: &GrayImage) -> Option<String> {
    decode(picture.clone()).or_else(|| {
        let mut inverted = picture.clone();
        image::imageops::invert(&mut inverted);
        decode(inverted)
    })
}

fn decode(picture: GrayImage) -> Option<String> {
    let mut prepared = rqrr::PreparedImage::prepare(picture);
    prepared.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}
