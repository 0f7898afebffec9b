//! The references that are made from code and packs: checks, command line, facts.

use std::fmt::Write;
use std::fs;

use app::{Check, Lang, Packs, Words};
use clap::Command;

use crate::{catalogue_page, papers_page};

/// Writes the references, or says which are out of date.
///
/// # Errors
/// When a pack has problems, a file cannot be written, or `check` finds a difference.
pub(crate) fn run(check: bool) -> Result<String, String> {
    let packs = Packs::load(&[]).map_err(|error| error.told(Lang::En).message)?;
    let catalogue = packs.catalogue(&[]).map_err(|error| error.told(Lang::En).message)?;
    let mut pages = vec![
        ("docs/checks.md".to_owned(), checks(&packs, Words(Lang::En))),
        ("docs/checks.fr.md".to_owned(), checks(&packs, Words(Lang::Fr))),
        ("docs/cli.md".to_owned(), cli()),
        ("docs/facts.md".to_owned(), facts()),
        ("docs/faults.md".to_owned(), catalogue_page::write(&packs, &catalogue, Words(Lang::En))),
        ("docs/faults.fr.md".to_owned(), catalogue_page::write(&packs, &catalogue, Words(Lang::Fr))),
        ("docs/report.svg".to_owned(), report(&packs, Lang::En)?),
        ("docs/report.fr.svg".to_owned(), report(&packs, Lang::Fr)?),
    ];
    let guides = app::lint::guides().map_err(|error| error.told(Lang::En).message)?;
    for (path, lang) in [("docs/papers.md", Lang::En), ("docs/papers.fr.md", Lang::Fr)] {
        pages.push((path.to_owned(), papers_page::write(&guides, Words(lang))));
    }
    for experiment in prove::EXPERIMENTS {
        let page = prove::page::markdown(experiment.id(), &experiment.page());
        pages.push((format!("docs/experiments/{}.md", experiment.id()), page));
    }
    fs::create_dir_all("docs/experiments").map_err(|error| error.to_string())?;
    let mut told = String::new();
    for (path, text) in pages {
        let same = fs::read_to_string(&path).is_ok_and(|known| known == text);
        if check && !same {
            return Err(format!("{path} is out of date: run `cargo xtask generate`"));
        }
        if !same {
            fs::write(&path, text).map_err(|error| format!("{path}: {error}"))?;
            let _ = writeln!(told, "wrote {path}");
        }
    }
    Ok(told)
}

/// The report of the fixture project as a terminal shows it.
fn report(packs: &Packs, lang: Lang) -> Result<String, String> {
    let dir = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = dir.path().join("ferry");
    testing::fixture::make(&path).map_err(|error| error.to_string())?;
    let request = app::Request {
        repository: path.display().to_string(),
        rev: "HEAD".to_owned(),
        frameworks: vec!["rs-devops".to_owned()],
        packs: Vec::new(),
        profile: None,
        as_of: jiff::civil::date(2025, 4, 1),
        lang,
        since: None,
        reading: app::Reading { deep: false, cache: None, threads: 1 },
        belief: None,
    };
    let report = app::assess_with(packs, &request).map_err(|error| error.told(lang).message)?;
    Ok(crate::picture::svg(&cli::terminal_report(&report, Words(lang)), "preuve assess ferry"))
}

fn checks(packs: &Packs, words: Words) -> String {
    let french = words.0 == Lang::Fr;
    let mut out = String::new();
    let _ = writeln!(out, "{}", if french { "# Les contrôles\n" } else { "# The checks\n" });
    let intro = if french {
        "Page faite par `cargo xtask generate` depuis `packs/checks`. Chaque exemple est un test."
    } else {
        "Made by `cargo xtask generate` from `packs/checks`. Every example is a test."
    };
    let _ = writeln!(out, "{intro}\n");
    for check in packs.checks.values() {
        one_check(&mut out, check, words);
    }
    out
}

fn one_check(out: &mut String, check: &Check, words: Words) {
    let _ = writeln!(out, "## {}\n\n**{}**\n", check.id, words.of(&check.question).trim());
    for (title, text) in [("explain-why", &check.why), ("explain-fix", &check.fix), ("explain-sought", &check.sought)] {
        let _ = writeln!(out, "*{}.* {}\n", words.say(title), words.of(text).trim());
    }
    let _ = writeln!(out, "*{}*\n", words.say("explain-example"));
    for case in &check.cases {
        let answer = words.say(&format!("outcome-{}", case.expect.value));
        let cited = case.evidence.iter().map(|place| format!(" `{place}`")).collect::<String>();
        let _ = writeln!(out, "- {}: **{answer}**{cited}", case.name.replace(['<', '>'], ""));
    }
    out.push('\n');
}

fn cli() -> String {
    let mut out = String::from("# The command line\n\nMade by `cargo xtask generate` from the program.\n\n");
    verb(&mut out, "preuve", cli::command());
    out
}

fn verb(out: &mut String, path: &str, command: Command) {
    let below: Vec<Command> = command.get_subcommands().filter(|verb| verb.get_name() != "help").cloned().collect();
    let help = command.term_width(100).render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    let _ = writeln!(out, "## {path}\n\n```text\n{}\n```\n", help.join("\n").trim_end());
    for next in below {
        let name = format!("{path} {}", next.get_name());
        verb(out, &name, next);
    }
}

fn facts() -> String {
    let mut out = String::from(
        "# Facts\n\nMade by `cargo xtask generate` from the schema: the kinds and fields that rules may name. \
         Every fact also has `path`, `line`, `parser` and `confidence` (exact, likely, low).\n\n",
    );
    for kind in facts::schema::kinds() {
        let _ = writeln!(out, "## {}\n\n{}\n\n| field | type | meaning |\n|---|---|---|", kind.name, kind.doc);
        for field in kind.fields {
            let doc = field.doc.replace('|', "\\|");
            let _ = writeln!(out, "| `{}` | {} | {doc} |", field.name, field.field_type.name());
        }
        out.push('\n');
    }
    out
}
