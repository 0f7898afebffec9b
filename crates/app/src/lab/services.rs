//! The services of a lab: they run from the candidate's last commit while it is repaired, and a grade looks at them.
//!
//! One process keeps them, for as long as somebody lets it: what it made carries its name, so that the next session of the
//! sandbox removes what it left. It writes down what it sees, outside the repository and sealed, as the journal is.

use std::path::{Path, PathBuf};

use ::prove::Say;
use ::prove::protocol::Stop;
use ::prove::upkeep::{Asked, Seen, Upkeep};
use facts::Oid;
use framework::fault::Services;
use serde::{Deserialize, Serialize};

use super::{Room, journal};
use crate::assess::read;
use crate::error::AssessError;
use crate::prove::{Session, tree};

const FORMAT: &str = "preuve-lab-services/1";
/// Seconds after which what was seen says nothing of now.
const FRESH: i64 = 60;
/// A look is small; anything larger is none.
const LARGEST: u64 = 1 << 20;

/// What runs for a lab, at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    format: String,
    /// The commit that runs.
    pub commit: String,
    /// Seconds since 1970.
    pub at: i64,
    /// Why it could not be started as that commit has it.
    pub trouble: Option<Say>,
    pub services: Vec<Seen>,
    /// What each address of the lab answered.
    pub answers: Vec<Asked>,
    seal: String,
}

/// How the services stand, for a grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "told")]
pub enum Live {
    Well,
    /// Every service and address that is not well.
    Unwell(Vec<Say>),
    /// They run another commit than the one that is graded.
    Behind(String),
    /// Nobody keeps them now.
    Absent,
}

impl Look {
    fn of(commit: &str, at: i64) -> Self {
        Self { format: FORMAT.to_owned(), commit: commit.to_owned(), at, ..Self::default() }
    }

    /// What is not well, one after another.
    pub fn unwell(&self) -> Vec<Say> {
        let services = self.services.iter().filter_map(Seen::told);
        self.trouble.iter().cloned().chain(services).chain(self.answers.iter().filter_map(Asked::told)).collect()
    }

    /// What was seen last of the lab of a folder, if it is sound.
    pub(super) fn read(journals: &Path, folder: &Path) -> Option<Self> {
        let path = place(journals, folder);
        path.symlink_metadata().ok().filter(|data| data.is_file() && data.len() <= LARGEST)?;
        let look: Self = serde_json::from_str(&std::fs::read_to_string(&path).ok()?).ok()?;
        (look.format == FORMAT && look.seal == look.sealed()).then_some(look)
    }

    pub(super) fn write(&mut self, journals: &Path, folder: &Path) -> Result<(), AssessError> {
        self.seal = self.sealed();
        let text = serde_json::to_string_pretty(self).expect("names and numbers are always written");
        journal::replace(&place(journals, folder), journals, &(text + "\n"))
    }

    fn sealed(&self) -> String {
        let bare = Self { seal: String::new(), ..self.clone() };
        let text = serde_json::to_string(&bare).expect("names and numbers are always written");
        ::prove::attest::digest(format!("{FORMAT} {text}").as_bytes())
    }

    /// How a grade of a commit takes it.
    fn live(&self, commit: &str, now: i64) -> Live {
        let unwell = self.unwell();
        if (now - self.at).abs() > FRESH {
            Live::Absent
        } else if self.commit != commit {
            Live::Behind(self.commit.clone())
        } else if unwell.is_empty() && !self.services.is_empty() {
            Live::Well
        } else {
            Live::Unwell(unwell)
        }
    }
}

fn place(journals: &Path, folder: &Path) -> PathBuf {
    journal::place(journals, folder).with_extension("services.json")
}

