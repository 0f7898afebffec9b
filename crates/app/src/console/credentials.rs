//! The credentials of awards: what the programme decided is what its issuer signs, revokes and publishes.
//!
//! An award is recorded first, and its credential settled after. Whatever happens in between, settling again brings the
//! two together, because it asks what is lacking and never what was done.

use std::path::PathBuf;

use jiff::Timestamp;
use programme::{Award, AwardId, Enrolment, Organisation, OrganisationId, Person, Title};
use store::Find;

use super::Error;
use super::desk::Desk;
use crate::Packs;
use crate::credential::{CredentialError, Facts, Office, Order, Settled, award as shaped};

/// The issuers of a console: one folder for each organisation that certifies.
#[derive(Clone, Debug)]
pub struct Offices {
    pub folder: PathBuf,
    /// Where this console is found; new issuers are named by it, old ones keep their name.
    pub base: String,
}

/// How many awards are looked at together.
const PAGE: i64 = 1_000;

impl Offices {
    pub fn of(&self, organisation: &OrganisationId) -> Office {
        Office::at(self.folder.join(organisation.as_str()))
    }

    /// The name of an issuer, by `did:web`: its document lies below this console.
    fn name(&self, organisation: &OrganisationId) -> Result<String, Error> {
        let place = self.base.split_once("://").map_or(&*self.base, |(_, rest)| rest);
        let (host, path) = place.split_once('/').unwrap_or((place, ""));
        let path: String = path.split('/').filter(|part| !part.is_empty()).map(|part| format!(":{part}")).collect();
        let name = format!("did:web:{}{path}:issuers:{organisation}", host.replace(':', "%3A"));
        match crate::credential::document_url(&name) {
            Some(_) => Ok(name),
            None => Err(CredentialError::Name(name).into()),
        }
    }
}

/// The key of one of the credentials that were signed for an award, the first of them being 0.
fn key(award: &Award, nth: usize) -> String {
    if nth == 0 { award.id.to_string() } else { format!("{}-{nth}", award.id) }
}

/// The key of the credential that stands for an award now. A renewal and a correction each have one of their own, since
/// what was signed is never signed again with other words.
pub fn current_key(award: &Award) -> String {
    key(award, award.replaced())
}

/// What must still be signed or revoked for an award. A credential that a renewal replaced ends by itself on its day;
/// one whose marks were corrected, or whose award was taken back, is revoked.
fn lacking(award: &Award, standing: &std::collections::BTreeMap<String, bool>) -> Vec<(String, bool)> {
    let last = award.replaced();
    let all = (0..=last).map(|nth| {
        let revoked = award.revoked.is_some() || nth < award.void;
        (nth, key(award, nth), revoked)
    });
    let lacks = all.filter(|(nth, key, revoked)| match standing.get(key) {
        Some(is_revoked) => *revoked && !is_revoked,
        None => *nth == last,
    });
    lacks.map(|(_, key, revoked)| (key, revoked)).collect()
}

type Chance = dyn Fn() -> [u8; 32] + Send + Sync;

