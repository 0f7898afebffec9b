//! Handing traces to the collector that an operator named, by the one HTTP client.

/// Sends JSON, and gives the status of the answer.
///
/// # Errors
/// When nobody answers; never with what was sent.
pub fn post(url: &str, headers: &[(String, String)], body: &str) -> Result<u16, String> {
    crate::credential::http::hand_over(url, headers, body)
}
