//! What is kept about somebody: given to them when they ask for it, and forgotten when somebody decides so.

use std::collections::BTreeSet;

use programme::{Act, Appeal, Award, Enrolment, FraudReport, Invitation, Person, PersonId, Refusal};
use serde_json::{Value, json};
use store::{Find, Kept, Write};

use super::Error;
use super::desk::{Desk, TRIES, plain};

/// More messages than anybody writes.
const MESSAGES: i64 = 10_000;

impl Desk {
    /// All that is kept about somebody, for themselves: what others said of them as they may read it, without who said it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn export(&self, of: &PersonId) -> Result<Value, Error> {
        let person = self.store.maybe::<Person>(of.as_str()).await?.map(Kept::into_inner);
        let awards: Vec<Award> = plain(&self.store.find(Find::by("person", of.as_str())).await?);
        let (mut enrolments, mut appeals, mut reports) = (Vec::new(), Vec::new(), Vec::new());
        for mut one in plain(&self.store.find(Find::<Enrolment>::by("person", of.as_str())).await?) {
            // What a jury decided stays with it until it is published.
            one.decision = one.decision.filter(|_| one.published.is_some());
            for appeal in plain(&self.store.find(Find::<Appeal>::by("enrolment", one.id.as_str())).await?) {
                appeals.push(without(&appeal, "panel"));
            }
            for report in plain(&self.store.find(Find::<FraudReport>::by("enrolment", one.id.as_str())).await?) {
                reports.push(without(&report, "reporter"));
            }
            enrolments.push(one);
        }
        let messages = self.store.notes_of(of, MESSAGES).await?.into_iter().map(|note| {
            json!({
                "about": note.about,
                "mine": note.author == *of,
                "at": note.at,
                "seen": note.seen,
                "body": note.body,
            })
        });
        let messages: Vec<Value> = messages.collect();
        Ok(json!({
            "person": person,
            "enrolments": enrolments,
            "awards": awards,
            "appeals": appeals,
            "fraud_reports": reports,
            "messages": messages,
        }))
    }

    /// Forgets somebody: name, address, account, what they wrote and handed in, and what was written and made of it.
    /// Decisions stay, about nobody, with the digests of what they rest on.
    /// Nobody does it to themselves: somebody must remain who administers.
    ///
    /// # Errors
    /// When there is no such person, or no reason is given.
    pub async fn erase(&self, of: &PersonId, act: Act) -> Result<(), Error> {
        if act.by.person() == Some(of) {
            return Err(Refusal::SelfCheck {}.into());
        }
        for _ in 0..TRIES {
            let person = self.store.get::<Person>(of.as_str()).await?;
            if person.erased {
                return Err(Error::NotFound);
            }
            if self.erase_as_read(person, &act).await? {
                return Ok(());
            }
        }
        Err(Error::Busy)
    }

    /// Forgets somebody as they were read; says whether they still were so.
    pub(super) async fn erase_as_read(&self, mut person: Kept<Person>, act: &Act) -> Result<bool, Error> {
        let (of, address) = (&person.id.clone(), person.email.clone());
        let erased = person.erase(act.clone())?;
        let (texts, files) = self.texts_about(of, address.as_deref(), act).await?;
        // Files go first: once the records are about nobody, no second try would find what a stop left behind.
        for digest in files {
            // Two who worked together may have handed in the same.
            if !self.store.is_file_of_another(&digest, ("person", of.as_str())).await? {
                self.store.forget_file(&digest).await?;
            }
        }
        match self.store.erase(&person, erased, texts).await {
            Err(store::StoreError::Stale { .. }) => Ok(false),
            done => Ok(done.map(|()| true)?),
        }
    }

    /// Takes away what was written about somebody in records that stay. The reason why is told once, with the person.
    /// Gives the files, too, that they handed in and that were made of those.
    async fn texts_about(
        &self,
        of: &PersonId,
        address: Option<&str>,
        act: &Act,
    ) -> Result<(Write, BTreeSet<String>), Error> {
        let act = || Act { why: None, ..act.clone() };
        let (mut write, mut files) = (Write::new(), BTreeSet::new());
        if let Some(address) = address {
            for mut one in self.store.find(Find::<Invitation>::by("email", address)).await? {
                let event = one.erase(act());
                write = write.put(&one, event);
            }
        }
        for mut one in self.store.find(Find::<Enrolment>::by("person", of.as_str())).await? {
            for mut appeal in self.store.find(Find::<Appeal>::by("enrolment", one.id.as_str())).await? {
                let event = appeal.erase(act());
                write = write.put(&appeal, event);
            }
            for mut report in self.store.find(Find::<FraudReport>::by("enrolment", one.id.as_str())).await? {
                let event = report.erase(act());
                write = write.put(&report, event);
            }
            files.extend(one.files().map(str::to_owned));
            let event = one.erase_texts(act());
            write = write.put(&one, event);
        }
        Ok((write, files))
    }
}

/// A record without what it says of somebody else.
fn without(record: &impl serde::Serialize, field: &str) -> Value {
    let mut told = serde_json::to_value(record).expect("records are plain data");
    if let Some(fields) = told.as_object_mut() {
        fields.remove(field);
    }
    told
}
