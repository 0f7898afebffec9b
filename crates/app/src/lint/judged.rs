//! What the papers of one dossier are judged by, and what is found.

use std::collections::BTreeSet;

use dossier::documents::{self, Table};
use dossier::lint::{self, Asked};
use dossier::report::placeholder::mark;
use dossier::{Finding, Folder, Level, Manifest, PaperEntry, Source};
use framework::{Deliverable, Framework};

use super::{CheckRequest, Learnt, Measured, Unset, named};
use crate::library::Packs;
use crate::papers::deadline::{self, Deadline};
use crate::papers::repositories::Repositories;
use crate::papers::{called, gather};

/// The rule that speaks of what cannot be read.
const UNREAD: &str = "source.unread";

/// A file that `dossier.yaml` names and the folder does not hold.
fn missing(folder: &Folder, path: &str) -> Finding {
    named::at(folder, path, UNREAD, "lint-unread-missing").with("path", path)
}

/// A file of the folder as the rules read it.
pub(super) fn source(folder: &Folder, path: &str) -> Source {
    match folder.files.get(path) {
        Some(dossier::File::TooLarge(_)) => Source::too_large(path),
        _ => Source::read(path, folder.bytes(path).unwrap_or_default()),
    }
}

/// What the papers of one dossier are judged by.
pub(super) struct Judged<'a> {
    pub(super) packs: &'a Packs,
    pub(super) manifest: &'a Manifest,
    pub(super) learnt: &'a Learnt,
    pub(super) request: &'a CheckRequest,
    pub(super) repositories: Repositories<'a>,
}

