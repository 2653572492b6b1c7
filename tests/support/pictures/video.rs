//! What a camera sees: a video of one code, for a browser that plays it in place of its camera.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
};

use super::{
    code::Code,
    dice::Dice,
    scene::{Ground, Placed, Scene},
};

const SIZE: (u32, u32) = (640, 480);
/// The browser begins anew at the end.
const FRAMES: usize = 3;

/// Writes a video of a code of this text, held in front of a camera.
///
/// # Errors
/// The file cannot be written.
pub fn write_video(text: &str, to: &Path) -> io::Result<()> {
    let code = Code::draw(text, qrcode::EcLevel::M);
    let module = 380.0 / code.span() as f32;
    let mut placed = Placed::flat(code, (320.0, 240.0), module);
    (placed.roll, placed.pitch) = (0.1, 0.2);
    let mut scene = Scene::new(SIZE, Ground::Busy, vec![placed]);
    scene.grain = 3.0;
    let picture = image::DynamicImage::ImageRgb8(scene.take(&mut Dice::new(3))).into_luma8();

    let mut file = File::create(to)?;
    writeln!(file, "YUV4MPEG2 W{} H{} F10:1 Ip A1:1 C420jpeg", SIZE.0, SIZE.1)?;
    let gray = vec![128; (SIZE.0 * SIZE.1 / 2) as usize];
    for _ in 0..FRAMES {
        writeln!(file, "FRAME")?;
        file.write_all(picture.as_raw())?;
        file.write_all(&gray)?;
    }
    Ok(())
}
