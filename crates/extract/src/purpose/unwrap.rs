//! Commands that run other commands: `sudo`, `docker run`, `ssh`, `npx`, `make` and their kin.

mod docker;

use super::catalogue::{Place, catalogue};
use docker::docker;
pub(super) use docker::image_program;

/// What a command runs besides itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    /// Another command, perhaps elsewhere.
    Words(Vec<String>, Option<Place>),
    /// Shell text, perhaps elsewhere.
    Text(String, Option<Place>),
    /// A file of the repository.
    File(String),
    /// A target of a runner, in a directory when it names one.
    Entry { runner: &'static str, name: String, dir: Option<String> },
}

/// What a command runs, and whether it also means something by itself.
pub(super) struct Unwrapped {
    pub runs: Vec<Runs>,
    pub itself: bool,
}

/// Looks into a command whose program has its common name.
pub(super) fn unwrap(words: &[String]) -> Unwrapped {
    let parts: Vec<&str> = words.iter().map(String::as_str).collect();
    let (runs, itself) = match parts.as_slice() {
        [] => (Vec::new(), false),
        [
            "sudo" | "doas" | "env" | "time" | "nohup" | "exec" | "command" | "builtin" | "nice" | "ionice" | "stdbuf"
            | "xvfb-run" | "retry" | "setsid" | "unbuffer" | "chronic" | "travis_retry" | "travis_wait" | "sshpass"
            | "watch" | "dotenv" | "cross-env" | "env-cmd" | "tini" | "dumb-init" | "wait-for-it.sh" | "call"
            | "winpty" | "rtk" | "eatmydata" | "arch" | "busybox",
            rest @ ..,
        ] => (
            command_after(
                rest,
                &[
                    "-u",
                    "-g",
                    "-p",
                    "-f",
                    "-n",
                    "-s",
                    "-a",
                    "-e",
                    "-t",
                    "-i",
                    "-k",
                    "--user",
                    "--server-args",
                    "--unset",
                ],
            ),
            false,
        ),
        ["timeout" | "gtimeout", rest @ ..] => {
            (command_after(skip_word(rest, &["-k", "-s", "--signal", "--kill-after"]), &[]), false)
        }
        ["sh" | "bash" | "zsh" | "dash" | "ash" | "ksh" | "source" | "." | "pwsh" | "powershell", rest @ ..] => {
            (shell(rest), false)
        }
        ["eval", rest @ ..] => (vec![Runs::Text(rest.join(" "), None)], false),
        ["su" | "runuser", rest @ ..] => (after_option(rest, &["-c", "--command"]), false),
        ["xargs", rest @ ..] => (command_after(rest, &["-I", "-n", "-P", "-L", "-d", "-a", "-s", "-E"]), false),
        ["parallel", rest @ ..] => (command_after(rest, &["-j", "--jobs", "-a"]), false),
        ["find", rest @ ..] => (find(rest), false),
        ["ssh" | "autossh" | "mosh", rest @ ..] => (ssh(rest), true),
        ["gcloud", "compute", "ssh", ..] | ["az", "vm", "run-command", ..] | ["aws", "ssm", "send-command", ..] => {
            (remote_option(words), true)
        }
        ["vagrant", "ssh", rest @ ..] => (container(after_option(rest, &["-c", "--command"])), false),
        ["docker", rest @ ..] => (docker(rest), true),
        ["kubectl" | "oc", ..] if parts.contains(&"exec") => (container(after_dashes(&parts)), true),
        [
            "doppler" | "op" | "infisical" | "aws-vault" | "chamber" | "dotenvx" | "teller" | "lxc" | "envconsul"
            | "vals" | "akeyless" | "firebase" | "buildkite-agent",
            ..,
        ] => (after_dashes(&parts), true),
        ["nix", "develop" | "shell", ..] => {
            (either(after_option(&parts, &["-c", "--command"]), after_dashes(&parts)), true)
        }
        ["nix-shell", rest @ ..] => (after_option(rest, &["--run", "--command"]), true),
        ["direnv", "exec", _, rest @ ..] | ["devenv", "shell", rest @ ..] | ["chroot", _, rest @ ..] => {
            (words_of(rest), false)
        }
        ["microk8s" | "k3s", rest @ ..] => (words_of(rest), true),
        ["minikube", "kubectl", ..] => (after_dashes(&parts).into_iter().map(as_kubectl).collect(), false),
        _ => language(&parts),
    };
    Unwrapped { runs, itself }
}

