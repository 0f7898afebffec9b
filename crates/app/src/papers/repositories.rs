//! Which repositories a dossier may rest on: those of its author's machine, or the one that was handed in with it.

use std::path::Path;

use dossier::papers::coverage::Evidence;
use dossier::{Folder, Manifest, ReportEntry};
use extract::Project;
use extract::git::Acquired;

use super::gather::forge;
use crate::console::looking::{Looked, LookedIndicator};

/// Where the repositories of a dossier lie.
#[derive(Clone, Copy)]
pub(crate) enum Repositories<'a> {
    /// The dossier of whoever asks, in this folder: they are opened as they are written.
    Written(&'a Path),
    /// A stranger's dossier: one was fetched and judged, and no other is opened, whatever is written.
    Judged(&'a Judged),
}

/// A project that was handed in, as it was fetched and judged.
pub(crate) struct Judged {
    pub address: String,
    /// The repository and its tree at the commit that was judged; none when it cannot be fetched any more.
    pub fetched: Option<(Acquired, Project)>,
    pub looked: Looked,
}

impl Judged {
    /// What the project is called: the last part of its address.
    pub fn name(&self) -> &str {
        let bare = plain(&self.address);
        bare.rsplit('/').next().unwrap_or(bare)
    }

    pub fn project(&self) -> Option<&Project> {
        self.fetched.as_ref().map(|(_, project)| project)
    }

    /// Leaves those reports to a manifest that this project or the folder holds, and names the others.
    /// `prefix` is where the folder lies in the project, when it does.
    pub fn adopt(&self, manifest: &mut Manifest, folder: &Folder, prefix: Option<&str>) -> Vec<String> {
        let mut lost = Vec::new();
        manifest.reports.retain_mut(|entry| {
            let own = entry.repository.as_deref().is_some_and(|written| self.is(written, prefix));
            let kept = if own { self.file(&entry.path).is_some() } else { folder.contains(&entry.path) };
            if own {
                entry.repository = Some(self.address.clone());
                entry.commit = Some(self.looked.commit.clone());
            }
            let kept = kept && (own || entry.repository.is_none());
            if !kept {
                lost.push(entry.repository.clone().unwrap_or_else(|| entry.path.clone()));
            }
            kept
        });
        lost
    }

    /// The bytes of a file of the project.
    pub fn file(&self, path: &str) -> Option<Vec<u8>> {
        self.project()?.file(path)?.bytes()
    }

    /// Whether what a manifest names is this project: its address, or the root above the folder.
    fn is(&self, written: &str, prefix: Option<&str>) -> bool {
        let above = |prefix: &str| Folder::resolve(&format!("{prefix}{}", dossier::PATH), written);
        plain(written) == plain(&self.address) || prefix.and_then(above).is_some_and(|path| path.is_empty())
    }

    /// What the run says of each indicator of a framework.
    pub fn indicators(&self, framework: &str) -> &[LookedIndicator] {
        self.looked.framework(framework).map_or(&[], |found| &found.indicators)
    }

    /// The same, as the plain data that papers show.
    pub fn evidence(&self, framework: &str, entry: &ReportEntry) -> Vec<Evidence> {
        let forge = forge(entry.repository.as_deref().unwrap_or_default());
        let of = |one: &LookedIndicator| {
            let place = |place: &str, line: usize| {
                let path = place.split(':').next().unwrap_or_default();
                let url = |forge: &String| format!("{forge}/blob/{}/{path}#L{line}", self.looked.commit);
                (place.to_owned(), forge.as_ref().map(url))
            };
            let cited = one.evidence.iter().filter(|cited| cited.line > 0);
            Evidence {
                item: one.id.clone(),
                rung: one.rung,
                places: cited.map(|cited| place(&cited.place, cited.line)).collect(),
            }
        };
        self.indicators(framework).iter().map(of).collect()
    }
}

fn plain(address: &str) -> &str {
    let address = address.trim_end_matches('/');
    address.strip_suffix(".git").unwrap_or(address)
}
