//! A console from nothing: the first administrator, organisations, people and what they are in them.

use jiff::Timestamp;
use programme::{Act, Lang, Organisation, OrganisationId, OrganisationKind, Person, PersonId, Refusal, Role};
use store::Write;

use super::Error;
use super::desk::{Desk, Records};
use super::identity::Account;
use super::scope::Scope;

/// What the one-time page of an empty console asks.
#[derive(Clone, Copy, Debug)]
pub struct Founder<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub lang: Lang,
    /// The body that certifies.
    pub organisation: &'a str,
}

/// Somebody whom an administrator lets in.
#[derive(Clone, Debug)]
pub struct Newcomer<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub lang: Lang,
    pub role: Role,
    pub organisation: OrganisationId,
    pub professional: bool,
    pub employer: Option<OrganisationId>,
}

/// What the link of an empty console is for.
const FIRST: &str = "first-administrator";

impl Desk {
    /// Keeps the link of an empty console; the one before does not work any more.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn make_first_link(&self, secret: &str, until: Timestamp) -> Result<(), Error> {
        Ok(self.store.make_link(secret, FIRST, FIRST, until).await?)
    }

    /// Whether a secret is that of the link of an empty console.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn is_first_link(&self, secret: &str, now: Timestamp) -> Result<bool, Error> {
        Ok(self.lacks_administrator().await? && self.store.peek_link(secret, FIRST, now).await?.is_some())
    }

    /// Uses the link up: makes the certifying body and the first administrator, who certifies for it, too.
    ///
    /// # Errors
    /// When the link does not work any more, or a name or the address does not fit; the link then still works.
    pub async fn found(
        &self,
        secret: &str,
        founder: Founder<'_>,
        password: &str,
        now: Timestamp,
    ) -> Result<Account, Error> {
        let act = Act::of_service("first-start", now);
        let home = OrganisationId::from_bytes(self.store.fresh());
        let kind = OrganisationKind::Certifier;
        let (organisation, made) =
            Organisation::create(home.clone(), founder.organisation, kind, act.clone()).map_err(of_organisation)?;
        let id = PersonId::from_bytes(self.store.fresh());
        let (mut person, born) = Person::create(id, founder.name, founder.email, founder.lang, act.clone())?;
        let mut events = vec![born];
        for role in [Role::Administrator, Role::Certifier] {
            events.push(person.give(role, &home, act.clone()));
        }
        if !self.lacks_administrator().await? {
            return Err(Error::NotFound);
        }
        self.store.use_link(secret, FIRST, now).await?.ok_or(Error::NotFound)?;
        let person = match self.store.person_by_email(founder.email).await? {
            // A start before this one was cut off here: the person is there, without a password.
            Some(there) => there.id.clone(),
            None => {
                self.store.commit(Write::new().add(&organisation, made).add_all(&person, events)).await?;
                person.id
            }
        };
        self.store.set_password(&person, Some(password), now).await?;
        self.account_by_id(&person).await?.ok_or(Error::NotFound)
    }

    /// # Errors
    /// When the name does not fit.
    pub async fn create_organisation(
        &self,
        name: &str,
        kind: OrganisationKind,
        act: Act,
    ) -> Result<OrganisationId, Error> {
        let id = OrganisationId::from_bytes(self.store.fresh());
        let (organisation, event) = Organisation::create(id.clone(), name, kind, act)?;
        self.store.commit(Write::new().add(&organisation, event)).await?;
        Ok(id)
    }

    /// Lets somebody in with a role; whoever is known by this address keeps name and language, and gets the role.
    ///
    /// # Errors
    /// When the organisation does not exist, or name or address do not fit.
    pub async fn invite_person(&self, newcomer: &Newcomer<'_>, act: Act) -> Result<Account, Error> {
        let fresh = PersonId::from_bytes(self.store.fresh());
        let scope = Scope::Address(newcomer.email.trim().to_lowercase());
        let id = self.change(&scope, |records| engage(records, newcomer, &fresh, &act)).await?;
        self.account_by_id(&id).await?.ok_or(Error::NotFound)
    }

    /// Makes a program known that acts for an organisation, as a certifier does, with tokens of its own.
    ///
    /// # Errors
    /// When there is no such organisation, or it has no name.
    pub async fn create_service(&self, name: &str, organisation: &OrganisationId, act: Act) -> Result<PersonId, Error> {
        self.store.get::<Organisation>(organisation.as_str()).await?;
        let id = PersonId::from_bytes(self.store.fresh());
        let (mut service, created) = Person::service(id.clone(), name, act.clone())?;
        let given = service.give(Role::Certifier, organisation, act);
        self.store.commit(Write::new().add_all(&service, vec![created, given])).await?;
        Ok(id)
    }

    /// Gives or takes a role. Nobody takes away their own right to administer: somebody else must remain who can.
    ///
    /// # Errors
    /// When there is no such person or organisation.
    pub async fn change_role(
        &self,
        of: &PersonId,
        (role, organisation): (Role, &OrganisationId),
        gives: bool,
        act: Act,
    ) -> Result<(), Error> {
        if !gives && role == Role::Administrator && act.by.person() == Some(of) {
            return Err(Refusal::SelfCheck {}.into());
        }
        self.change(&Scope::Person(of.clone()), |records| {
            if !records.organisations.iter().any(|known| known.id == *organisation) {
                return Err(Error::NotFound);
            }
            let person = records.people.iter_mut().find(|person| person.id == *of).ok_or(Error::NotFound)?;
            let event = if gives {
                person.give(role, organisation, act.clone())
            } else {
                person.take(role, organisation, act.clone())
            };
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// The organisations, by name.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, Error> {
        self.read(&Scope::Address(String::new()), |records| records.organisations.clone()).await
    }
}

/// The name that lacks is that of the organisation.
fn of_organisation(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::NotFilled { .. } => Refusal::NotFilled { field: "organisation" },
        other => other,
    }
}

fn engage(records: &mut Records, newcomer: &Newcomer<'_>, fresh: &PersonId, act: &Act) -> Result<PersonId, Error> {
    let known = |id: &OrganisationId| records.organisations.iter().any(|one| one.id == *id);
    if !known(&newcomer.organisation) || newcomer.employer.as_ref().is_some_and(|employer| !known(employer)) {
        return Err(Refusal::NotFilled { field: "organisation" }.into());
    }
    let mut person = match records.people.first() {
        Some(there) => there.clone(),
        None => {
            let (person, born) =
                Person::create(fresh.clone(), newcomer.name, newcomer.email, newcomer.lang, act.clone())?;
            records.events.push(born);
            person
        }
    };
    records.events.push(person.give(newcomer.role, &newcomer.organisation, act.clone()));
    let employer = newcomer.employer.clone().or_else(|| person.employer.clone());
    let professional = newcomer.professional || person.professional;
    if (&employer, professional) != (&person.employer, person.professional) {
        let relatives = person.relatives.clone();
        records.events.push(person.declare(employer, relatives, professional, act.clone()));
    }
    let id = person.id.clone();
    records.people.retain(|other| other.id != id);
    records.people.push(person);
    Ok(id)
}
