//! The recipes that the binary carries: a folder each, with a Dockerfile that stands on another recipe.

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::Image;

static RECIPES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/recipes");

#[derive(Clone, Copy)]
pub(super) struct Recipe(&'static Dir<'static>);

/// The names of all recipes, sorted.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = RECIPES.dirs().filter_map(|dir| dir.path().to_str()).collect();
    names.sort_unstable();
    names
}

/// The table of stand-ins.
pub(super) fn stand_ins() -> &'static str {
    let file = RECIPES.get_file("stand-ins.txt").expect("it is carried");
    file.contents_utf8().expect("a test reads it")
}

impl Recipe {
    pub(super) fn find(name: &str) -> Option<Self> {
        RECIPES.get_dir(name).map(Self)
    }

    fn dockerfile(self) -> &'static str {
        let path = self.0.path().join("Dockerfile");
        RECIPES.get_file(path).and_then(|file| file.contents_utf8()).expect("a test reads every recipe")
    }

    /// The recipe that it stands on: what its `FROM preuve/…` line names.
    pub(super) fn parent(self) -> &'static str {
        let line = self.dockerfile().lines().find_map(|line| line.strip_prefix("FROM preuve/"));
        line.expect("a test reads every recipe").trim()
    }

    /// What this machine gives to it, one name a line; a folder ends with a slash, and may be missing.
    pub(super) fn given(self) -> impl Iterator<Item = &'static str> {
        let path = self.0.path().join("machine.txt");
        let text = RECIPES.get_file(path).and_then(|file| file.contents_utf8()).unwrap_or_default();
        text.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    fn files(self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = self
            .0
            .files()
            .filter_map(|file| Some((file.path().file_name()?.to_str()?.to_owned(), file.contents().to_vec())))
            .collect();
        files.sort();
        files
    }

    /// A short hash of all that the image is made of.
    pub(super) fn identity(self, parent: &str, more: &[(String, Vec<u8>)]) -> String {
        let mut hash = Sha256::new();
        hash.update(parent.as_bytes());
        for (path, bytes) in self.files().iter().chain(more) {
            hash.update((path.len() as u64).to_le_bytes());
            hash.update(path.as_bytes());
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        hex::encode(hash.finalize())[..12].to_owned()
    }

    /// What is sent to the builder, with the parent's own tag in place of its name.
    pub(super) fn context(self, parent: &Image) -> Vec<(String, Vec<u8>)> {
        let mut files = self.files();
        for (path, bytes) in &mut files {
            if path == "Dockerfile" {
                let from = format!("FROM preuve/{}", self.parent());
                *bytes = self.dockerfile().replacen(&from, &format!("FROM {}", parent.0), 1).into_bytes();
            }
        }
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_stands_on_another() {
        assert!(names().len() >= 15, "{:?}", names());
        for name in names() {
            let mut at = Recipe::find(name).unwrap();
            for _ in 0..8 {
                if at.parent() == "debian" {
                    break;
                }
                at = Recipe::find(at.parent()).unwrap_or_else(|| panic!("{name} stands on nothing"));
            }
            assert_eq!(at.parent(), "debian", "{name}");
        }
    }

    #[test]
    fn the_tag_follows_what_it_is_made_of() {
        let recipe = Recipe::find("python").unwrap();
        assert_eq!(recipe.identity("p", &[]), recipe.identity("p", &[]));
        assert_ne!(recipe.identity("p", &[]), recipe.identity("q", &[]));
        assert_ne!(recipe.identity("p", &[]), recipe.identity("p", &[("ca.crt".into(), b"x".to_vec())]));
        let context = recipe.context(&Image("preuve/base:0".into()));
        let dockerfile =
            String::from_utf8(context.iter().find(|file| file.0 == "Dockerfile").unwrap().1.clone()).unwrap();
        assert!(dockerfile.contains("FROM preuve/base:0\n"), "{dockerfile}");
    }
}
