//! The waivers that the assessed repository grants itself, for frameworks of requirements.

use extract::Project;
use framework::waivers::Waiver;
use framework::{Framework, Kind};
use jiff::civil::Date;

use crate::error::AssessError;

/// Reads `waivers.yaml` at the root of the tree.
///
/// # Errors
/// When it is malformed, names an unknown requirement, or a waiver has expired.
pub(crate) fn read(project: &Project, framework: &Framework, as_of: Date) -> Result<Vec<Waiver>, AssessError> {
    let file = ["waivers.yaml", "waivers.yml"].into_iter().find_map(|path| project.file(path));
    let Some(file) = file.filter(|_| framework.header.kind == Kind::Requirements) else {
        return Ok(Vec::new());
    };
    framework::waivers::read(file.str(), &file.path, framework, as_of).map_err(AssessError::Packs)
}
