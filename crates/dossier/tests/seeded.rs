//! Two papers that no rule says anything about, and the defects seeded in them: each is found where it is, and nothing else.

use dossier::lint::{self, Asked, Measure, Measured, Shape, Vocabulary};
use dossier::{File, Finding, Folder, Source, similar};
use framework::{Framework, Lang};

const FRENCH: &str = include_str!("papers/watch.fr.md");
const ENGLISH: &str = include_str!("papers/watch.en.md");

/// What is replaced, by what, and what is then said: the rule and the line.
type Seed = (&'static str, &'static str, &'static [(&'static str, usize)]);

const FRENCH_SEEDS: [Seed; 24] = [
    ("## Tendances et conséquences\n", "## Divers\n", &[("structure.part", 1)]),
    ("## Tendances", "#### Tendances", &[("structure.heading-levels", 19)]),
    ("## Tendances", "## Bilan\n\n## Tendances", &[("structure.empty-section", 19)]),
    ("Les trois sources décrivent", "(À compléter) Les trois sources décrivent", &[("structure.placeholder", 21)]),
    ("[guide officiel](https://kubernetes.io/docs/)", "[guide officiel](guide.md)", &[("structure.link", 31)]),
    ("une heure[^1]", "une heure[^2]", &[("structure.link", 25)]),
    ("](circuit.svg)", "](https://example.org/circuit.svg)", &[("figure.image", 17)]),
    ("](circuit.svg)", "](../../circuit.svg)", &[("figure.image", 17)]),
    ("![Une source passe du flux à la lecture, puis à la note de fiabilité]", "![capture]", &[("figure.alt-text", 17)]),
    ("La figure 1 montre", "La figure 2 montre", &[("figure.reference", 15), ("figure.reference", 17)]),
    ("La figure 1 montre comment", "On voit comment", &[("figure.reference", 17)]),
    ("livraison progressive", "livraisson progressive", &[("language.spelling", 3)]),
    ("porte sur la livraison", "porte sur la la livraison", &[("language.repeated-word", 3)]),
    ("Un objectif de niveau de service (SLO)", "Un SLO", &[("language.acronym", 24)]),
    ("Veille\u{a0}:", "Veille:", &[("typography.punctuation", 1)]),
    ("d’une application", "d'une application", &[("typography.marks", 3)]),
    ("Elle s’adresse", "A partir de là, elle s’adresse", &[("typography.letters", 3)]),
    ("ont été lus", "ont  été lus", &[("typography.spacing", 7)]),
    ("la même évolution", "la \"même évolution\"", &[("typography.quotes", 21)]),
    (
        "Le déploiement par étapes remplace la coupure nocturne.",
        "Le service est sécurisé.",
        &[("claim.unsupported", 21)],
    ),
    ("et 14 livraisons", "et 15 livraisons", &[("claim.number", 29)]),
    ("La figure 1 montre", "<b>La figure 1</b> montre", &[("source.raw-html", 15), ("source.raw-html", 15)]),
    ("| faible |", "| =HYPERLINK(1) |", &[("source.formula", 13)]),
    ("même évolution", "même \u{202e}évolution", &[("source.hidden", 21)]),
];

const ENGLISH_SEEDS: [Seed; 18] = [
    ("## Trends and consequences\n", "## Other\n", &[("structure.part", 1)]),
    ("## Trends", "### Trends", &[]),
    ("## Trends", "#### Trends", &[("structure.heading-levels", 19)]),
    ("## Trends", "## Review\n\n## Trends", &[("structure.empty-section", 19)]),
    ("The three sources describe", "(TBD) The three sources describe", &[("structure.placeholder", 21)]),
    (
        "[official guide](https://kubernetes.io/docs/)",
        "[official guide](file:///etc/passwd)",
        &[("structure.link", 31)],
    ),
    ("](circuit.svg)", "](missing.svg)", &[("figure.image", 17)]),
    ("![A source goes from the feed to the reading, then to its grade]", "![]", &[("figure.alt-text", 17)]),
    ("Figure 1 shows how", "One sees how", &[("figure.reference", 17)]),
    ("progressive delivery", "progresive delivery", &[("language.spelling", 3)]),
    ("describe the same", "describe the the same", &[("language.repeated-word", 21)]),
    ("A service level objective (SLO)", "An SLO", &[("language.acronym", 24)]),
    ("Watch:", "Watch :", &[("typography.punctuation", 1)]),
    ("were read in March", "were  read in March", &[("typography.spacing", 7)]),
    ("Delivery in steps replaces the nightly stop.", "The service is highly available.", &[("claim.unsupported", 21)]),
    ("and 14 deliveries", "and fifteen deliveries", &[]),
    ("and 14 deliveries", "and 12 deliveries", &[("claim.number", 29)]),
    ("same change", "same \u{1b}[31m change", &[("source.hidden", 21)]),
];

