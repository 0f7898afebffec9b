//! What a command line is for, as far as people who read it are told.

use super::commands::program;

/// What a command is for.
pub fn does(command: &str) -> &'static str {
    let mut best = "other";
    for part in command.split("&&").flat_map(|part| part.split(';')).flat_map(|part| part.split(" | ")).take(20) {
        let found = does_one(part.trim());
        if rank(found) > rank(best) {
            best = found;
        }
    }
    best
}

fn rank(does: &str) -> usize {
    const ORDER: [&str; 10] =
        ["other", "stop", "clone", "setup", "request", "install", "test", "build", "deploy", "start"];
    ORDER.iter().position(|known| *known == does).unwrap_or(0)
}

fn does_one(command: &str) -> &'static str {
    let program = program(command);
    let words: Vec<&str> = command.split_whitespace().skip_while(|word| *word != program).skip(1).collect();
    let has = |word: &str| words.contains(&word);
    let any = |list: &[&str]| list.iter().any(|word| has(word));
    match program {
        "git" | "gh" | "glab" if has("clone") => "clone",
        "cp" | "mv" | "mkdir" | "chmod" | "export" | "source" | "cd" => "setup",
        "docker" | "docker-compose" | "podman" | "podman-compose" | "nerdctl" => {
            if any(&["down", "stop", "rm", "kill", "prune", "rmi"]) {
                "stop"
            } else if any(&["up", "run", "start", "restart"]) {
                "start"
            } else if has("deploy") {
                "deploy"
            } else if any(&["build", "pull", "bake"]) {
                "build"
            } else {
                "other"
            }
        }
        "vagrant" | "minikube" | "kind" | "k3d" | "tilt" | "skaffold" | "devspace" | "devcontainer" | "multipass" => {
            if any(&["destroy", "halt", "delete", "stop", "down"]) {
                "stop"
            } else if any(&["up", "start", "create", "dev", "run", "provision", "reload", "launch"]) {
                "start"
            } else {
                "other"
            }
        }
        "kubectl" | "oc" | "k" => {
            if any(&["delete", "drain"]) {
                "stop"
            } else if any(&["apply", "create", "rollout", "set", "scale"]) {
                "deploy"
            } else if any(&["port-forward", "exec", "run", "proxy"]) {
                "request"
            } else {
                "other"
            }
        }
        "helm" | "helmfile" | "kustomize" | "timoni" | "kapp" | "flux" | "argocd" => {
            if any(&["uninstall", "delete", "destroy"]) {
                "stop"
            } else if any(&["install", "upgrade", "apply", "sync", "bootstrap", "create"]) {
                "deploy"
            } else if any(&["repo", "dependency"]) {
                "install"
            } else {
                "other"
            }
        }
        "terraform" | "tofu" | "terragrunt" | "pulumi" | "cdk" | "sam" | "serverless" | "sls" | "eksctl"
        | "ansible-playbook" | "ansible" | "fly" | "flyctl" | "gcloud" | "aws" | "az" => {
            if any(&["destroy", "delete"]) {
                "stop"
            } else if any(&["apply", "up", "deploy", "create"]) || program == "ansible-playbook" || has("run-all") {
                "deploy"
            } else if any(&["init", "configure", "login"]) {
                "setup"
            } else if any(&["plan", "validate", "preview"]) {
                "test"
            } else {
                "other"
            }
        }
        "make" | "just" | "task" | "mise" | "npm" | "yarn" | "pnpm" | "bun" | "npx" | "nx" | "turbo" | "composer"
        | "bundle" | "rake" | "mix" | "pip" | "pip3" | "poetry" | "uv" | "pipenv" | "go" | "cargo" | "mvn"
        | "./mvnw" | "gradle" | "./gradlew" | "dotnet" | "sbt" | "ng" | "deno" | "rails" => task(program, &words),
        "node" | "python" | "python3" | "py" | "flask" | "uvicorn" | "gunicorn" | "java" | "php" | "ruby" | "pm2"
        | "nodemon" => {
            if any(&["pytest", "unittest", "test"]) {
                "test"
            } else if has("pip") {
                "install"
            } else if has("venv") {
                "setup"
            } else {
                "start"
            }
        }
        "curl" | "http" | "httpie" | "wget" | "newman" | "ab" | "hey" | "k6" | "psql" | "redis-cli" | "open"
        | "xdg-open" | "ssh" => "request",
        "apt" | "apt-get" | "brew" | "yum" | "dnf" | "apk" | "pacman" | "snap" | "choco" | "scoop" | "winget"
        | "ansible-galaxy" => "install",
        "pytest" | "molecule" | "bats" | "ctest" | "jest" | "vitest" => "test",
        "bash" | "sh" | "zsh" => script(words.first().copied().unwrap_or_default(), &words),
        _ if program.starts_with("./") || program.ends_with(".sh") || program.ends_with(".ps1") => {
            script(program, &words)
        }
        _ => "other",
    }
}

fn task(program: &str, words: &[&str]) -> &'static str {
    let first = words
        .iter()
        .find(|word| !word.starts_with('-') && **word != "run" && **word != "run-script" && **word != "exec");
    let first = first.copied().unwrap_or(if program == "make" || program == "just" { "up" } else { "" });
    let has = |parts: &[&str]| parts.iter().any(|part| first.contains(part));
    if words.contains(&"run") && matches!(program, "go" | "cargo" | "dotnet" | "uv" | "poetry" | "pipenv" | "deno")
        || first.starts_with("spring-boot:run")
        || first == "bootRun"
    {
        return "start";
    }
    if has(&["down", "stop", "clean", "destroy", "delete"]) {
        "stop"
    } else if has(&["test", "e2e", "lint", "check", "verify"]) {
        "test"
    } else if has(&["install", "deps", "sync", "restore"])
        || first == "i"
        || first == "ci"
        || first == "add"
        || first == "get"
        || (words.is_empty() && program == "yarn")
    {
        "install"
    } else if has(&["deploy", "apply", "release"]) {
        "deploy"
    } else if has(&["build", "package", "compile"]) {
        "build"
    } else if has(&["start", "dev", "serve", "up", "run", "launch", "watch", "preview", "all", "local"]) {
        "start"
    } else {
        "other"
    }
}

fn script(program: &str, words: &[&str]) -> &'static str {
    let name = program.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let text = format!("{name} {}", words.join(" ").to_ascii_lowercase());
    let has = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    if has(&["stop", "down", "destroy", "teardown", "cleanup", "delete"]) {
        "stop"
    } else if has(&["test"]) {
        "test"
    } else if has(&["deploy", "apply"]) {
        "deploy"
    } else if has(&["build"]) {
        "build"
    } else {
        "start"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_a_purpose() {
        let check = |command: &str, expected: &str| assert_eq!(does(command), expected, "{command}");
        check("sudo docker compose -f dev.yml up --build", "start");
        check("cd app && npm install && npm start", "start");
        check("kubectl apply -f k8s/", "deploy");
        check("terraform -chdir=infra destroy", "stop");
        check("git clone https://example.org/x.git", "clone");
        check("curl -s localhost:3000/api", "request");
        check("PORT=1 python3 app.py", "start");
        check("python -m pytest", "test");
        check("make", "start");
        check("mvn spring-boot:run", "start");
    }
}
