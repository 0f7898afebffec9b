//! Accounts, logins and links that work once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use programme::{Act, Change, Event, OrganisationId, Person, PersonId, Role, RoleHeld, Subject};
use store::{Find, Kept};

use super::desk::Desk;
use super::scope::Scope;
use super::{Error, Refused};

/// How many people a page of them shows.
const FOUND: i64 = 100;

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    /// The same, with the organisation in which each is held.
    pub held: Vec<RoleHeld>,
    /// As `argon2` writes it; nobody signs in by password without.
    pub password: Option<String>,
    pub locked_until: Option<Timestamp>,
    /// A program of an organisation, which never signs in.
    pub service: bool,
}

impl Account {
    fn of(person: &Person, kept: Option<store::identity::Account>) -> Self {
        let mut roles: Vec<Role> = person.roles.iter().map(|held| held.role).collect();
        roles.sort();
        roles.dedup();
        Self {
            person: person.id.clone(),
            name: person.name.clone(),
            email: person.email.clone().unwrap_or_default(),
            roles,
            held: person.roles.clone(),
            service: person.service,
            locked_until: kept.as_ref().and_then(|kept| kept.locked_until),
            password: kept.and_then(|kept| kept.password),
        }
    }

    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// Whether they hold a role in one organisation.
    pub fn holds(&self, role: Role, organisation: &OrganisationId) -> bool {
        self.held.iter().any(|held| held.role == role && held.organisation == *organisation)
    }

    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// A login ends after so long without a request, and in any case after a working day.
const IDLE: SignedDuration = SignedDuration::from_hours(2);
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// After so many refused tries an account waits.
const TRIES: i64 = 8;
const LOCK: SignedDuration = SignedDuration::from_mins(15);
const LINK: SignedDuration = SignedDuration::from_hours(24);
/// What a link is for: to choose a password, the first time or again.
const PASSWORD: &str = "password";

impl Desk {
    /// The account of a person who was not erased.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn account_by_id(&self, person: &PersonId) -> Result<Option<Account>, Error> {
        let Some(found) = self.store.maybe::<Person>(person.as_str()).await? else { return Ok(None) };
        if found.erased {
            return Ok(None);
        }
        Ok(Some(Account::of(&found, self.store.account(person).await?)))
    }

