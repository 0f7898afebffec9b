//! One look at a stranger's repository: fetched within bounds, read without being executed, reported in both languages.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use extract::git::{Limits, Reach, acquire_within};
use framework::Lang;
use jiff::civil::Date;

use super::kept::Looked;
use crate::assess::{Reading, Request, assess_for_pages};
use crate::error::AssessError;
use crate::library::Packs;

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The job that asks for it.
    pub job: String,
    pub url: String,
    /// A commit, or `HEAD`.
    pub rev: String,
    /// The frameworks that are asked.
    pub frameworks: Vec<String>,
    pub as_of: Date,
}

/// What a look may use.
#[derive(Clone, Debug)]
pub struct Means {
    pub reach: Reach,
    pub limits: Limits,
    pub threads: usize,
    /// Raised by whoever no longer wants the answer.
    pub stop: Arc<AtomicBool>,
}

/// How far a look is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Fetching,
    Reading,
    Weighing,
    Building,
    Keeping,
}

impl Phase {
    pub const ALL: [Phase; 5] = [Phase::Fetching, Phase::Reading, Phase::Weighing, Phase::Building, Phase::Keeping];

    pub fn name(self) -> &'static str {
        match self {
            Phase::Fetching => "fetching",
            Phase::Reading => "reading",
            Phase::Weighing => "weighing",
            Phase::Building => "building",
            Phase::Keeping => "keeping",
        }
    }

    /// How much is behind it, in hundredths. Reading takes the time.
    pub fn hundredths(self) -> i64 {
        match self {
            Phase::Fetching => 5,
            Phase::Reading => 40,
            Phase::Weighing => 80,
            Phase::Building => 85,
            Phase::Keeping => 95,
        }
    }
}

/// Why an address would not be fetched, in one language; none when it may be.
pub fn unfit(reach: &Reach, url: &str, lang: Lang) -> Option<String> {
    let error = reach.accepts(url).err()?;
    Some(AssessError::Acquire(error).told(lang).message)
}

/// Looks, and says how far it is.
///
/// # Errors
/// When the repository may not be reached, cannot be fetched within the bounds, or has no such commit.
pub fn look(packs: &Packs, subject: &Subject, means: &Means, told: &dyn Fn(Phase)) -> Result<Looked, AssessError> {
    told(Phase::Fetching);
    let acquired = acquire_within(&subject.url, means.limits, &means.reach, &means.stop)?;
    told(Phase::Reading);
    let request = |lang: Lang| Request {
        repository: subject.url.clone(),
        rev: subject.rev.clone(),
        frameworks: subject.frameworks.clone(),
        packs: Vec::new(),
        profile: None,
        as_of: subject.as_of,
        lang,
        since: None,
        reading: Reading { deep: false, cache: None, threads: means.threads },
        belief: None,
    };
    let requests = [request(Lang::Fr), request(Lang::En)];
    let reports = assess_for_pages(packs, &acquired.repository, &requests, || told(Phase::Weighing))?;
    told(Phase::Keeping);
    let [french, english] = &reports[..] else { unreachable!("two languages were asked for") };
    Ok(Looked::of(&subject.job, &subject.url, french, english))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_only_goes_forward() {
        let mut all = Phase::ALL.map(Phase::hundredths);
        let before = all;
        all.sort_unstable();
        assert_eq!(all, before);
        assert!(all.iter().all(|part| (0..100).contains(part)));
    }
}
