//! States of machines that one subject of a run brought about, and that another may start from instead of bringing them about
//! again. They live as long as the run: the images are removed with it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use sandbox::Image;

use crate::hosts::Snapshot;

/// What was kept in a run, by a name that holds everything that decides the state.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<BTreeMap<String, BTreeMap<String, State>>>);

/// One machine as it was kept.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub image: Image,
    /// The addresses on which something listened, a line each.
    pub listening: String,
    /// What it held, as seen from outside: a machine that was started again may lack some of it.
    pub held: Snapshot,
}

impl Shelf {
    pub(crate) fn put(&self, name: String, machines: BTreeMap<String, State>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, machines);
    }

    pub(crate) fn take(&self, name: &str) -> Option<BTreeMap<String, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}
