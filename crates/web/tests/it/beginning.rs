//! A console from nothing to a session with candidates, by forms alone.

use app::console::Scope;
use app::console::programme::{SessionId, Stage};
use axum::http::StatusCode;

use crate::harness::Site;

const PASSWORD: &str = "four+plain+words+here";

async fn found(site: &Site) -> String {
    let link = site.first_link.clone().unwrap();
    let form = format!("name=Ada+Moreau&email=Ada%40certif.example&organisation=Institut+Demeter&password={PASSWORD}");
    let answer = site.post(link.strip_prefix("http://console.test").unwrap(), None, &form).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/admin"), "{}", answer.body);
    answer.cookie().unwrap()
}

/// The value of the option of a select that shows some words.
fn option(body: &str, shown: &str) -> String {
    let line =
        body.split("<option ").skip(1).find(|part| part.contains(shown)).unwrap_or_else(|| panic!("{shown}: {body}"));
    line.split('"').nth(1).unwrap().to_owned()
}

/// What a form is filled with when its page opens, as it would be sent.
fn filled(body: &str) -> String {
    let mut fields = Vec::new();
    for part in body.split("<input ").skip(1).map(|part| part.split('>').next().unwrap()) {
        let value = |name: &str| part.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        let name = part.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        if !part.contains("type=\"checkbox\"") || part.contains(" checked") {
            fields.push(format!("{name}={}", value("value").unwrap_or_default().replace(':', "%3A")));
        }
    }
    for part in body.split("<select ").skip(1) {
        let name = part.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        let options: Vec<&str> = part.split("</select>").next().unwrap().split("<option ").skip(1).collect();
        let chosen = options.iter().find(|one| one.contains(" selected")).or(options.first()).unwrap();
        fields.push(format!("{name}={}", chosen.split('"').nth(1).unwrap()));
    }
    fields.join("&")
}

fn with(form: &str, name: &str, value: &str) -> String {
    let others = form.split('&').filter(|pair| !pair.starts_with(&format!("{name}=")));
    others.chain([&*format!("{name}={value}")]).collect::<Vec<_>>().join("&")
}

