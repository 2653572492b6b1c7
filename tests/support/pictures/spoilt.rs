//! Files that are no picture, or one that means harm.

use image::{GrayImage, Luma, RgbImage};

use super::{dice::Dice, kinds::Kind, scene::write_png};

/// Files that must be refused or found to hold no code, by what they are; none of them may do more than that.
pub fn spoilt_files(count: u64) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        ("nothing at all".to_owned(), Vec::new()),
        ("a text".to_owned(), b"https://fhir.elmstreetclinic.example/r4".to_vec()),
        ("a PNG that claims 16,000 by 16,000 pixels".to_owned(), claim_size(16_000, 16_000)),
        (
            "a PNG that claims four thousand million pixels a side".to_owned(),
            claim_size(u32::MAX, u32::MAX),
        ),
        ("a PNG without a side".to_owned(), claim_size(0, 0)),
        ("a PNG of 12,000 by 12,000 zeros in a few kilobytes".to_owned(), pack_zeros(12_000)),
        ("one pixel".to_owned(), write_png(&RgbImage::new(1, 1))),
        ("a line of pixels".to_owned(), write_png(&RgbImage::new(9_000, 1))),
        ("snow".to_owned(), write_png(&draw_snow(1_600))),
        ("a chessboard".to_owned(), write_png(&draw_squares(1_600, 3))),
        ("thousands of finder patterns".to_owned(), write_png(&draw_finders(1_600, 2))),
        ("as many as fit a photo".to_owned(), write_png(&draw_finders(4_000, 2))),
        ("fewer and larger ones".to_owned(), write_png(&draw_finders(1_600, 9))),
    ];
    let mut dice = Dice::new(1);
    for number in 0..count {
        let kind = if number % 2 == 0 { Kind::Upright } else { Kind::Rotated };
        let mut file = kind.make(number % 8).file;
        if number % 4 < 2 {
            let cut = 8 + dice.roll() as usize % (file.len() / 2);
            file.truncate(cut);
            files.push((format!("cut after {cut} bytes"), file));
        } else {
            for _ in 0..20 {
                let at = dice.roll() as usize % file.len();
                file[at] = dice.roll() as u8;
            }
            files.push((format!("twenty wrong bytes, number {number}"), file));
        }
    }
    files
}

/// The head of a PNG (ISO/IEC 15948 section 11.2.2) and nothing more.
fn claim_size(width: u32, height: u32) -> Vec<u8> {
    let mut file = write_png(&RgbImage::new(1, 1));
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let checked = crc(&file[12..29]);
    file[29..33].copy_from_slice(&checked.to_be_bytes());
    file
}

/// The check at the end of a PNG's chunk (ISO/IEC 15948 annex D).
fn crc(bytes: &[u8]) -> u32 {
    let rest = bytes.iter().fold(u32::MAX, |mut rest, byte| {
        rest ^= u32::from(*byte);
        for _ in 0..8 {
            rest = if rest & 1 == 1 { (rest >> 1) ^ 0xedb8_8320 } else { rest >> 1 };
        }
        rest
    });
    !rest
}

fn pack_zeros(side: u32) -> Vec<u8> {
    write_gray(&GrayImage::new(side, side))
}

fn draw_snow(side: u32) -> RgbImage {
    let mut dice = Dice::new(2);
    let snow =
        GrayImage::from_fn(side, side, |_, _| Luma([if dice.roll() & 1 == 1 { 255 } else { 0 }]));
    image::DynamicImage::ImageLuma8(snow).into_rgb8()
}

fn draw_squares(side: u32, wide: u32) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| {
        image::Rgb([if (x / wide + y / wide).is_multiple_of(2) { 0 } else { 255 }; 3])
    })
}

/// Rings of 7, 5 and 3 modules, edge to edge, which is what a decoder looks for first.
fn draw_finders(side: u32, module: u32) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| {
        let ring = |at: u32| (at / module % 8).abs_diff(3);
        let dark = matches!(ring(x).max(ring(y)), 0 | 1 | 3);
        image::Rgb([if dark { 0 } else { 255 }; 3])
    })
}

fn write_gray(picture: &GrayImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a picture in memory can be written");
    bytes.into_inner()
}
