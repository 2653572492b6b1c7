//! A table or a screen with codes on it, and a camera over it.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, codecs::jpeg::JpegEncoder};

use super::{code::Code, dice::Dice};

type Color = [f32; 3];

/// How one code lies there.
pub struct Placed {
    pub code: Code,
    /// Where its middle is, in pixels.
    pub at: (f32, f32),
    /// How wide a module is, in pixels, where the code is not tilted.
    pub module: f32,
    /// Turned in its plane, tipped away, turned aside; in radians.
    pub roll: f32,
    pub pitch: f32,
    pub yaw: f32,
    pub dark: Color,
    pub light: Color,
    /// Part of the side that a round stain or a logo in the middle covers.
    pub stain: f32,
}

impl Placed {
    pub const fn flat(code: Code, at: (f32, f32), module: f32) -> Self {
        let (dark, light) = ([20.0; 3], [245.0; 3]);
        Self { code, at, module, roll: 0.0, pitch: 0.0, yaw: 0.0, dark, light, stain: 0.0 }
    }

    /// What takes a point of the picture to modules (the inverse of the camera's projection).
    fn find_way_back(&self, focal: f32) -> [[f32; 3]; 3] {
        let ((sr, cr), (sp, cp), (sy, cy)) =
            (self.roll.sin_cos(), self.pitch.sin_cos(), self.yaw.sin_cos());
        // Roll first, then pitch about x, then yaw about y.
        let right = [cy * cr + sy * sp * sr, cp * sr, -sy * cr + cy * sp * sr];
        let down = [-cy * sr + sy * sp * cr, cp * cr, sy * sr + cy * sp * cr];
        let half = self.code.span() as f32 / 2.0;
        let column = |axis: [f32; 3]| {
            let scale = self.module;
            let z = axis[2] * scale;
            [axis[0] * scale * focal + self.at.0 * z, axis[1] * scale * focal + self.at.1 * z, z]
        };
        let (u, v) = (column(right), column(down));
        let middle = [self.at.0 * focal, self.at.1 * focal, focal];
        let origin: [f32; 3] = std::array::from_fn(|row| middle[row] - half * (u[row] + v[row]));
        invert([[u[0], v[0], origin[0]], [u[1], v[1], origin[1]], [u[2], v[2], origin[2]]])
    }

    /// The colour there, or nothing beside the paper.
    fn color_at(&self, way: &[[f32; 3]; 3], x: f32, y: f32) -> Option<Color> {
        let [u, v, w] = std::array::from_fn(|row| way[row][0] * x + way[row][1] * y + way[row][2]);
        let (u, v, span) = (u / w, v / w, self.code.span() as f32);
        if !(w.is_finite() && u >= 0.0 && v >= 0.0 && u < span && v < span) {
            return None;
        }
        let (from_x, from_y) = (u - span / 2.0, v - span / 2.0);
        if from_x.hypot(from_y) < self.stain * span / 2.0 {
            return Some([150.0, 90.0, 60.0]);
        }
        Some(if self.code.is_dark(u as i32, v as i32) { self.dark } else { self.light })
    }
}

fn invert(m: [[f32; 3]; 3]) -> [[f32; 3]; 3] {
    let m = m.map(|row| row.map(f64::from));
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a][c] * m[b][d] - m[a][d] * m[b][c];
    let adjugate = [
        [minor(1, 2, 1, 2), -minor(0, 2, 1, 2), minor(0, 1, 1, 2)],
        [-minor(1, 2, 0, 2), minor(0, 2, 0, 2), -minor(0, 1, 0, 2)],
        [minor(1, 2, 0, 1), -minor(0, 2, 0, 1), minor(0, 1, 0, 1)],
    ];
    let determinant: f64 = (0..3).map(|column| m[0][column] * adjugate[column][0]).sum();
    adjugate.map(|row| row.map(|entry| (entry / determinant) as f32))
}

/// What is under the codes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    Plain,
    /// A table with things on it and lines of print.
    Busy,
    /// A screenshot of messages.
    Chat,
}

