//! Environments that Nix describes. What is fetched from elsewhere is not to be had in a sandbox, and is named; an
//! expression that needs nothing of the kind is built without any network.

use super::contained::{Base, Contained, Found, Step};
use super::faults::{Broken, DEFINITIONS, Edit, comment};
use super::inside::{self, Own};
use super::subject::BUILD;
use crate::experiment::Ground;
use crate::finding::At;
use crate::protocol::{Fault, FaultKind};
use crate::say::{Say, say};
use crate::stack::{folder, join};
use crate::tree::Tree;

/// The files that Nix looks for, in the order in which people use them.
const FILES: [&str; 3] = ["flake.nix", "shell.nix", "default.nix"];
/// What fetches when an expression is evaluated or built.
const FETCHERS: [&str; 10] = [
    "fetchTarball",
    "fetchurl",
    "fetchGit",
    "fetchTree",
    "fetchClosure",
    "getFlake",
    "fetchFromGitHub",
    "fetchFromGitLab",
    "fetchzip",
    "fetchgit",
];
/// Files that one expression brings in by their paths.
const IMPORTED: usize = 50;
const NAME: &str = "the environment";
/// Where what was built is found.
pub(super) const RESULT: &str = "result";

/// The environment of the repository's root, if Nix describes one.
pub(super) fn plan(ground: &Ground<'_>) -> Option<Found> {
    let file = *FILES.iter().find(|name| ground.tree.has(name))?;
    if let Some(input) = inputs(ground.tree, file).into_iter().next() {
        let At { path, line } = input.at;
        return Some(Err(say!("fetched-from", path, line, what = input.name)));
    }
    let own = inside::of_repository(ground, NAME);
    if own.is_empty() {
        return Some(Err(say!("nothing-to-run-inside", subject = file)));
    }
    let broken = broken(ground.tree, file);
    if broken.iter().all(|one| one.fault.kind == FaultKind::Null) {
        return Some(Err(say!("nothing-to-break", subject = file)));
    }
    Some(Ok((Box::new(contained(file, own)), broken)))
}

fn contained(file: &str, own: Vec<Own>) -> Contained {
    let line = match file {
        "flake.nix" => format!("nix build --out-link \"$HOME/{RESULT}\" path:."),
        "shell.nix" => "nix-shell shell.nix --run true".to_owned(),
        file => format!("nix-build --out-link \"$HOME/{RESULT}\" {file}"),
    };
    let own = own.into_iter().map(|own| match file {
        "shell.nix" => Own { line: format!("nix-shell shell.nix --run '{}'", own.line.replace('\'', "'\\''")), ..own },
        _ => own,
    });
    Contained {
        subject: file.to_owned(),
        base: Base::Nix,
        set_up: Vec::new(),
        starts: vec![Step { line, at: At { path: file.to_owned(), line: 1 } }],
        own: own.collect(),
        without: Vec::new(),
    }
}

/// Something that is asked of the world outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Input {
    pub name: Say,
    pub at: At,
}

/// Everything that an expression, and those that it brings in, would fetch.
pub(super) fn inputs(tree: &Tree, file: &str) -> Vec<Input> {
    let mut open = vec![file.to_owned()];
    let mut seen: Vec<String> = Vec::new();
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if seen.contains(&path) || seen.len() >= IMPORTED {
            continue;
        }
        let Some(text) = tree.text(&path) else { continue };
        let flake = path.ends_with("flake.nix");
        for (number, line) in text.lines().enumerate() {
            let code = without_comment(line);
            let at = || At { path: path.clone(), line: number + 1 };
            found.extend(asked(code, flake).map(|name| Input { name, at: at() }));
            open.extend(
                paths(code).filter_map(|one| beside(tree, folder(&path), one)).filter(|one| one.ends_with(".nix")),
            );
        }
        seen.push(path);
    }
    found
}

/// A line without the remark at its end.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => return &line[..at],
            _ => {}
        }
    }
    line
}

/// What a line fetches, by the name that people know it by.
fn asked(code: &str, flake: bool) -> Option<Say> {
    let word = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let channel = code.split('<').skip(1).find_map(|rest| {
        let (inside, _) = rest.split_once('>')?;
        let plain =
            inside.starts_with(|c: char| c.is_ascii_lowercase()) && inside.chars().all(|c| word(c) || "./".contains(c));
        plain.then(|| say!("nix-channel", name = inside))
    });
    let fetcher = || {
        let words = code.split(|c: char| !word(c));
        words.into_iter().find(|one| FETCHERS.contains(one)).map(|one| match quoted(code) {
            Some(address) => say!("because", what = address, why = one),
            None => say!("nix-named", name = one),
        })
    };
    let input = |piece: &str| {
        let (name, value) = piece.split_once('=').filter(|_| flake)?;
        let (name, address) = (name.trim(), quoted(value)?);
        let local = address.starts_with("path:./") || address.starts_with("./") || address.starts_with("self");
        let named = name == "url" || name.ends_with(".url");
        let name = name.trim_end_matches("url").trim_end_matches('.').trim_start_matches("inputs.");
        let shown = if name.is_empty() { address.into() } else { say!("nix-input-at", name, address) };
        (named && !local).then_some(shown)
    };
    // A flake that names no input is given those that its outputs take by the registry of flakes.
    let registry = || {
        let taken = code.split_once("outputs").filter(|_| flake)?.1;
        let (inside, _) = taken.split_once('{')?.1.split_once('}')?;
        let mut names = inside.split(',').map(str::trim).filter(|name| name.chars().all(word) && !name.is_empty());
        names.find(|name| *name != "self").map(|name| say!("nix-input", name))
    };
    let input = || code.split(['{', ';']).find_map(input);
    channel.or_else(fetcher).or_else(input).or_else(registry)
}

