//! The page of the catalogue: every fault, every healthy variant, every lab.

use std::collections::BTreeMap;
use std::fmt::Write;

use app::{Catalogue, Fault, Lang, Packs, Words};

/// What the page says besides the catalogue, in French and English.
struct Phrases {
    title: &'static str,
    intro: &'static str,
    noticed: &'static str,
    place: &'static str,
    on: &'static str,
    run: &'static str,
    hint: &'static str,
    labs: &'static str,
    variants: &'static str,
    variants_intro: &'static str,
}

const FRENCH: Phrases = Phrases {
    title: "Le catalogue de fautes",
    intro: "Page faite par `cargo xtask generate` depuis `packs/faults` et `packs/labs`. Chaque faute est semée dans l'application de référence ; l'examinateur doit la remarquer à l'endroit dit, et n'accuser aucune variante saine : `./dev examine` le mesure.",
    noticed: "Doit le remarquer",
    place: "à",
    on: "semée sur",
    run: "(une exécution)",
    hint: "Indice",
    labs: "Travaux pratiques",
    variants: "Variantes saines",
    variants_intro: "La même qualité sous une autre forme : aucun contrôle ne doit tomber.",
};
const ENGLISH: Phrases = Phrases {
    title: "The catalogue of faults",
    intro: "Made by `cargo xtask generate` from `packs/faults` and `packs/labs`. Each fault is seeded in the reference application; the examiner must notice it in the place that is named, and accuse no healthy variant: `./dev examine` measures that.",
    noticed: "Must notice",
    place: "at",
    on: "seeded on",
    run: "(a run)",
    hint: "Hint",
    labs: "Labs",
    variants: "Healthy variants",
    variants_intro: "The same quality in another form: no check may fall.",
};

/// The page in one language.
pub(crate) fn write(packs: &Packs, catalogue: &Catalogue, words: Words) -> String {
    let phrases = if words.0 == Lang::Fr { FRENCH } else { ENGLISH };
    let mut out = format!("# {}\n\n{}\n\n", phrases.title, phrases.intro);
    let mut areas: BTreeMap<_, Vec<&Fault>> = BTreeMap::new();
    catalogue.faults.iter().for_each(|fault| areas.entry(fault.area).or_default().push(fault));
    for (area, faults) in areas {
        let _ = writeln!(out, "## {} ({})\n", area.name(), faults.len());
        faults.into_iter().for_each(|fault| one(&mut out, packs, fault, words, &phrases));
    }
    let _ = writeln!(out, "## {}\n\n{}\n", phrases.variants, phrases.variants_intro);
    for variant in &catalogue.variants {
        let _ = writeln!(out, "- `{}`: {}", variant.id, words.of(&variant.title));
    }
    let _ = writeln!(out, "\n## {}\n", phrases.labs);
    for lab in &catalogue.labs {
        let (minutes, points, pass) = (lab.minutes.to_string(), lab.points.to_string(), lab.pass.to_string());
        let terms = words.with("lab-terms", &[("minutes", &minutes), ("points", &points), ("pass", &pass)]);
        let _ =
            writeln!(out, "### {}\n\n*{}* · {terms}\n\n{}\n", lab.id, words.of(&lab.title), words.of(&lab.statement));
        for task in &lab.tasks {
            let (of, points) = (task.faults.len(), task.points.to_string());
            let (pick, of) = (task.pick.unwrap_or(of).to_string(), of.to_string());
            let told = words.with("explain-task", &[("pick", &pick), ("of", &of), ("points", &points)]);
            let faults: Vec<String> = task.faults.iter().map(|id| format!("`{id}`")).collect();
            let _ = writeln!(out, "- {told}: {}", faults.join(", "));
        }
        if let Some(beyond) = &lab.beyond {
            let _ = writeln!(out, "\n{}", words.of(beyond));
        }
        out.push('\n');
    }
    out.trim_end().to_owned() + "\n"
}

fn one(out: &mut String, packs: &Packs, fault: &Fault, words: Words, phrases: &Phrases) {
    let stars = "★".repeat(usize::from(fault.difficulty));
    let _ = writeln!(out, "### {}\n\n**{}** {stars}\n", fault.id, words.of(&fault.title));
    let _ = writeln!(out, "{}", words.of(&fault.symptom));
    if let Some(action) = &fault.action {
        let _ = writeln!(out, "{}", words.of(action));
    }
    let _ = writeln!(out, "*{}*: {} {}\n", phrases.hint, words.of(&fault.hint), words.of(&fault.explanation));
    let detectors = fault.noticed_by.iter().map(|id| {
        let run = if packs.checks.contains_key(&**id) { String::new() } else { format!(" {}", phrases.run) };
        format!("`{id}`{run}")
    });
    let _ = write!(out, "{}: {}", phrases.noticed, detectors.collect::<Vec<_>>().join(", "));
    if let Some(place) = &fault.place {
        let _ = write!(out, ", {} `{}` (`{}`)", phrases.place, place.path, place.line.replace('`', "'"));
    }
    if !fault.on.is_empty() {
        let on: Vec<String> = fault.on.iter().map(|id| format!("`{id}`")).collect();
        let _ = write!(out, "; {} {}", phrases.on, on.join(", "));
    }
    out.push_str("\n\n");
}
