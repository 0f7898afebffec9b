//! The console: routes, views, identity, policy. The only room that serves HTTP.

mod answer;
mod assets;
mod console;
mod cookie;
mod dates;
mod evidence;
mod figures;
mod form;
mod identity;
mod inviting;
mod ladder;
mod language;
mod limits;
mod mail;
mod metrics;
mod outbox;
mod password;
mod policy;
mod progress;
mod router;
mod routes;
mod serve;
mod shell;
mod smtp;
mod telling;
mod visitor;
mod worker;
mod world;

pub use console::{Console, LogKey, Settings};
pub use mail::{Mailer, Unfit};
pub use policy::{Declared, Who, table};
pub use router::app;
pub use routes::api::DESCRIPTION;
pub use serve::{ServeError, listen, log, serve};
pub use worker::work;
pub use world::World;
