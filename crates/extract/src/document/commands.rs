//! The command lines that a document tells people to run.

/// Languages of blocks whose lines are commands.
const SHELLS: &str = "\
    sh bash shell zsh fish console terminal shell-session shellsession sh-session ps1 powershell pwsh cmd bat \
    batch shellscript session command ksh commandline";

/// Programs that a line without a language may start with.
const PROGRAMS: &str = "\
    docker docker-compose podman podman-compose nerdctl kubectl helm helmfile kustomize minikube kind k3d k3s k9s \
    kubectx skaffold tilt devspace terraform tofu terragrunt tf pulumi packer vagrant ansible ansible-playbook \
    ansible-galaxy ansible-vault molecule make just task mise npm npx yarn pnpm bun node deno pip pip3 pipenv \
    poetry uv python python3 py flask uvicorn gunicorn pytest go cargo mvn ./mvnw ./gradlew gradle java dotnet php \
    composer ruby bundle rails rake mix git gh glab curl wget http httpie ssh scp aws az gcloud eksctl kops oc \
    argocd flux sops age vault consul nomad cp mv cd mkdir chmod export source bash sh zsh apt apt-get brew yum \
    dnf apk pacman snap choco scoop winget systemctl service pm2 psql redis-cli newman ab hey k6 nix nix-shell \
    devbox devcontainer doctl scw ovh hcloud serverless sls sam cdk fly flyctl heroku vercel netlify firebase ng \
    vite next react-scripts nx turbo lerna cmake ctest gcc virsh virtualbox multipass lxc timoni kapp act \
    gitlab-runner jenkins open xdg-open base64 openssl psh k tk earthly dagger bazel sbt swift flutter dart";

fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// A command line and its line inside the block, counted from 0.
#[derive(Debug, PartialEq, Eq)]
pub struct CommandLine {
    pub line: usize,
    pub command: String,
}

/// The command lines of a block of code.
pub fn of_block(language: &str, text: &str) -> Vec<CommandLine> {
    let shell = listed(SHELLS, language.strip_prefix("x-").unwrap_or(language));
    if !shell && !matches!(language, "" | "text" | "txt" | "plaintext" | "none" | "plain" | "md" | "markdown") {
        return Vec::new();
    }
    let prompted = text.lines().any(|line| prompt(line.trim_start()).is_some());
    let mut found: Vec<CommandLine> = Vec::new();
    let mut continued: Option<CommandLine> = None;
    let mut heredoc: Option<String> = None;
    for (line, written) in text.lines().enumerate().take(2_000) {
        let trimmed = written.trim();
        if let Some(end) = &heredoc {
            if trimmed == end {
                heredoc = None;
            }
            continue;
        }
        if let Some(mut open) = continued.take() {
            open.command.push(' ');
            open.command.push_str(trimmed.trim_end_matches(['\\', '`']).trim());
            if trimmed.ends_with('\\') && open.command.len() < 4_000 {
                continued = Some(open)
            } else {
                found.push(open)
            }
            continue;
        }
        let Some(command) = command(trimmed, shell, prompted) else {
            continue;
        };
        heredoc = heredoc_end(&command);
        let open = CommandLine { line, command: command.trim_end_matches('\\').trim().to_owned() };
        if trimmed.ends_with('\\') { continued = Some(open) } else { found.push(open) }
    }
    found.extend(continued);
    found
}

/// The command that a line holds: what follows its prompt, or the line itself where no line has a prompt.
fn command(trimmed: &str, shell: bool, prompted: bool) -> Option<String> {
    if let Some(rest) = prompt(trimmed) {
        return Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty());
    }
    if prompted
        || trimmed.is_empty()
        || trimmed.starts_with(['#', '<', '{', '}', '[', '|', '"', '`', '│', '├', '└', '*', '→', '-', '=', ':'])
        || trimmed.starts_with("//")
    {
        return None;
    }
    let known = is_command(trimmed);
    let looks = |line: &str| {
        line.split(' ').next().is_some_and(|word| {
            word.chars().all(|c| c.is_ascii_alphanumeric() || "._-/$~=\"{}".contains(c)) && !word.ends_with(':')
        })
    };
    (known || (shell && looks(trimmed))).then(|| trimmed.to_owned())
}

fn prompt(line: &str) -> Option<&str> {
    for mark in ["$ ", "% ", "❯ ", "➜ ", "> ", "PS> ", "# sudo "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return Some(rest).filter(|rest| mark != "> " || is_command(rest.trim()));
        }
    }
    // user@host:~$ command
    let (before, rest) = line.split_once("$ ")?;
    (before.contains('@') && !before.contains(' ')).then_some(rest)
}

fn heredoc_end(command: &str) -> Option<String> {
    let (_, rest) = command.split_once("<<")?;
    let word: String = rest
        .trim_start_matches(['-', ' ', '\'', '"', '~'])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    Some(word).filter(|word| !word.is_empty() && !rest.starts_with('<'))
}

