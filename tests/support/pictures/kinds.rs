//! The kinds of pictures, and how many of each.

use std::f32::consts::TAU;

use image::{RgbImage, imageops};

use super::{
    code::Code,
    dice::Dice,
    scene::{Ground, Placed, Scene, write_jpeg, write_png},
};

/// How many pictures: those that fit beside the other tests, or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Short,
    Long,
}

/// A file, and the texts of the codes in it.
pub struct Picture {
    pub file: Vec<u8>,
    pub texts: Vec<String>,
}

/// What is hard about a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Upright,
    Thumbnail,
    Rotated,
    Tilted,
    Blurred,
    Shaken,
    LowLight,
    Glare,
    Shadow,
    Inverted,
    Coloured,
    SmallInLarge,
    Chat,
    TwoCodes,
    Stained,
    Orientation,
    Everything,
    TwelveMegapixels,
}

use Kind::{
    Blurred, Chat, Coloured, Everything, Glare, Inverted, LowLight, Orientation, Rotated, Shadow,
    Shaken, SmallInLarge, Stained, Thumbnail, Tilted, TwelveMegapixels, TwoCodes, Upright,
};

/// What a flyer may be printed in: dark, light. The last ink and its paper are equally bright.
const INKS: [([f32; 3], [f32; 3]); 9] = [
    ([0.0, 90.0, 80.0], [255.0, 250.0, 235.0]),
    ([200.0, 30.0, 40.0], [255.0; 3]),
    ([20.0, 60.0, 160.0], [255.0, 220.0, 80.0]),
    ([110.0, 50.0, 140.0], [220.0, 240.0, 220.0]),
    ([255.0, 190.0, 40.0], [255.0; 3]),
    ([120.0, 200.0, 240.0], [255.0; 3]),
    ([180.0, 70.0, 60.0], [80.0, 150.0, 90.0]),
    ([40.0, 40.0, 40.0], [230.0, 120.0, 130.0]),
    ([200.0, 60.0, 60.0], [60.0, 120.0, 120.0]),
];

impl Kind {
    pub const ALL: [Self; 18] = [
        Upright,
        Thumbnail,
        Rotated,
        Tilted,
        Blurred,
        Shaken,
        LowLight,
        Glare,
        Shadow,
        Inverted,
        Coloured,
        SmallInLarge,
        Chat,
        TwoCodes,
        Stained,
        Orientation,
        Everything,
        TwelveMegapixels,
    ];

    /// How many pictures of it there are.
    pub const fn count(self, form: Form) -> u64 {
        match (self, form) {
            (TwelveMegapixels, Form::Short) => 1,
            (_, Form::Short) => 2,
            (TwelveMegapixels, Form::Long) => 12,
            (_, Form::Long) => 40,
        }
    }

    /// Makes one of them; the same number makes the same picture.
    pub fn make(self, number: u64) -> Picture {
        let mut dice = Dice::new((self as u64) << 32 | number);
        let dice = &mut dice;
        let code = Code::roll(dice, matches!(self, Stained | Glare | TwoCodes));
        let texts = vec![code.text.clone()];
        let module = dice.between(4.0, 7.0);
        let mut scene = lay(code, module, Ground::Busy, dice);
        let mut quality = dice.between(70.0, 92.0) as u8;
        match self {
            Upright => {
                scene.ground = Ground::Plain;
                scene.codes[0].module = module.round();
                scene.codes[0].roll = 0.0;
            }
            Thumbnail => {
                let placed = &mut scene.codes[0];
                (placed.module, placed.roll) = (dice.between(2.0, 3.0), 0.0);
                let side = placed.code.span() as f32 * placed.module + 20.0;
                placed.at = (side / 2.0, side / 2.0);
                (scene.size, scene.ground) = ((side as u32, side as u32), Ground::Plain);
            }
            Rotated => scene.codes[0].roll = number as f32 / 40.0 * TAU,
            Tilted => tilt(&mut scene.codes[0], 0.6, 0.85, dice),
            Blurred => scene.blur = module * dice.between(0.3, 0.6),
            Shaken => {
                let (down, right) = dice.between(0.0, TAU).sin_cos();
                let far = module * dice.between(0.5, 1.1);
                scene.shake = (right * far, down * far);
            }
            LowLight => darken(&mut scene, dice),
            Glare => {
                let (x, y) = (dice.between(0.3, 0.7), dice.between(0.3, 0.7));
                scene.glare = Some((x, y, dice.between(0.05, 0.12), dice.between(120.0, 260.0)));
                scene.brightness = (0.6, 0.75);
            }
            Shadow => {
                scene.shadow = Some((dice.between(0.4, 0.9), dice.between(0.25, 0.5)));
                scene.brightness = (dice.between(0.6, 1.0), dice.between(0.4, 0.8));
            }
            Inverted => {
                let placed = &mut scene.codes[0];
                (placed.dark, placed.light) = ([235.0; 3], [25.0, 35.0, 45.0]);
            }
            Coloured => {
                let (dark, light) = INKS[number as usize % INKS.len()];
                (scene.codes[0].dark, scene.codes[0].light) = (dark, light);
            }
            SmallInLarge => {
                scene.size = (3000, 2250);
                scene.codes[0].module = dice.between(3.2, 4.5);
                scene.codes[0].at = (dice.between(400.0, 2600.0), dice.between(400.0, 1850.0));
                (scene.grain, scene.blur) = (4.0, 0.8);
            }
            Chat => {
                (scene.size, scene.ground) = ((1080, 2340), Ground::Chat);
                let placed = &mut scene.codes[0];
                (placed.roll, placed.module) = (0.0, dice.between(3.0, 7.0));
                placed.at = (dice.between(330.0, 700.0), dice.between(400.0, 1900.0));
                quality = dice.between(55.0, 80.0) as u8;
            }
            TwoCodes => return two_codes(scene, number, dice),
            Stained => scene.codes[0].stain = dice.between(0.1, 0.22),
            Orientation => {
                let turned = (number % 8 + 1) as u8;
                let file = write_jpeg(&undo_orientation(scene.take(dice), turned), quality);
                return Picture { file: name_orientation(&file, turned), texts };
            }
            Everything => {
                tilt(&mut scene.codes[0], 0.2, 0.5, dice);
                scene.brightness = (dice.between(0.5, 0.8), dice.between(0.4, 0.7));
                (scene.blur, scene.grain) =
                    (module * dice.between(0.1, 0.3), dice.between(4.0, 9.0));
                scene.shadow = Some((dice.between(0.5, 0.9), dice.between(0.5, 0.7)));
            }
            TwelveMegapixels => {
                scene.size = (4032, 3024);
                let placed = &mut scene.codes[0];
                placed.module = dice.between(5.0, 14.0);
                placed.at = (dice.between(1200.0, 2800.0), dice.between(1100.0, 1900.0));
                tilt(placed, 0.1, 0.5, dice);
                (scene.blur, scene.grain) = (1.5, 5.0);
                scene.brightness = (0.7, 0.9);
            }
        }
        let picture = scene.take(dice);
        let as_png =
            matches!(self, Upright | Inverted) || (self == Chat && number.is_multiple_of(2));
        let file = if as_png { write_png(&picture) } else { write_jpeg(&picture, quality) };
        Picture { file, texts }
    }
}

