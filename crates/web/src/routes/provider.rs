//! Signing in by another house: there with a state that works once in one browser, and back with a code.

use app::oidc::OidcError;
use axum::extract::Query;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::answer::{Refusal, local};
use crate::limits::Limited;
use crate::visitor::Visit;
use crate::world::digest;
use crate::{cookie, identity};

/// How long somebody may take at the provider.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
const PURPOSE: &str = "provider";
const COOKIE: &str = "preuve-provider";

/// What is remembered of a sign-in until the browser comes back.
#[derive(Serialize, Deserialize)]
struct Kept {
    nonce: String,
    verifier: String,
    /// The digest of the cookie of the browser that began it.
    browser: String,
    next: String,
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// Sends the browser to the provider.
pub(crate) async fn begin(visit: Visit, Query(asked): Query<Next>) -> Result<Response, Refusal> {
    let console = &visit.console;
    let provider = console.settings.provider.clone().ok_or(Refusal::NotFound)?;
    if !console.limits.allows(Limited::SignIn, &format!("provider {}", visit.visitor.peer)) {
        return Err(Refusal::TooMany);
    }
    let [state, nonce, verifier, browser] = std::array::from_fn(|_| console.world.secret());
    let now = console.world.now();
    let next = local(&asked.next).unwrap_or_default().to_owned();
    let kept = Kept { nonce: nonce.clone(), verifier: verifier.clone(), browser: digest(&browser), next };
    let kept = serde_json::to_string(&kept).map_err(|_| Refusal::Internal)?;
    console.desk.remember(&state, PURPOSE, &kept, now + PATIENCE).await?;
    let begun = tokio::task::spawn_blocking(move || provider.begin((&state, &nonce, &verifier), now));
    let begun = begun.await.map_err(|_| Refusal::Internal)?.map_err(|error| refused(&error))?;
    let secure = console.settings.secure();
    let seconds = PATIENCE.as_secs().unsigned_abs();
    let cookie = cookie::kept(cookie::name(COOKIE, secure).as_str(), &browser, seconds, secure);
    Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, begun.address)]).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
    /// Which provider answers, where it says so.
    iss: Option<String>,
}

/// Takes who comes back: only the browser that left, only once, only with what the provider signed for it.
pub(crate) async fn back(visit: Visit, headers: HeaderMap, Query(given): Query<Back>) -> Result<Response, Refusal> {
    let console = &visit.console;
    let provider = console.settings.provider.clone().ok_or(Refusal::NotFound)?;
    let now = console.world.now();
    let kept = console.desk.recall(&given.state, PURPOSE, now).await?.ok_or(Refusal::Wrong("provider-state"))?;
    let kept: Kept = serde_json::from_str(&kept).map_err(|_| Refusal::Internal)?;
    let secure = console.settings.secure();
    let name = cookie::name(COOKIE, secure);
    let browser = CookieJar::from_headers(&headers).get(&name).map(|cookie| digest(cookie.value()));
    if browser.as_deref() != Some(&*kept.browser) {
        return Err(Refusal::Wrong("provider-state"));
    }
    if given.iss.as_ref().is_some_and(|issuer| *issuer != provider.settings.issuer) {
        return Err(Refusal::Wrong("provider-refused"));
    }
    if given.code.is_empty() || !given.error.is_empty() {
        return Err(Refusal::Wrong("provider-denied"));
    }
    let Kept { nonce, verifier, next, .. } = kept;
    let found = tokio::task::spawn_blocking(move || provider.complete(&given.code, (&nonce, &verifier), now));
    let found = found.await.map_err(|_| Refusal::Internal)?.map_err(|error| refused(&error))?;
    let Some(account) = console.desk.account_of_identity(&found).await? else {
        tracing::info!(issuer = %found.issuer, "somebody without an account here");
        return Err(Refusal::Wrong("provider-nobody"));
    };
    tracing::info!(person = %account.person, "signed in by the provider");
    let next = if next.is_empty() { crate::shell::home(&account.roles).to_owned() } else { next };
    let mut response = identity::begin(console, &headers, &account, &next).await?;
    if let Ok(gone) = cookie::kept(&name, "", 0, secure).parse() {
        response.headers_mut().append(SET_COOKIE, gone);
    }
    Ok(response)
}

/// The reason is for whoever runs the service; a visitor learns that it did not work.
fn refused(error: &OidcError) -> Refusal {
    tracing::warn!(error = %error, "a sign-in by the provider was refused");
    match error {
        OidcError::Provider(_) => Refusal::Wrong("provider-silent"),
        OidcError::Token(_) => Refusal::Wrong("provider-refused"),
    }
}