/// Runners of languages, and everything that has targets.
fn language(parts: &[&str]) -> (Vec<Runs>, bool) {
    match parts {
        [
            "poetry" | "pipenv" | "uv" | "rye" | "pdm" | "hatch" | "pixi" | "conda" | "mamba" | "micromamba",
            "run",
            rest @ ..,
        ] => {
            let values = [
                "-n",
                "--name",
                "-p",
                "--python",
                "--with",
                "--extra",
                "--group",
                "--env-file",
                "--package",
                "-e",
                "--project",
                "--directory",
            ];
            let rest = from_command(rest, &values);
            let mut runs = words_of(rest);
            let name = rest.first().map(|name| name.rsplit(':').next().unwrap_or(name));
            runs.extend(name.map(|name| entry("python", name, None)));
            (runs, false)
        }
        ["poe" | "taskipy" | "task-py", name, ..] => (vec![entry("python", name, None)], false),
        ["bundle", "exec", rest @ ..]
        | ["mise" | "asdf" | "rbenv", "exec" | "x", rest @ ..]
        | ["rtx", "x", rest @ ..] => (either(after_dashes(rest), command_after(rest, &["-C"])), false),
        ["npx" | "uvx", rest @ ..]
        | ["pnpm" | "yarn" | "bun", "dlx" | "exec" | "x", rest @ ..]
        | ["npm", "exec" | "x", rest @ ..]
        | ["pipx", "run", rest @ ..]
        | ["uv", "tool", "run", rest @ ..]
        | ["dotnet", "tool", "run", rest @ ..]
        | ["corepack", rest @ ..] => (
            command_after(rest, &["-p", "--package", "--from", "--with", "--spec", "--python", "-w", "--filter"])
                .into_iter()
                .map(without_version)
                .collect(),
            false,
        ),
        ["python" | "pypy", rest @ ..] => interpreter(rest, Some("-m")),
        ["coverage", "run", rest @ ..] => (after_option(rest, &["-m"]), true),
        ["php" | "ruby" | "perl" | "node" | "ts-node" | "tsx" | "deno" | "Rscript" | "groovy", rest @ ..] => {
            match parts {
                ["deno", "task", name, ..] => (vec![entry("deno", name, None)], false),
                ["node", "--run", name, ..] => (vec![entry("npm", name, None)], false),
                _ => interpreter(rest, None),
            }
        }
        _ => super::targets::targets(parts),
    }
}

pub(super) fn entry(runner: &'static str, name: &str, dir: Option<&str>) -> Runs {
    Runs::Entry { runner, name: name.to_owned(), dir: dir.map(str::to_owned) }
}

fn owned(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

fn words_of(parts: &[&str]) -> Vec<Runs> {
    if parts.is_empty() { Vec::new() } else { vec![Runs::Words(owned(parts), None)] }
}

fn either(first: Vec<Runs>, second: Vec<Runs>) -> Vec<Runs> {
    if first.is_empty() { second } else { first }
}

/// From the first word that is neither an option, nor its value, nor an assignment.
fn from_command<'p, 'a>(parts: &'p [&'a str], values: &[&str]) -> &'p [&'a str] {
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        // `tool==1.2` is a version, not a variable.
        let assignment = part.split_once('=').is_some_and(|(name, value)| {
            !value.starts_with('=') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        });
        at += match part {
            part if part.starts_with('-') => 1 + usize::from(values.contains(part)),
            _ if assignment => 1,
            _ => break,
        };
    }
    parts.get(at..).unwrap_or_default()
}

fn command_after(parts: &[&str], values: &[&str]) -> Vec<Runs> {
    words_of(from_command(parts, values))
}

fn skip_word<'p, 'a>(parts: &'p [&'a str], values: &[&str]) -> &'p [&'a str] {
    from_command(parts, values).get(1..).unwrap_or_default()
}

fn after_dashes(parts: &[&str]) -> Vec<Runs> {
    parts.iter().position(|part| *part == "--").map(|at| words_of(&parts[at + 1..])).unwrap_or_default()
}

