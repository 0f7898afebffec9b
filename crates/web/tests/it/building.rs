//! What is built of a hand-in for its jury: by a worker, once the project was read and again when papers come in; for those
//! who judge and certify it, and for nobody else.

use std::collections::BTreeMap;
use std::time::Duration;

use app::console::Scope;
use app::console::programme::{Built, EnrolmentId};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use crate::harness::Site;

const PAPER: &str =
    "# Un projet\n\n## Le contexte\n\nUne billetterie, déployée par une chaîne que ce rapport décrit.\n";

/// A dossier in the repository: one report is of the project itself, the others lie where nobody may lead this machine.
fn dossier(secret: &str) -> String {
    format!(
        "title: Exploitation d'une billetterie\nlanguage: fr\nperson: {{ name: Somebody Else }}\npapers:\n  - deliverable: E1.r1\n    \
         source: [e1.md]\nreports:\n  - path: README.md\n    repository: ..\n  - path: README.md\n    repository: {secret}\n  \
         - path: README.md\n    repository: http://169.254.169.254/latest\n"
    )
}

/// Hands a repository in that holds a dossier, and gives who did and the enrolment.
async fn handed_in(site: &Site) -> (String, String) {
    let mirror = site.data.path().join("mirror/git.example/class");
    let secret = mirror.join("secret.git");
    std::fs::create_dir_all(&mirror).unwrap();
    let tree = |files: &[(&str, &str)]| -> BTreeMap<String, String> {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    };
    testing::history::make(&secret, &[], &tree(&[("README.md", "# Secret\n")])).unwrap();
    let manifest = dossier(&secret.display().to_string());
    let files = [("README.md", "# Fares\n"), ("dossier/dossier.yaml", &*manifest), ("dossier/e1.md", PAPER)];
    let commit = testing::history::make(&mirror.join("fares.git"), &[], &tree(&files)).unwrap();
    site.hand_in(&commit).await
}

