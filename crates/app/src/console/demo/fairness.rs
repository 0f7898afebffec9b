//! What somebody of the demonstration needs, and what somebody disagrees with.

use jiff::SignedDuration;
use programme::{Act, Appeal, AppealId, Enrolment, Need, Refusal, Stage, Title};

use super::Maker;
use super::cast::Cast;

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
