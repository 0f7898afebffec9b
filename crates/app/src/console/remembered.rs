//! What was read of the store, for as long as nothing was written to it.
//!
//! Everything that changes a record tells it in the log, so the log's length says whether what was read is still as it
//! was: by whatever process it was written, and for the price of one small question.

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use super::Error;
use super::desk::{Desk, Records};
use super::scope::Scope;

/// How many records are kept in memory, over all scopes.
const MOST: usize = 20_000;

/// The records of scopes, all read while the log had one length.
#[derive(Default)]
pub(super) struct Remembered {
    length: i64,
    size: usize,
    scopes: BTreeMap<Scope, Arc<Records>>,
}

impl Remembered {
    fn get(&mut self, scope: &Scope, length: i64) -> Option<Arc<Records>> {
        if self.length != length {
            *self = Self { length, ..Self::default() };
        }
        self.scopes.get(scope).cloned()
    }

    /// Keeps what was read at a length, unless the log went on meanwhile.
    fn put(&mut self, scope: &Scope, length: i64, records: &Arc<Records>) {
        let size = records.size();
        if self.length != length || size > MOST {
            return;
        }
        if self.size + size > MOST {
            *self = Self { length, ..Self::default() };
        }
        self.size += size;
        self.scopes.insert(scope.clone(), Arc::clone(records));
    }
}

impl Records {
    /// About how much memory it takes: a title has all its versions, with their rubrics.
    fn size(&self) -> usize {
        let few = self.organisations.len() + self.cohorts.len() + self.invitations.len() + self.counts.len();
        let many = self.people.len() + self.sheets.len() + self.deliberations.len() + self.awards.len();
        let long = self.sessions.len() + self.enrolments.len() + self.appeals.len() + self.frauds.len();
        1 + few + many + 2 * long + 10 * self.titles.len()
    }
}

impl Desk {
    /// Reads the records of a scope.
    ///
    /// # Errors
    /// When they cannot be reached.
    pub async fn read<T>(&self, scope: &Scope, look: impl FnOnce(&Records) -> T) -> Result<T, Error> {
        // Asked before the records are read: what is written in between makes them too new, never too old.
        let length = self.store.log_length().await?;
        let known = self.remembered().get(scope, length);
        let records = match known {
            Some(records) => records,
            None => {
                let records = Arc::new(scope.load(&self.store).await?.records());
                self.remembered().put(scope, length, &records);
                records
            }
        };
        Ok(look(&records))
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(people: usize) -> Arc<Records> {
        let counts = (0..people)
            .map(|nth| (programme::SessionId::new(&format!("s{nth}")).unwrap(), programme::Stage::Applied, 1));
        Arc::new(Records { counts: counts.collect(), ..Records::default() })
    }

    #[test]
    fn what_was_read_is_kept_until_something_is_written() {
        let mut remembered = Remembered::default();
        assert!(remembered.get(&Scope::People, 1).is_none());
        remembered.put(&Scope::People, 1, &of(3));
        assert_eq!(remembered.get(&Scope::People, 1), Some(of(3)));
        assert!(remembered.get(&Scope::Nothing, 1).is_none());
        assert!(remembered.get(&Scope::People, 2).is_none());
        // Read before the log went on, and put back after it did.
        remembered.put(&Scope::People, 1, &of(3));
        assert!(remembered.get(&Scope::People, 2).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let mut remembered = Remembered::default();
        remembered.get(&Scope::People, 1);
        remembered.put(&Scope::People, 1, &of(MOST));
        assert!(remembered.get(&Scope::People, 1).is_none());
        remembered.put(&Scope::People, 1, &of(MOST - 1));
        assert!(remembered.get(&Scope::People, 1).is_some());
        remembered.put(&Scope::Appeals, 1, &of(1));
        assert!(remembered.get(&Scope::People, 1).is_none() && remembered.get(&Scope::Appeals, 1).is_some());
    }
}
