//! Start: the reference application under another name, in one language, for one platform, in a repository of its own.

mod application;
mod name;

use std::path::Path;

use framework::Lang;
use framework::fault::{Edit, Tree, apply};

use crate::error::AssessError;

pub use application::application;
pub use name::Name;

/// Where the product is to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    ManagedOpenshift,
    ExternalCluster,
    PublicCloud,
}

impl Target {
    pub const ALL: [Target; 3] = [Target::ManagedOpenshift, Target::ExternalCluster, Target::PublicCloud];

    /// The profile of requirements, and of the chart, that it stands for.
    pub fn profile(self) -> &'static str {
        match self {
            Target::ManagedOpenshift => "managed-openshift",
            Target::ExternalCluster => "external-restricted",
            Target::PublicCloud => "public-cloud",
        }
    }

    /// The chart keeps the profile of the target alone.
    fn edits(self) -> Vec<Edit> {
        let all = Target::ALL.map(Target::profile).join(" ");
        let others = Target::ALL.into_iter().filter(|other| *other != self);
        let mut edits: Vec<Edit> = others
            .map(|other| Edit::Remove { path: format!("kubernetes/chart/profiles/{}.yaml", other.profile()) })
            .collect();
        edits.push(Edit::Replace {
            path: "Makefile".to_owned(),
            text: format!("PROFILES := {all}"),
            by: format!("PROFILES := {}", self.profile()),
            every: false,
        });
        edits.push(Edit::Replace {
            path: "docs/platforms.md".to_owned(),
            text: "profiles/managed-openshift.yaml".to_owned(),
            by: format!("profiles/{}.yaml", self.profile()),
            every: false,
        });
        edits
    }
}

/// The files of a new project.
pub fn project(name: &Name, lang: Lang, target: Target) -> Tree {
    let mut tree = application();
    application::speak(&mut tree, lang);
    apply(&mut tree, &target.edits()).expect("a test applies these edits in every language");
    name.rename(&tree)
}

/// Writes a new project into a folder that is not there yet, or empty, and makes it a repository without a commit.
///
/// # Errors
/// When the folder holds something, cannot be written, or the git program is missing.
pub fn begin(dir: &Path, tree: &Tree) -> Result<(), AssessError> {
    write(dir, tree)?;
    extract::git::begin(dir).map_err(AssessError::Begin)
}

/// Writes a tree into a folder that is not there yet, or empty. A text that starts as a script does can be executed.
pub(crate) fn write(dir: &Path, tree: &Tree) -> Result<(), AssessError> {
    let failed = |path: &Path, source| AssessError::Write { path: path.to_owned(), source };
    if dir.symlink_metadata().is_ok() {
        let mut held = std::fs::read_dir(dir).map_err(|source| failed(dir, source))?;
        if held.next().is_some() {
            return Err(AssessError::NotEmpty { path: dir.to_owned() });
        }
    }
    for (path, text) in tree {
        let file = dir.join(path);
        let folder = file.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
        std::fs::write(&file, text).map_err(|source| failed(&file, source))?;
        if text.starts_with("#!") {
            executable(&file).map_err(|source| failed(&file, source))?;
        }
    }
    Ok(())
}

fn executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_of_the_old_name_is_left() {
        let name = Name::parse("relais").expect("it is a name");
        for lang in [Lang::Fr, Lang::En] {
            for target in Target::ALL {
                let tree = project(&name, lang, target);
                let left = tree
                    .iter()
                    .filter(|(path, text)| path.contains("comptoir") || text.to_lowercase().contains("comptoir"));
                assert_eq!(left.map(|(path, _)| path.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
                assert!(tree.contains_key("src/relais/__init__.py") && tree.contains_key("relais.md"));
                let profiles = tree.keys().filter(|path| path.starts_with("kubernetes/chart/profiles/"));
                assert_eq!(profiles.count(), 1);
                assert!(!tree.contains_key("README.fr.md"));
            }
        }
    }

    #[test]
    fn what_a_folder_holds_is_never_overwritten() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let tree = Tree::from([("a/b".to_owned(), "text\n".to_owned())]);
        std::fs::write(dir.path().join("mine"), "mine").expect("it can be written");
        assert!(matches!(write(dir.path(), &tree), Err(AssessError::NotEmpty { .. })));
        assert!(!dir.path().join("a").exists());
        let new = dir.path().join("new");
        write(&new, &tree).expect("a folder that is not there is made");
        assert_eq!(std::fs::read_to_string(new.join("a/b")).expect("it is there"), "text\n");
        assert!(matches!(write(&new, &tree), Err(AssessError::NotEmpty { .. })));
    }
}