impl Room<'_> {
    /// How the services of a lab stand for a grade; none when it has no services.
    pub(super) fn live(&self, services: Option<&Services>, dir: &Path, commit: &Oid) -> Option<Live> {
        services?;
        let look = std::fs::canonicalize(dir).ok().and_then(|folder| Look::read(self.journals, &folder));
        Some(look.map_or(Live::Absent, |look| look.live(commit.as_str(), self.now)))
    }

    /// What was seen last of the services of a folder, when it is not old.
    ///
    /// # Errors
    /// When no lab was started there.
    pub fn seen(&self, dir: &Path) -> Result<Option<Look>, AssessError> {
        let (journal, _) = self.journal(dir)?;
        let look = Look::read(self.journals, &journal.folder);
        Ok(look.filter(|look| (self.now - look.at).abs() <= FRESH))
    }

    /// Keeps the services of a lab running from the last commit of its folder. After each look `more` hears what was seen
    /// and gives the time, or nothing when it is enough; the end of the lab's time is an end, too.
    ///
    /// # Errors
    /// When no lab was started there, it has no services, or the engine fails.
    pub fn keep(
        &self,
        dir: &Path,
        session: &Session,
        more: &mut dyn FnMut(&Look) -> Option<i64>,
    ) -> Result<(), AssessError> {
        let (journal, _) = self.journal(dir)?;
        let drawn = self.draw(&journal.lab, journal.seed, journal.lang)?;
        let fail = |why: String| AssessError::Lab { lab: journal.lab.clone(), why };
        let services = drawn.lab.services.as_ref().ok_or_else(|| fail("it has no services".to_owned()))?;
        let stopped = |Stop(why): Stop| fail(self.words().said(&why));
        let none = ::prove::Tree::new("", std::collections::BTreeMap::new());
        let kept: Result<(), AssessError> = session.with_bench(&none, |bench| {
            let mut upkeep = Upkeep::open(bench, &services.compose).map_err(stopped)?;
            let (mut now, mut look) = (self.now, Look::of("", self.now));
            while journal.left(drawn.lab.minutes, now) >= 0 {
                let place = journal.folder.display().to_string();
                let acquired = extract::git::acquire(&place, extract::git::Limits::default())?;
                let head = acquired.repository.resolve("HEAD")?;
                if head.as_str() != look.commit {
                    look = Look::of(head.as_str(), now);
                    let assessed = read(&acquired.repository, head.as_str(), &self.reading)?;
                    look.trouble = upkeep.follow(&tree(&assessed.project)).map_err(stopped)?.err();
                }
                look.at = now;
                look.services = upkeep.look().map_err(stopped)?;
                let asks = services.asks.iter().filter(|_| !look.services.is_empty());
                look.answers = asks.map(|url| upkeep.ask(url).map_err(stopped)).collect::<Result<_, AssessError>>()?;
                look.write(self.journals, &journal.folder)?;
                match more(&look) {
                    Some(later) => now = later,
                    None => break,
                }
            }
            Ok(())
        });
        // What is no longer kept is not told to be well.
        let path = place(self.journals, &journal.folder);
        std::fs::remove_file(&path).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(AssessError::Write { path: path.clone(), source: error }),
        })?;
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lang, Words};

    fn look(unwell: Option<&str>, status: Option<u16>) -> Look {
        let seen = Seen { service: "web".into(), container: "c1".into(), unwell: unwell.map(Say::from) };
        Look {
            services: vec![seen],
            answers: vec![Asked { url: "http://web/".into(), status }],
            ..Look::of("abc", 1_000)
        }
    }

    #[test]
    fn what_a_grade_takes_from_a_look() {
        let well = look(None, Some(200));
        assert_eq!(well.live("abc", 1_010), Live::Well);
        assert_eq!(well.live("abc", 1_061), Live::Absent, "it is old");
        assert_eq!(well.live("def", 1_010), Live::Behind("abc".into()));
        let check = |look: Look, told: &[&str]| {
            let Live::Unwell(found) = look.live("abc", 1_010) else { panic!("{look:?}") };
            let found: Vec<String> = found.iter().map(|line| Words(Lang::En).said(line)).collect();
            assert_eq!(found, told);
        };
        check(look(Some("it ended (exit 1)"), Some(302)), &["web: it ended (exit 1)"]);
        check(look(None, Some(503)), &["http://web/: 503"]);
        check(look(None, None), &["http://web/: no answer"]);
        check(Look { trouble: Some("no".into()), services: Vec::new(), answers: Vec::new(), ..well.clone() }, &["no"]);
        check(Look { services: Vec::new(), answers: Vec::new(), ..well }, &[]);
    }

    #[test]
    fn a_look_that_was_edited_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("lab");
        let mut written = look(Some("it ended (exit 1)"), None);
        written.write(dir.path(), &folder).unwrap();
        assert_eq!(Look::read(dir.path(), &folder), Some(written));
        let path = place(dir.path(), &folder);
        let text = std::fs::read_to_string(&path).unwrap().replace("\"it ended (exit 1)\"", "null");
        std::fs::write(&path, text).unwrap();
        assert_eq!(Look::read(dir.path(), &folder), None);
    }
}
