//! From the table of routes to a service: layers around every route, and its rule in front of it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;
use tracing::Instrument;

use crate::answer::{Refusal, problem, refusal_page};
use crate::console::Console;
use crate::identity;
use crate::limits::Limited;
use crate::policy::{Who, table};
use crate::traces::{Context, Kind, Span};
use crate::visitor::Visitor;
use crate::{language, world};

/// The largest body that is read.
pub(crate) const BODY: usize = 12 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(30);

/// The console as a service.
pub fn app(console: Arc<Console>) -> Router {
    let mut router = Router::new();
    for declared in table() {
        let guarded = declared.serve.layer(from_fn_with_state(declared.who, guard));
        router = router.route(declared.path, guarded);
    }
    router
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(async || Refusal::NotFound)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Refusal::Internal.into_response()))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(from_fn_with_state(Arc::clone(&console), meet))
        .layer(CompressionLayer::new())
        .layer(from_fn(protect))
        .with_state(console)
}

/// A refusal as whoever asks reads it: a program, or a person.
fn refused(visitor: &Visitor, refusal: &Refusal, id: &str) -> Response {
    if visitor.path.starts_with("/api/") {
        problem(&visitor.shell(), refusal, id)
    } else {
        refusal_page(visitor.shell(), refusal, id.to_owned())
    }
}

/// The rule of a route, before its handler.
async fn guard(State(who): State<Who>, request: Request, next: Next) -> Response {
    let Some(visitor) = request.extensions().get::<Visitor>() else { return Refusal::Internal.into_response() };
    let admitted = match who {
        Who::Token(scope, role) => visitor.token.as_ref().is_some_and(|scopes| {
            scopes.iter().any(|held| held == scope) && visitor.account.as_ref().is_some_and(|account| account.has(role))
        }),
        Who::Operator => visitor.operator,
        other => other.admits(visitor.roles()),
    };
    if admitted {
        return next.run(request).await;
    }
    if matches!(who, Who::Token(..)) {
        return if visitor.token.is_some() { Refusal::Forbidden } else { Refusal::SignIn }.into_response();
    }
    match (visitor.account.is_some(), request.method() == Method::GET) {
        (true, _) => Refusal::Forbidden.into_response(),
        (false, true) if who != Who::Operator => sign_in_first(&visitor.path),
        (false, true) => Refusal::Forbidden.into_response(),
        (false, false) => Refusal::SignIn.into_response(),
    }
}

fn sign_in_first(path: &str) -> Response {
    let to = format!("/sign-in?next={}", urlencoded(path));
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}

/// A text as the value of a query.
pub(crate) fn urlencoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Learns who asks, answers, and writes the page of a refusal.
async fn meet(State(console): State<Arc<Console>>, mut request: Request, next: Next) -> Response {
    let began = console.world.now();
    let method = request.method().clone();
    // A method of somebody's invention could say anything.
    let told = if [Method::GET, Method::POST, Method::HEAD].contains(&method) {
        method.to_string()
    } else {
        "_OTHER".to_owned()
    };
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let answered = route.clone();
    let id = hex::encode(&(console.world.chance)()[..8]);
    // Taken out first: a body may not be shared while somebody waits.
    let headers = request.headers().clone();
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    // Whoever asks may have begun the trace.
    let caller = headers.get("traceparent").and_then(|value| value.to_str().ok()).and_then(Context::read);
    let chance = (console.world.chance)();
    let context = caller.map_or_else(|| Context::fresh(&chance), |caller| caller.below(&chance));
    let span = tracing::info_span!("request", request = %id, method = %method, route = %route);
    let response = async {
        let visitor = visitor(&console, headers, address, path, id.clone()).await;
        let peer = &visitor.peer;
        if !console.limits.allows(Limited::Request, peer) {
            return refused(&visitor, &Refusal::TooMany, &id);
        }
        request.extensions_mut().insert(visitor.clone());
        let mut response = next.run(request).await;
        let refusal = response.extensions_mut().remove::<Refusal>();
        // What is forbidden without a reason of ours was refused by the layer that knows forms of other sites.
        let other_site = (response.status() == StatusCode::FORBIDDEN).then_some(Refusal::OtherSite);
        if let Some(refusal) = refusal.or(other_site) {
            response = refused(&visitor, &refusal, &id);
        }
        let seconds = console.world.now().duration_since(began).as_secs_f64().max(0.0);
        let status = response.status().as_u16();
        console.metrics.answered(method.as_str(), &route, status, seconds);
        tracing::info!(status, milliseconds = seconds * 1000.0, "answered");
        response
    }
    .instrument(span)
    .await;
    let mut response = response;
    if console.traces.wanted() {
        let status = response.status();
        console.span(|| Span {
            context,
            parent: caller.map(|caller| caller.span),
            name: format!("{told} {answered}"),
            kind: Kind::Server,
            began,
            ended: console.world.now(),
            texts: vec![
                ("http.request.method", told.clone()),
                ("http.route", answered.clone()),
                ("preuve.request", id.clone()),
            ],
            numbers: vec![("http.response.status_code", i64::from(status.as_u16()))],
            failed: status.is_server_error(),
        });
        if let Ok(value) = HeaderValue::from_str(&context.write()) {
            response.headers_mut().insert(HeaderName::from_static("traceresponse"), value);
        }
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

async fn visitor(
    console: &Arc<Console>,
    headers: HeaderMap,
    address: Option<IpAddr>,
    path: String,
    id: String,
) -> Visitor {
    let forwarded = headers
        .get("x-forwarded-for")
        .filter(|_| console.settings.behind_proxy)
        .and_then(|value| value.to_str().ok())
        // The last entry is what our own proxy saw; those before it are what the client claims.
        .and_then(|value| value.rsplit(',').next())
        .map(|value| value.trim().to_owned());
    let local = address.is_some_and(|address| address.is_loopback()) && forwarded.is_none();
    let peer = forwarded.or_else(|| address.map(|address| address.to_string())).unwrap_or_default();
    // Files that are the same for all need no look at who asks.
    let (account, token) = if path.starts_with("/assets/") {
        (None, None)
    } else if path.starts_with("/api/v1/") {
        identity::of_token(console, &headers).await
    } else {
        (identity::of(console, &headers).await, None)
    };
    Visitor {
        lang: language::of(&headers),
        path,
        account,
        token,
        request: id,
        peer,
        demo: console.settings.demo,
        operator: local || operator(console, &headers),
    }
}

fn operator(console: &Console, headers: &HeaderMap) -> bool {
    let Some(token) = &console.settings.metrics_token else { return false };
    let given =
        headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    // Digests are compared, so that time tells nothing about the token.
    given.is_some_and(|given| world::digest(given) == world::digest(token))
}

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const PROTECTION: [(&str, &str); 8] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("strict-transport-security", "max-age=31536000"),
];

/// What protects every answer, refusals and files too.
async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in PROTECTION {
        let name = HeaderName::from_static(name);
        if !response.headers().contains_key(&name) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    response
}
