//! An image reference, taken apart.

/// An image reference taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// The host, empty for the default registry.
    pub registry: &'a str,
    /// The path between host and name, empty when there is none.
    pub namespace: &'a str,
    pub name: &'a str,
    pub tag: &'a str,
    pub digest: &'a str,
}

impl<'a> Reference<'a> {
    /// Takes a reference apart; parts in `${…}` or `{{…}}` may hold any character.
    pub(crate) fn of(image: &'a str) -> Self {
        let image = image.trim();
        let (rest, digest) = image.split_once('@').unwrap_or((image, ""));
        let slash = outside(rest, '/').last().copied();
        let start = slash.map_or(0, |at| at + 1);
        let colon = outside(&rest[start..], ':').first().map(|at| at + start);
        let (path, tag) = colon.map_or((rest, ""), |at| (&rest[..at], &rest[at + 1..]));
        let (before, name) = slash.map_or(("", path), |at| (&path[..at], &path[at + 1..]));
        let first = outside(before, '/').first().copied().unwrap_or(before.len());
        let host = &before[..first];
        let is_host = host.contains(['.', ':', '$', '{', '<']) || host == "localhost";
        let (registry, namespace) = if is_host { (host, before.get(first + 1..).unwrap_or("")) } else { ("", before) };
        Self { registry, namespace, name, tag, digest }
    }
}

/// Where a character stands outside of braces.
fn outside(text: &str, wanted: char) -> Vec<usize> {
    let mut depth = 0_i32;
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth -= 1,
            c if c == wanted && depth <= 0 => found.push(at),
            _ => {}
        }
    }
    found
}

/// The image without tag and digest.
pub(super) fn bare(image: &str) -> &str {
    let reference = Reference::of(image);
    let mut end = image.trim().len();
    if !reference.digest.is_empty() {
        end -= reference.digest.len() + 1;
    }
    if !reference.tag.is_empty() {
        end -= reference.tag.len() + 1;
    }
    image.trim().get(..end).unwrap_or(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let check = |image: &str, expected: [&str; 5]| {
            let Reference { registry, namespace, name, tag, digest } = Reference::of(image);
            assert_eq!([registry, namespace, name, tag, digest], expected, "{image}");
        };
        check("nginx", ["", "", "nginx", "", ""]);
        check("ghcr.io/acme/shop/api:1.2@sha256:ab", ["ghcr.io", "acme/shop", "api", "1.2", "sha256:ab"]);
        check("localhost:5000/api", ["localhost:5000", "", "api", "", ""]);
        check("acme/api:${CI_COMMIT_SHA:-latest}", ["", "acme", "api", "${CI_COMMIT_SHA:-latest}", ""]);
        check("${REGISTRY}/api:1", ["${REGISTRY}", "", "api", "1", ""]);
    }
}
