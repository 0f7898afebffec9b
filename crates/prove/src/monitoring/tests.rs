//! Plans over a small tree, what alerts watch, and a run over an engine that a test plays.

use std::cell::Cell;
use std::collections::BTreeMap;

use expect_test::expect;
use facts::{Fact, Facts, Location, Oid, Place, Span};
use sandbox::Image;
use sandbox::fake::Fake;

use super::kills::{Kill, drawn, service};
use super::site::{Site, Watch};
use super::subject::Watching;
use super::told::{Labels, Target};
use crate::experiment::{Bench, Ground, Planned, run};
use crate::protocol::{Fault, FaultKind, Silent, Stop};
use crate::shelf::Shelf;
use crate::stack::Project;
use crate::tree::{Content, File, Tree};
use crate::{Declared, Finding};

const COMPOSE: &str = "services:
  api: {build: ./api, ports: ['8000:80'], depends_on: [db]}
  db: {image: 'postgres:15'}
  db-exporter:
    image: quay.io/prometheuscommunity/postgres-exporter
    environment: {DATA_SOURCE_URI: 'db:5432/shop?sslmode=disable'}
  prometheus:
    profiles: [watch]
    image: prom/prometheus:v2.42.0
    command: ['--config.file=/etc/prom/main.yml']
    volumes: ['./watch:/etc/prom:ro']
    depends_on: [cadvisor]
  cadvisor: {image: gcr.io/cadvisor/cadvisor}
  alertmanager:
    image: prom/alertmanager
    volumes: ['./watch/routes.yml:/etc/alertmanager/alertmanager.yml']
";
const MAIN: &str = "global: {scrape_interval: 10s, evaluation_interval: 10s}
rule_files: ['rules/*.yml']
scrape_configs:
  - job_name: api
    static_configs: [{targets: ['api:80']}]
  - job_name: db
    static_configs: [{targets: ['db-exporter:9187']}]
  - job_name: cadvisor
    static_configs: [{targets: ['cadvisor:8080']}]
";
const ROUTES: &str =
    "route: {receiver: team}\nreceivers: [{name: team, webhook_configs: [{url: 'http://bot.example.org/'}]}]\n";
const RULES: &str = "groups: []\n";

fn tree() -> Tree {
    let file = |text: &str| File { content: Content::Bytes { bytes: text.into(), executable: false }, own: true };
    let files = [
        ("compose.yaml", COMPOSE),
        ("api/Dockerfile", "FROM python:3.11\n"),
        ("watch/main.yml", MAIN),
        ("watch/routes.yml", ROUTES),
        ("watch/rules/a.yml", RULES),
        ("other/b.yml", RULES),
    ];
    Tree::new("c", files.map(|(path, text)| (path.to_owned(), file(text))).into())
}

fn at(path: &str, line: usize) -> Location {
    let span = Span { line, end_line: line, column: 1, end_column: 9, ..Span::default() };
    Location { place: Place::File { path: path.into(), blob: Oid::new("b"), span }, commit: Oid::new("c") }
}

fn alert(path: &str, line: usize, name: &str, watches: &[&str]) -> Fact {
    Fact::new("mon.query", "monitoring", at(path, line))
        .with("by", "alert")
        .with("name", name)
        .with("expression", "x")
        .with("wait", "1m")
        .with("watches", watches)
}

fn facts() -> Facts {
    let profiles = Fact::new("compose.service", "compose", at("compose.yaml", 7))
        .with("name", "prometheus")
        .with("file", "compose.yaml")
        .with("profiles", &["watch"][..]);
    Facts::new(vec![
        profiles,
        alert("watch/rules/a.yml", 3, "Down", &["each up"]),
        alert("watch/rules/a.yml", 9, "Slow", &[]),
        alert("other/b.yml", 3, "NotLoaded", &["each up"]),
    ])
}

fn ground<'a>(facts: &'a Facts, tree: &'a Tree, declared: &'a Declared) -> Ground<'a> {
    Ground { facts, declared, tree, seed: 1, sample: 8 }
}