/// A code on a table, turned a little, in a picture of a size that shows it well.
fn lay(code: Code, module: f32, ground: Ground, dice: &mut Dice) -> Scene {
    let side = code.span() as f32 * module;
    let size = ((side * dice.between(1.6, 2.2)) as u32, (side * dice.between(1.6, 2.0)) as u32);
    let middle = (size.0 as f32 / 2.0, size.1 as f32 / 2.0);
    let mut placed = Placed::flat(code, middle, module);
    placed.roll = dice.between(-0.15, 0.15);
    Scene::new(size, ground, vec![placed])
}

fn tilt(placed: &mut Placed, least: f32, most: f32, dice: &mut Dice) {
    let (along, across) = dice.between(0.0, TAU).sin_cos();
    let far = dice.between(least, most);
    (placed.pitch, placed.yaw) = (far * along, far * across);
    placed.roll = dice.between(-0.5, 0.5);
}

fn darken(scene: &mut Scene, dice: &mut Dice) {
    let brightness = dice.between(0.08, 0.3);
    scene.brightness = (brightness, brightness * 0.8);
    // What is left of the contrast is several times the grain, as a phone's night picture has it.
    scene.grain = brightness * dice.between(15.0, 45.0);
    scene.blur = 0.7;
}

/// An invitation beside another code, or beside a second invitation.
fn two_codes(mut scene: Scene, number: u64, dice: &mut Dice) -> Picture {
    const OTHERS: [&str; 4] = [
        "WIFI:T:WPA;S:Elm Street Guests;P:welcome-2026;;",
        "https://www.facebook.example/elmstreetclinic",
        "tel:+15550118",
        "https://fhir.tworivers.example/r4",
    ];
    let other = Code::draw(OTHERS[number as usize % OTHERS.len()], qrcode::EcLevel::M);
    let module = scene.codes[0].module;
    let side = scene.codes[0].code.span() as f32 * module;
    let high = side.max(other.span() as f32 * module) * 1.5;
    let wide = side + other.span() as f32 * module;
    scene.size = ((wide * 1.3) as u32, high as u32);
    let texts = vec![scene.codes[0].code.text.clone(), other.text.clone()];
    let far = other.span() as f32 * module;
    scene.codes[0].at = (side / 2.0 + wide * 0.08, high / 2.0);
    scene.codes.push(Placed::flat(other, (wide * 1.22 - far / 2.0, high / 2.0), module));
    if number.is_multiple_of(2) {
        scene.codes.swap(0, 1);
    }
    Picture { file: write_jpeg(&scene.take(dice), 85), texts }
}

/// What the camera's sensor saw, so that the Exif orientation makes it the picture.
fn undo_orientation(picture: RgbImage, orientation: u8) -> RgbImage {
    match orientation {
        2 => imageops::flip_horizontal(&picture),
        3 => imageops::rotate180(&picture),
        4 => imageops::flip_vertical(&picture),
        5 => imageops::rotate270(&imageops::flip_horizontal(&picture)),
        6 => imageops::rotate270(&picture),
        7 => imageops::rotate90(&imageops::flip_horizontal(&picture)),
        8 => imageops::rotate90(&picture),
        _ => picture,
    }
}

/// Writes the orientation into a JPEG (Exif 2.32, tag 0x0112).
fn name_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = vec![0xff, 0xe1, 0, 34];
    exif.extend(b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    [&jpeg[..2], &exif, &jpeg[2..]].concat()
}
