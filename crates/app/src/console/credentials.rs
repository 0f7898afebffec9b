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
        for award in awards {
            let is = standing.get(award.id.as_str());
            if is.is_some_and(|revoked| *revoked || award.revoked.is_none()) {
                continue;
            }
            let person = self.store.get::<Person>(award.person.as_str()).await?;
            // Nothing new is said about somebody who asked to be forgotten.
            if person.erased && is.is_none() {
                continue;
            }
            let enrolment = self.store.get::<Enrolment>(award.enrolment.as_str()).await?;
            let version = title.version(award.version)?;
            let pack = packs.framework(&version.framework.id).ok();
            let facts = Facts {
                award: &award,
                person: &person,
                enrolment: &enrolment,
                title,
                version,
                framework: pack.filter(|pack| super::rules::digest(pack) == version.framework.digest),
                base: &offices.base,
            };
            let Some(wanted) = shaped(&facts, party.clone(), chance()) else { continue };
            orders.push(Order { key: award.id.to_string(), award: wanted, revoked: award.revoked.is_some() });
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
