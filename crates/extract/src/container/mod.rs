//! Containers: image definitions and Compose projects.

use crate::File;

/// Whether a file defines an image in the language of Dockerfiles.
pub(crate) fn is_dockerfile(file: &File) -> bool {
    let name = file.name();
    let lower = name.to_ascii_lowercase();
    if ["dockerignore", "md", "txt", "sh", "yml", "yaml", "json", "j2", "tpl", "tmpl", "erb"]
        .iter()
        .any(|extension| lower.ends_with(&format!(".{extension}")))
    {
        return false;
    }
    let named = |word: &str| {
        lower == word
            || lower.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
            || lower.strip_suffix(word).is_some_and(|rest| rest.ends_with(['.', '-', '_']))
    };
    named("dockerfile") || named("containerfile")
}

/// Whether a file is a Compose file by its name.
pub(crate) fn is_compose(file: &File) -> bool {
    let lower = file.name().to_ascii_lowercase();
    let Some(stem) = lower.strip_suffix(".yaml").or_else(|| lower.strip_suffix(".yml")) else { return false };
    let mut words = stem.split(['-', '.', '_']);
    words.any(|word| word == "compose")
}
