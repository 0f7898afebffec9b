//! Paths inside a repository: joining and normalising without ever leaving the tree.

/// Joins a relative reference to a directory of the repository; none when it would leave the tree.
///
/// `base` is a directory, empty for the root; a leading `/` of the reference means the root.
pub fn join(base: &str, reference: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    if !reference.starts_with('/') {
        parts.extend(base.split('/').filter(|part| !part.is_empty()));
    }
    for part in reference.split('/') {
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

/// The directory of a path, empty for the root.
pub fn dir(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// The last part of a path.
pub fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Whether a path lies in a directory; everything lies in the root.
pub fn within(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_stay_in_the_tree() {
        let check = |base: &str, reference: &str, expected: Option<&str>| {
            assert_eq!(join(base, reference).as_deref(), expected, "{base} + {reference}");
        };
        check("ci", "../scripts/build.sh", Some("scripts/build.sh"));
        check("ci", "/templates/a.yml", Some("templates/a.yml"));
        check("", "./x//y/.", Some("x/y"));
        check("ci", "../../etc/passwd", None);
    }
}
