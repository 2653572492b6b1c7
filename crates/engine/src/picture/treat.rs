//! What is done to a picture before a code is looked for in it.
//!
//! In: brightness, a byte a pixel. Out: the same, with light and shadow, blur or grain taken out of it.

use image::{
    GrayImage, RgbImage,
    imageops::{self, FilterType},
};

/// Makes the picture smaller: its longer side becomes this.
pub fn fit(picture: &GrayImage, side: u32) -> GrayImage {
    let longer = picture.width().max(picture.height());
    let scale =
        |length: u32| (u64::from(length) * u64::from(side) / u64::from(longer)).max(1) as u32;
    imageops::resize(picture, scale(picture.width()), scale(picture.height()), FilterType::Triangle)
}

/// Makes a small picture larger.
pub fn enlarge(picture: &GrayImage, times: u32) -> GrayImage {
    let (width, height) = (picture.width() * times, picture.height() * times);
    imageops::resize(picture, width, height, FilterType::CatmullRom)
}

/// Dark becomes light, and light dark.
pub fn invert(picture: &GrayImage) -> GrayImage {
    let mut inverted = picture.clone();
    inverted.iter_mut().for_each(|brightness| *brightness = 255 - *brightness);
    inverted
}

/// One of red, green and blue: a code in two colours of the same brightness stands out in one of them.
pub fn take_channel(picture: &RgbImage, channel: usize) -> GrayImage {
    let bytes = picture.pixels().map(|pixel| pixel.0[channel]).collect();
    GrayImage::from_raw(picture.width(), picture.height(), bytes).expect("one byte for each pixel")
}

/// Judges each pixel by its neighbourhood, so many pixels to each side: how far it is from what is usual there.
///
/// A wide neighbourhood takes shadows and reflections out. One of about a module sharpens what is out of focus.
pub fn level(picture: &GrayImage, reach: usize) -> GrayImage {
    /// What differs less than this is grain, and stays as small as it is.
    const GRAIN: f32 = 3.0;
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = picture.as_raw();
    // Sums down each column of the neighbourhood, moved on from row to row.
    let (mut sums, mut squares) = (vec![0_u32; width], vec![0_u32; width]);
    let mut leveled = vec![0_u8; pixels.len()];
    let mut rows = 0..0;
    for row in 0..height {
        while rows.end < (row + reach + 1).min(height) {
            for (column, pixel) in pixels[rows.end * width..][..width].iter().enumerate() {
                sums[column] += u32::from(*pixel);
                squares[column] += u32::from(*pixel) * u32::from(*pixel);
            }
            rows.end += 1;
        }
        while rows.start + reach < row {
            for (column, pixel) in pixels[rows.start * width..][..width].iter().enumerate() {
                sums[column] -= u32::from(*pixel);
                squares[column] -= u32::from(*pixel) * u32::from(*pixel);
            }
            rows.start += 1;
        }
        let (mut sum, mut square, mut columns) = (0_u32, 0_u32, 0..0);
        for column in 0..width {
            while columns.end < (column + reach + 1).min(width) {
                (sum, square) = (sum + sums[columns.end], square + squares[columns.end]);
                columns.end += 1;
            }
            while columns.start + reach < column {
                (sum, square) = (sum - sums[columns.start], square - squares[columns.start]);
                columns.start += 1;
            }
            let count = (rows.len() * columns.len()) as f32;
            let usual = sum as f32 / count;
            let spread = (square as f32 / count - usual * usual).max(0.0).sqrt();
            let at = row * width + column;
            let far = (f32::from(pixels[at]) - usual) / spread.max(GRAIN);
            // The cast stays within a byte by itself.
            leveled[at] = (128.0 + 60.0 * far) as u8;
        }
    }
    GrayImage::from_raw(picture.width(), picture.height(), leveled).expect("as many as there were")
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn a_code_half_in_the_shadow_has_the_same_contrast_everywhere_once_it_is_leveled() {
        let stripes = |x: u32| x % 4 < 2;
        let shaded = GrayImage::from_fn(200, 40, |x, _| {
            let (dark, light) = if x < 100 { (120, 240) } else { (20, 40) };
            Luma([if stripes(x) { dark } else { light }])
        });

        let leveled = level(&shaded, 6);

        for column in (10..90).chain(110..190) {
            let seen = leveled.get_pixel(column, 20).0[0];
            assert_eq!(seen < 128, stripes(column), "column {column} is {seen}");
            assert!(seen.abs_diff(128) > 40, "column {column} is {seen}");
        }
    }

    #[test]
    fn what_is_evenly_grey_stays_so_to_its_edges() {
        let grey = GrayImage::from_pixel(31, 17, Luma([90]));

        assert!(level(&grey, 8).pixels().all(|pixel| pixel.0[0] == 128));
    }
}
