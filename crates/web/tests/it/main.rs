//! The console in process: every route by every role, objects by their owners, sign-in, headers, words.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api;
mod beginning;
mod building;
mod credentials;
mod disputes;
mod erasing;
mod fairness;
mod figures;
mod harness;
mod hooks;
mod journal;
mod judged;
mod looking;
mod messages;
mod objects;
mod orals;
mod proofs;
mod protection;
mod proving;
mod questions;
mod recordings;
mod renewing;
mod retaining;
mod routes;
mod seating;
mod services;
mod signing_in;
mod tracing;
mod words;
