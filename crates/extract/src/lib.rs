//! Repository to facts: the only room that knows git and file formats.
//!
//! [`Project`] is the tree of one commit, read on demand and bounded. Each *source* reads what concerns it
//! and pushes facts into a [`Sink`]; *relations* then join facts of several sources. Both are listed once,
//! in `sources.rs`.

pub mod application;
mod backup;
pub mod budget;
mod ci;
mod class;
mod cloud;
mod commands;
pub mod container;
mod content;
mod document;
pub mod environment;
pub mod git;
pub mod history;
mod iac;
mod image_origin;
mod joined;
pub mod kubernetes;
mod malformed;
mod marks;
mod memory;
mod monitoring;
mod node;
mod path;
mod project;
mod purpose;
mod read_json;
mod read_toml;
mod read_yaml;
mod release;
pub mod secret;
mod sink;
mod sources;
mod unreadable;

pub use class::Class;
pub use content::{Text, Unreadable};
pub use node::{Data, Document, Documents, Node, Style, SyntaxError};
pub use project::{BlobError, Blobs, File, Mode, Project};
pub use sink::Sink;
pub use sources::{facts, facts_with_history, read};
