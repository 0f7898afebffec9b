//! The bank of questions of the demonstration: three of each criterion, of which a jury is given two.

use programme::{Question, QuestionId, Refusal, Title, Words as Both};

use super::Maker;

/// What is asked, and what a good answer holds; the criterion stands where the braces are.
const ASKED: [[(&str, &str); 2]; 3] = [
    [
        (
            "« {} » : où votre dépôt le montre-t-il, et qu'est-ce qui casserait sans cela ?",
            "“{}”: where does your repository show it, and what would break without it?",
        ),
        ("Un fichier et une ligne, puis une panne précise.", "A file and a line, then a failure that they can name."),
    ],
    [
        (
            "« {} » : quelle autre solution avez-vous écartée, et pourquoi ?",
            "“{}”: which other way did you turn down, and why?",
        ),
        (
            "Une alternative réelle, un critère de choix, ce qu'elle aurait coûté.",
            "A real alternative, what decided, and what it would have cost.",
        ),
    ],
    [
        ("« {} » : que changeriez-vous avec une semaine de plus ?", "“{}”: what would you change with one more week?"),
        ("Une limite reconnue et un premier pas.", "A limit that they admit, and a first step."),
    ],
];

pub(super) fn write_all(maker: &mut Maker<'_>, titles: &[Title]) -> Result<(), Refusal> {
    for title in titles {
        let Some(version) = title.versions.last() else { continue };
        for criterion in &version.rubric.criteria {
            for (nth, [asked, expected]) in ASKED.iter().enumerate() {
                let label = format!("question {} {} {nth}", title.id, criterion.id);
                let about = |text: &str, name: &str| text.replace("{}", name.trim_end_matches('.'));
                let question = Question {
                    id: QuestionId::from_bytes(maker.dice.bytes(&label)),
                    title: title.id.clone(),
                    criterion: criterion.id.clone(),
                    text: Both { fr: about(asked.0, &criterion.title.fr), en: about(asked.1, &criterion.title.en) },
                    expected: Both { fr: expected.0.to_owned(), en: expected.1.to_owned() },
                    written: jiff::Timestamp::UNIX_EPOCH,
                    retired: None,
                };
                let (question, event) = Question::write(question, version, maker.service(-105))?;
                maker.demo.questions.push(question);
                maker.demo.events.push(event);
            }
        }
    }
    Ok(())
}
