//! Who a request comes from, and how a login begins and ends.

use std::sync::Arc;

use app::console::Account;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, SET_COOKIE, USER_AGENT};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;

use crate::answer::{Refusal, see};
use crate::console::Console;
use crate::cookie;

/// How long the browser keeps the cookie of a login; the login itself may end before.
const KEPT: u64 = 12 * 3600;

/// The secret of the login that a request names.
pub(crate) fn login(console: &Console, headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let cookie = jar.get(cookie::login_name(console.settings.secure()))?;
    Some(cookie.value().to_owned())
}

/// The account whose login the cookie names.
pub(crate) async fn of(console: &Arc<Console>, headers: &HeaderMap) -> Option<Arc<Account>> {
    let secret = login(console, headers)?;
    let found = console.desk.account_of_login(&secret, console.world.now()).await;
    found.inspect_err(|error| tracing::error!(error = %error, "a login cannot be read")).ok().flatten().map(Arc::new)
}

/// The account and the scopes of the token that a program shows.
pub(crate) async fn of_token(
    console: &Arc<Console>,
    headers: &HeaderMap,
) -> (Option<Arc<Account>>, Option<Vec<String>>) {
    let given =
        headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let Some(secret) = given else { return (None, None) };
    match console.desk.account_of_token(secret, console.world.now()).await {
        Ok(Some((account, scopes))) => (Some(Arc::new(account)), Some(scopes)),
        _ => (None, None),
    }
}

/// Begins a login under a new secret and goes on. The login before it, if any, ends.
pub(crate) async fn begin(
    console: &Console,
    headers: &HeaderMap,
    account: &Account,
    next: &str,
) -> Result<Response, Refusal> {
    let secret = console.world.secret();
    let before = login(console, headers);
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    console.desk.begin_login(&account.person, &secret, before.as_deref(), agent, console.world.now()).await?;
    let secure = console.settings.secure();
    let cookie = cookie::kept(cookie::login_name(secure), &secret, KEPT, secure);
    Ok(([(SET_COOKIE, cookie)], see(next)).into_response())
}

/// Ends the login and takes its cookie away.
pub(crate) async fn end(console: &Console, headers: &HeaderMap) -> Result<Response, Refusal> {
    if let Some(secret) = login(console, headers) {
        console.desk.end_login(&secret).await?;
    }
    let secure = console.settings.secure();
    let gone = cookie::kept(cookie::login_name(secure), "", 0, secure);
    Ok(([(SET_COOKIE, gone)], see("/")).into_response())
}