fn after_option(parts: &[&str], names: &[&str]) -> Vec<Runs> {
    let Some(at) = parts.iter().position(|part| names.contains(part)) else { return Vec::new() };
    match parts.get(at + 1..) {
        // One word is shell text, many are a command.
        Some([text]) => vec![Runs::Text((*text).to_owned(), None)],
        Some(rest) => words_of(rest),
        None => Vec::new(),
    }
}

fn shell(parts: &[&str]) -> Vec<Runs> {
    let mut at = 0;
    while let Some(part) = parts.get(at).filter(|part| part.starts_with('-') && part.len() > 1) {
        let letters = part.trim_start_matches('-');
        if letters.eq_ignore_ascii_case("command") || (!part.starts_with("--") && letters.ends_with('c')) {
            return parts.get(at + 1).map(|text| Runs::Text((*text).to_owned(), None)).into_iter().collect();
        }
        at += 1 + usize::from(matches!(*part, "-o" | "--rcfile" | "--init-file" | "-ExecutionPolicy"));
    }
    parts.get(at).map(|path| Runs::File((*path).to_owned())).into_iter().collect()
}

fn find(parts: &[&str]) -> Vec<Runs> {
    let Some(at) = parts.iter().position(|part| matches!(*part, "-exec" | "-execdir" | "-ok")) else {
        return Vec::new();
    };
    let rest: Vec<&str> =
        parts[at + 1..].iter().take_while(|part| !matches!(**part, ";" | "+" | "\\;")).copied().collect();
    words_of(&rest)
}

fn ssh(parts: &[&str]) -> Vec<Runs> {
    let values = ["-i", "-p", "-o", "-l", "-F", "-J", "-L", "-R", "-D", "-b", "-c", "-E", "-m", "-W", "-S", "-w", "-B"];
    let rest = skip_word(parts, &values);
    let rest = from_command(rest, &values);
    if rest.is_empty() { Vec::new() } else { vec![Runs::Text(rest.join(" "), Some(Place::Remote))] }
}

fn remote_option(words: &[String]) -> Vec<Runs> {
    let names = ["--command", "--scripts", "--parameters"];
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let (name, value) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
        if names.contains(&name) {
            let text = value.map(str::to_owned).or_else(|| words.get(at + 1).cloned()).unwrap_or_default();
            found.push(Runs::Text(
                text.trim_start_matches("commands=").trim_matches(['[', ']', '"', '\'']).to_owned(),
                Some(Place::Remote),
            ));
        }
    }
    found
}

fn container(runs: Vec<Runs>) -> Vec<Runs> {
    let inside = |run| match run {
        Runs::Words(words, None) => Runs::Words(words, Some(Place::Container)),
        Runs::Text(text, None) => Runs::Text(text, Some(Place::Container)),
        other => other,
    };
    runs.into_iter().map(inside).collect()
}

fn as_kubectl(run: Runs) -> Runs {
    match run {
        Runs::Words(mut words, place) => {
            words.insert(0, "kubectl".to_owned());
            Runs::Words(words, place)
        }
        other => other,
    }
}

fn without_version(run: Runs) -> Runs {
    match run {
        Runs::Words(mut words, place) => {
            if let Some(first) = words.first_mut()
                && let Some(at) = first.rfind('@').or_else(|| first.find("==")).filter(|at| *at > 0)
            {
                first.truncate(at);
            }
            Runs::Words(words, place)
        }
        other => other,
    }
}

/// A script file, a known tool behind an interpreter, or a module.
fn interpreter(parts: &[&str], module: Option<&str>) -> (Vec<Runs>, bool) {
    if let Some(at) = module.and_then(|module| parts.iter().position(|part| *part == module)) {
        return (words_of(&parts[at + 1..]), true);
    }
    let rest = from_command(parts, &["-r", "--require", "-e", "-I", "-d", "-W", "-X", "--import", "--loader"]);
    let Some(path) = rest.first() else { return (Vec::new(), true) };
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut runs = Vec::new();
    if catalogue().knows(name) && name != "manage.py" {
        let mut words = owned(rest);
        words[0] = name.to_owned();
        runs.push(Runs::Words(words, None));
    }
    runs.push(Runs::File((*path).to_owned()));
    (runs, true)
}
