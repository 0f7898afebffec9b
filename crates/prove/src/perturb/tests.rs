//! What is planned from small trees, and subjects over a played engine.

use expect_test::expect;
use facts::Facts;
use sandbox::Ended;
use sandbox::fake::Fake;

use super::{ImageContent, KillUnderLoad, RandomUser, Recreate, RestoreDrill, TwoConfigurations};
use crate::Declared;
use crate::declared::{Backup, Journey, Write};
use crate::experiment::{Ground, Planned};
use crate::protocol::{FaultKind, Silent, conduct};
use crate::stack::tests::{on_bench, tree};

const COMPOSE: &str = "services:\n  web:\n    build: .\n    ports: [8000]\n    environment: { DB: db }\n    tmpfs: [/tmp]\n    depends_on:\n      \
                       init: { condition: service_completed_successfully }\n  init:\n    build: .\n    command: [python, init.py]\n  db:\n    \
                       image: postgres\n";
const DOCKERFILE: &str =
    "FROM python AS b\nENV A=1\nFROM python\nENV PORT=8000 \\\n    B=2\nCOPY . /\nCMD [\"python\", \"web.py\"]\n";

pub(super) fn told(faults: &[crate::protocol::Fault]) -> String {
    let kind = |kind: FaultKind| format!("{kind:?}").to_lowercase();
    faults.iter().map(|fault| format!("{} {}", kind(fault.kind), fault.change)).collect::<Vec<_>>().join("\n")
}

