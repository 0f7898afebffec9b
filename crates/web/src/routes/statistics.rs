//! What a certifier learns from many results, each table to be read here or taken along as CSV.

use app::console::programme::{CriterionRate, Mark};
use app::console::{CriteriaFigures, Statistics};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::SignedDuration;

use crate::answer::{Refusal, page};
use crate::figures::{Cell, Table};
use crate::ladder::both_side;
use crate::routes::session::session_id;
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, telling};

/// A hand-in within so long is near: whoever has not handed in by then is late.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 7);

#[derive(Template)]
#[template(path = "statistics.html")]
struct StatisticsPage {
    shell: Shell,
    crumbs: Vec<(String, String)>,
    lead: String,
    /// What is told of the whole: name and figure.
    figures: Vec<(String, String)>,
    tables: Vec<Table>,
    /// The explanation of alpha.
    alpha: String,
}

fn names(shell: &Shell, columns: &[(&str, bool)]) -> Vec<crate::figures::Column> {
    Table::columns(columns.iter().map(|(id, number)| (shell.say(id), *number)))
}

/// A number with the decimal sign of the language.
fn decimal(shell: &Shell, value: f64) -> Cell {
    let text = format!("{value:.2}");
    let shown = if shell.lang() == "fr" { text.replace('.', ",") } else { text.clone() };
    Cell::figure(shown, text)
}

fn agreement(shell: &Shell, alpha: Option<f64>) -> Cell {
    alpha.map_or_else(Cell::none, |alpha| decimal(shell, alpha))
}

fn share(shell: &Shell, part: u32, whole: u32) -> Cell {
    if whole == 0 {
        return Cell::none();
    }
    let percent = part * 100 / whole;
    Cell::figure(dates::percent(shell.words, percent), percent)
}

fn count(n: u32) -> Cell {
    Cell::figure(n.to_string(), n)
}

fn mark(shell: &Shell, mark: Mark) -> Cell {
    Cell::figure(telling::mark(shell.words, mark), mark)
}

/// Days and hours, as people count them; hours for a spreadsheet.
fn lasted(shell: &Shell, hours: Option<i64>) -> Cell {
    hours.map_or_else(Cell::none, |hours| Cell::figure(told_hours(shell, hours), hours))
}

fn told_hours(shell: &Shell, hours: i64) -> String {
    let n = |n: i64| usize::try_from(n).unwrap_or(0);
    if hours < 48 {
        shell.words.count("figure-hours", n(hours))
    } else {
        shell.words.count("figure-days", n(hours / 24))
    }
}

fn rate(shell: &Shell, rate: &CriterionRate) -> [Cell; 4] {
    [count(rate.judged), count(rate.reached), share(shell, rate.reached, rate.judged), mark(shell, rate.mean)]
}

fn sessions(shell: &Shell, found: &Statistics) -> Table {
    let row = |one: &app::console::SessionFigures| {
        let (passed, failed) = (one.rates.passed, one.rates.failed);
        vec![
            Cell::text(format!("{} · {}", both_side(shell, &one.title), one.name))
                .linked(format!("/certifier/sessions/{}/statistics", one.id)),
            Cell::text(telling::session_state(shell.words, one.state)),
            count(passed + failed),
            count(passed),
            share(shell, passed, passed + failed),
            lasted(shell, one.rates.median_hours),
            agreement(shell, one.alpha),
        ]
    };
    Table {
        title: shell.say("statistics-sessions"),
        told: shell.say("statistics-sessions-told"),
        export: "/certifier/statistics/sessions".to_owned(),
        columns: names(
            shell,
            &[
                ("word-session", false),
                ("word-state", false),
                ("figure-decided", true),
                ("figure-passed", true),
                ("figure-pass-rate", true),
                ("figure-time", true),
                ("figure-alpha", true),
            ],
        ),
        rows: found.sessions.iter().map(row).collect(),
        empty: shell.say("statistics-none"),
    }
}

fn weakest(shell: &Shell, found: &Statistics) -> Table {
    let row = |one: &app::console::WeakSkill| {
        let criterion = format!("{} {}", one.criterion, both_side(shell, &one.told));
        let mut row = vec![
            Cell::text(one.cohort.clone()),
            Cell::text(both_side(shell, &one.title)),
            Cell::text(criterion.trim_end()),
        ];
        row.extend(rate(shell, &one.rate));
        row
    };
    Table {
        title: shell.say("statistics-weakest"),
        told: shell.say("statistics-weakest-told"),
        export: "/certifier/statistics/weakest".to_owned(),
        columns: names(
            shell,
            &[
                ("word-cohort", false),
                ("word-title", false),
                ("word-criterion", false),
                ("figure-judged", true),
                ("figure-reached", true),
                ("figure-share", true),
                ("figure-mean", true),
            ],
        ),
        rows: found.weakest.iter().map(row).collect(),
        empty: shell.say("statistics-no-cohort"),
    }
}

