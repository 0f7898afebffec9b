//! What the words of a command, of a path or of a program's line tell by themselves.

use facts::{Location, Place as Where};

use crate::commands::{self, Entry};
use crate::purpose::catalogue::{Meaning, Place, catalogue};
use crate::purpose::shell::Simple;
use crate::{File, Project, path};

/// A directory that the repository does not hold.
pub(super) const OUTSIDE: &str = "<outside>";

/// Wrappers of build tools are known by their name, their text says nothing.
pub(super) fn is_wrapper(name: &str) -> bool {
    matches!(
        name,
        "mvnw"
            | "gradlew"
            | "mvnw.cmd"
            | "gradlew.bat"
            | "manage.py"
            | "artisan"
            | "console"
            | "rails"
            | "rake"
            | "rspec"
            | "bundle"
            | "sbt"
            | "mill"
            | "setup.py"
    )
}

/// One location for several lines.
pub(in crate::purpose) fn span(lines: &[Location], first: usize, last: usize) -> Option<Location> {
    let start = lines.get(first).or(lines.last())?;
    let end = lines.get(last).unwrap_or(start);
    let mut joined = start.clone();
    if let (Where::File { path, span, .. }, Where::File { path: same, span: end, .. }) = (&mut joined.place, &end.place)
        && path == same
        && end.end > span.end
    {
        span.end = end.end;
        span.end_line = end.end_line;
        span.end_column = end.end_column;
    }
    Some(joined)
}

/// A path as a command names it, from the root of the repository.
pub(super) fn resolve(dir: &str, script_dir: &str, name: &str) -> Option<String> {
    if name.contains("dirname") || name.contains("BASH_SOURCE") {
        // `$(dirname "$0")/..` starts at the script.
        let rest = name.rfind(')').map_or("", |at| &name[at + 1..]);
        return path::join(script_dir, rest.trim_start_matches(['"', '/', '}']));
    }
    if name.starts_with('$') {
        let (first, rest) = name.split_once('/').unwrap_or((name, ""));
        let upper = first.to_ascii_uppercase();
        let base = if upper.contains("SCRIPT") || upper.contains("HERE") || upper == "$DIR" || upper == "${DIR}" {
            script_dir
        } else {
            ""
        };
        return path::join(base, rest);
    }
    if dir == OUTSIDE || name.starts_with('/') || name.starts_with('~') {
        return None;
    }
    path::join(dir, name)
}

/// A command that names a distant engine by its environment.
pub(super) fn environment_place(command: &Simple) -> Option<Place> {
    let distant = |(name, value): &(String, String)| {
        name == "DOCKER_HOST" && (value.starts_with("ssh") || value.starts_with("tcp") || value.starts_with('$'))
    };
    command.sets.iter().any(distant).then_some(Place::Remote)
}

/// What the words around a command change about its meaning.
pub(super) fn refine(words: &[String], piped: &[String], meaning: &mut Meaning) {
    let program = words.first().map(String::as_str).unwrap_or_default();
    if !meaning.purposes.contains("deploy") {
        return;
    }
    if matches!(program, "scp" | "rsync") && !sends_work(words) {
        meaning.purposes.remove("deploy");
        return;
    }
    // What comes from a pipe or a document in the script is seldom the application.
    if matches!(program, "kubectl" | "oc")
        && words.windows(2).any(|pair| matches!(pair[0].as_str(), "-f" | "--filename") && pair[1] == "-")
    {
        meaning.likely = true;
    }
    let creates = ["secret", "secrets", "namespace", "ns", "configmap", "cm"];
    let made = piped.iter().any(|word| creates.contains(&word.as_str()) || matches!(word.as_str(), "curl" | "wget"));
    let chart = || catalogue().positional(words).last().map(|chart| (*chart).to_owned()).unwrap_or_default();
    let foreign =
        program == "helm" && (catalogue().foreign_chart(&chart()) || words.iter().any(|word| word == "--repo"));
    if foreign {
        meaning.target = chart();
    }
    if (program == "kubectl" || program == "oc") && made || foreign {
        meaning.purposes.remove("deploy");
        meaning.purposes.insert("configure");
        // A chart of other people that waits for itself, or goes back, says nothing of the application.
        for about_release in ["verify", "rollback"] {
            meaning.purposes.remove(about_release);
        }
        if made {
            meaning.applies = "";
        }
    }
}

