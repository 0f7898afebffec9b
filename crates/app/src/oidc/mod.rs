//! Signing in by another house: OpenID Connect's code flow with PKCE, state and nonce.
//!
//! The crate that is usual for this brings RSA, P-256 and big numbers of its own, RSA with an advisory that is open. What
//! a client needs of them is to verify signatures, which the one TLS stack of this program does already.

mod provider;
mod token;

pub use provider::{Begun, Provider, Settings};
pub use token::{Identity, Keys, Refused, verify};

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The provider does not answer, or not as it must.
    #[error("the provider: {0}")]
    Provider(String),
    /// What it signed is not for this sign-in.
    #[error("the token is refused: {0}")]
    Token(#[from] Refused),
}