    /// The account of an address.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn account_by_email(&self, email: &str) -> Result<Option<Account>, Error> {
        match self.store.person_by_email(email).await? {
            Some(person) => self.account_by_id(&person.id).await,
            None => Ok(None),
        }
    }

    /// Everybody, by name; the first thousand.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        let people = self.read(&Scope::People, |records| records.people.clone()).await?;
        self.accounts_of(&people).await
    }

    async fn accounts_of(&self, people: &[Person]) -> Result<Vec<Account>, Error> {
        let mut all = Vec::new();
        for person in people.iter().filter(|person| !person.erased) {
            all.push(Account::of(person, self.store.account(&person.id).await?));
        }
        Ok(all)
    }

    /// A page of people by name, and how many there are: all, or those whose name begins so or whose address this is.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn accounts_found(&self, search: &str) -> Result<(Vec<Account>, i64), Error> {
        let search = search.trim();
        // Who was erased has no name, and every name comes after that.
        let named = Find::<Person>::all().at_least("name", "!");
        let named = if search.is_empty() { named } else { named.begins("name", search) };
        let mut people: Vec<Person> =
            self.store.person_by_email(search).await?.into_iter().map(Kept::into_inner).collect();
        let found = self.store.find(named.clone().order("name").page(0, FOUND)).await?;
        people.extend(found.into_iter().map(Kept::into_inner));
        let count = self.store.count(named).await?;
        Ok((self.accounts_of(&people).await?, count.max(people.len() as i64)))
    }

    /// What some people are called; nothing for whoever was erased.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn names(&self, people: &BTreeSet<PersonId>) -> Result<BTreeMap<PersonId, String>, Error> {
        let mut names = BTreeMap::new();
        for id in people {
            let person = self.store.maybe::<Person>(id.as_str()).await?;
            let name = person.filter(|person| !person.erased).map_or_else(|| "–".to_owned(), |one| one.name.clone());
            names.insert(id.clone(), name);
        }
        Ok(names)
    }

    /// Who a login belongs to.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn account_of_login(&self, secret: &str, now: Timestamp) -> Result<Option<Account>, Error> {
        let login = self.store.login(secret, now, now - IDLE).await?.filter(|login| !login.person.erased);
        Ok(login.map(|login| Account::of(&login.person, login.account)))
    }

    /// Begins a login under a new secret; the one before, if any, ends.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn begin_login(
        &self,
        person: &PersonId,
        secret: &str,
        before: Option<&str>,
        agent: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        if let Some(before) = before {
            self.store.end_login(before).await?;
        }
        self.store.sweep_logins(now).await?;
        self.store.begin_login(secret, person, agent, now, now + LONGEST).await?;
        Ok(self.store.succeeded(person).await?)
    }

    /// Ends a login.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn end_login(&self, secret: &str) -> Result<(), Error> {
        Ok(self.store.end_login(secret).await?)
    }

    /// Counts a refused try. Says whether the account is locked by it, so that its owner is told.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn refuse_login(&self, person: &PersonId, now: Timestamp) -> Result<bool, Error> {
        Ok(self.store.failed(person, TRIES, now + LOCK).await? >= TRIES)
    }

    /// Keeps a link that works once, to choose a password.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn make_link(&self, person: &PersonId, secret: &str, now: Timestamp) -> Result<(), Error> {
        Ok(self.store.make_link(secret, PASSWORD, person.as_str(), now + LINK).await?)
    }

    /// Whose link it is, while it works.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn link(&self, secret: &str, now: Timestamp) -> Result<Option<Account>, Error> {
        match self.store.peek_link(secret, PASSWORD, now).await? {
            Some(person) => self.account_by_id(&PersonId::new(&person).map_err(|_| Error::NotFound)?).await,
            None => Ok(None),
        }
    }

    /// Uses a link up: sets the password and ends every login of the account.
    ///
    /// # Errors
    /// When the link does not work any more.
    pub async fn use_link(&self, secret: &str, password: &str, now: Timestamp) -> Result<Account, Error> {
        let person = self.store.use_link(secret, PASSWORD, now).await?.ok_or(Error::NotFound)?;
        let person = PersonId::new(&person).map_err(|_| Error::NotFound)?;
        self.store.set_password(&person, Some(password), now).await?;
        self.account_by_id(&person).await?.ok_or(Error::NotFound)
    }

    /// Remembers something for a while under a secret, to be recalled once.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn remember(&self, secret: &str, purpose: &str, what: &str, until: Timestamp) -> Result<(), Error> {
        Ok(self.store.make_link(secret, purpose, what, until).await?)
    }

    /// What was remembered under a secret: the first time, and in time.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn recall(&self, secret: &str, purpose: &str, now: Timestamp) -> Result<Option<String>, Error> {
        Ok(self.store.use_link(secret, purpose, now).await?)
    }

    /// The account of somebody who signed in elsewhere: the one that they had before, or else the one of their verified
    /// address. It makes no account and gives no role.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn account_of_identity(&self, found: &crate::oidc::Identity) -> Result<Option<Account>, Error> {
        if let Some(person) = self.store.identity(&found.issuer, &found.subject).await? {
            return self.account_by_id(&person).await;
        }
        let Some(email) = &found.verified_email else { return Ok(None) };
        let Some(account) = self.account_by_email(email).await? else { return Ok(None) };
        // An address that was given to somebody else there does not bring the account along.
        if self.store.has_identity_at(&found.issuer, &account.person).await? {
            return Ok(None);
        }
        self.store.add_identity(&found.issuer, &found.subject, &account.person).await?;
        Ok(Some(account))
    }

    /// Keeps a token of somebody's own, or of a service, and tells it.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn make_token(
        &self,
        of: &PersonId,
        (token, secret): (&store::identity::Token, &str),
        act: Act,
    ) -> Result<(), Error> {
        let made = Change::TokenMade { token: token.id.clone(), scopes: token.scopes.clone() };
        let event = Event::new(Subject::Person(of.clone()), act, made);
        let token = store::identity::Token { person: Some(of.clone()), ..token.clone() };
        self.told::<Person, _>(of.as_str(), &event, |told| Box::pin(self.store.make_token(&token, secret, told))).await
    }

    /// The tokens of somebody.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn tokens(&self, of: &PersonId) -> Result<Vec<store::identity::Token>, Error> {
        Ok(self.store.tokens(Some(of)).await?)
    }

    /// Takes a token of somebody away.
    ///
    /// # Errors
    /// When there is none of that id.
    pub async fn revoke_token(&self, of: &PersonId, id: &str, act: Act) -> Result<(), Error> {
        if !self.store.tokens(Some(of)).await?.iter().any(|token| token.id == id) {
            return Err(Error::NotFound);
        }
        let (now, revoked) = (act.at, Change::TokenRevoked { token: id.to_owned() });
        let event = Event::new(Subject::Person(of.clone()), act, revoked);
        self.told::<Person, _>(of.as_str(), &event, |told| Box::pin(self.store.revoke_token(id, now, told)))
            .await
            .map(|_| ())
    }

    /// Whom a token stands for, and what it may.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn account_of_token(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<(Account, Vec<String>)>, Error> {
        let Some(token) = self.store.token(secret, now).await? else { return Ok(None) };
        let Some(person) = &token.person else { return Ok(None) };
        Ok(self.account_by_id(person).await?.map(|account| (account, token.scopes)))
    }

    /// Whether somebody must still become the first administrator.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn lacks_administrator(&self) -> Result<bool, Error> {
        Ok(!self.store.has_accounts().await?)
    }
}

impl Error {
    /// The rule that said no, if one did.
    pub fn refused(&self) -> Option<&Refused> {
        if let Self::Refused(refused) = self { Some(refused) } else { None }
    }
}
