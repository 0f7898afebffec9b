//! What is asked: frameworks, checks and rules as data.

mod builtin;
mod competence;
mod evaluation;
pub mod export;
mod expression;
pub mod fault;
mod id;
mod load;
mod model;
mod passage;
mod problem;
mod requirement;
pub mod rule;
mod rung;
mod text;
pub mod waivers;

pub use builtin::builtin;
pub use competence::{Activity, Applied, Competence, Criterion, Experiment, Extent, Indicator, Need};
pub use evaluation::{Deliverable, Evaluation, Form, Jury, Pages, Part};
pub use expression::BoolExpr;
pub use fault::{Catalogue, Fault, Lab, Variant, load_catalogue};
pub use id::{Id, Position};
pub use load::{Library, PackFile, from_yaml, is_of_pack, load, load_frameworks};
pub use model::{Framework, Header, Item, Kind, Skill, SkillModule, Source, Term};
pub use passage::{Passage, Patterns, Sought, Wording, folded, names};
pub use problem::{PackError, closest};
pub use requirement::{
    Enforcement, Level, Means, Method, Mode, Profile, ProfileRule, Requirement, Settlement, Strength,
};
pub use rung::Rung;
pub use text::{Lang, Text};
