//! What the console is given from outside: the clock and chance, so that tests and demonstrations repeat.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

/// The clock and the source of chance.
pub struct World {
    pub now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    pub chance: Box<dyn Fn() -> [u8; 32] + Send + Sync>,
    /// Where days begin and end for the people of this console.
    pub zone: TimeZone,
}

impl World {
    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// The day of the people of this console.
    pub fn today(&self) -> Date {
        self.now().to_zoned(self.zone.clone()).date()
    }

    /// A word of 256 bits that nobody can guess, fit for cookies and addresses.
    pub(crate) fn secret(&self) -> String {
        hex::encode((self.chance)())
    }
}

/// What is kept of a secret: enough to recognise it, too little to use it.
pub(crate) fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("World")
    }
}