/// Waits while the clock of the console goes on, until what is built has so many files.
async fn built(site: &Site, id: &str, files: usize) -> Built {
    let id = EnrolmentId::new(id).unwrap();
    let scope = Scope::Enrolment(id.clone());
    for _ in 0..2_400 {
        let found = site.desk.read(&scope, |records| records.enrolment(&id).unwrap().built.clone()).await.unwrap();
        if let Some(found) = found.filter(|found| found.files.len() == files) {
            return found;
        }
        site.pass(1);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing of {files} files is built: {:?}", site.desk.building(&id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jury_is_given_one_file_and_the_papers_and_others_nothing() {
    let site = Site::looking().await;
    let (cookie, id) = handed_in(&site).await;
    let first = built(&site, &id, 2).await;
    let names: Vec<&str> = first.files.iter().map(|file| &*file.file_name).collect();
    assert_eq!(
        names,
        ["jury-file.pdf", "e1-report.pdf"],
        "the dossier of the repository, though it leads elsewhere, too"
    );
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let page = site.get(&format!("/jury/{id}"), Some(&anne)).await.body;
    let at = format!("/files/{id}/{}", first.files[0].digest);
    assert!(page.contains(&format!("href=\"{at}\"")) && page.contains(&first.files[0].digest), "{page}");
    let file = site.get(&at, Some(&anne)).await;
    let header = |name| file.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!((file.status, header(CONTENT_TYPE)), (StatusCode::OK, "application/pdf".to_owned()));
    assert_eq!(header(CONTENT_DISPOSITION), "attachment; filename=\"jury-file.pdf\"");
    assert!(header(CONTENT_SECURITY_POLICY).contains("sandbox") && file.body.starts_with("%PDF-"));
    // Neither whoever is judged, nor another candidate, nor a juror of nobody there, nor another house.
    let others = [
        cookie.clone(),
        site.enter(&site.named("Jonas Weber").await).await,
        site.enter(&site.named("Luc Brunet").await).await,
        site.stranger().await,
    ];
    for other in &others {
        assert_eq!(site.get(&at, Some(other)).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(site.get(&at, None).await.status, StatusCode::SEE_OTHER);
    let nothing = site.get(&format!("/files/{id}/{}", "0".repeat(64)), Some(&anne)).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);

    // A paper that is text is set, and what was built before it is built again.
    let paper = format!("/candidate/{id}/papers/E2.r1");
    for (name, text, expected) in [
        ("e2.md", "no text: \0", StatusCode::UNPROCESSABLE_ENTITY),
        ("e2.txt", PAPER, StatusCode::UNPROCESSABLE_ENTITY),
        ("e2.md", PAPER, StatusCode::SEE_OTHER),
    ] {
        assert_eq!(site.send_named(&paper, &cookie, "file", (name, text)).await.status, expected, "{name}");
    }
    let second = built(&site, &id, 3).await;
    assert_eq!(second.files[2].file_name, "e2-paper.pdf");
    assert_ne!((&second.from, &second.files[0].digest), (&first.from, &first.files[0].digest));
    let page = site.get(&format!("/jury/{id}"), Some(&anne)).await.body;
    assert!(page.contains("e2.md") && !page.contains("Something came in since"), "{page}");
    // Who wrote a paper may have it back; the file for the jury stays with the jury.
    let own = site.get(&format!("/files/{id}/{}", sha256(PAPER)), Some(&cookie)).await;
    assert_eq!((own.status, &*own.body), (StatusCode::OK, PAPER));
    assert_eq!(own.headers.get(CONTENT_TYPE).unwrap(), "text/plain; charset=utf-8");
    assert_eq!(
        site.get(&format!("/files/{id}/{}", sha256(PAPER)), Some(&others[1])).await.status,
        StatusCode::NOT_FOUND
    );
}

fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(text))
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_asked_for_by_those_who_judge_or_certify_and_followed_like_other_jobs() {
    let site = Site::looking().await;
    let (cookie, id) = handed_in(&site).await;
    let first = built(&site, &id, 2).await;
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let certifier = site.enter(site.somebody(app::console::Role::Certifier).await.person.as_str()).await;
    let luc = site.enter(&site.named("Luc Brunet").await).await;
    let stranger = site.stranger().await;
    for (path, who) in [(format!("/jury/{id}/build"), &luc), (format!("/certifier/enrolments/{id}/build"), &stranger)] {
        assert_eq!(site.post(&path, Some(who), "").await.status, StatusCode::NOT_FOUND);
    }
    let asked = site.post(&format!("/jury/{id}/build"), Some(&anne), "").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let job = asked.location().to_owned();
    let page = site.get(&job, Some(&anne)).await;
    assert!(page.status == StatusCode::OK && page.body.contains("Files for the jury"), "{}", page.body);
    for (who, expected) in
        [(&cookie, StatusCode::NOT_FOUND), (&luc, StatusCode::NOT_FOUND), (&certifier, StatusCode::OK)]
    {
        assert_eq!(site.get(&job, Some(who)).await.status, expected);
    }
    for _ in 0..2_400 {
        let id = EnrolmentId::new(&id).unwrap();
        let scope = Scope::Enrolment(id.clone());
        let again = site.desk.read(&scope, |records| records.enrolment(&id).unwrap().built.clone()).await.unwrap();
        if again.is_some_and(|again| again.at > first.at && again.from == first.from) {
            break;
        }
        site.pass(1);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let page = site.get(&format!("/certifier/enrolments/{id}"), Some(&certifier)).await.body;
    assert!(page.contains("jury-file.pdf") && page.contains("Build it again"), "{page}");
    // Whoever has handed nothing in has nothing to build.
    let other = site.enrolment("Jonas Weber").await;
    let refused = site.post(&format!("/certifier/enrolments/{other}/build"), Some(&certifier), "").await;
    assert!(matches!(refused.status, StatusCode::CONFLICT | StatusCode::SEE_OTHER), "{}", refused.body);
}