/// Whether a copy between hosts brings something to another one that is more than a key or the access to a cluster.
fn sends_work(words: &[String]) -> bool {
    let takes = ["-i", "-P", "-o", "-F", "-e", "-J", "-c", "-l", "--rsh", "--exclude", "--include"];
    let mut operands: Vec<&str> = Vec::new();
    let mut skipped = false;
    for word in words.iter().skip(1) {
        if !skipped && !word.starts_with('-') {
            operands.push(word);
        }
        skipped = takes.contains(&word.as_str());
    }
    let Some((to, from)) = operands.split_last() else { return true };
    let access = |source: &&str| {
        let name = source.rsplit(['/', ':']).next().unwrap_or_default();
        name.starts_with("id_")
            || [".pem", ".pub", ".key", ".ppk"].iter().any(|end| name.ends_with(end))
            || ["kubeconfig", "k3s.yaml", "authorized_keys", "known_hosts", "node-token"].contains(&name)
            || (name == "config" && source.contains(".kube"))
    };
    to.contains([':', '$']) && !(!from.is_empty() && from.iter().all(access))
}

/// What a script of a package or a target is for when its commands are not known: its name is a convention.
pub(super) fn by_name(entry: &Entry) -> Option<Meaning> {
    let real = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or_default().trim_start_matches('@');
        !matches!(word, "" | "echo" | "exit" | "true" | ":" | "printf") && !line.starts_with('#')
    };
    if !matches!(entry.runner, "npm" | "make" | "just" | "task" | "mise" | "composer" | "python")
        || !entry.parts.iter().flat_map(|part| part.text.lines()).any(real)
    {
        return None;
    }
    let word = entry.name.split([':', '-', '_', '.']).next().unwrap_or_default();
    let purpose = match word {
        "test" | "tests" | "unit" | "e2e" if entry.runner == "npm" || entry.name == "test" => "test",
        "lint" => "lint",
        "build" | "compile" => "build",
        _ => return None,
    };
    Some(Meaning { purposes: [purpose].into(), tool: entry.runner.to_owned(), likely: true, ..Meaning::default() })
}

/// The command that a line of a program starts, when it is written out.
pub(super) fn literal_command(line: &str) -> Option<String> {
    const CALLS: [&str; 12] = [
        "subprocess.run(",
        "subprocess.call(",
        "subprocess.check_call(",
        "subprocess.check_output(",
        "subprocess.Popen(",
        "os.system(",
        "execSync(",
        "spawnSync(",
        "exec(",
        "spawn(",
        "system(",
        "c.run(",
    ];
    let line = line.trim_start();
    if line.starts_with(['#', '/', '*']) {
        return None;
    }
    let rest = CALLS.iter().find_map(|call| line.split_once(call).map(|(_, rest)| rest))?;
    let mut words = Vec::new();
    let mut chars = rest.trim_start_matches(['[', 'f', ' ']).chars();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\'' | '`' => words.push(chars.by_ref().take_while(|next| *next != c).collect::<String>()),
            ']' | ')' | '{' | '=' => break,
            _ => {}
        }
    }
    if words.is_empty() { None } else { Some(words.join(" ")) }
}

/// Whether a file has an entry of that name.
pub(super) fn has(project: &Project, file: &File, name: &str) -> bool {
    commands::entries(project, file).list.iter().any(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_that_bring_work_to_a_host() {
        let check = |text: &str, expected: bool| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            assert_eq!(sends_work(&words), expected, "{text}");
        };
        check("scp -i ~/.ssh/id_rsa compose.yaml ubuntu@$HOST:/srv", true);
        check("rsync -avz -e ssh dist/ deploy@$HOST:/var/www", true);
        check("scp -i key.pem ~/.ssh/id_rsa ubuntu@$HOST:~/.ssh/id_rsa", false);
        check("scp ubuntu@$HOST:/etc/rancher/k3s/k3s.yaml kubeconfig", false);
        check("scp kubeconfig ubuntu@$HOST:", false);
        check("scp app.jar $TARGET", true);
        check("scp", true);
    }
}
