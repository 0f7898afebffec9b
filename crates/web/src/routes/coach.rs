//! What a coach sees: the cohort as a map of competences by people, and who is stuck.

use app::console::programme::{Enrolment, PersonId, Stage};
use app::console::{Error, Records, Scope, Standing, Thread, Voice, standing};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::SignedDuration;

use crate::answer::{Refusal, page};
use crate::dates;
use crate::figures::{cell, download};
use crate::ladder::{Ladder, both_side, ladders};
use crate::routes::candidate::enrolment_id;
use crate::routes::messages;
use crate::shell::Shell;
use crate::visitor::Visit;

/// Nothing moved for so long: somebody should ask.
const STUCK: SignedDuration = SignedDuration::from_hours(24 * 10);

#[derive(Template)]
#[template(path = "coach.html")]
struct Cohort {
    shell: Shell,
    maps: Vec<Map>,
    stuck: Vec<(String, String, String)>,
    /// Who wrote and waits for a word: id and name.
    wrote: Vec<(String, String)>,
    rungs: Vec<String>,
}

struct Map {
    name: String,
    columns: Vec<(String, String)>,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    cells: Vec<Ladder>,
}

#[derive(Template)]
#[template(path = "coached.html")]
struct Coached {
    shell: Shell,
    ladders: Vec<Ladder>,
    looked: Option<String>,
    talks: Vec<messages::Talk>,
}

/// The people whom somebody coaches, who learn now.
fn coached<'r>(records: &'r Records, coach: &'r PersonId) -> impl Iterator<Item = &'r Enrolment> {
    records.enrolments.iter().filter(move |one| {
        let session = records.session(&one.session);
        let cohort = session.and_then(|session| session.cohort.as_ref());
        let coaches = cohort.and_then(|id| records.cohorts.iter().find(|cohort| cohort.id == *id));
        let learns = matches!(one.stage, Stage::Applied | Stage::Waiting | Stage::Enrolled | Stage::HandedIn);
        learns && coaches.is_some_and(|cohort| cohort.coaches.contains(coach))
    })
}

async fn standings(visit: &Visit) -> Result<Vec<(String, Standing)>, Refusal> {
    let coach = visit.account()?.person.clone();
    let shell = visit.shell();
    let scope = Scope::Coach(coach.clone());
    let found = visit.console.desk.read(&scope, |records| {
        let rows = coached(records, &coach).filter_map(|one| {
            let (session, title, version) = records.frame(one)?;
            let framework = visit.console.packs.framework(&version.framework.id).ok();
            let map = format!("{} · {}", both_side(&shell, &title.name), session.name);
            Some((map, standing(framework, version, one, records.name(&one.person))))
        });
        rows.collect()
    });
    Ok(found.await?)
}

pub(crate) async fn cohort(visit: Visit) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("nav-coach");
    let now = visit.console.world.now();
    let mut maps: Vec<Map> = Vec::new();
    let mut stuck = Vec::new();
    let standings = standings(&visit).await?;
    let ids: Vec<_> = standings.iter().map(|(_, one)| one.enrolment.clone()).collect();
    let waiting = visit.console.desk.waiting_for_a_word(Thread::Coach, &ids).await?;
    let wrote = standings.iter().filter(|(_, one)| waiting.contains(&one.enrolment));
    let wrote = wrote.map(|(_, one)| (one.enrolment.to_string(), one.name.clone())).collect();
    for (name, standing) in standings {
        let cells = ladders(&shell, &standing.abilities);
        let since = standing.moved.filter(|moved| standing.learns && now.duration_since(*moved) > STUCK);
        if let Some(since) = since {
            let weakest = cells.iter().min_by_key(|cell| cell.height.unwrap_or(0));
            let on = weakest.map(|cell| format!("{} {}", cell.id, cell.title)).unwrap_or_default();
            let day = dates::day(shell.words, since.to_zoned(visit.console.world.zone.clone()).date());
            let told = shell.words.with("coach-stuck-since", &[("day", &day), ("competence", &on)]);
            stuck.push((standing.enrolment.to_string(), standing.name.clone(), told));
        } else if standing.learns && standing.moved.is_none() {
            let told = shell.say("coach-not-begun");
            stuck.push((standing.enrolment.to_string(), standing.name.clone(), told));
        }
        let row = Row { id: standing.enrolment.to_string(), name: standing.name, cells };
        match maps.iter_mut().find(|map| map.name == name) {
            Some(map) => map.rows.push(row),
            None => {
                let columns = row.cells.iter().map(|cell| (cell.id.clone(), cell.title.clone())).collect();
                maps.push(Map { name, columns, rows: vec![row] });
            }
        }
    }
    maps.iter_mut().for_each(|map| map.rows.sort_by(|a, b| a.name.cmp(&b.name)));
    let rungs = app::Rung::ALL.iter().map(|rung| shell.of(&rung.label()).to_owned()).collect();
    Ok(page(&Cohort { shell, maps, stuck, wrote, rungs }))
}

/// One person's ladder, for their coach.
pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let id = enrolment_id(&id)?;
    let (_, standing) =
        standings(&visit).await?.into_iter().find(|(_, one)| one.enrolment == id).ok_or(Error::NotFound)?;
    let shell = visit.shell().titled(standing.name.clone());
    let looked = standing.moved.map(|at| dates::moment(shell.words, at, &visit.console.world.zone));
    let mut talks = Vec::new();
    for thread in [Thread::Coach, Thread::Notes] {
        talks.push(messages::talk(&visit, Voice::Coach, &id, thread, format!("/coach/{id}/messages")).await?);
    }
    Ok(page(&Coached { ladders: ladders(&shell, &standing.abilities), shell, looked, talks }))
}

/// The map as CSV, a row a person and competence.
pub(crate) async fn export(visit: Visit) -> Result<Response, Refusal> {
    let mut out = String::from("title,person,competence,rung,reached,total\r\n");
    for (map, standing) in standings(&visit).await? {
        for ability in &standing.abilities {
            let rung = ability.rung.map_or("unknown", app::Rung::name);
            let line = [&map, &standing.name, &ability.block, rung].map(cell).join(",");
            out.push_str(&format!("{line},{},{}\r\n", ability.reached, ability.total));
        }
    }
    Ok(download("cohort", out))
}
