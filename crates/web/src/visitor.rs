//! Who asks: what the layers learnt about a request before its handler runs.

use std::sync::Arc;

use app::Lang;
use app::console::{Account, Role};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::answer::Refusal;
use crate::console::Console;
use crate::shell::Shell;

/// One request's visitor.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub lang: Lang,
    /// Path and query, to come back to.
    pub path: String,
    pub account: Option<Arc<Account>>,
    /// The scopes of the token that a program showed; an account that a token stands for opens no page.
    pub token: Option<Vec<String>>,
    /// The id that logs and refusals name.
    pub request: String,
    /// Whom rate limits count.
    pub peer: String,
    pub demo: bool,
    /// Whether this is the machine itself, or knows the token of its operator.
    pub operator: bool,
}

impl Visitor {
    /// The roles of whoever has signed in with a browser.
    pub(crate) fn roles(&self) -> Option<&[Role]> {
        self.account.as_ref().filter(|_| self.token.is_none()).map(|account| &*account.roles)
    }

    pub(crate) fn shell(&self) -> Shell {
        let person = self.account.as_ref().map(|account| (&*account.name, &*account.roles));
        Shell::new(self.lang, &self.path, person, self.demo)
    }
}

/// What nearly every handler takes: the console and its visitor.
pub(crate) struct Visit {
    pub console: Arc<Console>,
    pub visitor: Visitor,
}

impl Visit {
    pub(crate) fn shell(&self) -> Shell {
        self.visitor.shell()
    }

    /// Who has signed in.
    pub(crate) fn account(&self) -> Result<&Account, Refusal> {
        self.visitor.account.as_deref().ok_or(Refusal::SignIn)
    }
}

impl FromRequestParts<Arc<Console>> for Visit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Refusal> {
        let visitor = parts.extensions.get::<Visitor>().cloned().ok_or(Refusal::Internal)?;
        Ok(Self { console: Arc::clone(console), visitor })
    }
}
