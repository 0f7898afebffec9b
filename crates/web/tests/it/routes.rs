//! Every route of the router by every role, against the one table of rules.

use std::fmt::Write;
use std::net::{Ipv4Addr, SocketAddr};

use app::console::Role;
use axum::extract::ConnectInfo;
use axum::http::{Method, StatusCode};
use expect_test::expect_file;
use web::{Who, table};

use crate::harness::{Site, request};

/// An address of a route, with ids that lead nowhere.
fn address(path: &str) -> String {
    let nobody = "0".repeat(32);
    [
        "{id}",
        "{secret}",
        "{paper}",
        "{name}",
        "{code}",
        "{list}",
        "{form}",
        "{version}",
        "{table}",
        "{nth}",
        "{report}",
        "{digest}",
    ]
    .iter()
    .fold(path.to_owned(), |path, hole| path.replace(hole, &nobody))
}

#[tokio::test]
async fn every_route_opens_to_those_whom_its_rule_names_and_to_nobody_else() {
    let site = Site::open(true).await;
    let mut visitors: Vec<(String, Option<Role>, Option<String>)> = vec![("public".to_owned(), None, None)];
    for role in [
        Role::Candidate,
        Role::Coach,
        Role::Juror,
        Role::Invigilator,
        Role::Certifier,
        Role::CompanyReader,
        Role::Administrator,
    ] {
        let account = site.somebody(role).await;
        assert_eq!(account.roles, [role], "who tries a role holds no other");
        visitors.push((role.to_string(), Some(role), Some(site.enter(account.person.as_str()).await)));
    }
    let mut peers: u32 = 0;
    for route in table() {
        for (name, role, cookie) in &visitors {
            // Signing out would end the login that the next route needs.
            if route.path == "/sign-out" && cookie.is_some() {
                continue;
            }
            let mut asked = request(route.method.clone(), &address(route.path), cookie.as_deref(), "");
            // Each asks from elsewhere: what is tried is the rule of the route, not how often it is asked.
            peers += 1;
            let peer = SocketAddr::from((Ipv4Addr::from(0xc633_0000 + peers), 443));
            asked.extensions_mut().insert(ConnectInfo(peer));
            let answer = site.ask(asked).await;
            let roles = role.map(|role| vec![role]);
            // No role opens to a browser what is for tokens or for the operator.
            let admitted = route.who.admits(roles.as_deref());
            let sent_away = answer.status == StatusCode::FORBIDDEN
                || answer.status == StatusCode::UNAUTHORIZED
                || answer.location().starts_with("/sign-in?next=");
            assert_eq!(!sent_away, admitted, "{} {} as {name}: {}", route.method, route.path, answer.status);
            let for_people = matches!(route.who, Who::SignedIn | Who::Holding(_));
            if !admitted && role.is_none() && route.method == Method::GET && for_people {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", route.path);
            }
            assert!(answer.status != StatusCode::INTERNAL_SERVER_ERROR, "{} {} as {name}", route.method, route.path);
        }
    }
}

#[tokio::test]
async fn what_is_in_no_rule_is_nowhere() {
    let site = Site::open(false).await;
    for path in ["/nowhere", "/certifier/everything", "/assets/../secret", "/admin/", "//admin"] {
        assert_eq!(site.get(path, None).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let wrong = site.ask(request(Method::DELETE, "/titles", None, "")).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
}

/// A change of a rule shows in the review of this file.
#[test]
fn the_rules_are_as_reviewed() {
    let mut out = String::new();
    for route in table() {
        let who = match route.who {
            Who::Anyone => "anyone".to_owned(),
            Who::SignedIn => "signed in".to_owned(),
            Who::Operator => "operator".to_owned(),
            Who::Token(scope, role) => format!("token {scope}, {role}"),
            Who::Holding(roles) => roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", "),
        };
        let _ = writeln!(out, "{:<4} {:<46} {who}", route.method.as_str(), route.path);
    }
    expect_file!["routes.txt"].assert_eq(&out);
}
