//! What the console counts, in the text format of Prometheus.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// Requests are told apart by their route as declared, never by their address, which holds ids.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: String,
    status: u16,
}

/// The counters.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Histogram,
    refused_logins: Counter,
    lost_spans: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("preuve");
        let requests = Family::<Request, Counter>::default();
        let seconds = Histogram::new(exponential_buckets(0.001, 2.0, 14));
        let refused_logins = Counter::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_duration_seconds", "Time to an answer", seconds.clone());
        registry.register("logins_refused", "Logins refused", refused_logins.clone());
        let lost_spans = Counter::default();
        registry.register("spans_lost", "Spans that no collector took", lost_spans.clone());
        Self { registry, requests, seconds, refused_logins, lost_spans }
    }
}

impl Metrics {
    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, seconds: f64) {
        let method = match method {
            "GET" => "GET",
            "POST" => "POST",
            _ => "other",
        };
        self.requests.get_or_create(&Request { method, route: route.to_owned(), status }).inc();
        self.seconds.observe(seconds);
    }

    pub(crate) fn login_refused(&self) {
        self.refused_logins.inc();
    }

    pub(crate) fn span_lost(&self) {
        self.lost_spans.inc();
    }

    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        encode(&mut out, &self.registry).expect("memory takes what is written");
        out
    }
}