/// The first text in quotes.
fn quoted(code: &str) -> Option<&str> {
    code.split('"').nth(1).filter(|text| !text.is_empty())
}

/// The paths that a line names: `./src`, `../x.nix`.
fn paths(code: &str) -> impl Iterator<Item = &str> {
    let words = code.split(|c: char| c.is_whitespace() || "()[]{};,\"'".contains(c));
    words.filter(|word| word.starts_with("./") || word.starts_with("../"))
}

/// A path of the tree, told from a folder of it; a folder stands for its `default.nix`.
fn beside(tree: &Tree, folder: &str, path: &str) -> Option<String> {
    let path = join(folder, path)?;
    let inside = format!("{path}/default.nix");
    [path, inside].into_iter().find(|one| tree.has(one))
}

/// The faults: files that it names are missing, its builder is no program.
fn broken(tree: &Tree, file: &str) -> Vec<Broken> {
    let text = tree.text(file).unwrap_or_default();
    let mut controls = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = without_comment(line);
        let place = (file, number + 1);
        for gone in paths(code).filter_map(|one| beside(tree, "", one)) {
            let change = say!("needed-removed", at = file, line = number + 1, path = gone);
            let fault = Fault::in_file(format!("file {gone}"), change, FaultKind::Control, "build", place, &[BUILD]);
            controls.push(Broken { fault, edit: Edit::Gone { path: gone } });
        }
        let builder =
            code.trim_start().strip_prefix("builder").map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
        if let Some(program) = builder.and_then(quoted) {
            let changed = line.replacen(program, "/no/such/builder", 1);
            let lines: Vec<&str> =
                text.lines().enumerate().map(|(other, line)| if other == number { &*changed } else { line }).collect();
            let change = say!("builder-none", file, line = number + 1);
            let fault = Fault::in_file("builder", change, FaultKind::Control, "build", place, &[BUILD]);
            controls.push(Broken { fault, edit: Edit::Text { path: file.to_owned(), text: lines.join("\n") + "\n" } });
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    controls.retain(|broken| seen.insert(broken.fault.id.clone()));
    controls.truncate(DEFINITIONS);
    comment(tree, file).into_iter().chain(controls).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stack::tests::tree;

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let told = inputs(&tree(files), files[0].0);
        let told: Vec<String> =
            told.into_iter().map(|one| format!("{}:{} {}", one.at.path, one.at.line, one.name)).collect();
        assert_eq!(told, expected, "{files:?}");
    }

    #[test]
    fn what_would_be_fetched() {
        check(
            &[("shell.nix", "{ pkgs ? import <nixpkgs> {} }:\npkgs.mkShell { }\n")],
            &["shell.nix:1 the channel <nixpkgs>"],
        );
        check(&[("default.nix", "# import <nixpkgs>\nif 1 < 2 then 3 else 4\n")], &[]);
        let pinned = "let src = builtins.fetchTarball \"https://example.org/n.tar.gz\"; # pinned\nin import src { }\n";
        check(&[("shell.nix", pinned)], &["shell.nix:1 https://example.org/n.tar.gz (fetchTarball)"]);
        let flake = "{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-24.05\";\n  inputs = {\n    utils = { url = \"github:x/y\"; };\n    \
                     own.url = \"path:./own\";\n  };\n  outputs = { self, nixpkgs }: { };\n}\n";
        let expected = [
            "flake.nix:2 the input nixpkgs (github:NixOS/nixpkgs/nixos-24.05)",
            "flake.nix:4 github:x/y",
            "flake.nix:7 the input nixpkgs",
        ];
        check(&[("flake.nix", flake)], &expected);
        check(&[("flake.nix", "{ outputs = { self }: { x = \"https://example.org\"; }; }\n")], &[]);
        let imported = [
            ("shell.nix", "import ./nix { }\n"),
            ("nix/default.nix", "import ../pins.nix\n"),
            ("pins.nix", "fetchGit { }\n"),
        ];
        check(&imported, &["pins.nix:1 what fetchGit names"]);
        check(&[("shell.nix", "import ./shell.nix\n")], &[]);
    }

    #[test]
    fn what_is_broken_of_an_expression() {
        let text = "derivation {\n  name = \"hello\";\n  system = \"x86_64-linux\";\n  builder = \"/bin/sh\";\n  args = [ ./build.sh ./gone.sh ];\n}\n";
        let tree = tree(&[("default.nix", text), ("build.sh", "echo >$out\n")]);
        let broken = broken(&tree, "default.nix");
        let told: Vec<String> = broken.iter().map(|one| one.fault.change.to_string()).collect();
        let expected = [
            "default.nix:7: a comment was added",
            "default.nix:4: its builder is no program",
            "default.nix:5: build.sh, which it needs, was removed",
        ];
        assert_eq!(told, expected);
        let Edit::Text { text, .. } = &broken[1].edit else { panic!("{broken:?}") };
        assert!(text.contains("builder = \"/no/such/builder\";"), "{text}");
    }
}
