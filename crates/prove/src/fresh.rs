//! Containers that all start from one prepared image: while one works, the next is made and the last is taken away, so
//! that a state costs hardly more than the commands that are run in it.

use std::thread;

use sandbox::{Container, Engine, Failure, Spec};

use crate::protocol::Stop;

pub(crate) struct Fresh<'a> {
    engine: &'a dyn Engine,
    spec: Spec,
    /// Made, and nothing was done in it.
    waiting: Option<Container>,
    used: Option<Container>,
}

impl<'a> Fresh<'a> {
    pub fn new(engine: &'a dyn Engine, spec: Spec) -> Self {
        Self { engine, spec, waiting: None, used: None }
    }

    /// Works in a container that nobody worked in, and that nobody will work in again.
    pub fn with<T>(&mut self, work: impl FnOnce(&Container) -> Result<T, Stop>) -> Result<T, Stop> {
        let (engine, spec) = (self.engine, &self.spec);
        let container = match self.waiting.take() {
            Some(container) => container,
            None => engine.start(spec)?,
        };
        let used = self.used.replace(container.clone());
        let (done, next) = thread::scope(|scope| {
            let beside = scope.spawn(|| {
                let next = engine.start(spec);
                used.map_or(Ok(()), |used| engine.remove(&used))?;
                next
            });
            (work(&container), beside.join())
        });
        let next: Result<Container, Failure> = next.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        self.waiting = Some(next?);
        done
    }
}

impl Drop for Fresh<'_> {
    /// What cannot be removed now is removed with the session.
    fn drop(&mut self) {
        for container in self.waiting.take().iter().chain(self.used.take().iter()) {
            let _ = self.engine.remove(container);
        }
    }
}
