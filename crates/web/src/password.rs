//! Passwords, kept as argon2id only.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Long enough not to be guessed; no rule about its letters, which only makes passwords alike.
pub(crate) const SHORTEST: usize = 12;
/// More than this is an attempt to keep the machine busy.
pub(crate) const LONGEST: usize = 256;

pub(crate) fn is_fit(password: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&password.chars().count())
}

/// Hashes a password, which takes a while on purpose.
pub(crate) async fn hash(password: String) -> Option<String> {
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    hashed.await.ok()?.ok()
}

/// Whether it is the password of this hash. Without a hash as much work is done, so that time tells nothing.
pub(crate) async fn is(password: String, hash: Option<String>) -> bool {
    if password.len() > 4 * LONGEST {
        return false;
    }
    let verified = tokio::task::spawn_blocking(move || match &hash {
        Some(hash) => PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()),
        None => {
            let _ = Argon2::default().hash_password(password.as_bytes());
            false
        }
    });
    verified.await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_opens() {
        let hash = hash("correct horse battery".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(is("correct horse battery".to_owned(), Some(hash.clone())).await);
        assert!(!is("correct horse batterz".to_owned(), Some(hash)).await);
        assert!(!is("correct horse battery".to_owned(), None).await);
    }
}