#[test]
fn a_plan_names_what_is_watched() {
    let (facts, tree, declared) = (facts(), tree(), Declared::default());
    let sites = Site::all(&ground(&facts, &tree, &declared)).unwrap();
    let site = &sites[0];
    assert_eq!((&*site.configuration, &*site.written), ("/etc/prom/main.yml", "watch/main.yml"));
    assert_eq!(
        (site.routes.as_deref(), &site.rules[..]),
        (Some("watch/routes.yml"), &["watch/rules/a.yml".to_owned()][..])
    );
    let lines = site.lines().into_iter().chain(site.left_out());
    let told: Vec<String> =
        lines.map(|line| format!("{}: {} [{}]", line.what, line.text, line.from.join(" "))).collect();
    expect![[r#"
        service prometheus: Prometheus with watch/main.yml and 1 rule files [watch/main.yml:1]
        service alertmanager: Alertmanager with watch/routes.yml, whose channels lead to our sink [watch/routes.yml:1]
        alert Down: watches up; must be delivered within 63 s of its end [watch/rules/a.yml:3]
        times: all times of scraping, waiting and grouping are divided by 8 []
        alert Slow: its expression tells no end of a service: none is killed for it [watch/rules/a.yml:9]"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn what_cannot_be_run_is_told() {
    let tree = Tree::new("c", BTreeMap::new());
    let check = |facts: Vec<Fact>, expected: &str| {
        let (facts, declared) = (Facts::new(facts), Declared::default());
        assert_eq!(
            Watching::plan(&ground(&facts, &tree, &declared)).err().map(|because| because.to_string()).as_deref(),
            Some(expected)
        );
    };
    let target = |tool: &str, how: &str| {
        Fact::new("mon.target", "monitoring", at("m.yaml", 2))
            .with("tool", tool)
            .with("how", how)
            .with("effective", true)
    };
    check(vec![], "nothing collects metrics");
    check(
        vec![target("cloudwatch", "cloud")],
        "monitoring is by cloudwatch (cloud, m.yaml:2), which cannot be run here",
    );
    check(
        vec![target("prometheus", "service-monitor")],
        "Prometheus is not run by a Compose project: it is told what to scrape by objects of a cluster (m.yaml:2)",
    );
}

#[test]
fn series_lead_to_services() {
    let project = Project::read(&tree(), "compose.yaml", &["watch"]).unwrap();
    let target = |job: &str, host: &str, probed: Option<&str>| Target {
        job: job.into(),
        instance: "i".into(),
        host: host.into(),
        probed: probed.map(ToOwned::to_owned),
        up: true,
        error: String::new(),
    };
    let targets =
        [target("api", "api", None), target("db", "db-exporter", None), target("probe", "prober", Some("api"))];
    let check = |series: &[(&str, &str)], together: bool, expected: Option<&str>| {
        let mut labels: Labels = series.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        labels.insert("instance".into(), "i".into());
        let watch = Watch { selector: "x".into(), together };
        let named = |host: &str| super::laid::named(&project, host).map(ToOwned::to_owned);
        let found = service(&project, &watch, &labels, &targets, &named);
        assert_eq!(found.as_deref(), expected, "{series:?}");
    };
    check(&[("__name__", "up"), ("job", "api")], false, Some("api"));
    check(&[("__name__", "up"), ("job", "elsewhere")], false, None);
    check(&[("__name__", "pg_up"), ("job", "db")], false, Some("db"));
    check(&[("__name__", "probe_success"), ("job", "probe")], false, Some("api"));
    check(&[("__name__", "pg_up"), ("job", "db"), ("server", "api")], false, Some("api"));
    check(&[("__name__", "needs_up"), ("job", "api"), ("dependency", "db")], false, None);
    check(&[("__name__", "orders_total"), ("job", "api")], true, Some("api"));
}

#[test]
fn a_few_kills_are_drawn() {
    let facts = facts();
    let (tree, declared) = (tree(), Declared::default());
    let alert = Site::all(&ground(&facts, &tree, &declared)).unwrap()[0].alerts[0].clone();
    let kill = |name: &str, kind| {
        let fault = Fault {
            id: name.into(),
            change: crate::Say::default(),
            kind,
            detector: crate::Say::default(),
            at: None,
            noticed_in: Vec::new(),
        };
        Kill { alert: alert.clone(), services: vec![name.into()], fault }
    };
    let sampled = ["a", "b", "c", "d"].map(|name| kill(name, FaultKind::Sampled));
    let all: Vec<Kill> = sampled.into_iter().chain([kill("c", FaultKind::Control)]).collect();
    let told = |kills: Vec<Kill>| kills.into_iter().map(|kill| kill.services.concat()).collect::<String>();
    assert_eq!(told(drawn(all.clone(), 8)), "cca");
    assert_eq!(told(drawn(all, 0)), "cc");
}

/// What is found when the engine answers nothing of itself.
fn played(absent: &str) -> Finding {
    let (facts, tree, declared) = (facts(), tree(), Declared::default());
    let sites = Watching::plan(&ground(&facts, &tree, &declared)).unwrap();
    let (fake, time) = (Fake::new(), Cell::new(0_u64));
    let millis = || time.replace(time.get() + 5_000);
    let image = |recipe: &str| Ok(Image(recipe.into()));
    let stand_in = |asked: &str| match asked.contains(absent) {
        true => Err(Stop(format!("image {asked} is not on this machine").into())),
        false => Ok((Image(asked.into()), None)),
    };
    let bench = Bench {
        engine: &fake,
        tree: &tree,
        image: &image,
        stand_in: &stand_in,
        millis: &millis,
        nonce: "n",
        shelf: &Shelf::default(),
    };
    run("c6.kill-the-service", &sites[0] as &dyn Planned, &bench, &mut Silent)
}

#[test]
fn what_is_missing_here_is_no_fault_of_the_subject() {
    let check = |absent: &str, expected: &str| {
        let finding = played(absent);
        assert_eq!(finding.outcome.name(), "not-provable-here");
        let because = finding.outcome.because().map(ToString::to_string).unwrap_or_default();
        assert!(because.contains(expected), "{because}");
    };
    check("prom/prometheus", "prometheus: image prom/prometheus:v2.42.0 is not on this machine");
    check("cadvisor", "our observer did not answer");
}
