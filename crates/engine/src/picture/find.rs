//! Codes in a picture that was treated.
//!
//! In: brightness, a byte a pixel. Out: the texts of the codes in it.
//! Never: work without an end. A picture can be made of nothing but corners of codes, each of which fits every other.

use std::time::Instant;

use image::GrayImage;
use rxing::{
    BinaryBitmap, Luma8LuminanceSource,
    common::{
        BitMatrix, DetectorRXingResult as _, HybridBinarizer, cpp_essentials::ConcentricPattern,
    },
    qrcode::cpp_port::{
        decoder::Decode,
        detector::{FindFinderPatterns, GenerateFinderPatternSets, SampleQR},
    },
};

/// Each code has three corners. The grain of a dark photo looks like some hundreds; the largest are looked at.
const MOST_CORNERS: usize = 600;
/// Three corners that may be one code's. The likeliest come first; a page of honest codes is found within a few dozen.
const MOST_TRIES: usize = 3_000;
/// Rows that are searched at once: the decoder compares each corner with all that it found before.
const BAND: usize = 800;
/// Rows of the next band that are searched with it, so that none cuts a corner. One that is larger than this is found in
/// the smaller copy of the picture.
const OVERLAP: usize = 200;

/// The texts of the codes that can be made out in this, as far as they are found by then.
pub fn find_codes(picture: &GrayImage, until: Instant) -> Vec<String> {
    let (width, height) = picture.dimensions();
    let Ok(source) = Luma8LuminanceSource::new(picture.as_raw().clone(), width, height) else {
        return Vec::new();
    };
    let bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let black = bitmap.get_black_matrix();
    let mut corners = find_corners(black, until);
    corners.sort_by_key(|corner| std::cmp::Reverse(corner.size));
    corners.truncate(MOST_CORNERS);
    let (mut texts, mut used) = (Vec::new(), Vec::new());
    for three in GenerateFinderPatternSets(&mut corners).iter().take(MOST_TRIES) {
        if Instant::now() >= until {
            break;
        }
        let corners = [three.bl, three.tl, three.tr];
        if corners.iter().any(|corner| used.contains(corner)) {
            continue;
        }
        let Ok(code) = SampleQR(black, three).and_then(|sampled| Decode(sampled.getBits())) else {
            continue;
        };
        if code.isValid() {
            used.extend(corners);
            texts.push(code.text());
        }
    }
    texts
}

/// What looks like the corner of a code. A picture that has many times as many as any honest one is not searched to its end.
fn find_corners(black: &BitMatrix, until: Instant) -> Vec<ConcentricPattern> {
    let height = black.height() as usize;
    if height <= BAND + OVERLAP {
        return FindFinderPatterns(black, true, 0);
    }
    let mut corners: Vec<ConcentricPattern> = Vec::new();
    for top in (0..height).step_by(BAND) {
        if corners.len() > 10 * MOST_CORNERS || Instant::now() >= until {
            break;
        }
        let rows = top..(top + BAND + OVERLAP).min(height);
        let Ok(mut band) = BitMatrix::new(black.width(), rows.len() as u32) else { break };
        for (row, from) in rows.enumerate() {
            band.setRow(row as u32, &black.getRow(from as u32));
        }
        for mut corner in FindFinderPatterns(&band, true, 0) {
            let is_shared = corner.p.y < OVERLAP as f32;
            corner.p.y += top as f32;
            let is_same = |other: &ConcentricPattern| {
                let (right, down) = (other.p.x - corner.p.x, other.p.y - corner.p.y);
                right.hypot(down) < other.size as f32 / 2.0
            };
            if !(is_shared && corners.iter().any(is_same)) {
                corners.push(corner);
            }
        }
    }
    corners
}
