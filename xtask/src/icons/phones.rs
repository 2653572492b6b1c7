//! The phones' icons, from the same drawing.
//!
//! Android masks an icon as each maker likes, so that it gets the ground and the figure apart, and the figure in one
//! colour for those who choose themed icons. Apple rounds the corners itself and refuses what can be seen through.

use std::{fs, path::Path};

use super::{failed, render};
use crate::{place, step::Failure};

/// Android's densities, and the side of an old launcher's icon in each.
const DENSITIES: [(&str, u32); 5] =
    [("mdpi", 48), ("hdpi", 72), ("xhdpi", 96), ("xxhdpi", 144), ("xxxhdpi", 192)];
/// Of an adaptive icon 72 of 108 parts are always seen.
const ADAPTIVE: (u32, u32) = (108, 48);
/// The figure at three quarters stays inside every mask.
const SMALLER: &str = "translate(64 64) scale(.75)";

const ADAPTIVE_ICON: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<adaptive-icon xmlns:android="http://schemas.android.com/apk/res/android">
    <background android:drawable="@color/ic_launcher_background" />
    <foreground android:drawable="@mipmap/ic_launcher_foreground" />
    <monochrome android:drawable="@mipmap/ic_launcher_monochrome" />
</adaptive-icon>
"#;

const APPLE_CONTENTS: &str = r#"{
  "images" : [
    { "filename" : "AppIcon.png", "idiom" : "universal", "platform" : "ios", "size" : "1024x1024" }
  ],
  "info" : { "author" : "xcode", "version" : 1 }
}
"#;

/// Draws what both projects show.
pub fn draw(drawing: &Path, work: &Path) -> Result<(), Failure> {
    let svg = fs::read_to_string(drawing).map_err(failed)?;
    let drawn = Drawing::read(&svg).ok_or_else(|| {
        let advice = "keep one <rect> with a fill, and the figure after it";
        Failure::plain("reading the drawing", "there is no ground under the figure", advice)
    })?;
    let keep = |name: &str, text: String| {
        let path = work.join(name);
        fs::write(&path, text).map_err(failed).map(|()| path)
    };
    let figure = keep("figure.svg", drawn.figure())?;
    let single = keep("single.svg", drawn.in_one_colour())?;
    let round = keep("round.svg", svg.replacen("rx=\"116\"", "rx=\"256\"", 1))?;
    let square = keep("square.svg", svg.replacen("rx=\"116\"", "rx=\"0\"", 1))?;

    let res = place::root().join("gen/android/app/src/main/res");
    for (density, side) in DENSITIES {
        let folder = res.join(format!("mipmap-{density}"));
        fs::create_dir_all(&folder).map_err(failed)?;
        let large = side * ADAPTIVE.0 / ADAPTIVE.1;
        render(drawing, side, &folder.join("ic_launcher.png"))?;
        render(&round, side, &folder.join("ic_launcher_round.png"))?;
        render(&figure, large, &folder.join("ic_launcher_foreground.png"))?;
        render(&single, large, &folder.join("ic_launcher_monochrome.png"))?;
    }
    let adaptive = res.join("mipmap-anydpi-v26");
    fs::create_dir_all(&adaptive).map_err(failed)?;
    for name in ["ic_launcher.xml", "ic_launcher_round.xml"] {
        fs::write(adaptive.join(name), ADAPTIVE_ICON).map_err(failed)?;
    }
    let colors = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<resources>\n    <color name=\"ic_launcher_background\">{}</color>\n</resources>\n",
        drawn.ground
    );
    fs::write(res.join("values/ic_launcher_background.xml"), colors).map_err(failed)?;

    let catalogue = place::root().join("gen/apple/Assets.xcassets");
    let icon = catalogue.join("AppIcon.appiconset");
    fs::create_dir_all(&icon).map_err(failed)?;
    fs::write(icon.join("Contents.json"), APPLE_CONTENTS).map_err(failed)?;
    let about = "{\n  \"info\" : { \"author\" : \"xcode\", \"version\" : 1 }\n}\n";
    fs::write(catalogue.join("Contents.json"), about).map_err(failed)?;
    render(&square, 1024, &icon.join("AppIcon.png"))
}

/// The drawing in its parts.
struct Drawing<'a> {
    head: &'a str,
    ground: &'a str,
    rest: &'a str,
}

impl<'a> Drawing<'a> {
    fn read(svg: &'a str) -> Option<Self> {
        let (head, after) = svg.split_once("<rect ")?;
        let (rect, rest) = after.split_once("/>")?;
        let (_, fill) = rect.split_once("fill=\"")?;
        let (ground, _) = fill.split_once('"')?;
        Some(Self { head, ground, rest: rest.strip_suffix("</svg>").unwrap_or(rest).trim_end() })
    }

    /// Without its ground, and smaller.
    fn figure(&self) -> String {
        let rest = self.rest.trim_end().trim_end_matches("</svg>");
        format!("{}<g transform=\"{SMALLER}\">{rest}</g></svg>\n", self.head)
    }

    /// The same in white.
    fn in_one_colour(&self) -> String {
        let mut text = String::new();
        let figure = self.figure();
        let mut left = figure.as_str();
        while let Some(at) = left.find("=\"#") {
            let (before, colour) = left.split_at(at + 2);
            let end = colour.find('"').unwrap_or(colour.len());
            text.push_str(before);
            text.push_str("#fff");
            left = &colour[end..];
        }
        text + left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "<svg a=\"b\"><rect rx=\"116\" fill=\"#174a3b\"/><path stroke=\"#8cd3b4\"/><circle fill=\"#e9a93a\"/></svg>";

    #[test]
    fn the_figure_comes_without_its_ground_and_stays_inside_the_mask() {
        let drawing = Drawing::read(SVG).unwrap();

        assert_eq!(drawing.ground, "#174a3b");
        assert!(!drawing.figure().contains("<rect"));
        assert!(drawing.figure().contains(SMALLER));
    }

    #[test]
    fn a_themed_icon_has_one_colour() {
        let single = Drawing::read(SVG).unwrap().in_one_colour();

        assert_eq!(single.matches("#fff\"").count(), 2, "{single}");
        assert_eq!(single.matches('#').count(), 2);
    }
}
