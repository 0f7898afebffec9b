//! Spans as OTLP writes them in JSON, and the collector that takes them.

use serde_json::{Value, json};

use super::Span;

/// Where an operator wants spans to go.
pub struct Collector {
    url: String,
    headers: Vec<(String, String)>,
    pub(super) service: String,
}

/// Headers may hold a key.
impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Collector")
    }
}

impl Collector {
    /// `endpoint` is the base that `OTEL_EXPORTER_OTLP_ENDPOINT` names; `headers` are `NAME=VALUE`, with commas between.
    ///
    /// # Errors
    /// With the name of a message, when either cannot be used.
    pub fn of(endpoint: &str, headers: &str, service: &str) -> Result<Self, &'static str> {
        let base = endpoint.trim().trim_end_matches('/');
        let host = base.strip_prefix("http://").or_else(|| base.strip_prefix("https://")).ok_or("otlp-endpoint")?;
        if host.is_empty() || host.contains(['@', '?', '#', ' ']) {
            return Err("otlp-endpoint");
        }
        let pair = |text: &str| {
            let (name, value) = text.split_once('=')?;
            let plain =
                |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
            let value = unescaped(value.trim());
            (plain(name.trim()) && plain(&value)).then(|| (name.trim().to_lowercase(), value))
        };
        let headers = headers.split(',').filter(|text| !text.trim().is_empty()).map(pair);
        let headers = headers.collect::<Option<Vec<_>>>().ok_or("otlp-headers")?;
        Ok(Self { url: format!("{base}/v1/traces"), headers, service: service.to_owned() })
    }

    /// The status that the collector answers with.
    ///
    /// # Errors
    /// When it does not answer.
    pub(super) fn post(&self, body: &str) -> Result<u16, String> {
        app::otlp::post(&self.url, &self.headers, body)
    }
}

/// `%XX` as the characters that they are.
fn unescaped(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let pair = more.get(..2).and_then(|two| str::from_utf8(two).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                out.push(byte);
                rest = &more[2..];
            }
            None => {
                out.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn text(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

/// An `ExportTraceServiceRequest`.
pub(super) fn body(service: &str, spans: &[Span]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    json!({
        "resourceSpans": [{
            "resource": { "attributes": [text("service.name", service), text("service.version", version)] },
            "scopeSpans": [{
                "scope": { "name": "preuve", "version": version },
                "spans": spans.iter().map(span).collect::<Vec<_>>(),
            }],
        }],
    })
    .to_string()
}

fn span(one: &Span) -> Value {
    // Numbers of sixty-four bits are texts there.
    let texts = one.texts.iter().map(|(key, value)| text(key, value));
    let numbers =
        one.numbers.iter().map(|(key, value)| json!({ "key": key, "value": { "intValue": value.to_string() } }));
    let nanoseconds = |at: jiff::Timestamp| at.as_nanosecond().max(0).to_string();
    let mut out = json!({
        "traceId": hex::encode(one.context.trace),
        "spanId": hex::encode(one.context.span),
        "name": one.name,
        "kind": one.kind as i32,
        "startTimeUnixNano": nanoseconds(one.began),
        "endTimeUnixNano": nanoseconds(one.ended.max(one.began)),
        "attributes": texts.chain(numbers).collect::<Vec<_>>(),
    });
    if let Some(parent) = &one.parent {
        out["parentSpanId"] = hex::encode(parent).into();
    }
    if one.failed {
        out["status"] = json!({ "code": 2 });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_and_its_headers_are_as_the_variables_write_them() {
        for (endpoint, headers, expected) in [
            ("http://collector:4318", "", Ok("http://collector:4318/v1/traces")),
            ("https://otlp.example.org/base/", "x-key=a%20b,y=2", Ok("https://otlp.example.org/base/v1/traces")),
            ("collector:4317", "", Err("otlp-endpoint")),
            ("http://me:word@collector", "", Err("otlp-endpoint")),
            ("http://", "", Err("otlp-endpoint")),
            ("http://collector", "nothing", Err("otlp-headers")),
            ("http://collector", "a=b%0d%0ac", Err("otlp-headers")),
        ] {
            let found = Collector::of(endpoint, headers, "preuve");
            assert_eq!(
                found.as_ref().map(|one| one.url.as_str()).map_err(|why| *why),
                expected,
                "{endpoint} {headers}"
            );
        }
        let found = Collector::of("http://collector", "X-Key=a%20b%3d", "preuve").expect("it is one");
        assert_eq!(found.headers, [("x-key".to_owned(), "a b=".to_owned())]);
        assert!(!format!("{found:?}").contains("a b"));
    }
}
