//! Questions that jurors may ask about a criterion, and which of them somebody is asked.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::act::bounded;
use crate::{Act, Change, CriterionId, EnrolmentId, Event, QuestionId, Refusal, Subject, TitleId, Version, Words};

/// One question of the bank of a title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub title: TitleId,
    pub criterion: CriterionId,
    pub text: Words,
    /// What a good answer holds; never shown to candidates.
    pub expected: Words,
    /// When it was written.
    pub written: Timestamp,
    /// Since when it is asked no more.
    #[serde(default)]
    pub retired: Option<Timestamp>,
}

impl Question {
    /// # Errors
    /// When it asks nothing, or about a criterion that the rubric does not have.
    pub fn write(question: Question, version: &Version, act: Act) -> Result<(Question, Event), Refusal> {
        for text in [&question.text.fr, &question.text.en] {
            bounded(text)?;
            if text.trim().is_empty() {
                return Err(Refusal::NotFilled { field: "text" });
            }
        }
        bounded(&question.expected.fr)?;
        bounded(&question.expected.en)?;
        let criterion = question.criterion.clone();
        let question = Question { written: act.at, ..question };
        version.rubric.criterion(&criterion).ok_or(Refusal::CriterionUnknown { criterion })?;
        let event = Event::new(Subject::Question(question.id.clone()), act, Change::QuestionWritten {});
        Ok((question, event))
    }

    /// Whether it was in the bank at a moment.
    pub fn is_asked(&self, at: Timestamp) -> bool {
        self.written <= at && self.retired.is_none_or(|retired| at < retired)
    }

    /// Is asked no more, but of those whose orals have begun.
    pub fn retire(&mut self, act: Act) -> Event {
        self.retired = Some(act.at);
        Event::new(Subject::Question(self.id.clone()), act, Change::QuestionRetired {})
    }
}

/// The questions for one candidate from the bank as it was at a moment: `per_criterion` of each criterion, the same ones
/// whenever they are drawn, and different ones for different candidates.
pub fn draw<'a>(
    bank: &'a [Question],
    enrolment: &EnrolmentId,
    at: Timestamp,
    per_criterion: usize,
) -> Vec<&'a Question> {
    let place = |question: &Question| -> [u8; 32] {
        Sha256::digest(format!("preuve-question/1\n{enrolment}\n{}\n", question.id).as_bytes()).into()
    };
    let mut open: Vec<&Question> = bank.iter().filter(|question| question.is_asked(at)).collect();
    open.sort_by_cached_key(|question| (question.criterion.clone(), place(question)));
    let mut drawn: Vec<&Question> = Vec::new();
    for question in open {
        if drawn.iter().filter(|known| known.criterion == question.criterion).count() < per_criterion {
            drawn.push(question);
        }
    }
    drawn
}
