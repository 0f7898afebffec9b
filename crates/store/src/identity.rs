//! Who may come in: accounts, logins, one-time links, tokens. Secrets arrive as they were sent and are kept as digests.
//!
//! Acts of this room are no events of the log: they concern nobody's result.

use jiff::Timestamp;
use programme::{Person, PersonId};

use crate::audit::moment;
use crate::engine::{Row, Value};
use crate::record::{Kept, read, sha256};
use crate::{Store, StoreError, Write, statement};

/// What a person signs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub person: PersonId,
    /// In PHC form; `None` for somebody who comes by another way.
    pub password: Option<String>,
    /// Wrong passwords since the last right one.
    pub failures: i64,
    pub locked_until: Option<Timestamp>,
}

/// Somebody who is in, and what they sign in with.
#[derive(Clone, Debug)]
pub struct Login {
    pub person: Kept<Person>,
    pub account: Option<Account>,
    pub began: Timestamp,
    pub seen: Timestamp,
    pub ends: Timestamp,
    pub agent: String,
}

/// A key for a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub id: String,
    /// `None` for a service.
    pub person: Option<PersonId>,
    pub name: String,
    pub scopes: Vec<String>,
    pub made: Timestamp,
    pub ends: Option<Timestamp>,
    pub seen: Option<Timestamp>,
    pub revoked: Option<Timestamp>,
}

fn digest(secret: &str) -> Value {
    sha256(format!("preuve-secret/1\n{secret}").as_bytes()).into()
}

fn micros(at: Timestamp) -> Value {
    at.as_microsecond().into()
}

fn person(row: &Row, nth: usize) -> Result<PersonId, StoreError> {
    PersonId::new(&row.text(nth)?).map_err(|error| StoreError::Damaged { why: error.to_string() })
}

/// The columns of an account, from the first of them on.
fn account(row: &Row, first: usize) -> Result<Account, StoreError> {
    let (password, failures) = (row.maybe_text(first + 1)?, row.int(first + 2)?);
    Ok(Account { person: person(row, first)?, password, failures, locked_until: maybe_moment(row, first + 3)? })
}

fn maybe_moment(row: &Row, nth: usize) -> Result<Option<Timestamp>, StoreError> {
    row.maybe_int(nth)?.map(moment).transpose()
}

/// Accounts with passwords.
impl Store {
    /// # Errors
    /// When the database does not answer.
    pub async fn person_by_email(&self, email: &str) -> Result<Option<Kept<Person>>, StoreError> {
        let sql = format!("{} WHERE email = $1", statement::select::<Person>());
        self.engine.one(&sql, &[email.trim().to_lowercase().into()]).await?.map(|row| read(&row)).transpose()
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn account(&self, of: &PersonId) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT person, password, failures, locked_until FROM account WHERE person = $1";
        self.engine.one(sql, &[of.as_str().into()]).await?.map(|row| account(&row, 0)).transpose()
    }

    /// Sets a password (or none), unlocks, and ends every login of the person.
    ///
    /// # Errors
    /// When there is no such person.
    pub async fn set_password(&self, of: &PersonId, password: Option<&str>, at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.engine.write().await?;
        let sql = "INSERT INTO account (person, password, failures, locked_until, changed) VALUES ($1, $2, 0, NULL, $3) \
                   ON CONFLICT (person) DO UPDATE SET password = $2, failures = 0, locked_until = NULL, changed = $3";
        tx.run(sql, &[of.as_str().into(), password.into(), micros(at)]).await?;
        tx.run("DELETE FROM login WHERE person = $1", &[of.as_str().into()]).await?;
        tx.commit().await
    }

    /// Counts a wrong password and gives how many there are now; from `most` on the account is locked until then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn failed(&self, of: &PersonId, most: i64, locked_until: Timestamp) -> Result<i64, StoreError> {
        let sql = "UPDATE account SET failures = failures + 1, \
                   locked_until = CASE WHEN failures + 1 >= $2 THEN $3 ELSE locked_until END \
                   WHERE person = $1 RETURNING failures";
        let rows = self.engine.change(sql, &[of.as_str().into(), most.into(), micros(locked_until)]).await?;
        rows.first().map_or(Ok(0), |row| row.int(0))
    }

    /// Forgets wrong passwords after a right one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn succeeded(&self, of: &PersonId) -> Result<(), StoreError> {
        let sql = "UPDATE account SET failures = 0, locked_until = NULL WHERE person = $1";
        self.engine.run(sql, &[of.as_str().into()]).await.map(|_| ())
    }

    /// Whether nobody has an account yet, which is when the first link is offered.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(self.engine.one("SELECT person FROM account LIMIT 1", &[]).await?.is_some())
    }
}

