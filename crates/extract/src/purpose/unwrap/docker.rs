//! What `docker run`, `docker exec` and their kin run inside containers.

use super::{Runs, owned};
use crate::purpose::catalogue::{Place, catalogue};

/// The command that a container runs: of its image when that is a known tool, or what follows.
pub(super) fn docker(parts: &[&str]) -> Vec<Runs> {
    let values = [
        "-v",
        "--volume",
        "-e",
        "--env",
        "--env-file",
        "-p",
        "--publish",
        "-w",
        "--workdir",
        "--name",
        "--network",
        "--net",
        "-u",
        "--user",
        "--entrypoint",
        "-h",
        "--hostname",
        "--platform",
        "-m",
        "--memory",
        "--cpus",
        "--mount",
        "--label",
        "-l",
        "--add-host",
        "--device",
        "--cap-add",
        "--cap-drop",
        "--pull",
        "--restart",
        "--log-driver",
        "--gpus",
        "--link",
        "--volumes-from",
        "--shm-size",
        "--ulimit",
        "--security-opt",
        "--tmpfs",
        "--cidfile",
        "--context",
        "-c",
        "-H",
        "--host",
        "-f",
        "--file",
        "--project-name",
        "--profile",
        "--health-cmd",
        "--index",
        "--scale",
        "--project-directory",
        "--log-opt",
        "--dns",
        "--ip",
        "--ipc",
        "--pid",
        "--userns",
        "--cgroupns",
    ];
    let parts = without_options_before(parts, &values);
    let (rest, image) = match parts {
        ["compose", rest @ ..] => match without_options_before(rest, &values) {
            ["run" | "exec", rest @ ..] => (rest, false),
            _ => return Vec::new(),
        },
        ["run", rest @ ..] | ["container", "run", rest @ ..] => (rest, true),
        ["exec", rest @ ..] | ["container", "exec", rest @ ..] => (rest, false),
        _ => return Vec::new(),
    };
    let mut at = 0;
    let mut entrypoint = None;
    while let Some(part) = rest.get(at).filter(|part| part.starts_with('-')) {
        if let Some(value) = part.strip_prefix("--entrypoint=") {
            entrypoint = Some(value);
        } else if *part == "--entrypoint" {
            entrypoint = rest.get(at + 1).copied().filter(|value| !value.is_empty());
        }
        at += 1 + usize::from(values.contains(part));
    }
    let name = rest.get(at).copied().unwrap_or_default();
    let arguments = rest.get(at + 1..).unwrap_or_default();
    let mut words = owned(arguments);
    if let Some(program) = entrypoint {
        words.insert(0, program.to_owned());
    } else if image && let Some(program) = image_program(name) {
        let says = words.first().is_some_and(|word| {
            word.rsplit('/').next() == Some(program.as_str())
                || matches!(word.as_str(), "sh" | "bash" | "/bin/sh" | "/bin/bash")
        });
        if !says {
            words.insert(0, program);
        }
    }
    let mut runs = if words.is_empty() { Vec::new() } else { vec![Runs::Words(words, Some(Place::Container))] };
    if image {
        runs.push(Runs::Words(vec!["image:".to_owned() + name], Some(Place::Container)));
    }
    runs
}

fn without_options_before<'p, 'a>(mut parts: &'p [&'a str], values: &[&str]) -> &'p [&'a str] {
    while let [part, rest @ ..] = parts {
        if !part.starts_with('-') {
            break;
        }
        parts = rest.get(usize::from(values.contains(part))..).unwrap_or_default();
    }
    parts
}

/// The program that an image is known to start, read off its name.
pub(in crate::purpose) fn image_program(image: &str) -> Option<String> {
    let name = image.split('@').next().unwrap_or_default();
    let last = name.rsplit('/').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let plain = last.trim_end_matches("-cli").trim_end_matches("-action").trim_end_matches("-image");
    let program = match plain {
        "cosign-cli" => "cosign",
        "executor" if name.contains("kaniko") => "executor",
        "sonar-scanner" => "sonar-scanner",
        other => other,
    };
    // A language's image starts nothing of what is asked by itself.
    let languages = [
        "node", "python", "golang", "go", "ruby", "php", "rust", "docker", "openjdk", "maven", "gradle", "alpine",
        "bash", "composer",
    ];
    (catalogue().knows(program) && !languages.contains(&program)).then(|| program.to_owned())
}