fn coaches(shell: &Shell, found: &Statistics) -> Table {
    let row = |one: &app::console::CoachFigures| {
        vec![Cell::text(one.coach.clone()), count(one.cohorts), count(one.candidates), count(one.late)]
    };
    Table {
        title: shell.say("statistics-coaches"),
        told: shell.say("statistics-coaches-told"),
        export: "/certifier/statistics/coaches".to_owned(),
        columns: names(
            shell,
            &[("role-coach", false), ("figure-cohorts", true), ("figure-people", true), ("figure-late", true)],
        ),
        rows: found.coaches.iter().map(row).collect(),
        empty: shell.say("statistics-no-coach"),
    }
}

async fn found(visit: &Visit) -> Result<Statistics, Refusal> {
    let soon = visit.console.world.now() + SOON;
    Ok(visit.console.desk.statistics(visit.account()?, soon).await?)
}

pub(crate) async fn overview(visit: Visit) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("statistics-title");
    let found = found(&visit).await?;
    Ok(page(&StatisticsPage {
        crumbs: vec![("/certifier".to_owned(), shell.say("nav-certifier"))],
        lead: shell.say("statistics-lead"),
        figures: Vec::new(),
        tables: vec![sessions(&shell, &found), weakest(&shell, &found), coaches(&shell, &found)],
        alpha: shell.say("statistics-alpha"),
        shell,
    }))
}

pub(crate) async fn export(visit: Visit, Path(name): Path<String>) -> Result<Response, Refusal> {
    let shell = visit.shell();
    let table = match name.as_str() {
        "sessions" => sessions,
        "weakest" => weakest,
        "coaches" => coaches,
        _ => return Err(Refusal::NotFound),
    };
    Ok(table(&shell, &found(&visit).await?).download(&name))
}

fn criteria(shell: &Shell, found: &CriteriaFigures) -> Table {
    let row = |one: &app::console::CriterionFigures| {
        let mut row = vec![Cell::text(one.rate.criterion.to_string()), Cell::text(both_side(shell, &one.told))];
        row.extend(rate(shell, &one.rate));
        row.push(agreement(shell, one.alpha));
        row
    };
    Table {
        title: shell.say("statistics-criteria"),
        told: shell.say("statistics-criteria-told"),
        export: format!("/certifier/sessions/{}/statistics/criteria", found.session.id),
        columns: names(
            shell,
            &[
                ("figure-id", false),
                ("word-criterion", false),
                ("figure-judged", true),
                ("figure-reached", true),
                ("figure-share", true),
                ("figure-mean", true),
                ("figure-alpha", true),
            ],
        ),
        rows: found.criteria.iter().map(row).collect(),
        empty: shell.say("statistics-undecided"),
    }
}

fn stages(shell: &Shell, found: &CriteriaFigures) -> Table {
    let rows = found.session.rates.stages.iter();
    let rows = rows.map(|(stage, n)| vec![Cell::text(shell.say(&format!("stage-{stage}"))), count(*n)]);
    Table {
        title: shell.say("statistics-stages"),
        told: shell.say("statistics-stages-told"),
        export: format!("/certifier/sessions/{}/statistics/stages", found.session.id),
        columns: names(shell, &[("word-stage", false), ("figure-people", true)]),
        rows: rows.collect(),
        empty: shell.say("session-nobody"),
    }
}

pub(crate) async fn session(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let id = session_id(&id)?;
    let found = visit.console.desk.session_statistics(visit.account()?, &id).await?;
    let shell = visit.shell().titled_with("statistics-title");
    let one = &found.session;
    let (passed, failed) = (one.rates.passed, one.rates.failed);
    let figures = vec![
        (shell.say("figure-passed"), count(passed)),
        (shell.say("figure-failed"), count(failed)),
        (shell.say("figure-pass-rate"), share(&shell, passed, passed + failed)),
        (shell.say("figure-time"), lasted(&shell, one.rates.median_hours)),
        (shell.say("figure-alpha"), agreement(&shell, one.alpha)),
    ];
    let name = format!("{} · {}", both_side(&shell, &one.title), one.name);
    Ok(page(&StatisticsPage {
        crumbs: vec![
            ("/certifier".to_owned(), shell.say("nav-certifier")),
            (format!("/certifier/sessions/{id}"), name),
        ],
        lead: String::new(),
        figures: figures.into_iter().map(|(name, cell)| (name, cell.shown)).collect(),
        tables: vec![criteria(&shell, &found), stages(&shell, &found)],
        alpha: shell.say("statistics-alpha"),
        shell,
    }))
}

pub(crate) async fn export_session(
    visit: Visit,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let found = visit.console.desk.session_statistics(visit.account()?, &session_id(&id)?).await?;
    let shell = visit.shell();
    match name.as_str() {
        "criteria" => Ok(criteria(&shell, &found).download(&name)),
        "stages" => Ok(stages(&shell, &found).download(&name)),
        _ => Err(Refusal::NotFound),
    }
}
