//! Where a stranger's address may lead: the public Internet over https, or a folder that the operator fills.
//!
//! A name is resolved once, here, and the git program is told to use what was found: a name that changes its address
//! afterwards, a redirect or another transport leads nowhere.

use std::net::{IpAddr, Ipv4Addr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::acquire::{Acquired, Limits, Route, clone};
use super::place::without_password;
use super::{AcquireError, Refusal, Repository};

/// What may be reached for people whom nobody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Hosts that the operator names: these may be private, and may be asked on any port.
    pub hosts: Vec<String>,
    /// Repositories lie here as `HOST/PATH.git`, and nothing is fetched from a network.
    pub mirror: Option<PathBuf>,
}

impl Reach {
    /// Whether an address is one that might be fetched, before its name is looked up.
    ///
    /// # Errors
    /// When it is not, and why.
    pub fn accepts(&self, written: &str) -> Result<(), AcquireError> {
        let refused = |why: Refusal| AcquireError::Refused { repository: without_password(written), why };
        let address = parse(written, &self.hosts).map_err(refused)?;
        let named = self.mirror.is_some() || self.hosts.contains(&address.host);
        if address.port == 443 || named { Ok(()) } else { Err(refused(Refusal::Port)) }
    }
}

/// The parts of an address that may be looked at.
#[derive(Debug, PartialEq, Eq)]
struct Address {
    host: String,
    port: u16,
    path: String,
}

/// Fetches a repository whose address a stranger wrote. Raising `stop` ends it.
///
/// # Errors
/// When the address may not be reached, or cannot be fetched within the limits.
pub fn acquire_within(
    written: &str,
    limits: Limits,
    reach: &Reach,
    stop: &Arc<AtomicBool>,
) -> Result<Acquired, AcquireError> {
    let refused = |why: Refusal| AcquireError::Refused { repository: without_password(written), why };
    let address = parse(written, &reach.hosts).map_err(refused)?;
    if let Some(mirror) = &reach.mirror {
        return mirrored(mirror, &address, written);
    }
    let named = reach.hosts.contains(&address.host);
    if address.port != 443 && !named {
        return Err(refused(Refusal::Port));
    }
    let found = (address.host.as_str(), address.port).to_socket_addrs().map_err(|_| refused(Refusal::Unknown))?;
    let found: Vec<IpAddr> = found.map(|found| found.ip()).collect();
    usable(&found, named).map_err(refused)?;
    let route = Route { host: address.host.clone(), port: address.port, addresses: found, stop: Arc::clone(stop) };
    let url = |path: &str| format!("https://{}:{}/{path}", address.host, address.port);
    let first = clone(&url(&address.path), "https", written, limits, Some(&route));
    // Forges send an address without the ending to the one with it, and redirects are not followed.
    match first {
        Err(AcquireError::Clone { .. }) if !address.path.ends_with(".git") => {
            clone(&url(&format!("{}.git", address.path)), "https", written, limits, Some(&route))
        }
        other => other,
    }
}

/// One private address among public ones is an attempt.
fn usable(found: &[IpAddr], named: bool) -> Result<(), Refusal> {
    match found {
        [] => Err(Refusal::Unknown),
        _ if !named && found.iter().any(|ip| is_private(*ip)) => Err(Refusal::Private),
        _ => Ok(()),
    }
}

fn mirrored(mirror: &std::path::Path, address: &Address, written: &str) -> Result<Acquired, AcquireError> {
    let refused = |why: Refusal| AcquireError::Refused { repository: without_password(written), why };
    let plain = address.path.strip_suffix(".git").unwrap_or(&address.path);
    let place = mirror.join(&address.host);
    let found = [format!("{plain}.git"), plain.to_owned()].map(|path| place.join(path));
    let found = found.iter().find(|path| path.join("HEAD").is_file()).ok_or_else(|| refused(Refusal::NotMirrored))?;
    // A link of the mirror could lead to another repository of this machine.
    let inside = std::fs::canonicalize(found).ok().zip(std::fs::canonicalize(mirror).ok());
    let (found, _) =
        inside.filter(|(found, root)| found.starts_with(root)).ok_or_else(|| refused(Refusal::NotMirrored))?;
    Ok(Acquired::in_place(Repository::open_inside(&found)?))
}

