//! Undoing what a camera that was not in focus did.
//!
//! In: brightness, a byte a pixel. Out: the same, sharper; grain becomes coarser with it.
//!
//! What is sought is the picture that, blurred, becomes the one there is. It is found step by step: what is missing after
//! blurring is added (P. H. van Cittert, "Zum Einfluß der Spaltbreite auf die Intensitätsverteilung in Spektrallinien", 1931).

use image::GrayImage;

/// More bring out more of the grain than of the code.
const STEPS: usize = 8;

/// Undoes a blur of about so many pixels to each side.
pub fn refocus(picture: &GrayImage, reach: usize) -> GrayImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let seen: Vec<f32> = picture.as_raw().iter().map(|pixel| f32::from(*pixel)).collect();
    let mut sought = seen.clone();
    let mut blurred = Vec::new();
    let mut row_before = Vec::new();
    for _ in 0..STEPS {
        blurred.clone_from(&sought);
        // Three times even is close to a bell.
        for _ in 0..3 {
            blurred.chunks_exact_mut(width).for_each(|row| blur_row(row, reach, &mut row_before));
            blur_columns(&mut blurred, width, height, reach);
        }
        for ((sought, seen), blurred) in sought.iter_mut().zip(&seen).zip(&blurred) {
            *sought = (*sought + seen - blurred).clamp(0.0, 255.0);
        }
    }
    let bytes = sought.iter().map(|pixel| *pixel as u8).collect();
    GrayImage::from_raw(picture.width(), picture.height(), bytes).expect("as many as there were")
}

/// The mean of each pixel and its neighbours, so many to each side; at an edge, of those that are there.
fn blur_row(row: &mut [f32], reach: usize, before: &mut Vec<f32>) {
    before.clear();
    before.extend_from_slice(row);
    let (mut sum, mut taken) = (0.0, 0..0);
    for (at, pixel) in row.iter_mut().enumerate() {
        while taken.end < (at + reach + 1).min(before.len()) {
            sum += before[taken.end];
            taken.end += 1;
        }
        while taken.start + reach < at {
            sum -= before[taken.start];
            taken.start += 1;
        }
        *pixel = sum / taken.len() as f32;
    }
}

/// The same down the columns, a row at a time.
fn blur_columns(pixels: &mut [f32], width: usize, height: usize, reach: usize) {
    let before = pixels.to_vec();
    let (mut sums, mut taken) = (vec![0.0; width], 0..0);
    for at in 0..height {
        while taken.end < (at + reach + 1).min(height) {
            let row = &before[taken.end * width..][..width];
            sums.iter_mut().zip(row).for_each(|(sum, pixel)| *sum += pixel);
            taken.end += 1;
        }
        while taken.start + reach < at {
            let row = &before[taken.start * width..][..width];
            sums.iter_mut().zip(row).for_each(|(sum, pixel)| *sum -= pixel);
            taken.start += 1;
        }
        let count = taken.len() as f32;
        let row = &mut pixels[at * width..][..width];
        row.iter_mut().zip(&sums).for_each(|(pixel, sum)| *pixel = sum / count);
    }
}

#[cfg(test)]
mod tests {
    use image::{Luma, imageops};

    use super::*;

    #[test]
    fn stripes_that_were_out_of_focus_stand_out_again() {
        let sharp =
            GrayImage::from_fn(160, 60, |x, _| Luma([if x / 5 % 2 == 0 { 30 } else { 220 }]));
        let blurred = imageops::fast_blur(&sharp, 2.5);
        let contrast = |picture: &GrayImage| {
            let row = (40..120).map(|x| picture.get_pixel(x, 30).0[0]);
            row.clone().max().unwrap_or(0) - row.min().unwrap_or(0)
        };

        let again = refocus(&blurred, 2);

        assert!(
            contrast(&again) > 2 * contrast(&blurred),
            "{:?}",
            (contrast(&again), contrast(&blurred))
        );
        for x in 40..120 {
            if x % 5 == 2 {
                let is_dark = again.get_pixel(x, 30).0[0] < 125;
                assert_eq!(is_dark, sharp.get_pixel(x, 30).0[0] < 125, "column {x}");
            }
        }
    }

    #[test]
    fn what_is_evenly_grey_stays_so_to_its_edges() {
        let grey = GrayImage::from_pixel(31, 17, Luma([90]));

        assert!(refocus(&grey, 3).pixels().all(|pixel| pixel.0[0].abs_diff(90) <= 1));
    }
}
