//! Accounts, logins and links that work once. Secrets are known here by their digests only.

use jiff::{SignedDuration, Timestamp};
use programme::{Act, Actor, Event, Lang, OrganisationId, OrganisationKind, Person, PersonId, Role};

use super::desk::Desk;
use super::{Error, Refused};

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    pub organisations: Vec<OrganisationId>,
    /// As `argon2` writes it; nobody signs in by password without.
    pub password: Option<String>,
    /// Refused tries since the last that was not.
    pub failures: u32,
    pub locked_until: Option<Timestamp>,
}

impl Account {
    pub(super) fn of(person: &Person) -> Self {
        let mut roles: Vec<Role> = person.roles.iter().map(|held| held.role).collect();
        roles.dedup();
        Self {
            person: person.id.clone(),
            name: person.name.clone(),
            email: person.email.clone().unwrap_or_default(),
            roles,
            organisations: person.roles.iter().map(|held| held.organisation.clone()).collect(),
            password: None,
            failures: 0,
            locked_until: None,
        }
    }

    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// A login, under the digest of its cookie.
#[derive(Clone, Debug)]
pub struct Login {
    pub person: PersonId,
    pub began: Timestamp,
    pub seen: Timestamp,
}

/// What a link that works once is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    FirstAdministrator,
    ResetPassword,
}

/// A link that works once, under the digest of its secret.
#[derive(Clone, Debug)]
pub struct Link {
    pub person: PersonId,
    pub purpose: Purpose,
    pub expires: Timestamp,
}

/// A login ends after so long without a request, and in any case after a working day.
const IDLE: SignedDuration = SignedDuration::from_hours(2);
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// After so many refused tries an account waits.
const TRIES: u32 = 8;
const LOCK: SignedDuration = SignedDuration::from_mins(15);
const LINK: SignedDuration = SignedDuration::from_hours(24);

impl Desk {
    /// The account of an address.
    ///
    /// # Errors
    /// When records cannot be reached.
    pub fn account_by_email(&self, email: &str) -> Result<Option<Account>, Error> {
        let email = email.trim().to_lowercase();
        self.read(|records| records.accounts.values().find(|one| !email.is_empty() && one.email == email).cloned())
    }

