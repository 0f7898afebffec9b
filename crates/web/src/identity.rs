//! Who a request comes from.

use std::sync::Arc;

use app::console::Account;
use axum::http::HeaderMap;

use crate::console::Console;

/// The account whose login the cookie names.
pub(crate) async fn of(_console: &Arc<Console>, _headers: &HeaderMap) -> Option<Arc<Account>> {
    None
}
