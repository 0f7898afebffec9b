//! Titles and their dated versions, as the certifier who awards them makes them.

use framework::Framework;
use jiff::civil::Date;
use programme::{Act, OrganisationId, PersonId, Refusal, Role, Title, TitleId, Version, Words as Both};
use store::Write;

use super::desk::{Desk, Records};
use super::identity::Account;
use super::scope::Scope;
use super::{Error, first_version};

impl Records {
    /// A title of an organisation that somebody certifies for.
    ///
    /// # Errors
    /// When there is none, or it is another's.
    pub fn title_for(&self, certifier: &Account, id: &TitleId) -> Result<&Title, Error> {
        let title = self.title(id).ok_or(Error::NotFound)?;
        self.certifies(&certifier.person, &title.certifier).map(|()| title)
    }

    /// Whether somebody certifies for an organisation.
    ///
    /// # Errors
    /// When they do not.
    pub fn certifies(&self, person: &PersonId, organisation: &OrganisationId) -> Result<(), Error> {
        let person = self.person(person).ok_or(Error::NotFound)?;
        if person.has(Role::Certifier, organisation) { Ok(()) } else { Err(Error::NotFound) }
    }
}

impl Desk {
    /// # Errors
    /// When the organisation is not theirs, or a name is missing.
    pub async fn create_title(
        &self,
        certifier: &Account,
        organisation: &OrganisationId,
        name: Both,
        act: Act,
    ) -> Result<TitleId, Error> {
        let scope = Scope::Office(certifier.person.clone());
        self.read(&scope, |records| records.certifies(&certifier.person, organisation)).await??;
        let id = TitleId::from_bytes(self.store.fresh());
        let (title, event) = Title::create(id.clone(), organisation.clone(), name, act)?;
        self.store.commit(Write::new().add(&title, event)).await?;
        Ok(id)
    }

    /// Dates a version; the ones before stay as they are, for those who enrolled under them.
    ///
    /// # Errors
    /// When the title is not theirs, or the rules refuse.
    pub async fn add_version(
        &self,
        certifier: &Account,
        id: &TitleId,
        version: Version,
        act: Act,
    ) -> Result<(), Error> {
        self.change(&Scope::Title(id.clone(), certifier.person.clone()), |records| {
            records.title_for(certifier, id)?;
            let title = records.titles.iter_mut().find(|title| title.id == *id).ok_or(Error::NotFound)?;
            let event = title.add_version(version.clone(), act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// A title, for everybody.
    ///
    /// # Errors
    /// When there is none.
    pub async fn public_title(&self, id: &TitleId) -> Result<Title, Error> {
        Ok(self.store.get::<Title>(id.as_str()).await?.into_inner())
    }

    /// The titles that are awarded here, by name.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn public_titles(&self) -> Result<Vec<Title>, Error> {
        let found = self.store.find(store::Find::<Title>::all().order("name")).await?;
        Ok(found.into_iter().map(store::Kept::into_inner).filter(|title| !title.versions.is_empty()).collect())
    }
}

/// What a new version begins from: a framework, or the version before.
///
/// # Errors
/// When neither is there.
pub fn next_version(title: &Title, framework: Option<&Framework>, in_force: Date) -> Result<Version, Refusal> {
    match (framework, title.versions.last()) {
        (Some(framework), _) => Ok(first_version(framework, in_force)),
        (None, Some(last)) => Ok(Version { in_force, ..last.clone() }),
        (None, None) => Err(Refusal::NotFilled { field: "framework" }),
    }
}
