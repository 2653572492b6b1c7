//! The icons, from one drawing.
//!
//! In: `icons/app-icon.svg`. Out: beside it, what Tauri's bundler and desktops want; in `gen`, what the phones want.
//! `.ico` and `.icns` are boxes around PNG files, so that they are written here and no tool for them is needed.

mod phones;

use std::{fs, io, path::Path, process::Command};

use crate::{
    machine::Part,
    place, setup,
    step::{self, Failure, Step},
};

const PICTURES: [(&str, u32); 5] = [
    ("32x32.png", 32),
    ("128x128.png", 128),
    ("128x128@2x.png", 256),
    ("icon.png", 512),
    ("64x64.png", 64),
];
/// What Windows shows in lists, on the desktop and large.
const ICO: [u32; 5] = [16, 32, 48, 64, 256];
/// What macOS shows, by the box's own names.
const ICNS: [(&[u8; 4], u32); 6] =
    [(b"icp4", 16), (b"icp5", 32), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512), (b"ic10", 1024)];

/// Draws them all.
pub fn draw() -> Result<(), Failure> {
    setup::prepare(&[Part::Icons])?;
    let folder = place::root().join("icons");
    let drawing = folder.join("app-icon.svg");
    for (name, size) in PICTURES {
        render(&drawing, size, &folder.join(name))?;
    }
    let work = place::target().join("icons");
    fs::create_dir_all(&work).map_err(failed)?;
    let mut pictures = Vec::new();
    let sizes = ICO.into_iter().chain(ICNS.into_iter().map(|(_, size)| size));
    for size in sizes {
        let file = work.join(format!("{size}.png"));
        render(&drawing, size, &file)?;
        pictures.push((size, fs::read(&file).map_err(failed)?));
    }
    let find = |size: u32| -> &[u8] {
        let found = pictures.iter().find(|(other, _)| *other == size);
        &found.expect("every size was drawn above").1
    };
    let ico = pack_ico(&ICO.map(|size| (size, find(size))));
    let icns = pack_icns(&ICNS.map(|(name, size)| (name, find(size))));
    fs::write(folder.join("icon.ico"), ico).map_err(failed)?;
    fs::write(folder.join("icon.icns"), icns).map_err(failed)?;
    phones::draw(&drawing, &work)?;
    step::say("icons/ is ready");
    Ok(())
}

fn render(drawing: &Path, size: u32, to: &Path) -> Result<(), Failure> {
    let mut command = Command::new("rsvg-convert");
    let size = size.to_string();
    command.args(["-w", &size, "-h", &size]).arg(drawing).arg("-o").arg(to);
    let name = format!("drawing {}", place::shown(to));
    Step::new(&name, command, "see what rsvg-convert says of icons/app-icon.svg").run().map(|_| ())
}

/// Windows' box: a head, a line for each picture, the pictures.
fn pack_ico(pictures: &[(u32, &[u8])]) -> Vec<u8> {
    let count = u16::try_from(pictures.len()).expect("a handful");
    let mut lines = vec![0, 0, 1, 0];
    lines.extend(count.to_le_bytes());
    let mut bodies = Vec::new();
    for (size, picture) in pictures {
        // 0 stands for 256.
        let side = u8::try_from(*size).unwrap_or(0);
        let start = 6 + 16 * pictures.len() + bodies.len();
        lines.extend([side, side, 0, 0, 1, 0, 32, 0]);
        lines.extend(length(picture.len()).to_le_bytes());
        lines.extend(length(start).to_le_bytes());
        bodies.extend_from_slice(picture);
    }
    lines.extend(bodies);
    lines
}

/// Apple's box: a head, and each picture after its name and length.
fn pack_icns(pictures: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut bodies = Vec::new();
    for (name, picture) in pictures {
        bodies.extend_from_slice(*name);
        bodies.extend(length(picture.len() + 8).to_be_bytes());
        bodies.extend_from_slice(picture);
    }
    let mut packed = b"icns".to_vec();
    packed.extend(length(bodies.len() + 8).to_be_bytes());
    packed.extend(bodies);
    packed
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("icons are small")
}

fn failed(error: io::Error) -> Failure {
    Failure::plain("writing the icons", error.to_string(), "see that icons/ can be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ico_says_where_each_picture_begins() {
        let packed = pack_ico(&[(16, b"AAA"), (256, b"BB")]);

        let start = |line: usize| -> usize {
            let at = 6 + 16 * line + 12;
            u32::from_le_bytes(packed[at..at + 4].try_into().unwrap()) as usize
        };
        assert_eq!(packed[..6], [0, 0, 1, 0, 2, 0]);
        assert_eq!(&packed[start(0)..start(0) + 3], b"AAA");
        assert_eq!(&packed[start(1)..], b"BB");
        assert_eq!(packed[6 + 16], 0, "256 is written as 0");
    }

    #[test]
    fn an_icns_counts_its_own_length() {
        let packed = pack_icns(&[(b"ic07", b"PNG")]);

        assert_eq!(packed.len(), 8 + 8 + 3);
        assert_eq!(packed[4..8], 19_u32.to_be_bytes());
        assert_eq!(packed[12..16], 11_u32.to_be_bytes());
    }
}
