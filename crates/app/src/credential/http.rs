//! The one HTTP client: https only, bounded in bytes, time and redirects, and never into this machine or its network.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use extract::git::is_private;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::CredentialError;

/// The most that is fetched; a status list of sixty million places stays below it.
const MOST: u64 = 16 << 20;

/// What may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing: all documents are given.
    Nothing,
    /// The public Internet.
    Public,
    /// Also private addresses, and plain http on this machine: a console that is being tried.
    Private,
}

/// The bytes at an address.
///
/// # Errors
/// When the address may not be reached, or nothing usable answers.
pub(super) fn fetch(url: &str, reach: Reach) -> Result<Vec<u8>, CredentialError> {
    let wrong = |why: &'static str, detail: String| CredentialError::Fetch { url: url.to_owned(), why, detail };
    let local = reach == Reach::Private && is_local(url);
    if reach == Reach::Nothing {
        return Err(wrong("fetch-offline", String::new()));
    }
    if !url.starts_with("https://") && !local {
        return Err(wrong("fetch-scheme", String::new()));
    }
    let config = Config::builder()
        .https_only(!local)
        .timeout_global(Some(Duration::from_secs(15)))
        .max_redirects(3)
        .proxy(None)
        .user_agent(concat!("preuve/", env!("CARGO_PKG_VERSION")))
        .accept("application/vc+ld+json, application/did+json, application/json, image/png, image/svg+xml, text/plain")
        .build();
    let resolver = Guarded { inner: DefaultResolver::default(), reach };
    let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
    let answer = agent.get(url).call();
    let mut answer = answer.map_err(|error| {
        explain(error).map_or_else(|detail| wrong("fetch-failed", detail), |why| wrong(why, String::new()))
    })?;
    answer.body_mut().with_config().limit(MOST).read_to_vec().map_err(|error| match error {
        Error::BodyExceedsLimit(_) => wrong("fetch-large", String::new()),
        error => wrong("fetch-failed", error.to_string()),
    })
}

/// Whether an address may be reached, as far as it says so itself; a name is looked at again when it is resolved.
///
/// # Errors
/// With the reason, as a message of the catalogue.
pub(crate) fn may_reach(url: &str, reach: Reach) -> Result<(), &'static str> {
    let local = reach == Reach::Private && is_local(url);
    let uri: Uri = url.parse().map_err(|_| "fetch-failed")?;
    let authority = uri.authority().filter(|one| !one.host().is_empty()).ok_or("fetch-failed")?;
    // A name or a password in an address would be in pages and logs.
    if authority.as_str().contains('@') {
        return Err("fetch-failed");
    }
    if uri.scheme_str() != Some("https") && !local {
        return Err("fetch-scheme");
    }
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    let inside = host == "localhost" || host.parse().is_ok_and(is_private);
    if inside && reach != Reach::Private { Err("fetch-private") } else { Ok(()) }
}

/// Sends JSON to an address that somebody here wrote, and gives the status of the answer; nothing of what it says.
///
/// # Errors
/// When it may not be reached or does not answer: the name of a message.
pub(crate) fn post(url: &str, headers: &[(&'static str, String)], body: &str, reach: Reach) -> Result<u16, String> {
    may_reach(url, reach)?;
    let config = Config::builder()
        .https_only(!is_local(url))
        .timeout_global(Some(Duration::from_secs(15)))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent(concat!("preuve/", env!("CARGO_PKG_VERSION")))
        .build();
    let resolver = Guarded { inner: DefaultResolver::default(), reach };
    let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
    let mut request = agent.post(url).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, value.as_str());
    }
    let answer = request.send(body);
    answer.map(|answer| answer.status().as_u16()).map_err(|error| explain(error).unwrap_or("fetch-failed").to_owned())
}

/// Sends JSON to a party that the operator named, wherever it is, and gives the status of the answer.
///
/// # Errors
/// When it does not answer; never with what was sent.
pub(crate) fn hand_over(url: &str, headers: &[(String, String)], body: &str) -> Result<u16, String> {
    let config = Config::builder()
        .timeout_global(Some(Duration::from_secs(10)))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent(concat!("preuve/", env!("CARGO_PKG_VERSION")))
        .build();
    let mut request = Agent::new_with_config(config).post(url).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(name.as_str(), value.as_str());
    }
    request.send(body).map(|answer| answer.status().as_u16()).map_err(|error| error.to_string())
}

