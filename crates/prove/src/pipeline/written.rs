//! What is written in a pipeline, as every run of it would be given it.

use facts::Fact;

/// The text with what every run knows put in place of the engine's expressions.
pub(super) fn filled(script: &Fact, text: &str) -> String {
    let known = |name: &str| {
        Some(match name {
            "github.workspace" => sandbox::layout::REPOSITORY.to_owned(),
            "github.ref_name" | "github.head_ref" => "main".to_owned(),
            "github.ref" => "refs/heads/main".to_owned(),
            "github.event_name" => "push".to_owned(),
            "github.sha" => "$GITHUB_SHA".to_owned(),
            "runner.os" => "Linux".to_owned(),
            "runner.temp" => "/tmp".to_owned(),
            name => {
                let name = name.strip_prefix("env.")?;
                let pairs = script.list("env").iter().rev().filter_map(|pair| pair.split_once('='));
                let value = pairs.into_iter().find(|(key, _)| *key == name)?.1;
                (!value.contains("${{")).then(|| value.to_owned())?
            }
        })
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("${{") {
        let Some((name, after)) = inside.split_once("}}") else { break };
        out.push_str(before);
        match known(name.trim()) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&format!("${{{{{name}}}}}")),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// How the engine would start a shell for it.
pub(super) fn shell(engine: &str, asked: &str) -> Vec<String> {
    let words: &[&str] = match (engine, asked) {
        (_, "sh") => &["sh", "-e", "-c"],
        (_, "python") => &["python3", "-c"],
        ("github", "") | ("forgejo", "") => &["bash", "-e", "-c"],
        ("jenkins", _) => &["sh", "-xe", "-c"],
        _ => &["bash", "-eo", "pipefail", "-c"],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}
