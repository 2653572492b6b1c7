//! The pictures of every page that are kept in the repository, and how a page is held against its picture.
//!
//! In: a page that stands still. Out: what looks otherwise than it did. Never: a day, an hour or a count of today's:
//! what changes by itself is written over before a picture is taken.

use std::{
    fs,
    path::{Path, PathBuf},
};

use image::{
    RgbImage,
    codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder},
    imageops::FilterType,
};

use crate::{
    preview::{Look, Preview},
    programs::repository,
};

/// A third of a phone's width: small enough to keep, large enough to see what moved.
const SCALE: u32 = 3;
/// Steps between the colours that are kept, of 256: fewer colours make a smaller file.
const STEP: u8 = 17;
/// How far a colour may be off: fonts are drawn a little otherwise on another machine.
const NEAR: u8 = 56;
/// In ten thousands: how much of a page may be further off. A line of small text is more.
const SHARE: u64 = 60;

/// The pictures in one look.
pub struct Album {
    folder: PathBuf,
    look: Look,
    writes: bool,
}

impl Album {
    /// `HANDRAIL_ALBUM=write` takes the pictures anew, as `cargo xtask shots` does.
    pub fn open(look: Look) -> Self {
        let name = format!("{look:?}").to_lowercase();
        let folder = repository().join("docs/pictures/pages").join(name);
        let writes = std::env::var_os("HANDRAIL_ALBUM").is_some_and(|wish| wish == "write");
        Self { folder, look, writes }
    }

    /// Holds the page against its picture. Returns what is wrong, if something is.
    pub async fn compare(&self, preview: &Preview, name: &str) -> Option<String> {
        preview.screen.run(WRITE_OVER, Vec::new()).await;
        let taken = preview.screen.0.screenshot().await.expect("the browser takes pictures");
        let taken = image::load_from_memory(&taken).expect("a PNG");
        let (width, height) = (taken.width() / SCALE, taken.height() / SCALE);
        let mut taken = taken.resize_exact(width, height, FilterType::Triangle).to_rgb8();
        taken.iter_mut().for_each(|value| *value = value.saturating_add(STEP / 2) / STEP * STEP);
        let path = self.folder.join(format!("{name}.png"));
        if self.writes {
            save(&taken, &path);
            return None;
        }
        let fault = match image::open(&path) {
            Err(_) => {
                "has no picture in docs/pictures/pages; `cargo xtask shots` takes it".to_owned()
            }
            Ok(kept) => find_difference(&kept.to_rgb8(), &taken)?,
        };
        let seen =
            repository().join("target/xtask/pages").join(format!("{name}-{:?}.png", self.look));
        save(&taken, &seen);
        Some(format!("{fault} (as it is now: {})", seen.display()))
    }
}

/// What is so different that a person would see it.
fn find_difference(kept: &RgbImage, taken: &RgbImage) -> Option<String> {
    if kept.dimensions() != taken.dimensions() {
        return Some(format!("is {:?}, and was {:?}", taken.dimensions(), kept.dimensions()));
    }
    let is_far = |(one, other): (&image::Rgb<u8>, &image::Rgb<u8>)| {
        one.0.iter().zip(other.0).any(|(one, other)| one.abs_diff(other) > NEAR)
    };
    let far = kept.pixels().zip(taken.pixels()).filter(|pair| is_far(*pair)).count() as u64;
    let all = u64::from(kept.width() * kept.height());
    let share = far * 10_000 / all;
    (share > SHARE).then(|| format!("looks otherwise: {share} of 10,000 points, {SHARE} at most"))
}

fn save(picture: &RgbImage, path: &Path) {
    let folder = path.parent().expect("a picture lies in a folder");
    fs::create_dir_all(folder).expect("a folder for pictures");
    let file = fs::File::create(path).expect("room for a picture");
    let small = PngEncoder::new_with_quality(file, CompressionType::Best, PngFilter::Adaptive);
    picture.write_with_encoder(small).expect("room for a picture");
}

/// Writes one day, one hour and one number over all others, in both languages.
const WRITE_OVER: &str = r"
    const days = /\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b/gi;
    const months = /\b(January|February|March|April|May|June|July|August|September|October|November|December|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b/g;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        // The keys of the lock are pressed by what they say.
        if (text.parentElement.closest('.key')) continue;
        const written = text.data
            .replace(/Good (morning|afternoon|evening)/, 'Good morning')
            .replace(/Buen[oa]s (días|tardes|noches)/, 'Buenos días')
            .replace(/\b[AP]M\b/g, 'AM').replace(/\b[ap]\.(\s?)m\./g, 'a.$1m.')
            .replace(/, 20\d\d| de 20\d\d/g, '')
            .replace(days, 'Monday').replace(months, 'May')
            .replace(/Checked (just now|\d+ minutes? ago)\./g, 'Checked just now.')
            .replace(/\d+/g, '00');
        if (written !== text.data) text.data = written;
    }
    for (const field of document.querySelectorAll('input[type=date]')) {
        if (field.value) field.value = '2026-05-01';
    }";

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn a_line_that_moved_is_seen_and_a_softer_edge_is_not() {
        let page = RgbImage::from_pixel(206, 457, Rgb([244, 242, 236]));
        let mut with_line = page.clone();
        (20..180)
            .for_each(|x| (100..106).for_each(|y| with_line.put_pixel(x, y, Rgb([20, 20, 20]))));
        let mut softer = with_line.clone();
        (20..180).for_each(|x| softer.put_pixel(x, 100, Rgb([60, 60, 60])));

        assert_eq!(find_difference(&page, &page), None);
        assert_eq!(find_difference(&with_line, &softer), None);
        assert!(find_difference(&page, &with_line).is_some());
    }
}
