//! How often one peer may try what is costly or worth guessing.

use std::num::NonZeroU32;

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

type Keyed = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>;

/// One limiter a purpose, each keyed by the peer or by the account that is tried.
pub(crate) struct Limits {
    sign_in: Keyed,
    requests: Keyed,
    looks: Keyed,
}

/// What is limited.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limited {
    SignIn,
    Request,
    /// Minutes of this machine, for a repository of theirs.
    Look,
}

const fn quota(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).expect("quotas are not zero")
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in: RateLimiter::keyed(Quota::per_minute(quota(20))),
            requests: RateLimiter::keyed(Quota::per_second(quota(50)).allow_burst(quota(300))),
            looks: RateLimiter::keyed(Quota::per_hour(quota(10)).allow_burst(quota(5))),
        }
    }
}

impl Limits {
    /// Counts one try, and says whether it may go on.
    pub(crate) fn allows(&self, what: Limited, who: &str) -> bool {
        let limiter = match what {
            Limited::SignIn => &self.sign_in,
            Limited::Request => &self.requests,
            Limited::Look => &self.looks,
        };
        // Peers that went away are forgotten before they are too many.
        if limiter.len() > 100_000 {
            limiter.retain_recent();
        }
        limiter.check_key(&who.to_owned()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_that_tries_too_often_waits_and_others_do_not() {
        let limits = Limits::default();
        let passed = (0..100).filter(|_| limits.allows(Limited::SignIn, "192.0.2.1")).count();
        assert!((20..25).contains(&passed), "{passed}");
        assert!(limits.allows(Limited::SignIn, "192.0.2.2"));
    }
}
