//! Which file deploys, who is asked, what is kept; and volumes over a played engine.

use facts::{Fact, Facts, Location, Oid, Place, Span};
use sandbox::Ended;
use sandbox::fake::Fake;

use super::{Composed, Keeping};
use crate::Declared;
use crate::declared::Environment;
use crate::experiment::{Ground, Planned};
use crate::protocol::{Silent, conduct};
use crate::say::Say;
use crate::stack::tests::{on_bench, tree};

const SHOP: &str = "services:
  database:
    build: ./db
    ports: ['5432:5432']
    restart: always
    volumes: ['data:/var/lib/postgresql/data', './seed:/seed']
  orders:
    build: ./orders
    ports: ['8081:8080']
    depends_on: [database]
  api-gateway:
    build: ./gateway
    ports: ['80:3000']
    healthcheck: { test: curl --fail 'http://localhost:3000/api/ready' }
";

fn fact(kind: &'static str, path: &str) -> Fact {
    let span = Span { line: 3, end_line: 3, ..Span::default() };
    let place = Place::File { path: path.into(), blob: Oid::new("b"), span };
    Fact::new(kind, "test", Location { place, commit: Oid::new("c") })
}

fn service(file: &str, purpose: &str) -> Fact {
    fact("compose.service", file).with("file", file).with("purpose", purpose).with("example", false)
}

fn plan(files: &[(&str, &str)], facts: Vec<Fact>, declared: &Declared) -> Result<Composed, Say> {
    let (tree, facts) = (tree(files), Facts::new(facts));
    Composed::plan(&Ground { facts: &facts, declared, tree: &tree, seed: 0, sample: 9 })
}

#[test]
fn the_file_that_deploys() {
    let web = "services: { web: { build: ., ports: [8000] } }\n";
    let lasting = "services: { web: { build: ., ports: [8000], restart: unless-stopped } }\n";
    let check = |files: &[(&str, &str)], facts: Vec<Fact>, expected: &str| {
        let told = plan(files, facts, &Declared::default());
        assert_eq!(told.map_or_else(|why| why.to_string(), |one| format!("{}: {}", one.file, one.because)), expected);
    };
    let nothing = "neither a cluster nor a Compose file that deploys is described";
    check(&[("compose.yaml", web)], vec![service("compose.yaml", "other")], nothing);
    check(&[("compose.dev.yaml", lasting)], vec![service("compose.dev.yaml", "development")], nothing);
    let again = "compose.yaml: the engine starts its services again when they end";
    check(&[("compose.yaml", lasting)], vec![service("compose.yaml", "other")], again);
    let both = [("compose.yaml", lasting), ("compose.prod.yaml", web)];
    let facts = || vec![service("compose.yaml", "other"), service("compose.prod.yaml", "deployment")];
    check(&both, facts(), "compose.prod.yaml: its path says so");
    let step = |command: &str| {
        fact("ci.step", ".gitlab-ci.yml")
            .with("on", "compose")
            .with("command", command)
            .with("pipeline", ".gitlab-ci.yml")
    };
    let piped = vec![step("docker compose up -d")];
    check(&[("compose.yaml", web)], piped, "compose.yaml: .gitlab-ci.yml delivers by Compose");
    let swarm = vec![step("docker stack deploy -c compose.yaml shop")];
    let other = ".gitlab-ci.yml:3: `docker stack deploy -c compose.yaml shop` delivers in an order of its own, which a sandbox does not follow";
    check(&[("compose.yaml", lasting)], swarm, other);
}

#[test]
fn who_is_asked_and_who_is_delivered() {
    let declared = |url: &str| {
        let one = Environment {
            name: "here".into(),
            path: Some("compose.yaml".into()),
            deploy: None,
            rollback: None,
            url: (!url.is_empty()).then(|| url.to_owned()),
        };
        Declared { environments: vec![one], ..Declared::default() }
    };
    let shop = plan(&[("compose.yaml", SHOP)], Vec::new(), &declared("")).unwrap();
    assert_eq!((&*shop.entry, &*shop.released, shop.at.line), ("api-gateway", "api-gateway", 11));
    assert_eq!(shop.urls[..2], ["http://api-gateway:3000/api/ready", "http://api-gateway:3000/"]);
    let shop = plan(&[("compose.yaml", SHOP)], Vec::new(), &declared("https://shop.example.org/items")).unwrap();
    assert_eq!(shop.urls[0], "http://api-gateway:3000/items");
    // What others publish stands in front: the project's own behind it is delivered.
    let behind = "services:\n  proxy: { image: nginx, ports: ['80:80'], depends_on: [app] }\n  app: { build: . }\n  db: { build: db, restart: always }\n";
    let behind = plan(&[("compose.yaml", behind)], Vec::new(), &declared("")).unwrap();
    assert_eq!((&*behind.entry, &*behind.released), ("proxy", "app"));
    let database = "services: { db: { image: postgres, ports: [5432], restart: always } }\n";
    let why = plan(&[("compose.yaml", database)], Vec::new(), &declared("")).unwrap_err();
    assert_eq!(why, "compose.yaml: no service has a port that users reach");
}

/// Named volumes are kept; a folder of the repository is not, nor what a service only reads.
#[test]
fn what_volumes_hold() {
    let files = [("compose.yaml", SHOP), ("db/Dockerfile", "FROM postgres\n"), ("seed/a.sql", "")];
    let of = |files: &[(&str, &str)]| {
        let declared = Environment {
            name: "here".into(),
            path: Some("compose.yaml".into()),
            deploy: None,
            rollback: None,
            url: None,
        };
        Keeping::plan(
            &plan(files, Vec::new(), &Declared { environments: vec![declared], ..Declared::default() }).unwrap(),
        )
    };
    let kept = of(&files).unwrap();
    let told: Vec<String> = kept.kept.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["/var/lib/postgresql/data of database"]);
    let faults: Vec<String> = kept.faults().into_iter().map(|fault| fault.change.to_string()).collect();
    let forgets = "database: a release that keeps its data in its container";
    assert_eq!(faults, ["database: the same, made anew", forgets]);
    assert!(of(&[("compose.yaml", "services: { web: { build: ., ports: [80] } }\n")]).is_none());

    let small = "services:\n  web: { build: ., ports: [80], volumes: ['data:/data'] }\n";
    let files = [("compose.yaml", small), ("Dockerfile", "FROM python\n")];
    let kept = of(&files).unwrap();
    let check = |answers: &[&str], expected: &str| {
        let answers: Vec<Ended> = answers.iter().map(|answer| Ended::exit(0, *answer)).collect();
        on_bench(Fake::new().on("there: ", answers), &tree(&files), |bench, _| {
            let mut subject = kept.set_up(bench).unwrap();
            let finding = conduct("e", "s", &mut *subject, &kept.faults(), kept.teeth(), &mut Silent);
            assert_eq!(finding.outcome.name(), expected, "{finding:?}");
        });
    };
    let (held, gone) = ("there: n", "there: ");
    // The next version and back, the null fault, the one that forgets, its restore, and forth and back again.
    check(&[held, held, held, gone, held, held, held], "proven");
    check(&[held], "refuted");
    check(&[held, gone], "refuted");
    check(&[held, held, gone], "flaky");
    check(&[held, held, held, gone, gone], "not-provable-here");
}
