//! Who may call what: every route of the console, in one table.
//!
//! The router is built from this table and from nothing else, so that a route without a rule cannot exist. A rule says
//! which roles may knock; whether this very file or session is theirs is asked again by the use case (`app::console`).

use std::sync::Arc;

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::console::Console;
use crate::{assets, language, routes as at};

pub(crate) use app::console::Role;

/// Who may knock at a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The public.
    Anyone,
    /// Whoever has signed in.
    SignedIn,
    /// Whoever holds one of these roles.
    Holding(&'static [Role]),
    /// This machine, or who knows the operator's token.
    Operator,
}

impl Who {
    /// Whether somebody with these roles may knock; `None` is the public.
    pub fn admits(self, roles: Option<&[Role]>) -> bool {
        match (self, roles) {
            (Self::Anyone, _) | (Self::SignedIn, Some(_)) => true,
            (Self::Holding(asked), Some(held)) => held.iter().any(|role| asked.contains(role)),
            _ => false,
        }
    }
}

/// One route with its rule.
pub struct Declared {
    pub method: Method,
    pub path: &'static str,
    pub who: Who,
    pub(crate) serve: MethodRouter<Arc<Console>>,
}

const CANDIDATE: Who = Who::Holding(&[Role::Candidate]);

fn route<H, T>(method: Method, filter: MethodFilter, path: &'static str, who: Who, handler: H) -> Declared
where
    H: Handler<T, Arc<Console>>,
    T: 'static,
{
    Declared { method, path, who, serve: on(filter, handler) }
}

fn get<H, T>(path: &'static str, who: Who, handler: H) -> Declared
where
    H: Handler<T, Arc<Console>>,
    T: 'static,
{
    route(Method::GET, MethodFilter::GET, path, who, handler)
}

fn post<H, T>(path: &'static str, who: Who, handler: H) -> Declared
where
    H: Handler<T, Arc<Console>>,
    T: 'static,
{
    route(Method::POST, MethodFilter::POST, path, who, handler)
}

/// The table.
pub fn table() -> Vec<Declared> {
    use Who::{Anyone, Operator, SignedIn};
    vec![
        // The public.
        get("/", Anyone, at::home::home),
        get("/titles", Anyone, at::titles::titles),
        get("/titles/{id}", Anyone, at::titles::title),
        get("/language", Anyone, language::choose),
        get("/assets/{name}", Anyone, assets::asset),
        // The machine.
        get("/healthz", Anyone, at::health::alive),
        get("/readyz", Anyone, at::health::ready),
        get("/metrics", Operator, at::health::metrics),
    ]
}
