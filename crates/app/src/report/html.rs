//! The report as one self-contained page that works without scripts and prints well.

use askama::Template;
use verdict::{Outcome, Status};

use crate::report::model::{Cited, FrameworkReport, IndicatorReport, Proof, Report, Since, Touched};
use crate::report::overview;
use crate::words::Words;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    words: Words,
    frameworks: Vec<Shown<'a>>,
}

#[derive(Template)]
#[template(path = "evidence.html")]
struct Places<'a> {
    list: &'a [Cited],
}

struct Shown<'a> {
    framework: &'a FrameworkReport,
    overview: String,
    reached: usize,
    total: usize,
}

/// Writes the report as HTML.
pub fn write(report: &Report, words: Words) -> String {
    let frameworks = report.frameworks.iter().map(|framework| {
        let indicators = || framework.competences.iter().flat_map(|competence| &competence.indicators);
        Shown {
            framework,
            overview: overview::svg(framework, words),
            reached: indicators().filter(|indicator| indicator.status == Status::Reached).count(),
            total: indicators().count(),
        }
    });
    let page = Page { report, words, frameworks: frameworks.collect() };
    page.render().expect("the template writes to memory")
}

impl Page<'_> {
    fn lang(&self) -> &'static str {
        self.words.0.code()
    }

    fn proof(&self, proof: &Proof) -> String {
        proof.told(self.words)
    }

    fn rung(&self, rung: &framework::Rung) -> String {
        self.words.of(&rung.label()).to_owned()
    }

    fn status(&self, indicator: &IndicatorReport) -> &'static str {
        indicator.status.name()
    }

    fn status_word(&self, indicator: &IndicatorReport) -> String {
        self.words.say(&format!("status-{}", indicator.status.name()))
    }

    fn answer(&self, outcome: &Outcome) -> String {
        self.words.say(&format!("outcome-{}", outcome.name()))
    }

    fn since_title(&self, since: &Since) -> String {
        self.words.with("report-since", &[("rev", &since.rev)])
    }

    fn touched(&self, touched: &Touched) -> String {
        touched.told(self.words)
    }

    fn brings(&self, indicators: &[String]) -> String {
        self.words.with("report-brings", &[("indicators", &indicators.join(", "))])
    }

    fn score(&self, shown: &Shown<'_>) -> String {
        self.words.numbers("ladder-reached", &[("reached", shown.reached), ("total", shown.total)])
    }

    fn made_by(&self) -> String {
        self.words.with("report-made-by", &[("version", self.report.tool.version)])
    }

    fn evidence(&self, list: &[Cited]) -> String {
        Places { list }.render().expect("the template writes to memory")
    }

    /// A sentence of the product, with what stands between backticks set as code.
    fn prose(&self, text: &str) -> String {
        let mut out = String::new();
        for (index, part) in text.split('`').enumerate() {
            let part = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            match index % 2 {
                0 => out.push_str(&part),
                _ => out.push_str(&format!("<code>{part}</code>")),
            }
        }
        out
    }

    fn unread_place(&self, unread: &crate::report::model::Unread) -> String {
        match (&unread.path, unread.line) {
            (Some(path), Some(line)) => format!("{path}:{line}"),
            (Some(path), None) => path.clone(),
            _ => String::new(),
        }
    }
}

impl Places<'_> {
    /// The excerpt, where a file holds it: the name of a commit or tag is already its place.
    fn in_file<'c>(&self, cited: &'c Cited) -> &'c str {
        if cited.path.is_some() { &cited.excerpt } else { "" }
    }
}
