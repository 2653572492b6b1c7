//! The camera of this device, where the page may ask for it.
//!
//! In: a press of the person, who was told why. Out: what the camera sees, a small picture at a time.
//! Never: sound, a video that is kept, or a camera that stays on after its page.

use js_sys::{Array, Function, JSON, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

use crate::bridge::has_scanner;

/// The longer side of what is looked at; a code that fills a quarter of it is read.
const LONGER_SIDE: f64 = 800.0;

/// Why there is no camera to look through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraError {
    /// The person, or the device for them, said no.
    Refused,
    /// This device has none that a page may use.
    Missing,
    /// Another app holds it.
    Busy,
}

/// A camera that is on. It goes off with this.
pub struct Camera(MediaStream);

impl Camera {
    /// Turns the camera on that looks away from the person. The browser asks them first.
    ///
    /// # Errors
    /// They said no, or there is nothing to turn on.
    pub async fn turn_on() -> Result<Self, CameraError> {
        let missing = |_: JsValue| CameraError::Missing;
        let devices = web_sys::window()
            .filter(|_| may_ask())
            .and_then(|window| window.navigator().media_devices().ok())
            .ok_or(CameraError::Missing)?;
        let wanted = MediaStreamConstraints::new();
        wanted.set_video(
            &JSON::parse(r#"{"facingMode":"environment","width":{"ideal":1280}}"#)
                .map_err(missing)?,
        );
        let asked = devices.get_user_media_with_constraints(&wanted).map_err(missing)?;
        match JsFuture::from(asked).await {
            Ok(stream) => Ok(Self(stream.unchecked_into())),
            // W3C Media Capture and Streams section 10.2 (getUserMedia) names the errors.
            Err(error) => Err(match read_name(&error).as_deref() {
                Some("NotAllowedError" | "SecurityError") => CameraError::Refused,
                Some("NotReadableError" | "AbortError") => CameraError::Busy,
                _ => CameraError::Missing,
            }),
        }
    }

    /// Shows what it sees.
    pub fn show_in(&self, video: &HtmlVideoElement) {
        video.set_src_object(Some(&self.0));
        // A browser that does not play shows nothing, and then nothing is found: the help says what else there is.
        let _ = video.play();
    }
}

/// The light beside a camera, which helps where it is dark.
#[derive(Clone, PartialEq)]
pub struct Lamp(MediaStreamTrack);

impl Camera {
    /// Its light, where the page may switch one (W3C MediaStream Image Capture, `torch`).
    pub fn find_lamp(&self) -> Option<Lamp> {
        let track: MediaStreamTrack = self.0.get_video_tracks().get(0).dyn_into().ok()?;
        let list = read_function(&track, "getCapabilities")?;
        let capabilities = list.call0(&track).ok()?;
        // Some browsers say whether there is one, others list the states that it has.
        let torch = Reflect::get(&capabilities, &"torch".into()).ok()?;
        let is_there = match torch.dyn_ref::<Array>() {
            Some(states) => states.includes(&JsValue::TRUE, 0),
            None => torch.is_truthy(),
        };
        is_there.then_some(Lamp(track))
    }
}

impl Lamp {
    /// Switches it; whether the camera took that. It goes off with its camera.
    pub async fn switch(&self, on: bool) -> bool {
        let Some(apply) = read_function(&self.0, "applyConstraints") else { return false };
        let wanted = JSON::parse(&format!(r#"{{"advanced":[{{"torch":{on}}}]}}"#));
        let applied = wanted.and_then(|wanted| apply.call1(&self.0, &wanted));
        match applied.map(|applied| applied.dyn_into::<Promise>()) {
            Ok(Ok(applied)) => JsFuture::from(applied).await.is_ok(),
            _ => false,
        }
    }
}

fn read_function(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

impl Drop for Camera {
    fn drop(&mut self) {
        for track in self.0.get_tracks().iter() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

/// Whether there is a camera to look through: by the device's own scanner, or by the page.
pub fn is_offered() -> bool {
    has_scanner() || may_ask()
}

/// Whether the page may ask for a camera at all.
fn may_ask() -> bool {
    web_sys::window().is_some_and(|window| {
        Reflect::get(&window.navigator(), &"mediaDevices".into()).is_ok_and(|it| it.is_object())
    })
}

/// What stands in the video now, as a JPEG in base64; nothing before the first picture came.
pub fn take_picture(video: &HtmlVideoElement) -> Option<String> {
    let (width, height) = (f64::from(video.video_width()), f64::from(video.video_height()));
    if width == 0.0 || height == 0.0 {
        return None;
    }
    let scale = (LONGER_SIDE / width.max(height)).min(1.0);
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.unchecked_into();
    canvas.set_width((width * scale) as u32);
    canvas.set_height((height * scale) as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
    context
        .draw_image_with_html_video_element_and_dw_and_dh(
            video,
            0.0,
            0.0,
            width * scale,
            height * scale,
        )
        .ok()?;
    let url = canvas.to_data_url_with_type("image/jpeg").ok()?;
    Some(url.split_once(";base64,")?.1.to_owned())
}

fn read_name(error: &JsValue) -> Option<String> {
    Reflect::get(error, &"name".into()).ok()?.as_string()
}