/// Everything in front of the camera, and what it does to it.
pub struct Scene {
    pub size: (u32, u32),
    pub ground: Ground,
    pub codes: Vec<Placed>,
    /// Brightness at the left and at the right edge; 1 is a bright room.
    pub brightness: (f32, f32),
    /// The edge of a shadow across the picture (part of its width), and how much light is left in it.
    pub shadow: Option<(f32, f32)>,
    /// A lamp's reflection: where (part of the size), how wide (part of the width), how strong.
    pub glare: Option<(f32, f32, f32, f32)>,
    /// Out of focus: the bell's width in pixels.
    pub blur: f32,
    /// Moved while it was taken: pixels to the right and down.
    pub shake: (f32, f32),
    /// Grain, in steps of brightness.
    pub grain: f32,
}

impl Scene {
    pub const fn new(size: (u32, u32), ground: Ground, codes: Vec<Placed>) -> Self {
        let (brightness, shake) = ((1.0, 1.0), (0.0, 0.0));
        Self {
            size,
            ground,
            codes,
            brightness,
            shadow: None,
            glare: None,
            blur: 0.0,
            shake,
            grain: 0.0,
        }
    }

    /// Takes the picture.
    pub fn take(&self, dice: &mut Dice) -> RgbImage {
        let mut picture = self.draw_ground(dice);
        for placed in &self.codes {
            self.draw_code(&mut picture, placed);
        }
        if self.shake != (0.0, 0.0) {
            picture = self.smear(&picture);
        }
        if self.blur > 0.0 {
            picture = DynamicImage::ImageRgb8(picture).fast_blur(self.blur).into_rgb8();
        }
        if self.brightness != (1.0, 1.0) || self.shadow.is_some() || self.glare.is_some() {
            self.light(&mut picture);
        }
        if self.grain > 0.0 {
            for pixel in picture.pixels_mut() {
                let grain = dice.bell() * self.grain;
                pixel.0 =
                    pixel.0.map(|channel| (f32::from(channel) + grain).clamp(0.0, 255.0) as u8);
            }
        }
        picture
    }

    fn draw_ground(&self, dice: &mut Dice) -> RgbImage {
        let (width, height) = self.size;
        let paper = match self.ground {
            Ground::Plain => Rgb([245; 3]),
            Ground::Busy => Rgb([190, 170, 150]),
            Ground::Chat => Rgb([236, 229, 221]),
        };
        let mut picture = RgbImage::from_pixel(width, height, paper);
        let mut fill = |x: u32, y: u32, wide: u32, high: u32, color: Rgb<u8>| {
            for row in y.min(height)..(y + high).min(height) {
                for column in x.min(width)..(x + wide).min(width) {
                    picture.put_pixel(column, row, color);
                }
            }
        };
        let unit = (width.min(height) / 100).max(2);
        let along = |dice: &mut Dice, part: u32| dice.between(0.0, part as f32) as u32;
        match self.ground {
            Ground::Plain => {}
            Ground::Busy => {
                for _ in 0..30 {
                    let shade = dice.between(40.0, 240.0) as u8;
                    let (x, y) = (along(dice, width), along(dice, height));
                    let (wide, high) = (along(dice, 20 * unit), along(dice, 20 * unit));
                    fill(x, y, wide, high, Rgb([shade, shade / 2 + 60, 255 - shade]));
                }
                for line in 0..height / (3 * unit) {
                    let y = line * 3 * unit;
                    let mut x = unit;
                    while x < width / 3 {
                        let wide = unit / 2 + along(dice, unit);
                        fill(x, y, wide, unit, Rgb([60; 3]));
                        x += wide + unit / 2;
                    }
                }
            }
            Ground::Chat => {
                fill(0, 0, width, 9 * unit, Rgb([7, 94, 84]));
                let mut y = 14 * unit;
                while y < height {
                    let (left, wide) = (along(dice, 30 * unit), (35 + along(dice, 20)) * unit);
                    let bubble = *dice.pick(&[Rgb([255; 3]), Rgb([220, 248, 198])]);
                    fill(left, y, wide, 9 * unit, bubble);
                    for line in 0..2 {
                        let mut x = left + 2 * unit;
                        while x + 3 * unit < left + wide {
                            let long = 1 + along(dice, unit);
                            fill(x, y + (2 + 3 * line) * unit, long, 3 * unit / 2, Rgb([40; 3]));
                            x += long + unit / 2;
                        }
                    }
                    y += 14 * unit;
                }
            }
        }
        picture
    }

