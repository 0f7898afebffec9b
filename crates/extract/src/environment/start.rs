//! What a command line starts: an environment, a local cluster, or the program itself.

use std::sync::LazyLock;

use regex::Regex;

/// What a command starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// As for `env.entry`: compose, vagrant, tilt, kind … or run.
    pub tool: &'static str,
    /// The Compose files or the directory that it names.
    pub files: Vec<String>,
    pub dir: Option<String>,
}

/// The last directory that a line changes to.
static CHANGES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#".*\bcd\s+["']?([^\s"';&]+)"#).expect("a constant expression"));

/// Tool and what its command looks like.
static TOOLS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    let patterns = [
        ("compose", r"\b(?:docker|podman)[ -]compose\b.*\b(?:up|start|watch)\b"),
        ("vagrant", r"\bvagrant\s+(?:up|reload)\b"),
        ("tilt", r"\btilt\s+up\b"),
        ("skaffold", r"\bskaffold\s+(?:dev|run|debug)\b"),
        ("devspace", r"\bdevspace\s+(?:dev|run|deploy)\b"),
        ("garden", r"\bgarden\s+(?:dev|deploy)\b"),
        ("okteto", r"\bokteto\s+up\b"),
        ("kind", r"\bkind\s+create\s+cluster\b"),
        ("k3d", r"\bk3d\s+cluster\s+create\b"),
        ("minikube", r"\bminikube\s+start\b"),
        ("devcontainer", r"\bdevcontainer\s+up\b"),
        ("devbox", r"\bdevbox\s+(?:shell|run|services\s+up)\b"),
        ("nix", r"\b(?:nix\s+develop|nix-shell|devenv\s+(?:up|shell))\b"),
        ("run", RUN),
    ];
    patterns.into_iter().map(|(tool, pattern)| (tool, Regex::new(pattern).expect("a constant expression"))).collect()
});

/// Commands that run the program of a component from its source.
const RUN: &str = r"(?x)
    \bgo\s+run\b | \bcargo\s+(?:run|watch)\b | \bdotnet\s+(?:run|watch)\b
    | \b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?(?:start|dev|serve)\b | \bdeno\s+(?:run|task)\b
    | spring-boot:run | quarkus:dev | \bbootRun\b | \bgradlew?\s+run\b | \bjava\s+-jar\b
    | \bflask\s+(?:\S+\s+)*run\b | \buvicorn\s | \bgunicorn\s | \bmanage\.py\s+runserver\b | \bfastapi\s+(?:dev|run)\b
    | \bpython3?\s+(?:-m\s+)?[\w./-]*(?:app|main|server|run|api|wsgi)(?:\.py)?\b | \bstreamlit\s+run\b
    | \brails\s+s(?:erver)?\b | \bartisan\s+serve\b | \bphp\s+-S\b | \bmix\s+phx\.server\b
    | \bnodemon\b | \bnode\s+[\w./-]+\.m?js\b | \bnext\s+dev\b | \bng\s+serve\b | \bvite\b | \breact-scripts\s+start\b
    | \bdocker\s+run\b";

/// What one command line starts; none when it starts nothing, or only stops, builds or tests.
pub fn start(line: &str) -> Option<Start> {
    let line = line.trim().trim_start_matches(['$', '>', '@', '-']).trim();
    if line.len() > 4_000 || line.starts_with('#') || line.starts_with("echo ") || line.starts_with("log ") {
        return None;
    }
    let (tool, matched) = TOOLS.iter().find_map(|(tool, pattern)| Some((*tool, pattern.find(line)?)))?;
    let before = &line[..matched.start()];
    if before.contains("echo ") || before.ends_with("install ") {
        return None;
    }
    let mut files = Vec::new();
    let mut dir = CHANGES.captures(before).map(|found| found[1].to_owned());
    let mut words = line.split_whitespace().skip_while(|word| tool == "compose" && !word.contains("compose"));
    while let Some(word) = words.next() {
        let value = |words: &mut dyn Iterator<Item = &str>| {
            word.split_once('=')
                .map_or_else(|| words.next().map(ToOwned::to_owned), |(_, value)| Some(value.to_owned()))
        };
        match word.split('=').next().unwrap_or_default() {
            "-f" | "--file" if tool == "compose" => files.extend(value(&mut words)),
            "--project-directory" => dir = value(&mut words),
            _ => {}
        }
    }
    Some(Start { tool, files, dir })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_say_what_they_start() {
        let check = |line: &str, tool: Option<&str>| assert_eq!(start(line).map(|found| found.tool), tool, "{line}");
        check("docker compose up -d --build", Some("compose"));
        check("$ docker-compose -f a.yml -f b.yml up", Some("compose"));
        check("docker compose build", None);
        check("docker compose down", None);
        check("sudo vagrant up --provision", Some("vagrant"));
        check("kind create cluster --config=kind.yaml", Some("kind"));
        check("npm run dev", Some("run"));
        check("npm run test", None);
        check("npm install", None);
        check("@go run ./cmd/api", Some("run"));
        check("./mvnw spring-boot:run", Some("run"));
        check("echo \"run vagrant up\"", None);
        check("log \"Starting cluster (vagrant up) ...\"", None);
        check("# vagrant up", None);
        check("python3 -m venv .venv", None);
        check("python3 server.py", Some("run"));
        check("pip install uvicorn", None);
    }

    #[test]
    fn the_named_files_are_kept() {
        let found = start("docker compose --env-file .env -f dev/a.yml --file=b.yml up").unwrap();
        assert_eq!(found.files, ["dev/a.yml", "b.yml"]);
    }
}
