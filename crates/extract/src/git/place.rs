//! What a person may write for a repository, and whether a directory keeps to itself.

use std::fs;
use std::path::{Path, PathBuf};

use super::{AcquireError, Hint, Refusal};

/// Where a repository is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The git directory of a work tree or a bare repository.
    Directory(PathBuf),
    Bundle(PathBuf),
    Address {
        url: String,
        protocol: &'static str,
    },
}

/// Reads what a person wrote.
pub(super) fn source(written: &str) -> Result<Source, AcquireError> {
    let refused = |why: Refusal| AcquireError::Refused { repository: without_password(written), why };
    if written.is_empty() || written.starts_with('-') {
        return Err(refused(Refusal::NoPlace));
    }
    if let Some((scheme, _)) = written.split_once("://") {
        let protocol = match scheme {
            "https" => "https",
            "ssh" => "ssh",
            "file" => "file",
            _ => return Err(refused(Refusal::Scheme)),
        };
        // A host that starts with a dash would reach ssh as an option.
        let host = written.split("://").nth(1).unwrap_or_default().rsplit('@').next().unwrap_or_default();
        if host.starts_with('-') || written.contains(char::is_whitespace) {
            return Err(refused(Refusal::Host));
        }
        return Ok(Source::Address { url: written.to_owned(), protocol });
    }
    let path = Path::new(written);
    if path.exists() {
        return if path.is_file() { bundle(path) } else { directory(path) };
    }
    if written.contains("::") {
        return Err(refused(Refusal::Helper));
    }
    if is_ssh_short(written) {
        return Ok(Source::Address { url: written.to_owned(), protocol: "ssh" });
    }
    Err(refused(Refusal::Nothing))
}

/// `git@host:path`, the short form of an ssh address.
fn is_ssh_short(written: &str) -> bool {
    let Some((account, path)) = written.split_once(':') else { return false };
    let Some((user, host)) = account.split_once('@') else { return false };
    let plain = |text: &str| {
        let inside = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        !text.is_empty() && !text.starts_with('-') && inside
    };
    plain(user) && plain(host) && !path.is_empty() && !path.starts_with('-') && !path.contains(char::is_whitespace)
}

fn bundle(path: &Path) -> Result<Source, AcquireError> {
    use std::io::Read;
    let mut start = [0_u8; 16];
    let read = fs::File::open(path).and_then(|mut file| file.read(&mut start));
    let read = read.map_err(|error| AcquireError::cannot_read(path, &error))?;
    if start[..read].starts_with(b"# v2 git bundle") || start[..read].starts_with(b"# v3 git bundle") {
        return Ok(Source::Bundle(path.to_owned()));
    }
    Err(AcquireError::Refused { repository: path.display().to_string(), why: Refusal::NotABundle })
}

/// The git directory at or above a directory.
fn directory(path: &Path) -> Result<Source, AcquireError> {
    let start = fs::canonicalize(path).map_err(|error| AcquireError::cannot_read(path, &error))?;
    for dir in start.ancestors() {
        let dot = dir.join(".git");
        if let Ok(metadata) = fs::symlink_metadata(&dot) {
            return if metadata.is_dir() { checked(dot) } else { Err(elsewhere(&dot)) };
        }
        if dir.join("HEAD").is_file() && dir.join("objects").is_dir() && dir.join("refs").is_dir() {
            return checked(dir.to_owned());
        }
    }
    Err(AcquireError::Refused { repository: path.display().to_string(), why: Refusal::NoRepository })
}

/// `.git` as a link or a file: it names another directory, which is the user's to name.
fn elsewhere(dot: &Path) -> AcquireError {
    let target = match fs::read_link(dot) {
        Ok(target) => target.display().to_string(),
        Err(_) => {
            let text =
                fs::read(dot).map(|bytes| String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).into_owned());
            text.unwrap_or_default().trim().trim_start_matches("gitdir:").trim().to_owned()
        }
    };
    AcquireError::Outside { place: dot.display().to_string(), target, hint: Hint::Owner }
}

/// Accepts a git directory whose objects and references lie inside it.
fn checked(git_dir: PathBuf) -> Result<Source, AcquireError> {
    for name in ["objects", "refs", "HEAD", "packed-refs", "config", "objects/pack", "objects/info"] {
        let path = git_dir.join(name);
        if let Ok(target) = fs::read_link(&path) {
            let (place, target) = (path.display().to_string(), target.display().to_string());
            return Err(AcquireError::Outside { place, target, hint: Hint::Clone });
        }
    }
    for (name, hint) in [("commondir", Hint::Owner), ("objects/info/alternates", Hint::Repack)] {
        let path = git_dir.join(name);
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let base = if name == "commondir" { git_dir.clone() } else { git_dir.join("objects") };
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let inside = fs::canonicalize(base.join(line.trim())).is_ok_and(|target| target.starts_with(&git_dir));
            if !inside {
                let place = path.display().to_string();
                return Err(AcquireError::Outside { place, target: line.trim().to_owned(), hint });
            }
        }
    }
    Ok(Source::Directory(git_dir))
}

/// The address without the password in it.
pub(super) fn without_password(written: &str) -> String {
    let password = password_of(written);
    if password.is_empty() { written.to_owned() } else { written.replace(&password, "•••") }
}

/// The password in an address, empty when there is none.
pub(super) fn password_of(written: &str) -> String {
    let Some((_, rest)) = written.split_once("://") else { return String::new() };
    let Some((account, _)) = rest.split('/').next().unwrap_or_default().rsplit_once('@') else { return String::new() };
    account.split_once(':').map_or(account, |(_, password)| password).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_few() {
        let protocol = |written: &str| match source(written) {
            Ok(Source::Address { protocol, .. }) => protocol,
            _ => "refused",
        };
        for (written, expected) in [
            ("https://git.example/a/b.git", "https"),
            ("ssh://git@git.example/a/b.git", "ssh"),
            ("git@git.example:a/b.git", "ssh"),
            ("file:///srv/a.git", "file"),
            ("http://git.example/a/b.git", "refused"),
            ("git://git.example/a", "refused"),
            ("ext::sh -c whoami", "refused"),
            ("ext://sh", "refused"),
            ("ssh://-oProxyCommand=x/y", "refused"),
            ("git@-oProxyCommand=x:y", "refused"),
            ("-uwhoami", "refused"),
            ("--upload-pack=x", "refused"),
            ("", "refused"),
            ("no-such-path-here", "refused"),
            ("host:path", "refused"),
        ] {
            assert_eq!(protocol(written), expected, "{written}");
        }
    }

    #[test]
    fn passwords_of_addresses_are_not_repeated() {
        assert_eq!(without_password("https://me:hunter2@git.example/a"), "https://me:•••@git.example/a");
        assert_eq!(without_password("https://token123@git.example/a"), "https://•••@git.example/a");
        assert_eq!(without_password("https://git.example/a@b"), "https://git.example/a@b");
    }
}
