//! Where a repository says which images are its own: definitions, Compose, Skaffold, commands, its own address.

use super::known::plausible_owner;
use super::reference::bare;
use super::{Origins, normal};
use crate::{File, Node, Project, path};

/// Commands that build, tag or push an image.
const BUILDS: [&str; 9] = [
    "docker build",
    "docker push",
    "buildx build",
    "podman build",
    "podman push",
    "buildah",
    "docker tag",
    "nerdctl build",
    "minikube image",
];
/// Folders whose name says nothing of the component that is built there.
const GENERIC: [&str; 11] =
    ["docker", "dockerfiles", "dockerfile", "build", ".docker", "containers", "images", "src", "app", "deploy", "ci"];

impl Origins {
    pub(super) fn read(&mut self, project: &Project, file: &File) {
        let name = file.name().to_ascii_lowercase();
        if let Some(component) = image_definition(file, &name) {
            self.builds = true;
            self.names.extend(component);
        }
        match name.as_str() {
            "go.mod" => self.owner_of(file.str().lines().find_map(|line| line.strip_prefix("module "))),
            "package.json" => {
                self.owner_of(file.json().documents.first().and_then(|document| repository(&document.root)))
            }
            "skaffold.yaml" => self.skaffold(file),
            // A chart of the project is named after what it deploys, as is its image where one lies at the root.
            "chart.yaml" => {
                let name = file.yaml().documents.first().and_then(|document| document.root.str_at("name"));
                self.names.extend(name.map(normal));
            }
            _ if is_compose(&name) => self.compose(file),
            _ => {}
        }
        let extension = file.extension();
        let script = matches!(
            extension.as_str(),
            "sh" | "mk" | "yml" | "yaml" | "md" | "hcl" | "toml" | "ps1" | "bat" | "groovy" | "jenkinsfile"
        ) || matches!(name.as_str(), "makefile" | "justfile")
            || name.starts_with("jenkinsfile");
        if script && file.size < 300_000 {
            self.commands(file.str());
        }
        // Where an operator fetches a directory of this repository from, its owner is named.
        if matches!(extension.as_str(), "yml" | "yaml") && file.str().contains("argoproj.io/") {
            for document in &file.yaml().documents {
                document.root.walk(&mut |node| {
                    let path = node.str_at("path").map(|path| path.trim_matches('/')).filter(|path| path.len() > 3);
                    if path.is_some_and(|path| project.has_dir(path)) {
                        self.owner_of(node.str_at("repoURL"));
                    }
                });
            }
        }
        if name.starts_with("readme") {
            for line in file.str().lines().filter(|line| line.contains("git clone")) {
                self.owner_of(line.split("git clone").nth(1));
            }
        }
    }

    fn owner_of(&mut self, url: Option<&str>) {
        let Some(url) = url else { return };
        for host in ["github.com", "gitlab.com", "codeberg.org", "bitbucket.org"] {
            if let Some((_, rest)) = url.split_once(host) {
                let owner = rest.trim_start_matches([':', '/']).split('/').next().unwrap_or("");
                if plausible_owner(owner) {
                    self.owners.insert(owner.to_ascii_lowercase());
                }
            }
        }
    }

    fn compose(&mut self, file: &File) {
        let services = file.yaml().documents.iter().filter_map(|document| document.root.get("services"));
        for (name, service) in services.flat_map(Node::entries) {
            if service.get("build").is_some() {
                self.builds = true;
                self.names.extend(name.as_str().map(normal));
                self.exact.extend(service.str_at("image").map(|image| bare(image).to_owned()));
            }
        }
    }

    fn skaffold(&mut self, file: &File) {
        for document in &file.yaml().documents {
            for artifact in document.root.at(&["build", "artifacts"]).map(Node::items).unwrap_or_default() {
                self.exact.extend(artifact.str_at("image").map(|image| bare(image).to_owned()));
            }
        }
    }

    /// Images that commands build, tag or push.
    fn commands(&mut self, text: &str) {
        for line in text.lines() {
            let kaniko = line.contains("--destination");
            if !kaniko && !BUILDS.iter().any(|verb| line.contains(verb)) {
                continue;
            }
            let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(['"', '\'', '`'])).collect();
            for (at, word) in words.iter().enumerate() {
                let image = match *word {
                    "-t" | "--tag" | "--destination" | "push" => words.get(at + 1).copied(),
                    word => word
                        .strip_prefix("--tag=")
                        .or_else(|| word.strip_prefix("--destination="))
                        .or_else(|| word.strip_prefix("-t=")),
                };
                let image = image.map(bare).filter(|image| !image.is_empty() && !image.starts_with(['-', '<', '.']));
                self.exact.extend(image.map(str::to_owned));
            }
        }
    }
}

fn is_compose(name: &str) -> bool {
    (name.starts_with("docker-compose") || name.starts_with("compose"))
        && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

/// The component names of an image definition; none when the file is not one.
fn image_definition(file: &File, name: &str) -> Option<Vec<String>> {
    let kinds = ["dockerfile", "containerfile"];
    let kind = kinds.iter().find(|kind| name.starts_with(**kind) || name.ends_with(&format!(".{kind}")))?;
    let mut names = Vec::new();
    let rest = name.trim_start_matches(kind).trim_end_matches(kind).trim_matches(['.', '-', '_']);
    if !rest.is_empty() {
        names.push(normal(rest));
    }
    let mut dir = file.dir();
    while !dir.is_empty() && GENERIC.contains(&path::name(dir).to_ascii_lowercase().as_str()) {
        dir = path::dir(dir);
    }
    if !dir.is_empty() {
        names.push(normal(path::name(dir)));
    }
    Some(names)
}

fn repository(root: &Node) -> Option<&str> {
    root.str_at("repository").or_else(|| root.at(&["repository", "url"]).and_then(Node::as_str))
}
