//! A picture the person chose, made small enough to be read.
//!
//! In: a file of any kind the browser can show. Out: a PNG or JPEG in base64. Never: a copy that stays.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, FileReader, HtmlCanvasElement, ImageBitmap};

/// Small files of these kinds go as they are.
const READ_AS_THEY_ARE: [&str; 2] = ["image/png", "image/jpeg"];
const SMALL: f64 = 600_000.0;
/// The longer side of a picture that is made smaller; a code filling a tenth of it can still be read.
const LONGER_SIDE: f64 = 2000.0;

/// The picture in base64, or nothing where the browser cannot read it.
pub async fn read_file(file: &File) -> Option<String> {
    let as_it_is = READ_AS_THEY_ARE.contains(&file.type_().as_str()) && file.size() <= SMALL;
    let url = if as_it_is { read_url(file).await } else { draw_smaller(file).await };
    Some(url.ok()?.split_once(";base64,")?.1.to_owned())
}

/// Any file in base64, as it is.
pub async fn read_as_it_is(file: &File) -> Option<String> {
    Some(read_url(file).await.ok()?.split_once(";base64,")?.1.to_owned())
}

async fn read_url(file: &File) -> Result<String, JsValue> {
    let reader = FileReader::new()?;
    let done = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move || {
            let _ = resolve.call0(&JsValue::NULL);
        });
        reader.set_onloadend(Some(done.unchecked_ref()));
    });
    reader.read_as_data_url(file)?;
    JsFuture::from(done).await?;
    reader.result()?.as_string().ok_or(JsValue::NULL)
}

async fn draw_smaller(file: &File) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let bitmap: ImageBitmap =
        JsFuture::from(window.create_image_bitmap_with_blob(file)?).await?.unchecked_into();
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (LONGER_SIDE / width.max(height)).min(1.0);
    let canvas: HtmlCanvasElement =
        window.document().ok_or(JsValue::NULL)?.create_element("canvas")?.unchecked_into();
    canvas.set_width((width * scale) as u32);
    canvas.set_height((height * scale) as u32);
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    // JPEG knows no see-through: without paper, a code drawn on nothing would turn all black.
    context.set_fill_style_str("white");
    context.fill_rect(0.0, 0.0, width * scale, height * scale);
    context.draw_image_with_image_bitmap_and_dw_and_dh(
        &bitmap,
        0.0,
        0.0,
        width * scale,
        height * scale,
    )?;
    bitmap.close();
    canvas.to_data_url_with_type("image/jpeg")
}