/// `https://HOST[:PORT]/PATH`, with nothing that a program could read as something else.
fn parse(written: &str, hosts: &[String]) -> Result<Address, Refusal> {
    let rest = written.trim().strip_prefix("https://").ok_or(Refusal::NotHttps)?;
    let (place, path) = rest.split_once('/').ok_or(Refusal::Host)?;
    if place.contains('@') {
        return Err(Refusal::Password);
    }
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().map_err(|_| Refusal::Host)?),
        None => (place, 443),
    };
    let letters =
        |text: &str, more: &[u8]| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte));
    // An address of numbers is never a forge that people name; a last label of digits would be read as one.
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    let named = host.contains('.') && last.bytes().any(|byte| byte.is_ascii_alphabetic());
    let sound = (named || hosts.iter().any(|known| known == host))
        && letters(host, b".-")
        && !host.starts_with(['-', '.'])
        && host.len() <= 253;
    if !sound {
        return Err(Refusal::Host);
    }
    let path = path.trim_end_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    let clean = parts.iter().all(|part| !part.is_empty() && !part.starts_with(['.', '-']) && letters(part, b"._-~+"));
    if !clean || parts.len() > 12 || path.len() > 500 {
        return Err(Refusal::Path);
    }
    Ok(Address { host: host.to_ascii_lowercase(), port, path: path.to_owned() })
}

/// Whether an address is this machine's, its network's, or nobody's.
pub fn is_private(ip: IpAddr) -> bool {
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
                    .then(|| Ipv4Addr::from(u32::from(parts[6]) << 16 | u32::from(parts[7])))
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

    fn why(written: &str, reach: &Reach) -> Refusal {
        match acquire_within(written, Limits::default(), reach, &Arc::default()) {
            Err(AcquireError::Refused { why, .. }) => why,
            Err(other) => panic!("{written}: {other}"),
            Ok(_) => panic!("{written} was reached"),
        }
    }

    #[test]
    fn addresses_of_strangers_are_plain() {
        for (written, expected) in [
            ("http://git.example/a/b", Refusal::NotHttps),
            ("ssh://git@git.example/a/b", Refusal::NotHttps),
            ("file:///etc", Refusal::NotHttps),
            ("/etc", Refusal::NotHttps),
            ("ext::sh -c whoami", Refusal::NotHttps),
            ("https://me:word@git.example/a/b", Refusal::Password),
            ("https://token@git.example/a/b", Refusal::Password),
            ("https://git.example", Refusal::Host),
            ("https://localhost/a/b", Refusal::Host),
            ("https://127.0.0.1/a/b", Refusal::Host),
            ("https://2130706433/a/b", Refusal::Host),
            ("https://0x7f.1/a/b", Refusal::Host),
            ("https://[::1]/a/b", Refusal::Host),
            ("https://-oProxy.example/a", Refusal::Host),
            ("https://git.example:99999/a", Refusal::Host),
            ("https://git.example/a/../b", Refusal::Path),
            ("https://git.example/a?x=1", Refusal::Path),
            ("https://git.example/a%2e%2e", Refusal::Path),
            ("https://git.example//a", Refusal::Path),
            ("https://git.example/--upload-pack=x", Refusal::Path),
            ("https://git.example/a b", Refusal::Path),
            ("https://git.example:8443/a/b", Refusal::Port),
            ("https://name.invalid/a/b", Refusal::Unknown),
        ] {
            assert_eq!(why(written, &Reach::default()), expected, "{written}");
        }
    }

    #[test]
    fn a_name_that_leads_inside_is_refused_and_a_host_that_the_operator_names_is_not() {
        let [public, private] = ["1.1.1.1", "10.0.0.7"].map(|ip| ip.parse::<IpAddr>().unwrap());
        for (found, named, expected) in [
            (vec![public], false, Ok(())),
            (vec![private], false, Err(Refusal::Private)),
            (vec![public, private], false, Err(Refusal::Private)),
            (vec![private], true, Ok(())),
            (Vec::new(), true, Err(Refusal::Unknown)),
        ] {
            assert_eq!(usable(&found, named), expected, "{found:?} {named}");
        }
        // Nobody listens there, so that asking is all that can be seen.
        let reach = Reach { hosts: vec!["localhost".to_owned()], mirror: None };
        let limits = Limits { seconds: 5, ..Limits::default() };
        let tried = acquire_within("https://localhost:1/a/b", limits, &reach, &Arc::default()).map(|_| ());
        assert!(
            matches!(tried, Err(AcquireError::Clone { .. } | AcquireError::NoGit { .. })),
            "it is asked: {tried:?}"
        );
    }

    #[test]
    fn a_mirror_serves_what_lies_in_it_and_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let reach = Reach { hosts: Vec::new(), mirror: Some(dir.path().join("mirror")) };
        std::fs::create_dir_all(dir.path().join("mirror/git.example/a")).unwrap();
        std::fs::create_dir_all(dir.path().join("beside")).unwrap();
        std::fs::write(dir.path().join("beside/HEAD"), "ref: refs/heads/main").unwrap();
        std::os::unix::fs::symlink(dir.path().join("beside"), dir.path().join("mirror/git.example/a/b.git")).unwrap();
        for written in ["https://git.example/a/b", "https://git.example/a/none", "https://git.example:1/a/b.git"] {
            assert_eq!(why(written, &reach), Refusal::NotMirrored, "{written}");
        }
    }

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
}
