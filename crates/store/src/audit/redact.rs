//! Forgetting somebody: the text of events that speak of them goes, the digests and so the chain stay.

use programme::{Event, Person, Subject};

use crate::record::Kept;
use crate::{Store, StoreError, Write};

impl Store {
    /// Saves a person who was erased, and takes away what was written about them or by them in the log, their account
    /// and all ways to sign in, what they wrote to others, and what others wrote to them or noted about them. `erased` is
    /// the event that [`Person::erase`] gave, `texts` the records about them whose words go, too.
    ///
    /// # Errors
    /// When the person was changed meanwhile.
    pub async fn erase(&self, person: &Kept<Person>, erased: Event, texts: Write) -> Result<(), StoreError> {
        let id = match &erased.on {
            Subject::Person(id) => id.to_string(),
            other => return Err(StoreError::Other(format!("{} is no person", other.kind()))),
        };
        let mut tx = self.engine.write().await?;
        self.write_in(&mut tx, Write::new().put(person, erased).with(texts)).await?;
        let owned = "UPDATE event SET body = NULL, salt = NULL WHERE what NOT IN ('person-erased', 'text-erased') AND \
            ((kind = 'person' AND subject = $1) OR actor = $1 OR \
             (kind IN ('enrolment', 'deliberation') AND subject IN (SELECT id FROM enrolment WHERE person = $1)) OR \
             (kind = 'award' AND subject IN (SELECT id FROM award WHERE person = $1)) OR \
             (kind = 'sheet' AND subject IN (SELECT sheet.id FROM sheet JOIN enrolment \
                ON enrolment.id = sheet.enrolment WHERE enrolment.person = $1)) OR \
             (kind = 'appeal' AND subject IN (SELECT appeal.id FROM appeal JOIN enrolment \
                ON enrolment.id = appeal.enrolment WHERE enrolment.person = $1)) OR \
             (kind = 'fraud-report' AND subject IN (SELECT fraud_report.id FROM fraud_report JOIN enrolment \
                ON enrolment.id = fraud_report.enrolment WHERE enrolment.person = $1)))";
        tx.run(owned, &[id.as_str().into()]).await?;
        for sql in [
            "DELETE FROM login WHERE person = $1",
            "DELETE FROM account WHERE person = $1",
            "DELETE FROM token WHERE person = $1",
            "DELETE FROM identity WHERE person = $1",
            "DELETE FROM passkey WHERE person = $1",
            "DELETE FROM link WHERE subject = $1",
            "DELETE FROM note WHERE author = $1 OR addressee = $1 OR about = $1",
            // A thread is named after what it is about, last: so are the notes among coaches, which name the person nowhere.
            "DELETE FROM note WHERE EXISTS (SELECT 1 FROM enrolment WHERE person = $1 \
             AND substr(note.about, length(note.about) - length(enrolment.id)) = ':' || enrolment.id)",
        ] {
            tx.run(sql, &[id.as_str().into()]).await?;
        }
        tx.commit().await
    }
}
