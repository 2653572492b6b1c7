//! ServiceRequests of the SDOH Clinical Care guide.

use serde_json::Value;

use super::element::text;

/// When help should have come, as the server wrote it: `occurrence[x]`, of a period its end.
pub fn occurrence_end(request: &Value) -> Option<&str> {
    text(request, "occurrenceDateTime").or_else(|| text(request.get("occurrencePeriod")?, "end"))
}
