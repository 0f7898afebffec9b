//! Pages and refusals, as answers over HTTP.

use app::console::Refused;
use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::shell::Shell;
use crate::telling;

/// Why a request is not answered with what it asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    NotFound,
    /// Nobody has signed in.
    SignIn,
    /// Somebody has, and may not do this.
    Forbidden,
    /// A form of another site.
    OtherSite,
    TooMany,
    /// What was sent cannot be taken; the message of the catalogue says why.
    Wrong(&'static str),
    /// The rules of the programme say no.
    Refused(Box<Refused>),
    Internal,
}

impl Refusal {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::OtherSite => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The title and the sentence of the page that says so, as ids of the catalogue.
    pub(crate) fn messages(&self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => ("console-not-found", "console-not-found-why"),
            Self::SignIn => ("console-sign-in", "console-sign-in-why"),
            Self::Forbidden => ("console-forbidden", "console-forbidden-why"),
            Self::OtherSite => ("console-other-site", "console-other-site-why"),
            Self::TooMany => ("console-too-many", "console-too-many-why"),
            Self::Wrong(why) => ("console-wrong", why),
            Self::Refused(_) => ("console-conflict", "console-conflict-why"),
            Self::Internal => ("console-internal", "console-internal-why"),
        }
    }
}

/// The refusal travels with the answer: the outermost layer knows the visitor and writes the page.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<app::console::Error> for Refusal {
    fn from(error: app::console::Error) -> Self {
        match error {
            app::console::Error::NotFound => Self::NotFound,
            app::console::Error::Refused(refused) => Self::Refused(Box::new(refused)),
            app::console::Error::Webhook(why) => Self::Wrong(why),
            app::console::Error::NoReport => Self::Wrong("assessment-unread"),
            error => {
                tracing::error!(error = %error, "a use case failed");
                Self::Internal
            }
        }
    }
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    shell: Shell,
    why: String,
    request: String,
}

/// The page of a refusal.
pub(crate) fn refusal_page(shell: Shell, refusal: &Refusal, request: String) -> Response {
    let (title, why) = refusal.messages();
    let why = match refusal {
        Refusal::Refused(refused) => telling::refused(shell.words, refused),
        _ => shell.say(why),
    };
    let shell = shell.titled_with(title);
    (refusal.status(), page(&RefusalPage { shell, why, request })).into_response()
}

/// A refusal for programs.
pub(crate) fn problem(shell: &Shell, refusal: &Refusal, request: &str) -> Response {
    let (title, why) = refusal.messages();
    let (kind, detail) = match refusal {
        Refusal::Refused(refused) => (refused.code(), telling::refused(shell.words, refused)),
        _ => (title.trim_start_matches("console-"), shell.say(why)),
    };
    let body = serde_json::json!({
        "type": format!("urn:preuve:{kind}"),
        "title": shell.say(title),
        "status": refusal.status().as_u16(),
        "detail": detail,
        "request": request,
    });
    let mut response = (refusal.status(), body.to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if *refusal == Refusal::SignIn {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// A page that nobody else may keep.
pub(crate) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            ([(CONTENT_TYPE, html), (CACHE_CONTROL, HeaderValue::from_static("no-store"))], text).into_response()
        }
        Err(error) => {
            tracing::error!(error = %error, "a template failed");
            Refusal::Internal.into_response()
        }
    }
}

/// Sends a browser on after a form; only to a path of this console.
pub(crate) fn see(path: &str) -> Response {
    let path = local(path).unwrap_or("/");
    (StatusCode::SEE_OTHER, [(LOCATION, path.to_owned())]).into_response()
}

/// A path of this console: neither another site's address nor anything that a browser would read as one.
pub(crate) fn local(path: &str) -> Option<&str> {
    let clean = path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    (clean && path.starts_with('/') && !path.starts_with("//")).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_paths_of_this_console_are_followed() {
        for (path, expected) in [
            ("/titles/rs-devops?x=1", true),
            ("//evil.example/", false),
            ("/\\evil.example", false),
            ("https://evil.example/", false),
            ("/a\r\nSet-Cookie: x=y", false),
            ("", false),
        ] {
            assert_eq!(local(path).is_some(), expected, "{path:?}");
        }
    }
}
