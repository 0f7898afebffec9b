//! What machines ask: alive, ready, numbers.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::visitor::Visit;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// It can do its work: the store answers too.
pub(crate) async fn ready(visit: Visit) -> Response {
    if visit.console.ready().await {
        "ready\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
    }
}

/// The counters.
pub(crate) async fn metrics(visit: Visit) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], visit.console.metrics.text()).into_response()
}