/// Logins, kept on the side of the server.
impl Store {
    /// # Errors
    /// When there is no such person.
    pub async fn begin_login(
        &self,
        secret: &str,
        of: &PersonId,
        agent: &str,
        at: Timestamp,
        ends: Timestamp,
    ) -> Result<(), StoreError> {
        let agent: String = agent.chars().take(200).collect();
        let sql = "INSERT INTO login (digest, person, began, seen, ends, agent) VALUES ($1, $2, $3, $3, $4, $5)";
        let values = [digest(secret), of.as_str().into(), micros(at), micros(ends), agent.into()];
        self.engine.run(sql, &values).await.map(|_| ())
    }

    /// Who this is, unless the login is over or nothing was heard since `idle_since`. That somebody was seen is written
    /// once a minute, so that looking at a page does not write.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn login(&self, secret: &str, at: Timestamp, idle_since: Timestamp) -> Result<Option<Login>, StoreError> {
        // Every page asks this first: one question, not three.
        let sql = "SELECT who.id, who.body, who.revision, login.began, login.seen, login.ends, login.agent, \
                   account.person, account.password, account.failures, account.locked_until FROM login \
                   JOIN person who ON who.id = login.person LEFT JOIN account ON account.person = login.person \
                   WHERE login.digest = $1 AND login.ends > $2 AND login.seen > $3";
        let Some(row) = self.engine.one(sql, &[digest(secret), micros(at), micros(idle_since)]).await? else {
            return Ok(None);
        };
        let seen = row.int(4)?;
        if at.as_microsecond() - seen > 60_000_000 {
            let sql = "UPDATE login SET seen = $2 WHERE digest = $1 AND seen < $2";
            self.engine.run(sql, &[digest(secret), micros(at)]).await?;
        }
        Ok(Some(Login {
            person: read(&row)?,
            account: row.maybe_text(7)?.map(|_| account(&row, 7)).transpose()?,
            began: moment(row.int(3)?)?,
            seen: moment(seen)?,
            ends: moment(row.int(5)?)?,
            agent: row.text(6)?,
        }))
    }

    /// Gives a login another secret: whoever knew the old one is out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rotate_login(&self, old: &str, new: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE login SET digest = $2 WHERE digest = $1";
        Ok(self.engine.run(sql, &[digest(old), digest(new)]).await? == 1)
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn end_login(&self, secret: &str) -> Result<(), StoreError> {
        self.engine.run("DELETE FROM login WHERE digest = $1", &[digest(secret)]).await.map(|_| ())
    }

    /// Ends all logins of somebody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_logins(&self, of: &PersonId) -> Result<u64, StoreError> {
        self.engine.run("DELETE FROM login WHERE person = $1", &[of.as_str().into()]).await
    }

    /// Forgets logins and links that are over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep_logins(&self, at: Timestamp) -> Result<u64, StoreError> {
        let links = self.engine.run("DELETE FROM link WHERE ends < $1", &[micros(at)]).await?;
        Ok(links + self.engine.run("DELETE FROM login WHERE ends < $1", &[micros(at)]).await?)
    }
}

/// Links that work once: the first administrator, an invitation, a new password.
impl Store {
    /// Makes a link for a purpose, about a subject (a person, an invitation). Earlier ones for the same are void.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn make_link(
        &self,
        secret: &str,
        purpose: &str,
        subject: &str,
        ends: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.engine.write().await?;
        let void = "DELETE FROM link WHERE purpose = $1 AND subject = $2 AND used IS NULL";
        tx.run(void, &[purpose.into(), subject.into()]).await?;
        let sql = "INSERT INTO link (digest, purpose, subject, ends, used) VALUES ($1, $2, $3, $4, NULL)";
        tx.run(sql, &[digest(secret), purpose.into(), subject.into(), micros(ends)]).await?;
        tx.commit().await
    }

    /// What a link is about, without using it: for the page that asks before it acts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn peek_link(&self, secret: &str, purpose: &str, at: Timestamp) -> Result<Option<String>, StoreError> {
        let sql = "SELECT subject FROM link WHERE digest = $1 AND purpose = $2 AND used IS NULL AND ends > $3";
        let row = self.engine.one(sql, &[digest(secret), purpose.into(), micros(at)]).await?;
        row.map(|row| row.text(0)).transpose()
    }

    /// Uses a link: of two who try at once, one gets the subject.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn use_link(&self, secret: &str, purpose: &str, at: Timestamp) -> Result<Option<String>, StoreError> {
        let sql = "UPDATE link SET used = $3 WHERE digest = $1 AND purpose = $2 AND used IS NULL AND ends > $3 \
                   RETURNING subject";
        let rows = self.engine.change(sql, &[digest(secret), purpose.into(), micros(at)]).await?;
        rows.first().map(|row| row.text(0)).transpose()
    }
}

