//! The provider that the operator names: what it says about itself, its keys, and the two calls of a sign-in.

use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::OidcError;
use super::token::{Identity, Keys, verified_email, verify};
use crate::credential::http::{Call, call, is_local};

/// What the operator was given by the provider.
#[derive(Clone)]
pub struct Settings {
    /// Exactly as the provider writes it.
    pub issuer: String,
    pub client: String,
    pub secret: Option<String>,
    /// What people call it.
    pub name: String,
    /// Where it sends people back to.
    pub redirect: String,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("issuer", &self.issuer).field("client", &self.client).finish_non_exhaustive()
    }
}

/// What a provider says about itself is believed for so long, and its keys are asked for again no sooner than that.
const FRESH: SignedDuration = SignedDuration::from_hours(6);
const AGAIN: SignedDuration = SignedDuration::from_secs(5);

/// What the provider says about itself.
#[derive(Clone, Debug)]
struct About {
    authorize: String,
    token: String,
    userinfo: Option<String>,
    /// Whether the secret goes into the form instead of the header.
    secret_in_form: bool,
    keys: Keys,
    read: Timestamp,
}

/// A provider, with what is remembered of it.
#[derive(Debug)]
pub struct Provider {
    pub settings: Settings,
    about: Mutex<Option<About>>,
}

/// A sign-in that has begun: where the browser goes, and what to remember until it comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    pub address: String,
}

impl Provider {
    pub fn new(settings: Settings) -> Self {
        Self { settings, about: Mutex::new(None) }
    }

    /// Where to send a browser. The three secrets are the caller's to remember.
    ///
    /// # Errors
    /// When the provider does not say where.
    pub fn begin(&self, (state, nonce, verifier): (&str, &str, &str), now: Timestamp) -> Result<Begun, OidcError> {
        let about = self.about(now)?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let asked = [
            ("response_type", "code"),
            ("client_id", &self.settings.client),
            ("redirect_uri", &self.settings.redirect),
            ("scope", "openid email"),
            ("state", state),
            ("nonce", nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let query: Vec<String> = asked.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let mark = if about.authorize.contains('?') { '&' } else { '?' };
        Ok(Begun { address: format!("{}{mark}{}", about.authorize, query.join("&")) })
    }

    /// Who signed in, from the code that the browser brought back.
    ///
    /// # Errors
    /// When the provider does not answer, or what it signed is refused.
    pub fn complete(&self, code: &str, (nonce, verifier): (&str, &str), now: Timestamp) -> Result<Identity, OidcError> {
        let about = self.about(now)?;
        let answer = self.exchange(&about, code, verifier)?;
        let text = |name: &str| answer.get(name).and_then(Value::as_str);
        let token = text("id_token").ok_or_else(|| told("it gave no id token"))?;
        let mut keys = about.keys.clone();
        if !keys.knows(token) && now.duration_since(about.read) > AGAIN {
            // Issuers change their keys; a token of a new one is no reason to refuse.
            keys = self.read(now)?.keys;
        }
        let client = &self.settings.client;
        let mut found = verify(token, &keys, (&self.settings.issuer, client, nonce), now)?;
        // Many providers keep the address for those who ask with the access token.
        if let (None, Some(userinfo), Some(access)) = (&found.verified_email, &about.userinfo, text("access_token")) {
            let more = json(&call(userinfo, &Call::Get { bearer: Some(access) }).map_err(OidcError::Provider)?)?;
            // Another subject's answer is thrown away.
            if more.get("sub").and_then(Value::as_str) == Some(&*found.subject) {
                found.verified_email = verified_email(&more);
            }
        }
        Ok(found)
    }

    fn exchange(&self, about: &About, code: &str, verifier: &str) -> Result<Value, OidcError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.settings.redirect.as_str()),
            ("client_id", self.settings.client.as_str()),
            ("code_verifier", verifier),
        ];
        let mut basic = None;
        let both = self.settings.secret.as_deref().map(|secret| (encoded(&self.settings.client), encoded(secret)));
        if let Some((name, password)) = &both {
            if about.secret_in_form {
                form.push(("client_secret", self.settings.secret.as_deref().unwrap_or_default()));
            } else {
                basic = Some((name.as_str(), password.as_str()));
            }
        }
        json(&call(&about.token, &Call::Post { form: &form, basic }).map_err(OidcError::Provider)?)
    }

    fn about(&self, now: Timestamp) -> Result<About, OidcError> {
        let known = self.about.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        match known {
            Some(about) if now.duration_since(about.read) < FRESH => Ok(about),
            _ => self.read(now),
        }
    }

    /// Asks the provider about itself, and remembers it.
    fn read(&self, now: Timestamp) -> Result<About, OidcError> {
        let issuer = &self.settings.issuer;
        let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let said = json(&call(&place, &Call::Get { bearer: None }).map_err(OidcError::Provider)?)?;
        if said.get("issuer").and_then(Value::as_str) != Some(issuer) {
            return Err(told("it calls itself by another name"));
        }
        let local = is_local(issuer);
        let address = |name: &str| {
            let found = said.get(name).and_then(Value::as_str).map(str::to_owned);
            found.filter(|url| url.starts_with("https://") || (local && is_local(url)))
        };
        let need = |name: &str| address(name).ok_or_else(|| told(&format!("it does not say its {name}")));
        let list = |name: &str| said.get(name).and_then(Value::as_array).cloned();
        if list("code_challenge_methods_supported").is_some_and(|all| !all.iter().any(|one| one == "S256")) {
            return Err(told("it does not take challenges (PKCE)"));
        }
        let methods = list("token_endpoint_auth_methods_supported");
        let has = |name: &str| methods.as_ref().is_some_and(|all| all.iter().any(|one| one == name));
        let jwks = need("jwks_uri")?;
        let keys = Keys::read(&json(&call(&jwks, &Call::Get { bearer: None }).map_err(OidcError::Provider)?)?);
        let about = About {
            authorize: need("authorization_endpoint")?,
            token: need("token_endpoint")?,
            userinfo: address("userinfo_endpoint"),
            secret_in_form: has("client_secret_post") && !has("client_secret_basic"),
            keys,
            read: now,
        };
        *self.about.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(about.clone());
        Ok(about)
    }
}

fn told(why: &str) -> OidcError {
    OidcError::Provider(why.to_owned())
}

fn json(bytes: &[u8]) -> Result<Value, OidcError> {
    serde_json::from_slice(bytes).map_err(|_| told("its answer is no JSON"))
}

/// A text as a value of a query or a form.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
