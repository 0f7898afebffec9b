//! Who a request comes from, and how a login begins and ends.

use std::sync::Arc;

use app::console::Account;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;

use crate::answer::{Refusal, see};
use crate::console::Console;
use crate::{cookie, world};

/// How long the browser keeps the cookie of a login; the login itself may end before.
const KEPT: u64 = 12 * 3600;

/// The digest of the login that a request names.
pub(crate) fn login(console: &Console, headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let cookie = jar.get(cookie::login_name(console.settings.secure()))?;
    Some(world::digest(cookie.value()))
}

/// The account whose login the cookie names.
pub(crate) async fn of(console: &Arc<Console>, headers: &HeaderMap) -> Option<Arc<Account>> {
    let digest = login(console, headers)?;
    console.desk.account_of_login(&digest, console.world.now()).ok().flatten().map(Arc::new)
}

/// Begins a login under a new secret and goes on. The login before it, if any, ends.
pub(crate) fn begin(console: &Console, headers: &HeaderMap, account: &Account, next: &str) -> Result<Response, Refusal> {
    let secret = console.world.secret();
    let before = login(console, headers);
    console.desk.begin_login(&account.person, &world::digest(&secret), before.as_deref(), console.world.now())?;
    let secure = console.settings.secure();
    let cookie = cookie::kept(cookie::login_name(secure), &secret, KEPT, secure);
    Ok(([(SET_COOKIE, cookie)], see(next)).into_response())
}

/// Ends the login and takes its cookie away.
pub(crate) fn end(console: &Console, headers: &HeaderMap) -> Result<Response, Refusal> {
    if let Some(digest) = login(console, headers) {
        console.desk.end_login(&digest)?;
    }
    let secure = console.settings.secure();
    let gone = cookie::kept(cookie::login_name(secure), "", 0, secure);
    Ok(([(SET_COOKIE, gone)], see("/")).into_response())
}
