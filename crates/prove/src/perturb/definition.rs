//! What the last stage of a Dockerfile says that a container of it does: where, with what, from which base.

use std::collections::BTreeMap;

use crate::stack::{BuildFrom, Dockerfile, Service, instructions};
use crate::tree::Tree;

/// The stage that an image is made from, what it takes from earlier ones included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Definition {
    pub path: String,
    /// The line of its `FROM`.
    pub from: usize,
    /// The image under the first stage that it stands on.
    pub base: String,
    entrypoint: Option<(usize, Vec<String>)>,
    command: Option<(usize, Vec<String>)>,
    /// Its variables, with the lines that set them.
    pub variables: BTreeMap<String, (usize, String)>,
}

impl Definition {
    /// Reads the stage that a build stops at.
    pub fn read(tree: &Tree, build: &BuildFrom) -> Option<Self> {
        let (path, text) = match &build.dockerfile {
            Dockerfile::File(path) => (path.clone(), tree.text(path)?.to_owned()),
            Dockerfile::Inline(text) => (build.at.path.clone(), text.clone()),
        };
        let mut stages: Vec<(String, Self)> = Vec::new();
        for (line, words) in instructions(&text) {
            let (word, rest) = words.split_once(char::is_whitespace).unwrap_or((&words, ""));
            let rest = rest.trim();
            if word.eq_ignore_ascii_case("from") {
                let named: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
                let base = named.first().copied().unwrap_or_default();
                let name = if named.len() > 2 { named[2].to_ascii_lowercase() } else { String::new() };
                let below = stages.iter().rev().find(|(stage, _)| stage.eq_ignore_ascii_case(base));
                let below = below.map_or_else(|| Self { base: base.to_owned(), ..Self::default() }, |(_, b)| b.clone());
                stages.push((name, Self { path: path.clone(), from: line, ..below }));
                continue;
            }
            let Some((_, stage)) = stages.last_mut() else { continue };
            match word.to_ascii_uppercase().as_str() {
                "CMD" => stage.command = Some((line, listed(rest))),
                "ENTRYPOINT" => (stage.entrypoint, stage.command) = (Some((line, listed(rest))), None),
                "ENV" => {
                    stage.variables.extend(variables(rest).into_iter().map(|(name, value)| (name, (line, value))));
                }
                _ => {}
            }
        }
        let wanted =
            stages.iter().find(|(name, _)| !build.target.is_empty() && name.eq_ignore_ascii_case(&build.target));
        wanted.or(stages.last()).map(|(_, stage)| stage.clone())
    }

    /// What a service of it starts, and the line of the Dockerfile that says so.
    pub fn started(&self, service: &Service) -> Option<(usize, Vec<String>)> {
        let own = self.entrypoint.clone().filter(|_| service.entrypoint.is_none());
        let entry = service.entrypoint.clone().or_else(|| own.as_ref().map(|(_, words)| words.clone()));
        let said = self.command.clone().filter(|_| service.command.is_none() && service.entrypoint.is_none());
        let command = service.command.clone().or_else(|| said.as_ref().map(|(_, words)| words.clone()));
        let line = own.or(said).map_or(self.from, |(line, _)| line);
        let words: Vec<String> = entry.into_iter().flatten().chain(command.into_iter().flatten()).collect();
        (!words.is_empty()).then_some((line, words))
    }

    /// Whether a shell is to be expected in it.
    pub fn has_shell(&self) -> bool {
        !["scratch", "distroless", "chainguard", "cgr.dev", "static"].iter().any(|name| self.base.contains(name))
    }
}

/// The words of a command as a list, or as a line for the shell.
fn listed(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|_| vec!["/bin/sh".into(), "-c".into(), text.to_owned()])
}

fn variables(text: &str) -> Vec<(String, String)> {
    let first = text.split_whitespace().next().unwrap_or_default();
    if !first.contains('=') {
        let value = text[first.len()..].trim();
        return vec![(first.to_owned(), value.to_owned())];
    }
    let pairs = text.split_whitespace().filter_map(|word| word.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.trim_matches(['"', '\'']).to_owned())).collect()
}
