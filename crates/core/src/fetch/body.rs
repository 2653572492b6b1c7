//! The body of an answer, read apart from the fetch: whoever carries can read several side by side.

use serde_json::Value;

/// Bytes of memory for one body, once it is read.
const MOST_MEMORY: usize = 64 * 1024 * 1024;

/// What a body holds, as far as a fetch asks.
#[derive(Clone)]
pub struct Body {
    /// How long it was, in bytes.
    pub(super) length: u64,
    /// It would take more memory than a phone should give, so it was not read.
    pub(super) is_crowded: bool,
    /// `None`: it is no JSON, or nobody asks what is in it.
    pub(super) json: Option<Value>,
}

impl Body {
    /// Reads it. Of an answer that is no success, only the length counts.
    pub fn read(status: u16, bytes: &[u8]) -> Self {
        let is_crowded = is_crowded(bytes);
        let json = if is_crowded || status != 200 { None } else { read_json(bytes) };
        Self { length: bytes.len() as u64, is_crowded, json }
    }
}

/// Whether a body of an allowed size would take too much memory.
///
/// An object takes about 700 bytes however little it holds, and any other value up to 64.
fn is_crowded(body: &[u8]) -> bool {
    let cost = |byte: &u8| match byte {
        b'{' => 700,
        b',' | b'[' => 64,
        _ => 0,
    };
    body.iter().map(cost).sum::<usize>() > MOST_MEMORY
}

fn read_json(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)).ok()
}
