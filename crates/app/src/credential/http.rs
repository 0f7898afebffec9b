//! The one HTTP client: https only, bounded in bytes, time and redirects, and never into this machine or its network.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

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
    let local = reach == Reach::Private
        && ["http://localhost", "http://127.0.0.1", "http://[::1]"]
            .iter()
            .any(|start| url.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])));
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

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || ip.is_documentation()
                || a == 0
                || a >= 240
                // Carriers' own, benchmarks', and those that protocols use.
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (18..20).contains(&b))
                || (a == 192 && b == 0 && c == 0)
        }
        IpAddr::V6(ip) => {
            let parts = ip.segments();
            // An IPv4 address in another dress is judged as such.
            let inner = ip.to_ipv4_mapped().or_else(|| {
                (parts[0] == 0x64 && parts[1] == 0xff9b)
                    .then(|| std::net::Ipv4Addr::from(u32::from(parts[6]) << 16 | u32::from(parts[7])))
            });
            // All public addresses begin with 001; others are local, unique, multicast or none.
            inner.map_or_else(
                || {
                    parts[0] & 0xe000 != 0x2000
                        || parts[0] == 0x2002
                        || (parts[0] == 0x2001 && parts[1] < 0x200)
                        || (parts[0] == 0x2001 && parts[1] == 0xdb8)
                },
                |ip| is_private(ip.into()),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "ff02::1",
        ] {
            assert!(is_private(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(!is_private(ip.parse().unwrap()), "{ip}");
        }
    }

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
