//! The first page.

use app::Rung;
use askama::Template;
use axum::response::Response;

use crate::answer::page;
use crate::shell::Shell;
use crate::visitor::Visit;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    shell: Shell,
    rungs: Vec<(String, String)>,
    parts: Vec<(String, String)>,
    open_looks: bool,
}

const PARTS: [(&str, &str); 6] = [
    ("home-candidate", "home-candidate-what"),
    ("home-coach", "home-coach-what"),
    ("home-juror", "home-juror-what"),
    ("home-certifier", "home-certifier-what"),
    ("home-company", "home-company-what"),
    ("home-public", "home-public-what"),
];

pub(crate) async fn home(visit: Visit) -> Response {
    let shell = visit.shell().titled_with("home-title");
    let rung = |rung: Rung| (shell.of(&rung.label()).to_owned(), shell.say(&format!("rung-{}", rung.name())));
    let rungs = Rung::ALL.into_iter().map(rung).collect();
    let parts = PARTS.into_iter().map(|(name, what)| (shell.say(name), shell.say(what))).collect();
    page(&Home { shell, rungs, parts, open_looks: visit.console.settings.open_looks })
}
