//! Recordings of terminals that go with a file, for its jury to replay: demonstrations of the candidate, and what a prover of
//! this installation showed. They were written by strangers: what is shown of them is read anew from their events.

use framework::Lang;
use programme::{Act, EnrolmentId, ProofFile, Words as Both};
use sandbox::{Cast, NoCast};

use super::building::Reader;
use super::identity::Account;
use super::proving::Filer;
use super::{Desk, Error, Scope};
use crate::words::Words;

/// The largest recording that is kept.
const BYTES: usize = 4 << 20;

impl Desk {
    /// Keeps recordings with a file, and says why others were not.
    ///
    /// # Errors
    /// When the enrolment is not theirs, nothing is handed in yet, or there are too many.
    pub async fn file_recordings(
        &self,
        filer: Filer<'_>,
        id: &EnrolmentId,
        files: Vec<(String, Vec<u8>)>,
        act: Act,
    ) -> Result<Vec<Both>, Error> {
        // Who may not leaves nothing behind.
        self.read(&Scope::Enrolment(id.clone()), |records| {
            filer.may(records, records.enrolment(id).ok_or(Error::NotFound)?)
        })
        .await??;
        let (mut kept, mut refused) = (Vec::new(), Vec::new());
        for (name, bytes) in files {
            match read(&bytes) {
                Ok(_) => {
                    let digest = self.keep(&bytes, act.at).await?;
                    kept.push(ProofFile { digest, file_name: name.chars().take(120).collect(), at: act.at });
                }
                Err(why) => refused.push(told(&name, why)),
            }
        }
        if !kept.is_empty() {
            self.change(&Scope::Enrolment(id.clone()), |records| {
                let mut one = records.enrolment(id).ok_or(Error::NotFound)?.clone();
                filer.may(records, &one)?;
                let session = records.session(&one.session).ok_or(Error::NotFound)?;
                let event = one.file_recordings(session, kept.clone(), act.clone())?;
                records.events.push(event);
                records.put(one);
                Ok(())
            })
            .await?;
        }
        Ok(refused)
    }

    /// A recording, for its candidate and for who judges or certifies them.
    ///
    /// # Errors
    /// When there is none, or it is not for who asks.
    pub async fn recording(&self, who: &Account, id: &EnrolmentId, digest: &str) -> Result<Cast, Error> {
        let scope = Scope::Enrolment(id.clone());
        let found = self.read(&scope, |records| {
            let one = records.enrolment(id)?;
            let judges = [Reader::Juror(&who.person), Reader::Certifier(who)];
            let may = one.person == who.person || judges.into_iter().any(|reader| reader.may(records, one).is_ok());
            one.recordings.iter().find(|file| may && file.digest == digest).map(|file| file.file_name.clone())
        });
        let name = found.await?.ok_or(Error::NotFound)?;
        let mut cast = read(&self.store.file(digest).await?).map_err(|_| Error::NotFound)?;
        if cast.title.trim().is_empty() {
            cast.title = name;
        }
        Ok(cast)
    }
}

fn read(bytes: &[u8]) -> Result<Cast, Option<NoCast>> {
    if bytes.len() > BYTES {
        return Err(None);
    }
    Cast::parse(std::str::from_utf8(bytes).map_err(|_| NoCast::Head)?).map_err(Some)
}

/// Why a recording was not kept, in both languages; without a reason of its form it is too large.
fn told(name: &str, why: Option<NoCast>) -> Both {
    let of = |lang| {
        let words = Words(lang);
        let because = match why {
            None => words.with("recording-too-large", &[("most", &(BYTES >> 20).to_string())]),
            Some(NoCast::Head) => words.say("recording-no-head"),
            Some(NoCast::Event { line }) => words.with("recording-no-event", &[("line", &line.to_string())]),
            Some(NoCast::TooLong) => words.say("recording-too-long"),
            Some(NoCast::Empty) => words.say("recording-empty"),
        };
        format!("{name}{} {because}", words.say("word-colon"))
    };
    Both { fr: of(Lang::Fr), en: of(Lang::En) }
}
