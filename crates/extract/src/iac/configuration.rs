//! Configuration managers other than Ansible: Puppet, Chef, Salt, CFEngine, NixOS and nix-darwin.

use facts::{Confidence, Fact};

use super::standing;
use crate::{File, Project, Sink, path};

const PARSER: &str = "configuration-manager";

/// A definition of a configuration manager in a file.
struct Found {
    tool: &'static str,
    what: &'static str,
    model: &'static str,
    line: usize,
    sure: Confidence,
}

/// The facts about all of them.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let found = match file.extension().as_str() {
            "pp" => puppet(file),
            "rb" => chef(project, file),
            "sls" => salt(file),
            "cf" => cfengine(file),
            "nix" => nix(file),
            _ => None,
        };
        let Some(found) = found else { continue };
        let example = standing::is_example(project, &file.path);
        let at = file.at_line(found.line);
        let style = if found.tool == "chef" { "imperative" } else { "declarative" };
        let fact = Fact::new("iac.manager", PARSER, at.clone()).with("tool", found.tool).with("model", found.model);
        let fact = fact.with("style", style).with("what", found.what).with("example", example);
        sink.push(fact.confidence(found.sure));
        let code = Fact::new("iac.code", PARSER, at).with("tool", found.tool).with("dir", file.dir());
        sink.push(code.with("role", "manifest").with("example", example).confidence(found.sure));
    }
}

fn line_where(file: &File, holds: impl Fn(&str) -> bool) -> Option<usize> {
    let text = file.text().ok()?;
    text.lines().find(|(_, line)| !line.trim_start().starts_with('#') && holds(line)).map(|(line, _)| line)
}

fn puppet(file: &File) -> Option<Found> {
    let opens = |line: &str| {
        let first = line.split_whitespace().next().unwrap_or_default();
        matches!(first, "class" | "node" | "define" | "package" | "service" | "file" | "exec" | "include" | "user")
            && !line.contains(';')
    };
    let line = line_where(file, |line| opens(line))?;
    Some(Found { tool: "puppet", what: "manifest", model: "pull", line, sure: Confidence::Exact })
}

fn chef(project: &Project, file: &File) -> Option<Found> {
    // A cookbook is known by its metadata, or by the folder where Chef looks for cookbooks.
    let above = path::dir(path::dir(file.dir()));
    let recipe = path::name(file.dir()) == "recipes"
        && (path::name(above).ends_with("cookbooks")
            || project.below(path::dir(file.dir())).any(|other| {
                matches!(other.name(), "metadata.rb" | "metadata.json" | "Policyfile.rb" | "Berksfile")
                    || other.path.contains("attributes/")
            }));
    let words = [
        "package",
        "service",
        "template",
        "file",
        "directory",
        "cookbook_file",
        "execute",
        "user",
        "include_recipe",
        "apt_",
        "systemd_",
        "remote_file",
        "bash",
        "link",
        "git",
    ];
    let line = recipe.then(|| line_where(file, |line| words.iter().any(|word| line.starts_with(word))))??;
    Some(Found { tool: "chef", what: "cookbook", model: "pull", line, sure: Confidence::Exact })
}

fn salt(file: &File) -> Option<Found> {
    let pillar = file.path.split('/').any(|part| part == "pillar" || part == "pillars");
    let states = [
        "pkg.",
        "service.",
        "file.",
        "cmd.",
        "user.",
        "git.",
        "docker_",
        "archive.",
        "cron.",
        "sysctl.",
        "mount.",
        "network.",
        "postgres_",
        "mysql_",
        "pip.",
        "virtualenv.",
    ];
    let line = line_where(file, |line| {
        line.starts_with([' ', '-'])
            && states.iter().any(|state| line.trim_start_matches([' ', '-']).starts_with(state))
    });
    let line = line.filter(|_| !pillar)?;
    Some(Found { tool: "salt", what: "state", model: "pull", line, sure: Confidence::Exact })
}

fn cfengine(file: &File) -> Option<Found> {
    let line = line_where(file, |line| line.starts_with("bundle agent") || line.starts_with("body common control"))?;
    Some(Found { tool: "cfengine", what: "policy", model: "pull", line, sure: Confidence::Exact })
}

/// A system configuration, not a development shell: it names the system's own options.
fn nix(file: &File) -> Option<Found> {
    let has = |line: &str, words: &[&str]| words.iter().any(|word| line.contains(word));
    if let Some(line) = line_where(file, |line| has(line, &["darwinConfigurations", "darwinSystem"])) {
        return Some(Found { tool: "nix-darwin", what: "configuration", model: "push", line, sure: Confidence::Exact });
    }
    let words = [
        "nixosConfigurations",
        "nixosSystem",
        "system.stateVersion",
        "boot.loader",
        "networking.firewall",
        "networking.hostName",
        "services.openssh",
        "users.users",
    ];
    let line = line_where(file, |line| has(line, &words))?;
    Some(Found { tool: "nixos", what: "configuration", model: "push", line, sure: Confidence::Likely })
}