/// Whether a text, as a code span or a line without a language, is a command.
pub fn is_command(text: &str) -> bool {
    let program = program(text);
    let arguments = text.split_whitespace().count() > 1;
    let script = program.starts_with("./") && program.len() > 2
        || (program.ends_with(".sh") && !program.contains(':') && arguments);
    script
        || (listed(PROGRAMS, program)
            && (arguments || matches!(program, "make" | "just" | "tilt" | "docker-compose"))
            && !text.contains(" = ")
            && !prose(text))
}

/// A sentence that happens to start with the name of a program.
fn prose(text: &str) -> bool {
    let second = text.split_whitespace().nth(1).unwrap_or_default();
    matches!(
        second,
        "is" | "the"
            | "and"
            | "or"
            | "sure"
            | "to"
            | "for"
            | "with"
            | "a"
            | "an"
            | "est"
            | "et"
            | "le"
            | "la"
            | "les"
            | "of"
            | "in"
            | "you"
            | "it"
            | "this"
            | "your"
            | "on"
            | "from"
            | "file"
            | "files"
    ) || text.ends_with(['.', ':', '?']) && !text.ends_with(" .") && !text.ends_with("/.") && !text.ends_with("..")
}

/// The command that a line of text consists of, its mark of a list left out: `- vagrant up`.
pub fn bare(line: &str) -> Option<&str> {
    const PROSE: &str = "the to and for with your a an from in is le la les un une pour et avec dans de des";
    // Editors that show what they write leave spaces as entities.
    let text =
        ["&#x20;", "&x20;", "&nbsp;"].iter().fold(line.trim(), |text, space| text.trim_start_matches(space).trim());
    let unnumbered = text.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['.', ')']);
    let marked = if unnumbered.starts_with(' ') { unnumbered } else { text };
    let marked = marked.trim_start_matches(['-', '*', '+']).trim();
    let words = marked.split_whitespace().count();
    let told = marked.is_ascii() && (2..=10).contains(&words) && !marked.ends_with(['.', ':', ',', ';', ')']);
    (told && is_command(marked) && !marked.split_whitespace().any(|word| listed(PROSE, word))).then_some(marked)
}

/// The program of a command line: `sudo`, variables and shells' connectives left out.
pub fn program(text: &str) -> &str {
    let assigns = |word: &str| {
        word.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
    };
    let skipped =
        |word: &&str| matches!(*word, "sudo" | "time" | "exec" | "nohup" | "-E" | "env" | "winpty") || assigns(word);
    text.split_whitespace().find(|word| !skipped(word)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_give_their_commands() {
        let check = |language: &str, text: &str, expected: &[(usize, &str)]| {
            let found = of_block(language, text);
            let found: Vec<(usize, &str)> = found.iter().map(|found| (found.line, found.command.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("bash", "# start\ndocker compose up -d\n", &[(1, "docker compose up -d")]);
        check("console", "$ make up\ncreating network\n$ make test\n", &[(0, "make up"), (2, "make test")]);
        check("", "npm start\nListening on 3000\n", &[(0, "npm start")]);
        check("sh", "docker run \\\n  -p 80:80 \\\n  app\ncurl x\n", &[(0, "docker run -p 80:80 app"), (3, "curl x")]);
        check("sh", "cat <<EOF > a\nnpm start\nEOF\nmake\n", &[(0, "cat <<EOF > a"), (3, "make")]);
        check("yaml", "run: make\n", &[]);
        check("", "src/\n├── make up\n", &[]);
        check("sh", "root@box:~$ ./run.sh\n", &[(0, "./run.sh")]);
    }

    #[test]
    fn spans_are_commands_or_words() {
        let check = |text: &str, expected: bool| assert_eq!(is_command(text), expected, "{text}");
        check("docker compose up", true);
        check("make", true);
        check("./start.sh", true);
        check("docker", false);
        check("Makefile", false);
        check("go to the next step", false);
        check("make sure it runs", false);
    }

    #[test]
    fn lines_that_are_commands() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(bare(text), expected, "{text}");
        check("- vagrant up", Some("vagrant up"));
        check("2) docker compose up -d --build", Some("docker compose up -d --build"));
        check("    ./start.sh dev", Some("./start.sh dev"));
        check("vagrant status \u{2014} shows the machines", None);
        check("- docker compose up to start everything", None);
        check("- make the images", None);
        check("- vagrant", None);
        check("", None);
    }

    #[test]
    fn hostile_blocks_end() {
        for text in
            ["\\\n".repeat(5_000), "<<<<<<".repeat(1_000), "$ ".repeat(10_000), "é\\".repeat(999), "\u{0}".into()]
        {
            assert!(of_block("sh", &text).len() <= 2_000);
        }
    }
}
