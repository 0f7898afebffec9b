//! What goes of an enrolment when its person is forgotten, and what stays: decisions, with the digests of what they rest on.

use crate::{Act, Change, Enrolment, Event, Need};

impl Enrolment {
    /// The digests of all files that speak of the candidate: what they handed in, what was found in it and built of it.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let documents = self.documents.iter().map(|one| &one.digest);
        let papers = self.papers.iter().map(|one| &one.digest);
        let runs = self.runs.iter().map(|one| &one.digest);
        let proofs = self.proofs.iter().chain(&self.recordings).map(|one| &one.digest);
        let built = self.built.iter().flat_map(|built| &built.files).map(|file| &file.digest);
        documents.chain(papers).chain(runs).chain(proofs).chain(built).map(String::as_str)
    }

    /// Takes away why adjustments were asked for and how that was answered, which tells of somebody's health, where their
    /// repository is, how they named their files, and what was built for a jury, which bears their name. Says that the
    /// files themselves are gone.
    pub fn erase_texts(&mut self, act: Act) -> Event {
        self.built = None;
        self.files_forgotten = self.files_forgotten.or(Some(act.at));
        if let Some(project) = &mut self.project {
            project.url = String::new();
        }
        self.clear_file_names();
        self.clear_needs();
        self.event(act, Change::TextErased {})
    }

    /// Why somebody needs an adjustment tells of their health.
    pub(crate) fn clear_needs(&mut self) {
        for one in &mut self.adjustments {
            one.why = None;
            one.answer = None;
            if let Need::Other { what } = &mut one.need {
                *what = String::new();
            }
        }
    }

    /// People name files after themselves.
    pub(crate) fn clear_file_names(&mut self) {
        let documents = self.documents.iter_mut().map(|one| &mut one.file_name);
        let papers = self.papers.iter_mut().map(|one| &mut one.file_name);
        let proofs = self.proofs.iter_mut().chain(&mut self.recordings).map(|one| &mut one.file_name);
        documents.chain(papers).chain(proofs).for_each(String::clear);
    }
}
