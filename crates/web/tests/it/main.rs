//! The console in process: every route by every role, objects by their owners, sign-in, headers, words.

mod api;
mod harness;
mod judged;
mod objects;
mod protection;
mod routes;
mod signing_in;
mod words;
