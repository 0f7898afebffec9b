//! The demonstration: two titles and a cohort of twenty in all states, made up, the same for a seed and a day.
//!
//! Everything is done by the rules of `programme`, so that what is shown could have happened.

mod bank;
mod cast;
mod dice;
mod fairness;
mod seen;
mod sessions;
mod verdicts;

use framework::Framework;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use programme::{
    Act, Cohort, CohortId, Organisation, OrganisationId, OrganisationKind, Refusal, Title, TitleId, Words as Both,
};

use crate::console::Records;
use crate::console::rules::first_version;
use cast::Cast;
use dice::Dice;

/// What the demonstration is made with.
struct Maker<'a> {
    frameworks: [&'a Framework; 2],
    demo: Records,
    dice: Dice,
    today: Date,
}

impl Maker<'_> {
    /// A day before (negative) or after today, at some hour.
    fn at(&self, days: i64, hour: i8) -> Timestamp {
        let date = self.day(days);
        let moment = date.at(hour, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
        moment.map_or(Timestamp::UNIX_EPOCH, |moment| moment.timestamp())
    }

    fn day(&self, days: i64) -> Date {
        self.today.saturating_add(days.days())
    }

    /// Something that the console did by itself.
    fn service(&self, days: i64) -> Act {
        Act::of_service("demonstration", self.at(days, 8))
    }
}

/// Makes the demonstration of a day.
///
/// # Errors
/// When the rules refuse a step, which a test rules out.
pub fn make(frameworks: [&Framework; 2], seed: u64, today: Date) -> Result<Records, Refusal> {
    let mut maker = Maker { frameworks, demo: Records::default(), dice: Dice::new(seed), today };
    let certifier = organisation(&mut maker, "certifier", "Institut Demeter", OrganisationKind::Certifier)?;
    let school = organisation(&mut maker, "school", "École du Canal", OrganisationKind::School)?;
    let company = organisation(&mut maker, "company", "Coopérative Relais", OrganisationKind::Company)?;
    let cast = Cast::engage(&mut maker, [&certifier, &school, &company])?;
    let titles = [title(&mut maker, frameworks[0], &certifier)?, title(&mut maker, frameworks[1], &certifier)?];
    let coach = cast.coaches[0].clone();
    let cohort = Cohort {
        id: CohortId::from_bytes(maker.dice.bytes("cohort")),
        organisation: school,
        name: "Canal 2026".to_owned(),
        starts: maker.day(-76),
        ends: maker.day(60),
        coaches: vec![coach],
    };
    let act = maker.service(-90);
    let (cohort, event) = Cohort::create(cohort, act)?;
    maker.demo.events.push(event);
    sessions::hold_all(&mut maker, &titles, &certifier, &cohort, &cast)?;
    fairness::ask_all(&mut maker, &titles, &cast)?;
    fairness::talk(&mut maker, &cast, &cohort);
    cast.watch(&mut maker, &certifier)?;
    bank::write_all(&mut maker, &titles)?;
    maker.demo.cohorts.push(cohort);
    maker.demo.titles.extend(titles);
    maker.demo.events.sort_by_key(|event| event.act.at);
    Ok(maker.demo)
}

fn organisation(
    maker: &mut Maker<'_>,
    label: &str,
    name: &str,
    kind: OrganisationKind,
) -> Result<OrganisationId, Refusal> {
    let id = OrganisationId::from_bytes(maker.dice.bytes(label));
    let (made, event) = Organisation::create(id.clone(), name, kind, maker.service(-520))?;
    maker.demo.organisations.push(made);
    maker.demo.events.push(event);
    Ok(id)
}

fn title(maker: &mut Maker<'_>, framework: &Framework, certifier: &OrganisationId) -> Result<Title, Refusal> {
    let id = TitleId::new(framework.id()).map_err(|_| Refusal::NotFilled { field: "title" })?;
    let name = &framework.header.title;
    let name = Both { fr: name.fr.clone(), en: name.en.clone() };
    let (mut title, event) = Title::create(id, certifier.clone(), name, maker.service(-510))?;
    maker.demo.events.push(event);
    let first = first_version(framework, maker.day(-500));
    maker.demo.events.push(title.add_version(first, maker.service(-505))?);
    // A year later the certifier lets fewer points be made up for.
    let mut second = first_version(framework, maker.day(-100));
    second.compensation = programme::Compensation::Bounded { below: 5_000, at_most: 3 };
    maker.demo.events.push(title.add_version(second, maker.service(-110))?);
    Ok(title)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Packs;

    fn demo(seed: u64, today: &str) -> Records {
        let packs = Packs::load(&[]).unwrap();
        let frameworks = [packs.framework("rs-devops").unwrap(), packs.framework("cloud-devops-expert").unwrap()];
        make(frameworks, seed, today.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_same_seed_and_day_make_the_same_people_and_marks() {
        let one = demo(7, "2026-11-22");
        assert_eq!(one, demo(7, "2026-11-22"));
        assert_ne!(one, demo(8, "2026-11-22"));
    }

    #[test]
    fn a_cohort_of_twenty_is_in_all_states() {
        let demo = demo(1, "2026-11-22");
        let candidates: BTreeSet<_> = demo.enrolments.iter().map(|one| &one.person).collect();
        assert_eq!(candidates.len(), 20);
        let stages: BTreeSet<&str> = demo.enrolments.iter().map(|one| one.stage.name()).collect();
        for stage in programme::Stage::ALL {
            assert!(stages.contains(stage.name()), "{}", stage.name());
        }
        let states: BTreeSet<&str> = demo.sessions.iter().map(|one| one.state.name()).collect();
        assert!(states.len() >= 5, "{states:?}");
        let awards: BTreeSet<&str> = demo.awards.iter().map(|one| one.state(demo_day()).name()).collect();
        assert_eq!(awards.into_iter().collect::<Vec<_>>(), ["held", "revoked"]);
        assert!(demo.enrolments.iter().any(|one| one.decision.as_ref().is_some_and(|d| !d.grade.passed)));
    }

    fn demo_day() -> Date {
        Date::constant(2026, 11, 22)
    }
}
