//! Finding a code in a picture.
//!
//! In: the bytes of a PNG or JPEG, at any angle and in any light. Out: the text of the one code that is meant.
//! Never: a copy of the picture that stays, or a guess between two invitations.
//!
//! A decoder sees black and white only, so what it finds depends on what is done to the picture first. It looks again and
//! again, each time at a picture treated differently, and stops at the first invitation (docs/adr/0012).

mod find;
mod refocus;
mod treat;

use std::{
    io::Cursor,
    time::{Duration, Instant},
};

use handrail_contract::problem::Refusal;
use handrail_core::{fhir::base::Policy, scan};
use image::{DynamicImage, GrayImage, ImageReader, Limits, RgbImage};

use find::find_codes;
use refocus::refocus;
use treat::{enlarge, fit, invert, level, take_channel};

/// How long a person is kept waiting for a picture: only one that was made to be hard takes longer.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// No phone's photo is wider or higher; what claims to be is a trap.
const LARGEST_SIDE: u32 = 16_384;
/// What an opened picture may take: 24 megapixels in three colours, with what reading them needs within 200 MB.
const MOST_MEMORY: u64 = 80 * 1024 * 1024;
/// Most codes fill enough of a picture to be found when it is this large, and it is soon searched.
const GOOD_SIDE: u32 = 1_200;
/// No side shorter than this holds a code, its margin, and two pixels for each module.
const SMALL_SIDE: u32 = 120;

/// Reads the code in a PNG or JPEG. Nothing of the picture is kept.
///
/// # Errors
/// It is no picture, no code was found in it, or it shows invitations to several places.
pub fn read_picture(bytes: &[u8], policy: Policy) -> Result<String, Refusal> {
    let until = Instant::now() + PATIENCE;
    let picture = open_picture(bytes).ok_or(Refusal::UnreadablePicture)?;
    let mut found = Vec::new();
    look(picture, &mut |picture| {
        for text in find_codes(picture, until) {
            if !found.contains(&text) {
                found.push(text);
            }
        }
        Instant::now() >= until || found.iter().any(|text| scan::read_code(text, policy).is_ok())
    });
    scan::choose_code(found, policy)
}

/// The Exif orientation is left alone: the decoder finds a code at any angle, and in a mirror.
fn open_picture(bytes: &[u8]) -> Option<RgbImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    reader.limits(limits);
    Some(lay_on_paper(reader.decode().ok()?))
}

/// What is see-through shows white: a code drawn on nothing would be black on black.
fn lay_on_paper(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let mut picture = picture.into_rgba8();
    for pixel in picture.pixels_mut() {
        let alpha = u16::from(pixel.0[3]);
        for channel in &mut pixel.0[..3] {
            *channel = ((u16::from(*channel) * alpha + 255 * (255 - alpha)) / 255) as u8;
        }
    }
    DynamicImage::ImageRgba8(picture).into_rgb8()
}

/// Shows the picture to `is_enough`, treated in one way after another, until it says yes.
///
/// The order is that of how many pictures of the laboratory each way is the first to read, for its time.
fn look(picture: RgbImage, is_enough: &mut dyn FnMut(&GrayImage) -> bool) -> bool {
    let side = picture.width().max(picture.height());
    let picture = DynamicImage::ImageRgb8(picture);
    let whole = picture.to_luma8();
    let colored = match side > GOOD_SIDE {
        true => picture.thumbnail(GOOD_SIDE, GOOD_SIDE).into_rgb8(),
        false => picture.into_rgb8(),
    };
    if side < SMALL_SIDE {
        return is_enough(&enlarge(&whole, 3));
    }
    let good = if side > GOOD_SIDE { fit(&whole, GOOD_SIDE) } else { whole.clone() };
    if [&good, &level(&good, 24)].into_iter().any(|it| is_enough(it) || is_enough(&invert(it))) {
        return true;
    }
    if side > GOOD_SIDE && (is_enough(&whole) || is_enough(&level(&whole, 6))) {
        return true;
    }
    let mut both = |picture: &GrayImage| is_enough(picture) || is_enough(&invert(picture));
    drop(whole);
    let half = fit(&good, side.min(GOOD_SIDE) / 2);
    // Sharpened for modules of several sizes: what is out of focus, and what is grainy as well.
    both(&half)
        || [6, 8, 12, 4].into_iter().any(|reach| both(&level(&good, reach)))
        || [6, 3].into_iter().any(|reach| both(&level(&half, reach)))
        || [2, 3, 1].into_iter().any(|reach| both(&refocus(&good, reach)))
        || (0..3).any(|channel| both(&take_channel(&colored, channel)))
}