/// What is asked of a party that the operator named.
pub(crate) enum Call<'a> {
    /// A document, with a bearer token where there is one.
    Get { bearer: Option<&'a str> },
    /// A form, with a name and a password where they belong into the header.
    Post { form: &'a [(&'a str, &'a str)], basic: Option<(&'a str, &'a str)> },
}

/// What a party that the operator named answers. Its address may be private, since the operator knows it; it leads
/// nowhere else, and plain http stays on this machine.
///
/// # Errors
/// When nothing usable answers; never with what was sent.
pub(crate) fn call(url: &str, call: &Call<'_>) -> Result<Vec<u8>, String> {
    const MOST: u64 = 1 << 20;
    let local = is_local(url);
    if !url.starts_with("https://") && !local {
        return Err("not an https address".to_owned());
    }
    let config = Config::builder()
        .https_only(!local)
        .timeout_global(Some(Duration::from_secs(10)))
        .max_redirects(0)
        .proxy(None)
        .user_agent(concat!("preuve/", env!("CARGO_PKG_VERSION")))
        .accept("application/json")
        .build();
    let agent = Agent::new_with_config(config);
    let mut answer = match call {
        Call::Get { bearer } => {
            let mut request = agent.get(url);
            if let Some(bearer) = bearer {
                request = request.header("authorization", format!("Bearer {bearer}"));
            }
            request.call()
        }
        Call::Post { form, basic } => {
            let mut request = agent.post(url);
            if let Some((name, password)) = basic {
                use base64::Engine;
                let both = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}"));
                request = request.header("authorization", format!("Basic {both}"));
            }
            request.send_form(form.iter().copied())
        }
    }
    .map_err(|error| error.to_string())?;
    if !answer.status().is_success() {
        return Err(format!("status {}", answer.status().as_u16()));
    }
    answer.body_mut().with_config().limit(MOST).read_to_vec().map_err(|error| error.to_string())
}

/// Whether an address is plain http on this machine: a party that is being tried.
pub(crate) fn is_local(url: &str) -> bool {
    let starts = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    let rest = starts.iter().find_map(|start| url.strip_prefix(start));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
}

/// Our own reason, or the words of the client.
fn explain(error: Error) -> Result<&'static str, String> {
    match error {
        Error::Io(error)
            if error.kind() == io::ErrorKind::PermissionDenied
                && error.get_ref().is_some_and(|inner| inner.is::<Private>()) =>
        {
            Ok("fetch-private")
        }
        Error::HostNotFound => Ok("fetch-host"),
        Error::Timeout(_) => Ok("fetch-slow"),
        error => Err(error.to_string()),
    }
}

/// Names are resolved once, here, so that what was allowed is what is reached; redirects come through here too.
#[derive(Debug)]
struct Guarded {
    inner: DefaultResolver,
    reach: Reach,
}

#[derive(Debug, thiserror::Error)]
#[error("a private address")]
struct Private;

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let inside = found.iter().map(SocketAddr::ip).any(is_private);
        // One private address among public ones is an attempt.
        if inside && self.reach != Reach::Private {
            return Err(Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, Private)));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_reached_is_refused_before_anything_is_sent() {
        let why = |url: &str, reach: Reach| match fetch(url, reach) {
            Err(CredentialError::Fetch { why, .. }) => why,
            other => panic!("{url}: {other:?}"),
        };
        assert_eq!(why("https://example.org/", Reach::Nothing), "fetch-offline");
        for url in [
            "http://example.org/",
            "file:///etc/passwd",
            "ftp://example.org",
            "http://localhost.example.org/",
            "gopher://a",
        ] {
            assert_eq!(why(url, Reach::Private), "fetch-scheme", "{url}");
        }
        for url in [
            "https://127.0.0.1/",
            "https://localhost:8443/x",
            "https://[::1]/",
            "https://169.254.169.254/latest/",
            "https://2130706433/",
        ] {
            assert_eq!(why(url, Reach::Public), "fetch-private", "{url}");
        }
    }
}
