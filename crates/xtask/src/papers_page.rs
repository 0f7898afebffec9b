//! The page of the rules of papers, from their packs.

use std::fmt::Write;

use app::findings::visible;
use app::lint::Guide;
use app::{Lang, Words};

/// Writes the page in one language.
pub(crate) fn write(guides: &[Guide], words: Words) -> String {
    let (title, intro) = match words.0 {
        Lang::Fr => (
            "Les règles des écrits",
            "Page faite par `cargo xtask generate` depuis `packs/papers/rules`. `preuve dossier check DOSSIER` les applique aux \
             écrits que `dossier.yaml` nomme, `--fix` corrige ce qui ne change pas le sens, `preuve explain RÈGLE` montre chaque \
             page avec ses exemples. Chaque exemple est un test.",
        ),
        Lang::En => (
            "The rules of papers",
            "Made by `cargo xtask generate` from `packs/papers/rules`. `preuve dossier check DIR` applies them to the papers \
             that `dossier.yaml` names, `--fix` corrects what changes no meaning, `preuve explain RULE` shows each page with \
             its examples. Every example is a test.",
        ),
    };
    let mut out = format!("# {title}\n\n{intro}\n");
    for guide in guides {
        let _ = write!(out, "\n## {}\n\n**{}** {}\n\n", guide.id, words.of(&guide.title), words.of(&guide.why));
        let _ = writeln!(out, "{}: {}", words.say("findings-correction"), words.of(&guide.fix));
        let cases = guide.cases.iter().filter(|case| case.lang == words.0 && !case.expect.is_empty());
        for case in cases.take(1) {
            let text: Vec<String> =
                case.text.lines().map(|line| format!("    {}", visible(line)).trim_end().to_owned()).collect();
            let _ = write!(out, "\n{}\n", text.join("\n"));
        }
    }
    out
}
