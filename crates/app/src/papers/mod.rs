//! Papers: a project's report begun and checked, a dossier begun and built.

mod build;
pub(crate) mod deadline;
mod dossier_init;
pub(crate) mod gather;
mod handed_in;
mod jury;
mod jury_annexes;
mod press;
mod project;
mod report_check;
mod report_init;
pub(crate) mod repositories;
mod skeleton;
mod verdicts;
mod workshop;

pub(crate) use build::called;
pub use build::{BuildRequest, Built, Paper, build_papers};
pub use deadline::Deadline;
pub use dossier_init::{BegunDossier, DossierRequest, begin_dossier};
pub(crate) use handed_in::{HandedIn, HandedPaper, build_handed_in};
pub use press::{Printed, measure};
pub use report_check::{CheckRequest, CheckedReport, check_report};
pub use report_init::{Begun, InitRequest, begin_report};
