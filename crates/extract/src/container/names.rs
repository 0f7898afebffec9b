//! Which files define images and Compose projects, by their names.

use crate::File;

/// Whether a file defines an image in the language of Dockerfiles.
pub(crate) fn is_dockerfile(file: &File) -> bool {
    let lower = file.name().to_ascii_lowercase();
    let other =
        ["dockerignore", "md", "txt", "sh", "yml", "yaml", "json", "j2", "tpl", "tmpl", "erb", "py", "js", "ts", "go"];
    if lower.rsplit_once('.').is_some_and(|(_, extension)| other.contains(&extension)) {
        return false;
    }
    // `DockerfileProd`: a suffix that starts with a capital.
    let suffixed =
        file.name().strip_prefix("Dockerfile").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    suffixed && !file.name().contains('.')
        || ["dockerfile", "containerfile"].iter().any(|word| {
            lower == *word
                || lower.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
                || lower.strip_suffix(word).is_some_and(|rest| rest.ends_with(['.', '-', '_']))
        })
}

/// Whether a file is a Compose file by its name.
pub(crate) fn is_compose(file: &File) -> bool {
    let lower = file.name().to_ascii_lowercase();
    let stem = lower.strip_suffix(".yaml").or_else(|| lower.strip_suffix(".yml"));
    stem.is_some_and(|stem| stem.split(['-', '.', '_']).any(|word| word == "compose"))
}

/// What a path says that a Compose file or a Dockerfile is for.
pub(super) fn purpose(path: &str) -> &'static str {
    let lower = path.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['/', '-', '.', '_']).collect();
    let says = |known: &[&str]| words.iter().any(|word| known.contains(word));
    if lower.contains(".devcontainer") {
        "devcontainer"
    } else if says(&["test", "tests", "e2e", "testing"]) {
        "test"
    } else if says(&["ci", "jenkins", "gitlab"]) {
        "ci"
    } else if says(&[
        "prod",
        "production",
        "deploy",
        "deployment",
        "swarm",
        "stack",
        "staging",
        "release",
        "ansible",
        "roles",
    ]) {
        "deployment"
    } else if says(&["dev", "develop", "development", "local", "debug"]) {
        "development"
    } else {
        "other"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    #[test]
    fn names_of_image_definitions_and_compose_files() {
        let check = |name: &str, dockerfile: bool, compose: bool| {
            let project = Project::in_memory([(name, "x")]);
            let file = &project.all_files()[0];
            assert_eq!((is_dockerfile(file), is_compose(file)), (dockerfile, compose), "{name}");
        };
        check("a/Dockerfile", true, false);
        check("Dockerfile.api", true, false);
        check("api.Dockerfile", true, false);
        check("api-dockerfile", true, false);
        check("Containerfile", true, false);
        check("Dockerfile.dockerignore", false, false);
        check("dockerfiles.md", false, false);
        check("compose.yaml", false, true);
        check("docker-compose.prod.yml", false, true);
        check("prod.compose.yml", false, true);
        check("composer.json", false, false);
    }
}
