//! `preuve init`: a project of one's own, begun from the reference application.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::start::{self, Name, Target};

use crate::args::{InitArgs, Origin, TargetName};
use crate::failure::Failure;
use crate::terminal::wrapped;
use crate::ui::{BOLD, DIM, Ui, styled};

pub(crate) fn run(args: &InitArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let name = Name::parse(&args.name).map_err(|error| Failure::of(&error, ui.lang()))?;
    let target = match args.target {
        TargetName::ManagedOpenshift => Target::ManagedOpenshift,
        TargetName::ExternalCluster => Target::ExternalCluster,
        TargetName::PublicCloud => Target::PublicCloud,
    };
    let dir = args.dir.clone().unwrap_or_else(|| PathBuf::from(name.word()));
    let Origin::Reference = args.from;
    let tree = start::project(&name, ui.lang(), target);
    start::begin(&dir, &tree).map_err(|error| Failure::of(&error, ui.lang()))?;
    let text = told(&dir, &name, target, tree.len(), ui);
    ui.data(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn told(dir: &Path, name: &Name, target: Target, files: usize, ui: &Ui) -> String {
    let words = ui.words;
    let (path, files) = (dir.display().to_string(), files.to_string());
    let done = words.with("init-done", &[("title", name.title()), ("path", &path), ("files", &files)]);
    let mut out = format!("{}\n\n{}\n", styled(BOLD, &done), words.say("init-next"));
    let assess = format!("preuve assess . --profile {}", target.profile());
    let steps: [(&str, &[&str]); 3] = [
        ("init-commit", &[&format!("cd {}", quoted(&path)), "git add --all && git commit --message 'Begin'"]),
        ("init-secrets", &["make secrets ENVIRONMENT=staging", "make secrets ENVIRONMENT=production"]),
        ("init-assess", &[&assess]),
    ];
    for (number, (why, commands)) in steps.into_iter().enumerate() {
        let why = wrapped(&words.say(why), 5);
        let _ = writeln!(out, "  {}. {}", number + 1, why.trim_start());
        for command in commands {
            let _ = writeln!(out, "       {}", styled(BOLD, command));
        }
    }
    let _ = writeln!(out, "\n{}", styled(DIM, &wrapped(&words.say("init-honest"), 0)));
    out
}

/// A path as a shell reads it.
fn quoted(path: &str) -> String {
    let plain = path.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_'));
    if plain { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}
