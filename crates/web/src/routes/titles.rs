//! The titles and what each asks, in the words of its pack.

use app::{Framework, Indicator, Kind};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use crate::answer::{Refusal, page};
use crate::dates;
use crate::ladder::both_side;
use crate::shell::Shell;
use crate::visitor::Visit;

#[derive(Template)]
#[template(path = "titles.html")]
struct Titles {
    shell: Shell,
    titles: Vec<Entry>,
    /// What is awarded here: the address of the rules in force, the name, since when.
    awarded: Vec<(String, String, String)>,
}

struct Entry {
    id: String,
    name: String,
    summary: String,
    extent: String,
}

#[derive(Template)]
#[template(path = "title.html")]
struct Title<'a> {
    shell: Shell,
    framework: &'a Framework,
    date: String,
}

impl Title<'_> {
    fn rung(&self, indicator: &Indicator) -> String {
        self.shell.of(&indicator.required.label()).to_owned()
    }

    fn indicators_title(&self) -> String {
        let requirements = self.framework.header.kind == Kind::Requirements;
        self.shell.say(if requirements { "title-requirements" } else { "title-indicators" })
    }
}

pub(crate) async fn titles(visit: Visit) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("nav-titles");
    let entry = |framework: &Framework| Entry {
        id: framework.id().to_owned(),
        name: shell.of(&framework.header.title).to_owned(),
        summary: shell.of(&framework.header.summary).to_owned(),
        extent: shell.words.numbers(
            "title-extent",
            &[("competences", framework.competences.len()), ("indicators", framework.indicators().count())],
        ),
    };
    let titles = visit.console.packs.frameworks.iter().map(entry).collect();
    let today = visit.console.world.today();
    let mut awarded = Vec::new();
    for title in visit.console.desk.public_titles().await? {
        if let Ok(version) = title.in_force(today) {
            let address = format!("/titles/{}/{}", title.id, version.number);
            let told = crate::routes::titling::told(&shell, version);
            awarded.push((address, both_side(&shell, &title.name).to_owned(), told));
        }
    }
    Ok(page(&Titles { shell, titles, awarded }))
}

pub(crate) async fn title(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let framework = visit.console.packs.framework(&id).map_err(|_| Refusal::NotFound)?;
    let shell = visit.shell();
    let name = shell.of(&framework.header.title).to_owned();
    let date = dates::day(shell.words, framework.header.date);
    Ok(page(&Title { shell: shell.titled(name), framework, date }))
}
