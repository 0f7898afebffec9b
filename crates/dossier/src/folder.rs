//! The files of a dossier as they are given to this room: it opens none itself.

use std::collections::BTreeMap;

/// One file, as far as whoever read the folder could read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum File {
    Bytes(Vec<u8>),
    /// Larger than its bound, in bytes; its content was not read.
    TooLarge(u64),
}

/// Files by their path below the folder, with `/` between parts; no link is ever among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    pub files: BTreeMap<String, File>,
}

impl Folder {
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        match self.files.get(path) {
            Some(File::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Where a link written in `from` leads inside the folder; `None` when it leaves it.
    pub fn resolve(from: &str, target: &str) -> Option<String> {
        let target = target.split(['#', '?']).next().unwrap_or_default();
        let target = target.replace("%20", " ");
        if target.starts_with('/') || target.contains(['\\', '\0', ':']) {
            return None;
        }
        let mut parts: Vec<&str> = from.split('/').collect();
        parts.pop();
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_inside() {
        let cases = [
            ("a.md", "img/x.png", Some("img/x.png")),
            ("sub/a.md", "../img/x.png", Some("img/x.png")),
            ("sub/a.md", "./x.png#top", Some("sub/x.png")),
            ("a.md", "../x.png", None),
            ("sub/a.md", "../../x.png", None),
            ("a.md", "/etc/passwd", None),
            ("a.md", "C:/x.png", None),
            ("a.md", "..\\x.png", None),
            ("a.md", "my%20plan.png", Some("my plan.png")),
        ];
        for (from, target, expected) in cases {
            assert_eq!(Folder::resolve(from, target).as_deref(), expected, "{from} → {target}");
        }
    }
}
