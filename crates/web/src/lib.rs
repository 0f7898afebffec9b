//! The console: routes, views, identity, policy. The only room that serves HTTP.

mod answer;
mod assets;
mod console;
mod cookie;
mod dates;
mod identity;
mod ladder;
mod language;
mod limits;
mod metrics;
mod outbox;
mod password;
mod policy;
mod router;
mod routes;
mod serve;
mod shell;
mod telling;
mod visitor;
mod world;

pub use console::{Console, Settings};
pub use policy::{Declared, Who, table};
pub use router::app;
pub use routes::api::DESCRIPTION;
pub use serve::{ServeError, log, serve};
pub use world::World;
