//! What somebody of the demonstration needs, what somebody disagrees with, and what people write to each other.

use jiff::SignedDuration;
use programme::{Act, Appeal, AppealId, Enrolment, Need, PersonId, Refusal, Stage, Title};
use store::notes::Note;

use super::Maker;
use super::cast::Cast;
use crate::console::Thread;
use crate::console::talking::named;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// One waits for an answer, one was granted, one was refused; and one appeal waits.
pub(super) fn ask_all(maker: &mut Maker<'_>, titles: &[Title; 2], cast: &Cast) -> Result<(), Refusal> {
    ask(maker, cast, 13, Need::ExtraTime { percent: 33 }, "Lecture lente à l'écran.", None)?;
    ask(maker, cast, 10, Need::ExtraTime { percent: 20 }, "Fatigue visuelle.", Some((true, "Attestation vue.")))?;
    let answer = "L'examen est tenu en français ; les documents peuvent être en anglais.";
    let english = Need::Language { lang: programme::Lang::En };
    ask(maker, cast, 13, english, "J'ai étudié en anglais.", Some((false, answer)))?;
    appeal(maker, titles, cast)
}

fn ask(
    maker: &mut Maker<'_>,
    cast: &Cast,
    who: usize,
    need: Need,
    why: &str,
    answer: Option<(bool, &str)>,
) -> Result<(), Refusal> {
    let person = cast.candidates[who].clone();
    let asked = Act::by(&person, maker.at(-6, 9)).because(why);
    let answered = maker.at(-5, 10);
    let of = |one: &&mut Enrolment| one.person == person && matches!(one.stage, Stage::Enrolled | Stage::HandedIn);
    let Some(one) = maker.demo.enrolments.iter_mut().find(of) else { return Ok(()) };
    let mut events = vec![one.ask_adjustment(need, asked)?];
    if let Some((granted, why)) = answer {
        let act = Act::by(&cast.certifier, answered).because(why);
        events.push(one.decide_adjustment(one.adjustments.len() - 1, granted, act)?);
    }
    maker.demo.events.extend(events);
    Ok(())
}

/// Of those who failed, the first is heard by a juror who did not judge them, the second waits for the certifier.
fn appeal(maker: &mut Maker<'_>, titles: &[Title; 2], cast: &Cast) -> Result<(), Refusal> {
    let failed = |one: &&Enrolment| {
        one.stage == Stage::Published && one.decision.as_ref().is_some_and(|made| !made.grade.passed)
    };
    let failed: Vec<Enrolment> = maker.demo.enrolments.iter().filter(failed).cloned().collect();
    for (nth, one) in failed.iter().rev().take(2).enumerate() {
        let session = maker.demo.sessions.iter().find(|session| session.id == one.session);
        let title = session.and_then(|session| titles.iter().find(|title| title.id == session.title));
        let (Some(title), Some(published)) = (title, one.published) else { continue };
        let id = AppealId::from_bytes(maker.dice.bytes("appeal"));
        let grounds = "Le critère sur la restauration a été noté sans lire l'annexe B, remise à temps.";
        let act = Act::by(&one.person, published + DAY * 10);
        let (mut appeal, event) = Appeal::file(id, one, title.version(one.version)?, grounds, act)?;
        maker.demo.events.push(event);
        if nth == 0 {
            let act = Act::by(&cast.certifier, published + DAY * 15).because("Le motif est précis.");
            maker.demo.events.push(appeal.admit(one, vec![cast.jurors[3].clone()], act)?);
        }
        maker.demo.appeals.push(appeal);
    }
    Ok(())
}

/// A coach advises somebody and leaves a note for the others; somebody waits for a word of the certifier.
pub(super) fn talk(maker: &mut Maker<'_>, cast: &Cast, cohort: &programme::Cohort) {
    let (coach, learner, other) = (&cast.coaches[0], &cast.candidates[13], &cast.candidates[14]);
    let of = |maker: &Maker<'_>, who: &PersonId| {
        let all = maker.demo.enrolments.iter().filter(|one| one.person == *who && !one.stage.is_over());
        all.max_by_key(|one| one.applied).map(|one| one.id.clone())
    };
    let (Some(one), Some(another)) = (of(maker, learner), of(maker, other)) else { return };
    let notes = format!("notes:{}:{one}", cohort.organisation);
    let said = [
        (named(Thread::Coach, &one), learner, None, -4, "Par quel critère commencer, après la restauration ?"),
        (
            named(Thread::Coach, &one),
            coach,
            Some(learner),
            -3,
            "Par les alertes : elles nomment une mesure que rien n'exporte. Regardez la compétence C6, puis relancez une lecture.",
        ),
        (notes, coach, None, -3, "Avance bien seul ; à voir en binôme sur la supervision."),
        (named(Thread::Certifier, &another), other, None, -2, "Puis-je passer l'oral l'après-midi ?"),
    ];
    for (about, author, to, days, body) in said {
        let note = Note {
            id: programme::RunId::from_bytes(maker.dice.bytes("note")).to_string(),
            about,
            author: author.clone(),
            addressee: to.cloned(),
            at: maker.at(days, 16),
            seen: None,
            body: body.to_owned(),
        };
        maker.demo.notes.push(note);
    }
}