    /// Everybody who can sign in, by name.
    ///
    /// # Errors
    /// When records cannot be reached.
    pub fn accounts(&self) -> Result<Vec<Account>, Error> {
        let mut all: Vec<Account> = self.read(|records| records.accounts.values().cloned().collect())?;
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// Who a login belongs to, and that it was used now.
    ///
    /// # Errors
    /// When records cannot be reached.
    pub fn account_of_login(&self, digest: &str, now: Timestamp) -> Result<Option<Account>, Error> {
        let found = self.read(|records| {
            let login = records.logins.get(digest)?;
            let fresh = now.duration_since(login.seen) < IDLE && now.duration_since(login.began) < LONGEST;
            let account = records.accounts.get(&login.person).filter(|_| fresh)?;
            // Written at most once a minute, so that reading pages stays reading.
            Some((account.clone(), now.duration_since(login.seen) > SignedDuration::from_mins(1)))
        })?;
        let Some((account, stale)) = found else { return Ok(None) };
        if stale {
            self.change(|records| {
                if let Some(login) = records.logins.get_mut(digest) {
                    login.seen = now;
                }
                Ok(())
            })?;
        }
        Ok(Some(account))
    }

    /// Begins a login under a new digest; the one before, if any, ends.
    ///
    /// # Errors
    /// When records cannot be reached.
    pub fn begin_login(&self, person: &PersonId, digest: &str, before: Option<&str>, now: Timestamp) -> Result<(), Error> {
        self.change(|records| {
            if let Some(before) = before {
                records.logins.remove(before);
            }
            records.logins.retain(|_, login| now.duration_since(login.began) < LONGEST);
            let login = Login { person: person.clone(), began: now, seen: now };
            records.logins.insert(digest.to_owned(), login);
            if let Some(account) = records.accounts.get_mut(person) {
                account.failures = 0;
                account.locked_until = None;
            }
            Ok(())
        })
    }

    /// Ends a login.
    ///
    /// # Errors
    /// When records cannot be reached.
    pub fn end_login(&self, digest: &str) -> Result<(), Error> {
        self.change(|records| {
            records.logins.remove(digest);
            Ok(())
        })
    }

    /// Counts a refused try. Says whether the account is locked by it, so that its owner is told.
    ///
    /// # Errors
    /// When records cannot be reached.
    pub fn refuse_login(&self, person: &PersonId, now: Timestamp) -> Result<bool, Error> {
        self.change(|records| {
            let Some(account) = records.accounts.get_mut(person) else { return Ok(false) };
            account.failures += 1;
            let locked = account.failures >= TRIES;
            if locked {
                account.failures = 0;
                account.locked_until = Some(now + LOCK);
            }
            Ok(locked)
        })
    }

    /// Keeps a link that works once.
    ///
    /// # Errors
    /// When records cannot be reached.
    pub fn make_link(&self, person: &PersonId, purpose: Purpose, digest: &str, now: Timestamp) -> Result<(), Error> {
        self.change(|records| {
            records.links.retain(|_, link| link.expires > now && !(link.person == *person && link.purpose == purpose));
            let link = Link { person: person.clone(), purpose, expires: now + LINK };
            records.links.insert(digest.to_owned(), link);
            Ok(())
        })
    }

    /// Whose link it is, while it works.
    ///
    /// # Errors
    /// When records cannot be reached.
    pub fn link(&self, digest: &str, now: Timestamp) -> Result<Option<Account>, Error> {
        self.read(|records| {
            let link = records.links.get(digest).filter(|link| now < link.expires)?;
            records.accounts.get(&link.person).cloned()
        })
    }

    /// Uses a link up: sets the password and ends every login of the account.
    ///
    /// # Errors
    /// When the link does not work any more.
    pub fn use_link(&self, digest: &str, password: &str, now: Timestamp) -> Result<PersonId, Error> {
        self.change(|records| {
            let link = records.links.remove(digest).filter(|link| now < link.expires).ok_or(Error::NotFound)?;
            let account = records.accounts.get_mut(&link.person).ok_or(Error::NotFound)?;
            account.password = Some(password.to_owned());
            account.locked_until = None;
            account.failures = 0;
            records.logins.retain(|_, login| login.person != link.person);
            Ok(link.person)
        })
    }

    /// Whether somebody must still become the first administrator.
    ///
    /// # Errors
    /// When records cannot be reached.
    pub fn lacks_administrator(&self) -> Result<bool, Error> {
        self.read(|records| !records.accounts.values().any(|one| one.has(Role::Administrator) && one.password.is_some()))
    }

    /// Makes the first administrator with an organisation to administer; gives the one that there is otherwise.
    ///
    /// # Errors
    /// When records cannot be reached, or the address is none.
    pub fn first_administrator(&self, chance: [u8; 32], email: &str, now: Timestamp) -> Result<PersonId, Error> {
        self.change(|records| {
            if let Some(there) = records.accounts.values().find(|one| one.has(Role::Administrator)) {
                return Ok(there.person.clone());
            }
            let half = |nth: usize| -> [u8; 16] {
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&chance[nth * 16..][..16]);
                bytes
            };
            let act = Act { by: Actor::Service("first-start".to_owned()), at: now, why: None };
            let home = OrganisationId::from_bytes(half(0));
            let (organisation, made) =
                programme::Organisation::create(home.clone(), "Preuve", OrganisationKind::Certifier, act.clone())?;
            let id = PersonId::from_bytes(half(1));
            let (mut person, born) = Person::create(id, "Administrator", email, Lang::En, act.clone())?;
            let mut given: Vec<Event> = vec![made, born];
            for role in [Role::Administrator, Role::Certifier] {
                given.push(person.give(role, &home, act.clone()));
            }
            records.organisations.push(organisation);
            records.events.extend(given);
            records.accounts.insert(person.id.clone(), Account::of(&person));
            let id = person.id.clone();
            records.people.push(person);
            Ok(id)
        })
    }
}

impl Error {
    /// The rule that said no, if one did.
    pub fn refused(&self) -> Option<&Refused> {
        if let Self::Refused(refused) = self { Some(refused) } else { None }
    }
}