impl Desk {
    /// Settles every award of this console.
    ///
    /// # Errors
    /// With the first that could not be settled; those before it are.
    pub async fn settle_all(
        &self,
        offices: &Offices,
        packs: &Packs,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<Settled, Error> {
        let mut done = Settled::default();
        for title in self.store.find(Find::<Title>::all()).await? {
            for page in 0.. {
                let of = Find::<Award>::by("title", title.id.as_str()).page(page * PAGE, PAGE);
                let awards: Vec<Award> = self.store.find(of).await?.into_iter().map(|kept| kept.into_inner()).collect();
                let last = awards.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
                let some = self.settle_of(offices, packs, &title, awards, chance, now).await?;
                done = Settled { issued: done.issued + some.issued, revoked: done.revoked + some.revoked };
                if last {
                    break;
                }
            }
        }
        Ok(done)
    }

    /// Settles some awards.
    ///
    /// # Errors
    /// When one cannot be signed or written.
    pub async fn settle(
        &self,
        offices: &Offices,
        packs: &Packs,
        awards: &[AwardId],
        chance: &Chance,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut of_titles: std::collections::BTreeMap<_, Vec<Award>> = std::collections::BTreeMap::new();
        for id in awards {
            let award = self.store.get::<Award>(id.as_str()).await?.into_inner();
            of_titles.entry(award.title.clone()).or_default().push(award);
        }
        for (title, awards) in of_titles {
            let title = self.store.get::<Title>(title.as_str()).await?.into_inner();
            self.settle_of(offices, packs, &title, awards, chance, now).await?;
        }
        Ok(())
    }

    async fn settle_of(
        &self,
        offices: &Offices,
        packs: &Packs,
        title: &Title,
        awards: Vec<Award>,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<Settled, Error> {
        if awards.is_empty() {
            return Ok(Settled::default());
        }
        let office = offices.of(&title.certifier);
        let certifier = self.store.get::<Organisation>(title.certifier.as_str()).await?;
        office.begin(&offices.name(&title.certifier)?, &certifier.name, chance(), now)?;
        let standing = office.standing();
        let party = office.party()?;
        let mut orders = Vec::new();
        let due = awards.iter().flat_map(|award| lacking(award, &standing).into_iter().map(move |due| (award, due)));
        let due: Vec<_> = due.collect();
        for (award, (key, revoked)) in due {
            let is = standing.get(&key);
            let person = self.store.get::<Person>(award.person.as_str()).await?;
            // Nothing new is said about somebody who asked to be forgotten.
            if person.erased && is.is_none() {
                continue;
            }
            let enrolment = self.store.get::<Enrolment>(award.enrolment.as_str()).await?;
            let version = title.version(award.version)?;
            let pack = packs.framework(&version.framework.id).ok();
            let facts = Facts {
                award,
                person: &person,
                enrolment: &enrolment,
                title,
                version,
                framework: pack.filter(|pack| super::rules::digest(pack) == version.framework.digest),
                base: &offices.base,
            };
            let Some(wanted) = shaped(&facts, party.clone(), chance()) else { continue };
            orders.push(Order { key, award: wanted, revoked });
        }
        let drawn: Vec<[u8; 32]> = orders.iter().map(|_| chance()).collect();
        let settled = tokio::task::spawn_blocking(move || {
            let drawn = std::cell::RefCell::new(drawn);
            let chance = || drawn.borrow_mut().pop().expect("one was drawn for each order");
            office.settle(orders, &chance, now)
        });
        Ok(settled.await.map_err(|error| CredentialError::Pages(error.to_string()))??)
    }

    /// The award of a code, with the office that signed for it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn award_of_code(&self, offices: &Offices, code: &str) -> Result<(Award, Person, Office), Error> {
        let mut found = self.store.find(Find::<Award>::by("code", code)).await?;
        let award = found.pop().ok_or(Error::NotFound)?.into_inner();
        let title = self.store.get::<Title>(award.title.as_str()).await?;
        let person = self.store.get::<Person>(award.person.as_str()).await?.into_inner();
        Ok((award, person, offices.of(&title.certifier)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::Date;
    use programme::{AwardId, EnrolmentId, PersonId, TitleId};

    use super::*;

    fn award(renewed: usize, void: usize, revoked: bool) -> Award {
        let day = Date::constant(2026, 1, 1);
        Award {
            id: AwardId::new("a").unwrap(),
            enrolment: EnrolmentId::new("e").unwrap(),
            person: PersonId::new("p").unwrap(),
            title: TitleId::new("t").unwrap(),
            version: 1,
            issued: day,
            until: None,
            revoked: revoked.then_some(day),
            renewed: vec![day; renewed],
            corrected: vec![day; usize::from(void > 0)],
            void,
            code: "C".to_owned(),
            status_index: 0,
        }
    }

    #[test]
    fn a_renewal_is_signed_anew_and_only_what_is_not_true_is_revoked() {
        let check = |award: &Award, standing: &[(&str, bool)], expected: &[(&str, bool)]| {
            let standing: BTreeMap<String, bool> = standing.iter().map(|(key, is)| ((*key).to_owned(), *is)).collect();
            let expected: Vec<_> = expected.iter().map(|(key, is)| ((*key).to_owned(), *is)).collect();
            assert_eq!(lacking(award, &standing), expected, "{award:?} {standing:?}");
        };
        check(&award(0, 0, false), &[], &[("a", false)]);
        check(&award(0, 0, false), &[("a", false)], &[]);
        check(&award(0, 0, true), &[("a", false)], &[("a", true)]);
        check(&award(1, 0, false), &[("a", false)], &[("a-1", false)]);
        check(&award(1, 0, false), &[("a", false), ("a-1", false)], &[]);
        check(&award(1, 0, true), &[("a", false), ("a-1", false)], &[("a", true), ("a-1", true)]);
        // Renewed once, then corrected: neither of the first two is true any more.
        check(&award(1, 2, false), &[("a", false), ("a-1", false)], &[("a", true), ("a-1", true), ("a-2", false)]);
        assert_eq!(current_key(&award(1, 2, false)), "a-2");
    }
}
