//! Names of issuers and keys: `did:web`, `did:key` and HTTPS addresses, and where their documents lie.

/// Whether it is an absolute IRI that canonical forms keep as it stands.
pub(crate) fn is_iri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_ok = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let allowed = |c: char| {
        !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
    };
    scheme_ok && !rest.is_empty() && text.len() <= 2_048 && rest.chars().all(allowed)
}

/// Whether an issuer is named by `did:web`.
pub fn is_did_web(name: &str) -> bool {
    name.starts_with("did:web:")
}

/// A key's name: the issuer's, and which of its keys.
pub fn with_fragment(issuer: &str, key: &str) -> String {
    format!("{issuer}#{key}")
}

/// Where the document of an issuer or a key is published; none for a name that says nowhere.
pub fn document_url(name: &str) -> Option<String> {
    let name = name.split('#').next().unwrap_or(name);
    if name.starts_with("https://") {
        return Some(name.to_owned());
    }
    let mut parts = name.strip_prefix("did:web:")?.split(':');
    let host = parts.next()?.replace("%3A", ":").replace("%3a", ":");
    let host_ok = !host.is_empty()
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
        && host.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok());
    let path: Vec<&str> = parts.collect();
    let plain = |part: &&str| {
        !part.is_empty()
            && !part.chars().all(|c| c == '.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "._~-%".contains(c))
    };
    if !host_ok || !path.iter().all(plain) {
        return None;
    }
    let path = if path.is_empty() { ".well-known".to_owned() } else { path.join("/") };
    Some(format!("https://{host}/{path}/did.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(document_url(name).as_deref(), expected);
    }

    #[test]
    fn names_say_where_documents_lie() {
        check("did:web:example.org", Some("https://example.org/.well-known/did.json"));
        check("did:web:example.org%3A8443:users:a#k", Some("https://example.org:8443/users/a/did.json"));
        check("https://example.org/issuers/1#k", Some("https://example.org/issuers/1"));
        for name in [
            "did:web:",
            "did:web:a:..:b",
            "did:web:a/b",
            "did:web:a@b",
            "did:web:a%3Ax",
            "did:key:z6Mk",
            "http://a/b",
            "file:///etc/passwd",
        ] {
            check(name, None);
        }
    }

    #[test]
    fn an_iri_is_absolute_and_plain() {
        for text in ["https://a.org/é", "urn:uuid:1", "did:web:a", "ni:///sha-256;a"] {
            assert!(is_iri(text), "{text}");
        }
        for text in ["a", "_:b", ":b", "https:", "a b:c", "urn:a b", "urn:<a>", "1a:b"] {
            assert!(!is_iri(text), "{text}");
        }
    }
}
