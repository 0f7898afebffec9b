//! What the console reads of a project by itself: a file that is kept with each run, and the jobs that make it.

mod doing;
mod findings;
mod jobs;
mod kept;
mod look;
mod uploaded;

pub use doing::Asked;
pub use extract::git::{Limits, Reach};
pub use findings::{Shown, findings, shown_by};
pub use jobs::{LOOKS, Progress, Relation};
pub use kept::{Excerpt, Looked, LookedCheck, LookedFramework, LookedIndicator};
pub use look::{Means, Phase, Subject, look, unfit};