async fn title(site: &Site, cookie: &str) -> String {
    let page = site.get("/certifier/titles/new", Some(cookie)).await;
    let form = with(&filled(&page.body), "framework", "rs-devops");
    let made = site.post("/certifier/titles", Some(cookie), &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let rules = site.get(made.location(), Some(cookie)).await;
    let action = made.location().split('?').next().unwrap().to_owned();
    let form = with(&filled(&rules.body), "prerequisites", "");
    for (name, value, sentence) in [
        ("scale_step", "3", "This scale of marks does not fit."),
        ("pass_mark", "101", "A share is above a hundred per cent"),
        ("quorum", "9", "The rule of the jury does not fit"),
        ("weight.C1.cr1", "0", "Criterion C1.cr1 weighs nothing, or too much."),
        ("floor.C1.cr1", "9", "There is no mark 9 on the scale"),
        ("in_force", "soon", "This cannot be read."),
        ("size", "", "Fill this in."),
    ] {
        let refused = site.post(&action, Some(cookie), &with(&form, name, value)).await;
        assert_eq!(refused.status, 422, "{name}");
        let beside = format!("id=\"f-{}-wrong\">{sentence}", name.replace('.', "-"));
        assert!(refused.body.contains(&beside), "{name}: {}", refused.body);
    }
    let dated = site.post(&action, Some(cookie), &form).await;
    assert_eq!(dated.status, StatusCode::SEE_OTHER, "{}", dated.body);
    let again = site.post(&action, Some(cookie), &form).await;
    assert!(again.status == 422 && again.body.contains("A version must follow the last one"), "{}", again.body);
    dated.location().to_owned()
}

async fn session(site: &Site, cookie: &str, capacity: &str) -> String {
    let form = with(&filled(&site.get("/certifier/sessions/new", Some(cookie)).await.body), "capacity", capacity);
    let wrong = with(&form, "training_ends", "2020-01-01");
    let refused = site.post("/certifier/sessions", Some(cookie), &wrong).await;
    assert!(refused.body.contains("id=\"f-training_ends-wrong\">The dates are not in order"), "{}", refused.body);
    let made = site.post("/certifier/sessions", Some(cookie), &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    made.location().to_owned()
}

async fn stages(site: &Site, session: &str) -> Vec<Stage> {
    let id = SessionId::new(session.rsplit('/').next().unwrap()).unwrap();
    let scope = Scope::Session(id);
    let stages = site.desk.read(&scope, |records| {
        let mut stages: Vec<Stage> = records.enrolments.iter().map(|one| one.stage).collect();
        stages.sort();
        stages
    });
    stages.await.unwrap()
}

#[tokio::test]
async fn from_an_empty_console_to_candidates_with_seats() {
    let site = Site::open(false).await;
    let cookie = found(&site).await;
    let title = title(&site, &cookie).await;
    let rules = site.get(&format!("{}/1", title.replace("/certifier", "")), None).await;
    assert!(rules.status == StatusCode::OK && rules.body.contains("C1.cr1"), "{}", rules.body);
    let session = session(&site, &cookie, "2").await;
    let list =
        "nom;courriel\nAwa Diallo;awa@school.example\nHugo Petit;hugo@school.example\nInès Roy;ines@school.example\n";
    let import = format!("{session}/import");
    let early = site.send(&import, &cookie, "list", list).await;
    assert!(early.status == 422 && early.body.contains("would have to be open"), "{}", early.body);
    assert_eq!(site.post(&format!("{session}/step"), Some(&cookie), "step=open").await.status, StatusCode::SEE_OTHER);
    let broken = site.send(&import, &cookie, "list", "nom;courriel\nAwa;nobody\n;x@y.example\n").await;
    assert!(broken.body.contains("Line 2") && broken.body.contains("Line 3"), "{}", broken.body);
    assert!(stages(&site, &session).await.is_empty(), "a list with a problem brings nobody");
    let done = site.send(&import, &cookie, "list", list).await;
    assert!(done.status == StatusCode::OK && done.body.contains("Applied: 3"), "{}", done.body);
    let again = site.send(&import, &cookie, "list", list).await;
    assert!(again.body.contains("Applied: 0. There already: 3."), "{}", again.body);
    assert_eq!(site.outbox().len(), 3, "who applied already is not written to again");
    assert_eq!(site.post(&format!("{session}/admit"), Some(&cookie), "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(stages(&site, &session).await, [Stage::Waiting, Stage::Enrolled, Stage::Enrolled]);
    let page = site.get(&session, Some(&cookie)).await.body;
    assert!(page.contains("Waiting list"), "{page}");
    let csv = site.get(&format!("{session}/candidates.csv"), Some(&cookie)).await.body;
    assert!(csv.starts_with("enrolment,name,email,stage") && csv.lines().count() == 4, "{csv}");
    // Orals follow each other within the hours of a day.
    assert_eq!(site.post(&format!("{session}/orals"), Some(&cookie), "room=204").await.status, StatusCode::SEE_OTHER);
    let page = site.get(&session, Some(&cookie)).await.body;
    assert!(page.contains("at 9:00") && page.contains("at 10:00") && !page.contains("name=\"room\""), "{page}");
    // Who was imported opens the account by the link of the message.
    let link = site.link_for("awa@school.example");
    let inside = site.post(&link, None, &format!("password={PASSWORD}")).await;
    assert_eq!(inside.location(), "/candidate", "{}", inside.body);
    assert!(site.get("/candidate", inside.cookie().as_deref()).await.body.contains("Address of the repository"));
}

#[tokio::test]
async fn whoever_is_invited_applies_by_the_link_once() {
    let site = Site::open(false).await;
    let cookie = found(&site).await;
    title(&site, &cookie).await;
    let session = session(&site, &cookie, "20").await;
    site.post(&format!("{session}/step"), Some(&cookie), "step=open").await;
    let refused = site.post(&format!("{session}/invite"), Some(&cookie), "name=Awa&email=nowhere").await;
    assert!(refused.status == 422 && refused.body.contains("id=\"f-email-wrong\">This is no e-mail address."));
    let sent = site.post(&format!("{session}/invite"), Some(&cookie), "name=Awa+Diallo&email=awa%40b.example").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let link = site.link_for("awa@b.example");
    assert!(site.get(&link, None).await.body.contains("Awa Diallo"));
    assert!(stages(&site, &session).await.is_empty(), "looking at an invitation accepts nothing");
    let taken = site.post(&link, None, "").await;
    assert!(taken.location().starts_with("/link/"), "{} {}", taken.status, taken.body);
    assert_eq!(stages(&site, &session).await, [Stage::Applied]);
    assert_eq!(site.post(&link, None, "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_administrator_lets_people_in_and_keeps_the_key() {
    let site = Site::open(false).await;
    let cookie = found(&site).await;
    let made = site.post("/admin/organisations", Some(&cookie), "name=École+du+Canal&kind=school").await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let empty = site.post("/admin/organisations", Some(&cookie), "name=+&kind=school").await;
    assert!(empty.status == 422 && empty.body.contains("id=\"f-name-wrong\""), "{}", empty.body);
    let page = site.get("/admin/people/new", Some(&cookie)).await.body;
    let form = with(&with(&filled(&page), "name", "Luc+Brunet"), "role", "juror");
    let form = with(&form, "organisation", &option(&page, "Institut Demeter"));
    let wrong = site.post("/admin/people", Some(&cookie), &with(&form, "email", "luc")).await;
    assert!(wrong.status == 422 && wrong.body.contains("value=\"Luc Brunet\""), "{}", wrong.body);
    let form = with(&form, "email", "luc%40jury.example") + "&professional=yes";
    assert_eq!(site.post("/admin/people", Some(&cookie), &form).await.status, StatusCode::SEE_OTHER);
    let link = site.link_for("luc@jury.example");
    let inside = site.post(&link, None, &format!("password={PASSWORD}")).await;
    assert_eq!(inside.location(), "/jury");
    let own = site.named("Ada Moreau").await;
    let home = option(&site.get(&format!("/admin/people/{own}"), Some(&cookie)).await.body, "Institut Demeter");
    let form = format!("role=administrator&organisation={home}&gives=no");
    let refused = site.post(&format!("/admin/people/{own}/roles"), Some(&cookie), &form).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let luc = site.named("Luc Brunet").await;
    let form = format!("role=juror&organisation={home}&gives=no");
    assert_eq!(
        site.post(&format!("/admin/people/{luc}/roles"), Some(&cookie), &form).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(site.get("/jury", inside.cookie().as_deref()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_certifier_acts_on_what_their_organisation_has_and_on_nothing_else() {
    let site = Site::open(true).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let iris = site.enter(&site.named("Iris Lambert").await).await;
    let made = site.post("/admin/organisations", Some(&iris), "name=Autre+Institut&kind=certifier").await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let page = site.get("/admin/people/new", Some(&iris)).await.body;
    let form = with(&with(&filled(&page), "name", "Zoé+Autre"), "role", "certifier");
    let form = with(&form, "organisation", &option(&page, "Autre Institut"));
    let form = with(&form, "email", "zoe%40autre.invalid");
    assert_eq!(site.post("/admin/people", Some(&iris), &form).await.status, StatusCode::SEE_OTHER);
    let zoe = site.enter(&site.named("Zoé Autre").await).await;
    let overview = site.get("/certifier", Some(&zoe)).await.body;
    assert!(overview.contains("No session yet.") && !overview.contains("Awa Diallo"), "{overview}");
    let own = site.get("/certifier", Some(&camille)).await.body;
    let at = own.find("/certifier/sessions/").map(|_| ()).and_then(|()| {
        own.split("href=\"")
            .find(|part| part.starts_with("/certifier/sessions/") && !part.starts_with("/certifier/sessions/new"))
    });
    let session = at.unwrap().split('"').next().unwrap();
    let title = "/certifier/titles/rs-devops";
    for path in [
        session,
        &format!("{session}/plan"),
        &format!("{session}/import"),
        &format!("{session}/invite"),
        &format!("{session}/candidates.csv"),
        title,
        &format!("{title}/version"),
    ] {
        assert_eq!(site.get(path, Some(&camille)).await.status, StatusCode::OK, "{path}");
        assert_eq!(site.get(path, Some(&zoe)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let plan = filled(&site.get(&format!("{session}/plan"), Some(&camille)).await.body);
    let version = filled(&site.get(&format!("{title}/version"), Some(&camille)).await.body);
    let planned = filled(&site.get("/certifier/sessions/new", Some(&camille)).await.body);
    for (path, form) in [
        (format!("{session}/plan"), plan.as_str()),
        (format!("{session}/step"), "step=open"),
        (format!("{session}/cancel"), "reason=x"),
        (format!("{session}/invite"), "name=A&email=a%40b.example"),
        (format!("{session}/admit"), ""),
        (format!("{session}/orals"), "room=x"),
        (format!("{title}/version"), version.as_str()),
        ("/certifier/sessions".to_owned(), planned.as_str()),
    ] {
        let answer = site.post(&path, Some(&zoe), form).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.body);
    }
    let list = site.send(&format!("{session}/import"), &zoe, "list", "nom,courriel\nA,a@b.example\n").await;
    assert_eq!(list.status, StatusCode::NOT_FOUND);
    let site_of = |body: &str| option(body, "Institut Demeter");
    let stolen = with(
        &filled(&site.get("/certifier/titles/new", Some(&zoe)).await.body),
        "organisation",
        &site_of(&site.get("/admin/people/new", Some(&iris)).await.body),
    );
    assert_eq!(site.post("/certifier/titles", Some(&zoe), &stolen).await.status, StatusCode::NOT_FOUND);
}
