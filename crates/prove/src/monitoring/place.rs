//! Where the configuration of a service lies in the tree: from its command line and its mounts.

use sandbox::images::recipe_for;

use crate::stack::{Dockerfile, Origin, Project, Service, Source};
use crate::tree::Tree;

/// The first service that runs a program: by its image, by the image that its own is built on, or by its name.
pub(super) fn running<'p>(project: &'p Project, tree: &Tree, recipe: &str) -> Option<&'p Service> {
    let by_image = |service: &&Service| match &service.origin {
        Origin::Image(name, _) => recipe_for(name) == Some(recipe),
        Origin::Build(from) => {
            let text = match &from.dockerfile {
                Dockerfile::File(path) => tree.text(path).unwrap_or_default(),
                Dockerfile::Inline(text) => text,
            };
            let bases = text.lines().filter_map(|line| line.trim().strip_prefix("FROM "));
            bases
                .filter_map(|base| base.split_whitespace().find(|word| !word.starts_with("--")))
                .next_back()
                .is_some_and(|base| recipe_for(base) == Some(recipe))
        }
    };
    let mut services = project.services.values();
    services.find(by_image).or_else(|| project.services.get(recipe))
}

/// The path of its configuration in the container: what its command line says, or what its image takes.
pub(super) fn configuration(service: &Service, usual: &str) -> String {
    flag(service, "config.file").unwrap_or_else(|| usual.to_owned())
}

/// Where its interface is asked from inside the network.
pub(super) fn interface(service: &Service, port: u16) -> String {
    let listens = flag(service, "web.listen-address");
    let given = listens.as_deref().and_then(|address| address.rsplit_once(':')?.1.parse().ok());
    let external = || {
        let url = flag(service, "web.external-url")?;
        let (_, rest) = url.split_once("://").unwrap_or(("", &url));
        rest.split_once('/').map(|(_, path)| path.to_owned())
    };
    let prefix = flag(service, "web.route-prefix").or_else(external).unwrap_or_default();
    let prefix = prefix.trim_matches('/');
    let slash = if prefix.is_empty() { "" } else { "/" };
    format!("http://{}:{}{slash}{prefix}", service.name, given.unwrap_or(port))
}

/// What a flag of its command line says: `--flag=value`, `--flag value`, with one dash or two, in a shell line too.
fn flag(service: &Service, name: &str) -> Option<String> {
    let all = service.entrypoint.iter().chain(&service.command).flatten();
    let words: Vec<&str> = all.flat_map(|word| word.split_whitespace()).collect();
    let said = |(index, word): (usize, &&str)| {
        let rest =
            word.trim_matches(['"', '\'']).trim_start_matches('-').strip_prefix(name).filter(|_| word.contains('-'))?;
        match rest.strip_prefix('=') {
            Some(value) => Some(value.to_owned()),
            None => words.get(index + 1).filter(|_| rest.is_empty()).map(|next| (*next).to_owned()),
        }
    };
    words.iter().enumerate().find_map(said)
}

/// The file of the tree that is found at a path of a service's container.
pub(super) fn in_tree(service: &Service, tree: &Tree, path: &str) -> Option<String> {
    let below = |target: &str| path.strip_prefix(target).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let mounted = service.mounts.iter().filter_map(|mount| Some((mount, below(&mount.target)?)));
    let nearest = mounted.max_by_key(|(mount, _)| mount.target.len());
    if let Some((mount, rest)) = nearest {
        let found = match &mount.source {
            Source::File(file) => file.clone(),
            Source::Folder(folder) if folder.is_empty() => rest.trim_start_matches('/').to_owned(),
            Source::Folder(folder) => format!("{folder}{rest}"),
            Source::Volume(_) | Source::Anonymous | Source::Text(_) => return None,
        };
        return tree.has(&found).then_some(found);
    }
    // Copied into an image of the project: the file of that name in the folder that is built.
    let Origin::Build(from) = &service.origin else { return None };
    let name = path.rsplit('/').next().unwrap_or(path);
    let inside = |found: &&str| from.context.is_empty() || found.starts_with(&format!("{}/", from.context));
    let mut files = tree.files().map(|(found, _)| found).filter(inside);
    files.find(|found| found.rsplit('/').next() == Some(name)).map(ToOwned::to_owned)
}

/// The rule files of the tree that a configuration loads; patterns are relative to its folder.
pub(super) fn rule_files(service: &Service, tree: &Tree, configuration: &str, patterns: &[String]) -> Vec<String> {
    let folder = configuration.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found: Vec<String> = Vec::new();
    for pattern in patterns.iter().take(100) {
        let absolute = if pattern.starts_with('/') { pattern.clone() } else { format!("{folder}/{pattern}") };
        let (dir, name) = absolute.rsplit_once('/').unwrap_or(("", &absolute));
        if name.contains(['*', '?', '[']) {
            let listed = names(service, tree, dir);
            found.extend(listed.into_iter().filter(|(file, _)| matches(name, file)).map(|(_, path)| path));
        } else {
            found.extend(in_tree(service, tree, &absolute));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The files of the tree in a folder of the container: name, and path in the tree.
fn names(service: &Service, tree: &Tree, folder: &str) -> Vec<(String, String)> {
    let all = tree.files().filter_map(|(path, _)| Some((path.rsplit('/').next()?, path)));
    all.filter(|(name, path)| in_tree(service, tree, &format!("{folder}/{name}")).as_deref() == Some(*path))
        .map(|(name, path)| (name.to_owned(), path.to_owned()))
        .collect()
}

/// Whether a name is what a pattern means; only stars and single letters are known.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut on, mut star) = (0, 0, None);
    while on < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, on));
                at += 1;
            }
            Some(c) if *c == '?' || *c == name[on] => {
                at += 1;
                on += 1;
            }
            _ => {
                let Some((back, from)) = star else { return false };
                star = Some((back, from + 1));
                at = back + 1;
                on = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Content;

    #[test]
    fn command_lines_are_read() {
        let check = |command: &str, file: &str, interface: &str| {
            let compose = format!("services:\n  p: {{image: x, command: {command}}}\n");
            let bytes = compose.into_bytes();
            let file_of = crate::tree::File { content: Content::Bytes { bytes, executable: false }, own: true };
            let tree = Tree::new("c", [("compose.yaml".to_owned(), file_of)].into());
            let project = Project::read(&tree, "compose.yaml", &[]).unwrap();
            let service = &project.services["p"];
            assert_eq!((&*configuration(service, "/usual"), &*super::interface(service, 9090)), (file, interface));
        };
        check("['--config.file=/a.yml']", "/a.yml", "http://p:9090");
        check("['-config.file', '/a.yml', '--web.listen-address=:9099']", "/a.yml", "http://p:9099");
        check(
            "sh -c 'prometheus --config.file=/b.yml --web.external-url=http://h/prom/'",
            "/b.yml",
            "http://p:9090/prom",
        );
        check("['--web.route-prefix=/', '--web.external-url=http://h/prom']", "/usual", "http://p:9090");
        check("[]", "/usual", "http://p:9090");
    }

    #[test]
    fn patterns_match_names() {
        for (pattern, name, expected) in [
            ("*.yml", "alerts.yml", true),
            ("*.yml", "alerts.yaml", false),
            ("a*s.y?l", "alerts.yml", true),
            ("*", "", true),
            ("alert.rules", "alert.rules", true),
            ("a**b*c", "aXbXXc", true),
            ("a*b", "aXc", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
