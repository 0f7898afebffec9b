//! What a service finds at its paths: files and folders of the tree, volumes, secrets and configurations.

use super::parse::{Parsed, Place};
use super::service::{Mount, Source};
use super::value::Value;

use crate::say::say;

/// What a volume is when it is the way to the engine itself.
const SOCKETS: [&str; 3] = ["docker.sock", "podman.sock", "containerd.sock"];

/// One entry of `volumes`.
pub(super) fn volume(place: &Place<'_>, item: &Value, parsed: &mut Parsed) {
    let at = item.at();
    let (source, target, read_only, kind) = match item.text() {
        Some(text) => {
            let mut parts = text.split(':');
            let (first, second, flags) =
                (parts.next().unwrap_or_default(), parts.next(), parts.next().unwrap_or_default());
            let read_only = flags.split(',').any(|flag| flag == "ro");
            match second {
                Some(target) => (first.to_owned(), target.to_owned(), read_only, ""),
                None => (String::new(), first.to_owned(), false, ""),
            }
        }
        None => {
            let read_only = item.get("read_only").is_some_and(Value::is_true);
            let text = |key: &str| item.text_at(key).unwrap_or_default().to_owned();
            (text("source"), text("target"), read_only, item.text_at("type").unwrap_or("volume"))
        }
    };
    if target.is_empty() || !target.starts_with('/') {
        return;
    }
    let target = format!("/{}", target.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"));
    if kind == "tmpfs" {
        parsed.service.tmpfs.push(target);
        return;
    }
    if SOCKETS.iter().any(|socket| source.ends_with(socket)) {
        parsed.lacks(say!("engine-itself"), at, true);
        return;
    }
    let host = kind == "bind" || source.starts_with(['.', '/', '~']) || source.contains('/');
    let from = if source.is_empty() {
        Source::Anonymous
    } else if host {
        match place.path(item, source.trim_start_matches("${PWD}/")) {
            Some(path) => of_tree(place, &path, parsed),
            None => {
                // A place of the developer's machine: its time, its processes, its logs.
                parsed.lacks(say!("of-the-host", source), at, false);
                return;
            }
        }
    } else {
        if let Some(declared) = place.root.get("volumes").and_then(|all| all.get(&source)) {
            if declared.get("external").is_some_and(|external| external.is_true() || external.map().is_some()) {
                parsed.lacks(say!("volume-of-others", source), at.clone(), false);
            }
            if let Some(device) = declared.get("driver_opts").and_then(|options| options.text_at("device")) {
                let path = place.path(declared, device);
                if let Some(path) = path.filter(|path| is_folder(place, path)) {
                    parsed.service.mount(Mount { target, read_only, source: Source::Folder(path), at });
                    return;
                }
            }
        }
        Source::Volume(source)
    };
    parsed.service.mount(Mount { target, read_only, source: from, at });
}

fn is_folder(place: &Place<'_>, path: &str) -> bool {
    let below = format!("{path}/");
    path.is_empty() || place.tree.files().any(|(file, _)| file.starts_with(&below))
}

fn of_tree(place: &Place<'_>, path: &str, parsed: &mut Parsed) -> Source {
    if place.tree.has(path) {
        return Source::File(path.to_owned());
    }
    if !is_folder(place, path) {
        parsed.notes.push(say!("empty-folder", path));
    }
    Source::Folder(path.to_owned())
}

/// One entry of `secrets` or `configs`.
pub(super) fn given(place: &Place<'_>, kind: &str, item: &Value, parsed: &mut Parsed) {
    let Some(name) = item.text().or_else(|| item.text_at("source")) else { return };
    let base = if kind == "secrets" { "/run/secrets/" } else { "/" };
    let target = match item.text_at("target") {
        Some(target) if target.starts_with('/') => target.to_owned(),
        Some(target) => format!("{base}{target}"),
        None => format!("{base}{name}"),
    };
    let what = if kind == "secrets" { "secret" } else { "configuration" };
    let Some(declared) = place.root.get(kind).and_then(|all| all.get(name)) else {
        parsed.lacks(say!("undeclared", what, name), item.at(), true);
        return;
    };
    let file = declared.text_at("file").and_then(|file| place.path(declared, file));
    let source = match (file, declared.text_at("content"), declared.text_at("environment")) {
        (Some(path), _, _) if place.tree.has(&path) => Source::File(path),
        (Some(path), _, _) => match super::project::example(place.tree, &path) {
            Some(example) => {
                parsed.notes.push(say!("example-for", example, path));
                Source::File(example)
            }
            None => {
                parsed.lacks(say!("what-not-in-repository", what, path), declared.at(), true);
                return;
            }
        },
        (None, Some(text), _) => Source::Text(text.to_owned()),
        (None, None, Some(variable)) => match place.known.get(variable) {
            Some(text) => Source::Text(text.clone()),
            None => {
                parsed.lacks(say!("from-variable", what, name, variable), declared.at(), true);
                return;
            }
        },
        (None, None, None) => {
            parsed.lacks(say!("kept-by-others", what, name), declared.at(), true);
            return;
        }
    };
    parsed.service.mount(Mount { target, read_only: true, source, at: item.at() });
}