pub(super) fn planned<P>(
    files: &[(&str, &str)],
    declared: &Declared,
    plan: impl Fn(&Ground<'_>) -> Result<P, crate::Say>,
) -> Result<P, String> {
    let (tree, facts) = (tree(files), Facts::new(Vec::new()));
    plan(&Ground { facts: &facts, declared, tree: &tree, seed: 0, sample: 9 }).map_err(|because| because.to_string())
}

fn user(files: &[(&str, &str)]) -> Result<RandomUser, String> {
    planned(files, &Declared::default(), RandomUser::plan)
}

#[test]
fn what_makes_an_image_need_root() {
    let files = [("compose.yaml", COMPOSE), ("Dockerfile", DOCKERFILE)];
    expect![[r#"
        null Dockerfile:7: web: a label was added to the image
        control Dockerfile:7: web: its start asks to be root
        control Dockerfile:7: web: its start writes to the root file system
        sampled Dockerfile:7: web: it does not serve when it cannot read a file of mode 0600 that root owns
        control Dockerfile:4: web: PORT has it listen at port 80"#]]
    .assert_eq(&told(&user(&files).unwrap().faults()));
    let bare = "FROM golang AS b\nFROM scratch\nCOPY --from=b /a /a\nENTRYPOINT [\"/a\"]\n";
    let files = [("compose.yaml", "services: { a: { build: ., ports: [80] } }\n"), ("Dockerfile", bare)];
    assert_eq!(told(&user(&files).unwrap().faults()), "null Dockerfile:4: a: a label was added to the image");
    let why = |files: &[(&str, &str)]| user(files).err().unwrap_or_default();
    assert_eq!(why(&[("README.md", "")]), "no Compose project builds an image of the repository");
    let host = "services: { a: { build: ., network_mode: host } }\n";
    assert_eq!(why(&[("compose.yaml", host), ("Dockerfile", bare)]), "compose.yaml:1: a asks for the host's network");
}

#[test]
fn folders_that_a_cluster_gives() {
    let pod = "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          volumeMounts:\n            - \
               { name: t, mountPath: /tmp }\n            - { name: d, mountPath: /data }\n      volumes:\n        - { name: t, emptyDir: {} }\n        \
               - name: d\n---\nkind: Service\n";
    let plan = user(&[("compose.yaml", COMPOSE), ("Dockerfile", DOCKERFILE), ("k8s/a.yaml", pod)]).unwrap();
    assert_eq!(plan.folders.iter().map(String::as_str).collect::<Vec<_>>(), ["/tmp"]);
}

#[test]
fn what_nobody_notices_is_refuted() {
    let compose = "services:\n  web:\n    build: .\n    ports: [8000]\n";
    let files = [("compose.yaml", compose), ("Dockerfile", DOCKERFILE)];
    let plan = user(&files).unwrap();
    let tree = tree(&files);
    // Everything is always well, whatever is broken.
    on_bench(Fake::new().healthy(), &tree, |bench, fake| {
        let mut subject = plan.set_up(bench).unwrap();
        let finding = conduct("e", "s", &mut *subject, &plan.faults(), plan.teeth(), &mut Silent);
        assert_eq!(finding.outcome.name(), "refuted", "{finding:?}");
        assert_eq!(finding.survivors().count(), 4, "{finding:?}");
        let restricted = fake.calls().iter().filter(|call| call.starts_with("build FROM i")).count();
        assert!(restricted >= 6, "each state is an image of its own: {:?}", fake.calls());
    });
    // A complaint in what it writes is a reason.
    on_bench(Fake::new().healthy().logging("open /x: Read-only file system\n"), &tree, |bench, _| {
        let mut subject = plan.set_up(bench).unwrap();
        let reactions = subject.observe().unwrap();
        assert_eq!(reactions[0].message, "compose.yaml:2: it is refused something: open /x: Read-only file system");
    });
}

const SHOP: &str = "services:\n  web:\n    build: .\n    ports: [8000]\n  worker:\n    build: .\n    command: [python, worker.py]\n  db:\n    image: \
                    postgres\n    volumes: [data:/data]\n";
const DECLARED: &str = "journeys:\n  - name: an order\n    write: {url: 'http://web:8000/orders'}\n    read: http://web:8000/orders/{id}\n    \
                        shows: done\n    consumer: worker\n";

fn journeys() -> Declared {
    let write =
        Write { url: "http://web:8000/orders".into(), method: "POST".into(), headers: [].into(), body: "{}".into() };
    let journey = Journey {
        name: "an order".into(),
        write,
        read: "http://web:8000/orders/{id}".into(),
        shows: Some("done".into()),
        consumer: Some("worker".into()),
    };
    Declared { journeys: vec![journey], ..Declared::default() }
}

#[test]
fn what_is_killed() {
    let files = [("compose.yaml", SHOP), ("Dockerfile", DOCKERFILE), ("preuve.yaml", DECLARED)];
    let plan = planned(&files, &journeys(), KillUnderLoad::plan).unwrap();
    expect![[r#"
        null compose.yaml:2: web: a label was added
        control compose.yaml:2: web: its only instance is killed
        sampled compose.yaml:2: web: its second instance does not serve, and the first is killed
        control preuve.yaml:2: worker: it is stopped and not started again
        sampled compose.yaml:8: db: it starts again without what it kept"#]]
    .assert_eq(&told(&plan.faults()));
    let silent = [("compose.yaml", "services: { a: { build: . } }\n"), ("Dockerfile", DOCKERFILE)];
    let why = planned(&silent, &Declared::default(), KillUnderLoad::plan).err().unwrap();
    assert_eq!(why, "compose.yaml opens no port, and preuve.yaml declares no journey: nothing can be asked");
}

#[test]
fn what_users_wrote_is_gone() {
    let files = [("compose.yaml", SHOP), ("Dockerfile", DOCKERFILE), ("preuve.yaml", DECLARED)];
    let (tree, declared) = (tree(&files), journeys());
    let plan = planned(&files, &declared, KillUnderLoad::plan).unwrap();
    let seen = |reads: Vec<Ended>| {
        let fake = Fake::new()
            .healthy()
            .on("--request POST", [Ended::exit(0, "{\"id\": 7}\n201")])
            .on("/orders/7", reads)
            .on("curl", [Ended::exit(0, "ok\n200")])
            .on("last()", (1..40).map(|n| Ended::exit(0, format!("{}\n", n * 20))))
            .on("cat /tmp/preuve-load", [Ended::exit(0, record(800))]);
        on_bench(fake, &tree, |bench, _| {
            let mut subject = plan.set_up(bench).unwrap();
            subject.observe().map(|reactions| reactions.first().map(|one| one.message.to_string()))
        })
    };
    let done = || Ended::exit(0, "done\n200");
    assert_eq!(seen(vec![done()]), Ok(None));
    let gone = [done(), done(), Ended::exit(0, "no\n404")];
    let expected = "preuve.yaml:2: it is gone once web was killed: http://web:8000/orders/7 answers 404 no";
    assert_eq!(seen(gone.into()), Ok(Some(expected.to_owned())));
}

/// So many requests, all answered.
fn record(count: u64) -> String {
    (1..=count).map(|number| format!("{number}\n{number} 200 http://web:8000/\n")).collect()
}

const SETTINGS: &str = "services:\n  web:\n    build: .\n    ports: [8000]\n    environment:\n      STORE_URL: http://store:9000/\n      PASSWORD: \
                        letmein\n      NAME: store\n  store:\n    image: x\n    environment: { PASSWORD: letmein, DSN: \"u:letmein@x\" }\n";

#[test]
fn settings_that_lead_nowhere() {
    let files = [("compose.yaml", SETTINGS), ("Dockerfile", DOCKERFILE)];
    let plan = planned(&files, &Declared::default(), TwoConfigurations::plan).unwrap();
    expect![[r#"
        null compose.yaml:7: a variable that nobody reads was added
        sampled compose.yaml:7: PASSWORD is not the secret that others know
        sampled compose.yaml:6: STORE_URL leads nowhere"#]]
    .assert_eq(&told(&plan.faults()));
    let project = super::configure::second(&plan, "n");
    let (web, store) = (&project.services["web"].environment, &project.services["store"]);
    assert_eq!(web["NAME"], "store");
    assert_eq!(web["STORE_URL"], format!("http://{}:9000/", store.aliases[0]));
    assert!(web["PASSWORD"] != "letmein" && web["PASSWORD"] == store.environment["PASSWORD"]);
    assert_eq!(store.environment["DSN"], format!("u:{}@x", web["PASSWORD"]));
    let none = planned(&files[..0], &Declared::default(), TwoConfigurations::plan).err().unwrap();
    assert_eq!(none, "no Compose project builds an image of the repository");
}

#[test]
fn settings_that_change_nothing() {
    let files = [("compose.yaml", SETTINGS), ("Dockerfile", DOCKERFILE)];
    let plan = planned(&files, &Declared::default(), TwoConfigurations::plan).unwrap();
    on_bench(Fake::new().healthy(), &tree(&files), |bench, _| {
        let mut subject = plan.set_up(bench).unwrap();
        let finding = conduct("e", "s", &mut *subject, &plan.faults(), plan.teeth(), &mut Silent);
        assert_eq!(
            finding.outcome.because().map(ToString::to_string).as_deref(),
            Some("settings: 0 of 2 faults noticed, 75 % are asked for")
        );
    });
}

const HOLDS: &str = "FROM node AS build\nRUN npm ci\nFROM python:3\nCOPY .env keys/ /app/\nRUN pip install x && rm -rf /app/keys\nCOPY . /app\nCMD [\"a\"]\n";

#[test]
fn what_an_image_must_not_hold() {
    let files = [("web/Dockerfile", HOLDS), ("web/.env", "A=1\n"), ("web/a.py", "")];
    let plans = planned(&files, &Declared::default(), |ground| Ok(ImageContent::plan(ground))).unwrap();
    let plan = &plans[0];
    let runs: Vec<String> = plan.sketch().runs.into_iter().map(|line| line.text.to_string()).collect();
    assert!(runs.contains(&"what web/Dockerfile:5 hides".to_owned()), "{runs:?}");
    expect![[r#"
        null web/Dockerfile:3: a file that says nothing was added to the image
        control web/Dockerfile:3: a package was added to the image
        control web/Dockerfile:3: a private key was added to the image
        control web/Dockerfile:3: a program that makes whoever starts it root was added to the image"#]]
    .assert_eq(&told(&plan.faults()));
    // The base first, then what a step hides, then the image itself.
    let held = |base: &str, hidden: &str, own: &str| {
        let lists = [base, hidden, own].map(|list| Ended::exit(0, list));
        on_bench(Fake::new().on("stat -c", lists), &tree(&files), |bench, _| {
            let mut subject = plan.set_up(bench).unwrap();
            subject.observe().unwrap().into_iter().map(|one| one.message.to_string()).collect::<Vec<_>>().join("\n")
        })
    };
    let base = "755 /bin/sh\n4755 /bin/su\n";
    assert_eq!(held(base, base, base), "");
    assert_eq!(
        held(base, "600 /app/keys/id_rsa\n", "4755 /bin/su\n644 /app/.env\n4755 /bin/ping\n"),
        "web/Dockerfile:4: the image holds /app/.env: settings of an environment\n\
         web/Dockerfile:3: /bin/ping makes whoever starts it another user\n\
         web/Dockerfile:5: the image holds /app/keys/id_rsa: a private key, which this step only hides"
    );
}

fn backups(restore: &str) -> Declared {
    let text = |words: &str| words.to_owned();
    let backup = Backup {
        service: "db".into(),
        backup: text("save /kept"),
        restore: text(restore),
        keeps: "/kept".into(),
        files: Vec::new(),
        laid: None,
        compare: None,
    };
    Declared { backups: vec![backup], ..journeys() }
}

#[test]
fn what_is_brought_back() {
    let declared = format!("{DECLARED}backups:\n  - service: db\n    restore: load /kept\n");
    let files = [("compose.yaml", SHOP), ("Dockerfile", DOCKERFILE), ("preuve.yaml", &*declared)];
    let plan = planned(&files, &backups("load /kept"), RestoreDrill::plan).unwrap();
    let why = |declared: &Declared| planned(&files, declared, RestoreDrill::plan).err().unwrap_or_default();
    assert!(why(&Declared::default()).starts_with("preuve.yaml declares no backup"), "{}", why(&Declared::default()));
    assert!(why(&Declared { journeys: Vec::new(), ..backups("x") }).contains("neither a journey nor"));
    // Ends of the restoring command: the baseline, the null fault, both damages, the baseline again.
    let outcome = |ends: [i32; 5]| {
        let fake = Fake::new()
            .healthy()
            .holding("/kept/all.dump", "dump")
            .on("--request POST", [Ended::exit(0, "{\"id\": 7}\n201")])
            .on("load /kept", ends.map(|code| Ended::exit(code, "checked")))
            .on("curl", [Ended::exit(0, "done\n200")]);
        on_bench(fake, &tree(&files), |bench, _| {
            let mut subject = plan.set_up(bench).unwrap();
            let finding = conduct("e", "s", &mut *subject, &plan.faults(), plan.teeth(), &mut Silent);
            format!(
                "{} {}",
                finding.outcome.name(),
                finding.outcome.because().map(ToString::to_string).unwrap_or_default()
            )
        })
    };
    assert_eq!(outcome([0, 0, 1, 1, 0]), "proven ");
    assert_eq!(outcome([0, 0, 0, 1, 0]), "refuted nothing noticed: preuve.yaml:9: one byte of the backup is another");
    assert_eq!(outcome([1, 0, 0, 0, 0]), "refuted baseline: restore of db: preuve.yaml:9: exit 1: checked");
}

#[test]
fn what_code_alone_makes_again() {
    let files = [("compose.yaml", SHOP), ("Dockerfile", DOCKERFILE)];
    let plan = planned(&files, &Declared::default(), Recreate::plan).unwrap();
    let fresh = "644 1 /etc/a\n";
    let hand = "644 1 /etc/a\n644 8 /etc/preuve-by-hand\n";
    let outcome = |third: &str| {
        let list = |text: &str| Ended::exit(0, text);
        // Two services before and after it is made again, the baseline, the null fault, the change by hand.
        let lists = [fresh, fresh, fresh, fresh, fresh, fresh, fresh, fresh, third, fresh, fresh].map(list);
        on_bench(Fake::new().healthy().on("stat -c", lists), &tree(&files), |bench, _| {
            let mut subject = plan.set_up(bench).unwrap();
            let finding = conduct("e", "s", &mut *subject, &plan.faults(), plan.teeth(), &mut Silent);
            assert!(
                finding.notes.iter().any(|note| note.to_string().starts_with("data are lost")),
                "{:?}",
                finding.notes
            );
            format!(
                "{} {}",
                finding.outcome.name(),
                finding.outcome.because().map(ToString::to_string).unwrap_or_default()
            )
        })
    };
    assert_eq!(outcome(hand), "proven ");
    assert_eq!(outcome(fresh), "refuted nothing noticed: compose.yaml:2: web: a file was added by hand");
}
