//! The JSON-LD contexts that are known. They are part of the program: a context that is fetched could change what was signed.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::terms::Scope;

/// Of the data model of verifiable credentials.
pub const VC: &str = "https://www.w3.org/ns/credentials/v2";
/// Of Open Badges, in the version that is written.
pub const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

const BUILT_IN: [(&str, &str); 5] = [
    (VC, include_str!("../contexts/credentials-v2.json")),
    (OPEN_BADGES, include_str!("../contexts/ob-v3p0-3.0.3.json")),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", include_str!("../contexts/ob-v3p0-3.0.2.json")),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", include_str!("../contexts/ob-v3p0-3.0.1.json")),
    ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", include_str!("../contexts/ob-v3p0-extensions.json")),
];

/// Contexts by their addresses.
#[derive(Clone, Debug, Default)]
pub struct Contexts {
    known: BTreeMap<String, Arc<Known>>,
}

#[derive(Debug)]
pub(crate) struct Known {
    pub text: &'static str,
    pub scope: Scope,
}

impl Contexts {
    /// Those of verifiable credentials and Open Badges.
    pub fn built_in() -> &'static Self {
        static CONTEXTS: OnceLock<Contexts> = OnceLock::new();
        CONTEXTS.get_or_init(|| BUILT_IN.iter().fold(Self::default(), |contexts, (url, text)| contexts.with(url, text)))
    }

    /// These and one more, which the caller vouches for.
    ///
    /// # Panics
    /// When the text is no context: it is part of a program.
    #[must_use]
    pub fn with(mut self, url: &str, text: &'static str) -> Self {
        let value: Value = serde_json::from_str(text).expect("a context that a program carries is JSON");
        let scope = Scope::read(&value["@context"]);
        self.known.insert(url.to_owned(), Arc::new(Known { text, scope }));
        self
    }

    pub(crate) fn get(&self, url: &str) -> Option<&Arc<Known>> {
        self.known.get(url)
    }
}

/// Whether an address is one of Open Badges 3.0.
pub(crate) fn is_open_badges(url: &str) -> bool {
    let version =
        url.strip_prefix("https://purl.imsglobal.org/spec/ob/v3p0/context").and_then(|rest| rest.strip_suffix(".json"));
    version.is_some_and(|version| version.is_empty() || version.starts_with("-3."))
}