impl Judged<'_> {
    /// What the rules say of every paper, in the order of the papers.
    pub(super) fn findings(&self, folder: &Folder) -> Vec<Finding> {
        let mut found: Vec<Finding> = self.unfilled(folder);
        found.extend(self.learnt.lost.iter().cloned());
        found.extend(self.unknown(folder));
        found.extend(
            self.manifest.subject.iter().filter(|path| !folder.contains(path)).map(|path| missing(folder, path)),
        );
        for paper in &self.manifest.papers {
            let asked = self.deliverable(&paper.deliverable);
            let pages = self.request.measured.get(&paper.deliverable);
            let given = paper.documents.is_some();
            let written = asked.is_none_or(|asked| asked.form == framework::Form::Written);
            self.paper(folder, &paper.source, asked, pages, written.then_some(given), &mut found);
            if let Some(path) = &paper.documents {
                match folder.bytes(path) {
                    Some(bytes) => found.extend(documents::check(&Table::read(path, bytes), self.request.as_of)),
                    None => found.push(missing(folder, path)),
                }
            }
        }
        let report = self.frameworks().flat_map(written).find(|paper| paper.file_name.is_some());
        for entry in self.manifest.reports.iter().filter(|entry| entry.repository.is_none()) {
            self.paper(folder, std::slice::from_ref(&entry.path), report, None, None, &mut found);
        }
        found.extend(self.unset(folder, &found));
        // A file that serves two papers is told once.
        let mut told: Vec<Finding> = Vec::with_capacity(found.len());
        for finding in found {
            if !told.contains(&finding) {
                told.push(finding);
            }
        }
        // What two papers of one file are told stands together.
        let mut order: Vec<String> = Vec::new();
        for finding in &told {
            if !order.contains(&finding.path) {
                order.push(finding.path.clone());
            }
        }
        let place = |finding: &Finding| order.iter().position(|path| *path == finding.path);
        told.sort_by_key(|finding| (place(finding), finding.range.start, finding.range.end));
        told
    }

    /// The framework and the deliverables that no pack knows.
    fn unknown(&self, folder: &Folder) -> Vec<Finding> {
        let finding = |id: &str, message, known: Vec<String>| {
            named::at(folder, id, UNREAD, message).with("id", id).with("known", known.join(", "))
        };
        if let Some(id) = self.manifest.framework.as_deref().filter(|id| self.packs.framework(id).is_err()) {
            let known = self.packs.frameworks.iter().map(|framework| framework.id().to_owned()).collect();
            return vec![finding(id, "lint-unread-framework", known)];
        }
        // People know papers by the names that `dossier init` gives them.
        let name = |one: &Deliverable| {
            called(&one.id).map_or_else(|| one.id.to_string(), |name| format!("{} ({name})", one.id))
        };
        let known = || self.frameworks().flat_map(written).map(name).collect();
        let lost = self.manifest.papers.iter().filter(|paper| self.deliverable(&paper.deliverable).is_none());
        lost.map(|paper| finding(&paper.deliverable, "lint-unread-deliverable", known())).collect()
    }

    /// What `dossier.yaml` still lacks of what `dossier init` leaves to its author.
    fn unfilled(&self, folder: &Folder) -> Vec<Finding> {
        let titles = self.manifest.papers.iter().filter_map(|paper| paper.title.as_deref());
        let told = [self.manifest.title.as_str(), self.manifest.person.name.as_str()].into_iter().chain(titles);
        let finding = |told: &str| {
            mark(told)?;
            Some(named::at(folder, told, "structure.placeholder", "lint-placeholder").with("text", told))
        };
        told.filter_map(finding).collect()
    }

    /// The papers that could not be set, where no rule has told the reason already.
    fn unset(&self, folder: &Folder, told: &[Finding]) -> Vec<Finding> {
        let finding = |unset: &Unset| {
            let is = |paper: &&PaperEntry| Some(&paper.deliverable) == unset.deliverable.as_ref();
            let sources = self.manifest.papers.iter().find(is).map_or(&[][..], |paper| &paper.source);
            let path = sources.first().map_or(dossier::PATH, String::as_str);
            let reason = |finding: &Finding| match sources {
                [] => finding.level == Level::Error && finding.rule == UNREAD,
                sources => finding.rule == "figure.image" && sources.contains(&finding.path),
            };
            let finding = match &unset.address {
                Some(address) => named::at(folder, address, UNREAD, "lint-unset"),
                None => Finding::on(path, UNREAD, Level::Error, "lint-unset"),
            };
            (!told.iter().any(reason)).then(|| finding.with("why", unset.why.as_str()))
        };
        self.request.unset.iter().filter_map(finding).collect()
    }

    fn paper(
        &self,
        folder: &Folder,
        paths: &[String],
        deliverable: Option<&Deliverable>,
        pages: Option<&Measured>,
        documents: Option<bool>,
        found: &mut Vec<Finding>,
    ) {
        found.extend(paths.iter().filter(|path| !folder.contains(path)).map(|path| missing(folder, path)));
        let sources: Vec<Source> =
            paths.iter().filter(|path| folder.contains(path)).map(|path| source(folder, path)).collect();
        // A repository that cannot be read is among what is lost.
        let excerpts = gather::excerpts(self.repositories, self.manifest, &sources);
        let missing = excerpts.map(|(_, missing)| missing).unwrap_or_default();
        let all = sources.iter().flat_map(|source| source.text.chars());
        let lacking: BTreeSet<char> = all.filter(|c| !c.is_ascii() && !typeset::shows(*c)).collect();
        let asked = Asked {
            lang: self.manifest.language,
            deliverable,
            folder,
            vocabulary: &self.learnt.vocabulary,
            pages,
            measures: &self.learnt.measures,
            missing: &missing,
            documents,
            lacking: &lacking,
            takes: typeset::takes,
            clock: self.manifest.ended.map(|ended| (ended, self.request.as_of)),
        };
        found.extend(lint::check(&sources, &asked));
    }

    /// When the papers are due.
    pub(super) fn deadlines(&self) -> Vec<Deadline> {
        let of =
            |paper: &PaperEntry| deadline::of(self.manifest, self.deliverable(&paper.deliverable)?, self.request.as_of);
        self.manifest.papers.iter().filter_map(of).collect()
    }

    fn frameworks(&self) -> impl Iterator<Item = &Framework> {
        let wanted = self.manifest.framework.as_deref();
        self.packs.frameworks.iter().filter(move |framework| wanted.is_none_or(|id| framework.id() == id))
    }

    fn deliverable(&self, id: &str) -> Option<&Deliverable> {
        self.frameworks().flat_map(written).find(|paper| paper.id == id)
    }
}

fn written(framework: &Framework) -> impl Iterator<Item = &Deliverable> {
    framework.evaluations.iter().flat_map(|evaluation| &evaluation.deliverables)
}
