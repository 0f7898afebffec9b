//! An error in the words of people, with what to do about it.

use extract::git::{AcquireError, BeginError};
use framework::Lang;

use super::git::{acquire_error, open_error};
use super::{AssessError, Blame, Told, What};
use crate::words::Words;

impl AssessError {
    /// The repository that could not be had, as it was written.
    pub(crate) fn address(&self) -> Option<&str> {
        match self {
            AssessError::Acquire(
                AcquireError::Clone { repository, .. }
                | AcquireError::Refused { repository, .. }
                | AcquireError::NoGit { repository },
            ) => Some(repository),
            _ => None,
        }
    }

    /// The error in one language, with what to do about it.
    pub fn told(&self, lang: Lang) -> Told {
        let words = Words(lang);
        match self {
            AssessError::Open(error) | AssessError::Acquire(AcquireError::Open(error)) => open_error(words, error),
            AssessError::Acquire(error) => acquire_error(words, error),
            AssessError::Packs(problems) => {
                let lines: Vec<String> = problems.iter().map(|problem| problem.in_lang(lang)).collect();
                let waivers = problems.iter().all(|problem| problem.file.starts_with("waivers.y"));
                let hint = words.say(if waivers { "hint-waivers" } else { "hint-packs" });
                Told { blame: Blame::Input, message: lines.join("\n"), hints: vec![hint] }
            }
            AssessError::NoPack { path } => {
                let message = words.with("error-no-pack", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-no-pack")] }
            }
            AssessError::PackFolder { path, source } => {
                let message = words.with("error-pack-folder", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Input, message: format!("{message} ({source})"), hints: Vec::new() }
            }
            AssessError::Attestations { path, source } => {
                let message = words.with("error-attestations", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Input, message: format!("{message} ({source})"), hints: Vec::new() }
            }
            AssessError::Name { name, taken } => {
                let message = if *taken { "error-name-taken" } else { "error-name" };
                let message = words.with(message, &[("name", name)]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-name")] }
            }
            AssessError::Report { path, why } => {
                let told = [("path", path.display().to_string()), ("why", why.clone())];
                let message = words.with("error-report", &[("path", &told[0].1), ("why", &told[1].1)]);
                Told { blame: Blame::Input, message, hints: vec![words.say("hint-report")] }
            }
            AssessError::NotEmpty { path } => {
                let message = words.with("error-not-empty", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-not-empty")] }
            }
            AssessError::Write { path, source } => {
                let message = words.with("error-write", &[("path", &path.display().to_string())]);
                Told {
                    blame: Blame::Input,
                    message: format!("{message} ({source})"),
                    hints: vec![words.say("hint-write")],
                }
            }
            AssessError::Begin(BeginError::NoGit) => {
                let hints = vec![words.say("hint-no-git")];
                Told { blame: Blame::Environment, message: words.say("error-begin-no-git"), hints }
            }
            AssessError::Begin(BeginError::Told(why)) => {
                let message = words.with("error-begin", &[("why", why)]);
                Told { blame: Blame::Input, message, hints: Vec::new() }
            }
            AssessError::NoLab { path } => {
                let message = words.with("error-no-lab", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-no-lab")] }
            }
            AssessError::LabStarted { path } => {
                let message = words.with("error-lab-started", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-lab-started")] }
            }
            AssessError::Journal { path, why } => {
                let path = path.display().to_string();
                let message = words.with("error-journal", &[("path", &path), ("why", why)]);
                Told { blame: Blame::Input, message, hints: vec![words.say("hint-journal")] }
            }
            AssessError::Lab { lab, why } => {
                let message = words.with("error-lab", &[("lab", lab), ("why", why)]);
                Told { blame: Blame::Input, message, hints: Vec::new() }
            }
            AssessError::Dossier { path, source } => {
                let message = words.with("error-dossier", &[("path", &path.display().to_string())]);
                let hints = vec![words.say("hint-dossier")];
                Told { blame: Blame::Input, message: format!("{message} ({source})"), hints }
            }
            AssessError::NoDossier { path } => {
                let message = words.with("error-no-dossier", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Input, message, hints: vec![words.say("hint-no-dossier")] }
            }
            AssessError::Manifest(problem) => {
                let hints = vec![words.say("hint-manifest")];
                Told { blame: Blame::Input, message: problem.in_lang(lang), hints }
            }
            AssessError::NotInDossier { path } => {
                let message = words.with("error-not-in-dossier", &[("path", path)]);
                Told { blame: Blame::Input, message, hints: vec![words.say("hint-not-in-dossier")] }
            }
            AssessError::ReportNotThere { path, commit } => {
                let message = words.with("error-report-not-there", &[("path", path), ("commit", commit)]);
                Told { blame: Blame::Input, message, hints: vec![words.say("hint-report-not-there")] }
            }
            AssessError::NoWorkTree { path } => {
                let message = words.with("error-no-work-tree", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-no-work-tree")] }
            }
            AssessError::File { path, source } => {
                let message = words.with("error-file", &[("path", &path.display().to_string())]);
                Told {
                    blame: Blame::Input,
                    message: format!("{message} ({source})"),
                    hints: vec![words.say("hint-file")],
                }
            }
            AssessError::NoPapers { path } => {
                let message = words.with("error-no-papers", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Input, message, hints: vec![words.say("hint-no-papers")] }
            }
            AssessError::ReportThere { path } => {
                let message = words.with("error-report-there", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-report-there")] }
            }
            AssessError::PaperThere { path, paper } => {
                let message =
                    words.with("error-paper-there", &[("path", &path.display().to_string()), ("paper", paper)]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-paper-there")] }
            }
            AssessError::DossierEdit { path, lines } => {
                let message = words.with("error-dossier-edit", &[("path", &path.display().to_string())]);
                let hint = format!("{}\n{lines}", words.say("hint-dossier-edit"));
                Told { blame: Blame::Input, message, hints: vec![hint.trim_end().to_owned()] }
            }
            AssessError::DossierLarge { path, most } => {
                let (path, most) = (path.display().to_string(), most.to_string());
                let message = words.with("error-dossier-large", &[("path", &path), ("most", &most)]);
                Told { blame: Blame::Input, message, hints: Vec::new() }
            }
            AssessError::Press { paper, why } => {
                let message = words.with("error-press", &[("paper", paper), ("why", why)]);
                Told { blame: Blame::Input, message, hints: Vec::new() }
            }
            AssessError::NoReport { repository } => Told {
                blame: Blame::Input,
                message: words.with("error-no-report", &[("repository", repository)]),
                hints: vec![words.say("hint-no-report")],
            },
            AssessError::NoSuchId { what, id, known } => {
                let message = match what {
                    What::Framework => "error-no-such-framework",
                    What::Profile => "error-no-such-profile",
                    What::Requirement => "error-no-such-requirement",
                    What::Lab => "error-no-such-lab",
                    What::Symptom => "error-no-such-symptom",
                    What::Experiment => "error-no-such-experiment",
                    What::Paper => "error-no-such-paper",
                    What::Any => "error-no-such-id",
                };
                let near = if *what == What::Symptom {
                    None
                } else {
                    framework::closest(id, known.iter().map(String::as_str))
                };
                let hint = match near {
                    Some(name) => words.with("hint-did-you-mean", &[("name", name)]),
                    None if known.len() <= 12 || *what == What::Experiment => {
                        words.with("hint-known", &[("names", &known.join(", "))])
                    }
                    None if *what == What::Lab => words.say("hint-lab-list"),
                    None => words.say("hint-explain"),
                };
                let mut hints = vec![hint];
                // Other verbs take the folder where this one takes papers.
                if *what == What::Paper && id.contains('/') {
                    hints.push(words.say("hint-paper-folder"));
                }
                Told { blame: Blame::Usage, message: words.with(message, &[("id", id)]), hints }
            }
        }
    }
}