    fn draw_code(&self, picture: &mut RgbImage, placed: &Placed) {
        let way = placed.find_way_back(1.3 * self.size.0.max(self.size.1) as f32);
        // However it is turned, and with what tilting brings nearer.
        let reach = placed.code.span() as f32 * placed.module * 1.2;
        let edge = |at: f32, end: u32| (at.max(0.0) as u32).min(end);
        let (x, y) = placed.at;
        let steps: &[f32] =
            if placed.module < 4.0 { &[0.125, 0.375, 0.625, 0.875] } else { &[0.25, 0.75] };
        for row in edge(y - reach, self.size.1)..edge(y + reach, self.size.1) {
            for column in edge(x - reach, self.size.0)..edge(x + reach, self.size.0) {
                let under = picture.get_pixel(column, row).0.map(f32::from);
                let mut sum = [0.0; 3];
                for down in steps {
                    for right in steps {
                        let at = (column as f32 + right, row as f32 + down);
                        let color = placed.color_at(&way, at.0, at.1).unwrap_or(under);
                        sum = std::array::from_fn(|channel| sum[channel] + color[channel]);
                    }
                }
                let count = (steps.len() * steps.len()) as f32;
                picture.put_pixel(column, row, Rgb(sum.map(|channel| (channel / count) as u8)));
            }
        }
    }

    fn smear(&self, picture: &RgbImage) -> RgbImage {
        let steps = self.shake.0.abs().max(self.shake.1.abs()).ceil().max(1.0) as u32;
        let (last_x, last_y) = (self.size.0 - 1, self.size.1 - 1);
        RgbImage::from_fn(self.size.0, self.size.1, |x, y| {
            let mut sum = [0.0; 3];
            for step in 0..=steps {
                let part = step as f32 / steps as f32 - 0.5;
                let from_x = (x as f32 + part * self.shake.0).max(0.0) as u32;
                let from_y = (y as f32 + part * self.shake.1).max(0.0) as u32;
                let pixel = picture.get_pixel(from_x.min(last_x), from_y.min(last_y)).0;
                sum = std::array::from_fn(|channel| sum[channel] + f32::from(pixel[channel]));
            }
            Rgb(sum.map(|channel| (channel / (steps + 1) as f32) as u8))
        })
    }

    fn light(&self, picture: &mut RgbImage) {
        let (width, height) = (self.size.0 as f32, self.size.1 as f32);
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let (across, down) = (x as f32 / width, y as f32 / height);
            let mut light = self.brightness.0 + (self.brightness.1 - self.brightness.0) * across;
            if let Some((edge, left)) = self.shadow {
                // Soft over a fiftieth of the width, and slanting.
                let depth = ((across + 0.3 * down - edge) * 50.0).clamp(0.0, 1.0);
                light *= 1.0 - depth * (1.0 - left);
            }
            let glare = self.glare.map_or(0.0, |(at_x, at_y, wide, strong)| {
                let far = (across - at_x).hypot((down - at_y) * height / width) / wide;
                strong * (-far * far).exp()
            });
            pixel.0 = pixel.0.map(|it| (f32::from(it) * light + glare).clamp(0.0, 255.0) as u8);
        }
    }
}

/// The picture as a camera saves it.
pub fn write_jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(picture)
        .expect("a picture in memory can be written");
    bytes
}

/// The picture as a screenshot is saved.
pub fn write_png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture in memory can be written");
    bytes.into_inner()
}