struct Judge {
    frameworks: Vec<Framework>,
    folder: Folder,
    measures: Vec<Measure>,
    pages: Measured,
}

impl Judge {
    fn new() -> Self {
        let names = ["livraison", "delivery", "deliverie"].map(str::to_owned).to_vec();
        let place = "deploy/history.json:1".to_owned();
        let picture = File::Bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec());
        Self {
            frameworks: framework::load_frameworks(&framework::builtin()).expect("the packs load").frameworks,
            folder: Folder { files: [("circuit.svg".to_owned(), picture)].into() },
            measures: vec![Measure { shape: Shape::Count, names, values: ["14".to_owned()].into(), place }],
            pages: Measured { pages: 2, lines_per_page: 45, last_lines: 10, parts: Vec::new() },
        }
    }

    fn findings(&self, lang: Lang, text: &str, vocabulary: &Vocabulary, pages: &Measured) -> Vec<Finding> {
        let mut deliverables =
            self.frameworks.iter().flat_map(|framework| &framework.evaluations).flat_map(|one| &one.deliverables);
        let asked = Asked {
            deliverable: deliverables.find(|deliverable| &*deliverable.id == "E2.r1"),
            pages: Some(pages),
            measures: &self.measures,
            ..Asked::of(lang, &self.folder, vocabulary)
        };
        lint::check(&[Source::parse("watch.md", text)], &asked)
    }
}

fn told(findings: &[Finding]) -> Vec<(&'static str, usize)> {
    findings.iter().map(|finding| (finding.rule, finding.start.line)).collect()
}

fn check(lang: Lang, base: &str, seeds: &[Seed]) {
    let judge = Judge::new();
    let vocabulary = Vocabulary::of(lang, &judge.frameworks);
    let judged = |text: &str| told(&judge.findings(lang, text, &vocabulary, &judge.pages));
    assert_eq!(judged(base), [], "{lang}: the healthy paper");
    let mut wrong = Vec::new();
    for (from, to, expected) in seeds {
        assert_eq!(base.matches(from).count(), 1, "{lang}: `{from}` is to be replaced once");
        let found = judged(&base.replace(from, to));
        if found != *expected {
            wrong.push(format!("{lang}: `{to}`\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for pages in [1, 6] {
        let pages = Measured { pages, ..judge.pages.clone() };
        assert_eq!(told(&judge.findings(lang, base, &vocabulary, &pages)), [("structure.pages", 1)]);
    }
}

#[test]
fn french_defects_are_found_and_nothing_else() {
    check(Lang::Fr, FRENCH, &FRENCH_SEEDS);
}

#[test]
fn english_defects_are_found_and_nothing_else() {
    check(Lang::En, ENGLISH, &ENGLISH_SEEDS);
}

#[test]
fn a_copied_paper_is_shown_beside_the_other_and_a_translation_is_not() {
    let sources = [FRENCH, ENGLISH].map(|text| [Source::parse("watch.md", text)]);
    let [french, english] = sources.each_ref().map(|source| similar::Text::new(source));
    assert_eq!(similar::compare(&french, &english, &[]), []);
    assert!(!similar::compare(&french, &french, &[]).is_empty());
}