const TOKEN: &str = "SELECT id, person, name, scopes, made, ends, seen, revoked FROM token";

/// Tokens of people and services.
impl Store {
    /// Keeps a token, with the event that says so.
    ///
    /// # Errors
    /// When the id or the secret is taken.
    pub async fn make_token(&self, token: &Token, secret: &str, told: Write) -> Result<(), StoreError> {
        let sql = "INSERT INTO token (id, digest, person, name, scopes, made, ends, seen, revoked) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL)";
        let values = [
            token.id.as_str().into(),
            digest(secret),
            token.person.as_ref().map(PersonId::as_str).into(),
            token.name.as_str().into(),
            token.scopes.join(" ").into(),
            micros(token.made),
            token.ends.map(Timestamp::as_microsecond).into(),
        ];
        self.told_once(told, sql, &values, None).await.map(|_| ())
    }

    /// The token of a secret, unless it is over or revoked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token(&self, secret: &str, at: Timestamp) -> Result<Option<Token>, StoreError> {
        let sql = format!("{TOKEN} WHERE digest = $1 AND revoked IS NULL AND (ends IS NULL OR ends > $2)");
        let Some(row) = self.engine.one(&sql, &[digest(secret), micros(at)]).await? else { return Ok(None) };
        let token = token(&row)?;
        if token.seen.is_none_or(|seen| at.as_microsecond() - seen.as_microsecond() > 60_000_000) {
            let sql = "UPDATE token SET seen = $2 WHERE id = $1";
            self.engine.run(sql, &[token.id.as_str().into(), micros(at)]).await?;
        }
        Ok(Some(token))
    }

    /// Those of a person, or of services for `None`, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tokens(&self, of: Option<&PersonId>) -> Result<Vec<Token>, StoreError> {
        let rows = match of {
            Some(of) => {
                let sql = format!("{TOKEN} WHERE person = $1 ORDER BY made DESC, id");
                self.engine.all(&sql, &[of.as_str().into()]).await?
            }
            None => self.engine.all(&format!("{TOKEN} WHERE person IS NULL ORDER BY made DESC, id"), &[]).await?,
        };
        rows.iter().map(token).collect()
    }

    /// Takes a token away, with the event that says so.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_token(&self, id: &str, at: Timestamp, told: Write) -> Result<bool, StoreError> {
        let sql = "UPDATE token SET revoked = $2 WHERE id = $1 AND revoked IS NULL";
        self.told_once(told, sql, &[id.into(), micros(at)], None).await
    }
}

fn token(row: &Row) -> Result<Token, StoreError> {
    Ok(Token {
        id: row.text(0)?,
        person: row.maybe_text(1)?.map(|_| person(row, 1)).transpose()?,
        name: row.text(2)?,
        scopes: row.text(3)?.split_whitespace().map(str::to_owned).collect(),
        made: moment(row.int(4)?)?,
        ends: maybe_moment(row, 5)?,
        seen: maybe_moment(row, 6)?,
        revoked: maybe_moment(row, 7)?,
    })
}

/// Somebody known by another house, and what an installation remembers.
impl Store {
    /// The person whom an identity provider knows by this subject.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<PersonId>, StoreError> {
        let sql = "SELECT person FROM identity WHERE issuer = $1 AND subject = $2";
        let row = self.engine.one(sql, &[issuer.into(), subject.into()]).await?;
        row.map(|row| person(&row, 0)).transpose()
    }

    /// Whether an identity provider knows somebody already, by whatever subject.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_identity_at(&self, issuer: &str, person: &PersonId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM identity WHERE issuer = $1 AND person = $2";
        Ok(self.engine.one(sql, &[issuer.into(), person.as_str().into()]).await?.is_some())
    }

    /// # Errors
    /// When the identity belongs to somebody already.
    pub async fn add_identity(&self, issuer: &str, subject: &str, of: &PersonId) -> Result<(), StoreError> {
        let sql = "INSERT INTO identity (issuer, subject, person) VALUES ($1, $2, $3)";
        self.engine.run(sql, &[issuer.into(), subject.into(), of.as_str().into()]).await.map(|_| ())
    }

    /// A setting, as JSON.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row = self.engine.one("SELECT body FROM setting WHERE name = $1", &[name.into()]).await?;
        row.map(|row| row.text(0)).transpose()
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn set_setting(&self, name: &str, body: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO setting (name, body) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET body = $2";
        self.engine.run(sql, &[name.into(), body.into()]).await.map(|_| ())
    }
}
