//! The bank of questions of a title: certifiers write them, a jury is given some for each candidate.

use jiff::Timestamp;
use programme::{Act, CriterionId, EnrolmentId, Question, QuestionId, Refusal, TitleId, Words as Both, draw};
use store::Find;

use super::Error;
use super::desk::Desk;
use super::identity::Account;
use super::scope::Scope;

/// How many questions of a criterion a jury is given for one candidate.
const DRAWN: usize = 2;
/// More questions than anybody asks.
pub(super) const MOST: i64 = 10_000;

/// A question as it is written.
pub struct Asking {
    pub criterion: CriterionId,
    pub text: Both,
    /// What a good answer holds.
    pub expected: Both,
}

impl Desk {
    /// Adds a question about a criterion of the latest rules.
    ///
    /// # Errors
    /// When the title is not theirs or has no rules yet, or the rules refuse.
    pub async fn write_question(
        &self,
        certifier: &Account,
        title: &TitleId,
        asking: &Asking,
        act: Act,
    ) -> Result<(), Error> {
        let fresh = QuestionId::from_bytes(self.store.fresh());
        self.change(&Scope::Title(title.clone(), certifier.person.clone()), |records| {
            let version = records.title_for(certifier, title)?.versions.last();
            let version = version.ok_or(Refusal::NotFilled { field: "version" })?;
            let question = Question {
                id: fresh.clone(),
                title: title.clone(),
                criterion: asking.criterion.clone(),
                text: asking.text.clone(),
                expected: asking.expected.clone(),
                written: act.at,
                retired: None,
            };
            let (question, event) = Question::write(question, version, act.clone())?;
            records.questions.push(question);
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Takes a question out of the bank: no jury is given it any more.
    ///
    /// # Errors
    /// When there is none, or the title is not theirs.
    pub async fn retire_question(
        &self,
        certifier: &Account,
        (title, id): (&TitleId, &QuestionId),
        act: Act,
    ) -> Result<(), Error> {
        self.change(&Scope::Title(title.clone(), certifier.person.clone()), |records| {
            records.title_for(certifier, title)?;
            let one = records
                .questions
                .iter_mut()
                .find(|one| one.id == *id && one.retired.is_none())
                .ok_or(Error::NotFound)?;
            let event = one.retire(act.clone());
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// The questions that the jury of a candidate is given, by criterion. From the first oral of the session on they are
    /// the ones that the bank held then, whatever is written or taken out later.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn questions_for(
        &self,
        (title, begins): (&TitleId, Timestamp),
        id: &EnrolmentId,
        now: Timestamp,
    ) -> Result<Vec<Question>, Error> {
        let bank = self.store.find(Find::<Question>::by("title", title.as_str()).page(0, MOST)).await?;
        let bank: Vec<Question> = bank.into_iter().map(store::Kept::into_inner).collect();
        Ok(draw(&bank, id, now.min(begins), DRAWN).into_iter().cloned().collect())
    }
}
