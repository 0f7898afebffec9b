//! Which language a visitor reads: a cookie, else what the browser asks for, else English.

use app::Lang;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::answer::see;
use crate::cookie;

const COOKIE: &str = "lang";

/// The language of a request.
pub(crate) fn of(headers: &HeaderMap) -> Lang {
    let jar = CookieJar::from_headers(headers);
    let chosen = jar.get(COOKIE).and_then(|cookie| named(cookie.value()));
    let asked = || headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(accepted);
    chosen.or_else(asked).unwrap_or(Lang::En)
}

fn named(code: &str) -> Option<Lang> {
    match code {
        "fr" => Some(Lang::Fr),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The language that `Accept-Language` weighs most, among those there are.
fn accepted(header: &str) -> Option<Lang> {
    let mut best: Option<(u32, Lang)> = None;
    for part in header.split(',').take(20) {
        let (range, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        let primary = range.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let thousandths = (weight.trim().parse::<f32>().unwrap_or(0.0).clamp(0.0, 1.0) * 1000.0) as u32;
        let Some(lang) = named(&primary) else { continue };
        if thousandths > 0 && best.is_none_or(|(most, _)| thousandths > most) {
            best = Some((thousandths, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    to: String,
    #[serde(default)]
    back: String,
}

/// Keeps the choice for a year and goes back.
pub(crate) async fn choose(Query(choice): Query<Choice>) -> Response {
    let Some(lang) = named(&choice.to) else { return see(&choice.back) };
    let kept = cookie::kept(COOKIE, lang.code(), 365 * 24 * 3600, false);
    ([(SET_COOKIE, kept)], see(&choice.back)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_is_read() {
        for (header, expected) in [
            ("fr-FR,fr;q=0.9,en;q=0.8", Some(Lang::Fr)),
            ("de, en;q=0.4, fr;q=0.5", Some(Lang::Fr)),
            ("en-GB", Some(Lang::En)),
            ("fr;q=0, de", None),
            ("", None),
        ] {
            assert_eq!(accepted(header), expected, "{header}");
        }
    }
}
