//! What people hang on a wall and put on a page: the certificate as PDF, the badge as a picture.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use ::credential::verify::{Opened, Summary, open};
use jiff::Timestamp;
use qrcode::{Color, EcLevel, QrCode};
use serde_json::{Value, json};
use typeset::{Job, Layout, Limits, Pages, Wrong};

use super::CredentialError;
use crate::{Lang, Words};

/// The certificate of a credential: one page of A4, with a QR code that leads to where it is verified, and the
/// credential itself attached. The same credential gives the same bytes.
///
/// # Errors
/// When the credential cannot be read or set.
pub fn certificate(credential: &str, verify_at: Option<&str>, lang: Lang) -> Result<Vec<u8>, CredentialError> {
    let (opened, summary) = opened(credential)?;
    let words = Words(lang);
    let method = opened.credential.pointer("/proof/verificationMethod").and_then(Value::as_str).unwrap_or_default();
    let mut facts =
        vec![(words.say("certificate-awarded"), day(summary.awarded.as_deref().unwrap_or(&summary.valid_from), lang))];
    facts.extend(summary.valid_until.as_deref().map(|until| (words.say("certificate-until"), day(until, lang))));
    let word = |id: &str| words.say(&format!("certificate-{id}"));
    let results: Vec<(&String, &String)> =
        summary.results.iter().take(24).map(|one| (&one.criterion, &one.told)).collect();
    let data = json!({
        "lang": code(lang),
        "title": summary.achievement,
        "description": summary.description,
        "issuer": summary.issuer_name,
        "holder": summary.holder.clone().unwrap_or_else(|| word("unnamed")),
        "results": results,
        "facts": facts,
        "verify": verify_at.unwrap_or_default(),
        "number": summary.id,
        "key": method,
        "words": {
            "certificate": word("title"), "awards": word("awards"), "to": word("to"), "results": word("results"),
            "how": word(if verify_at.is_some() { "how" } else { "how-file" }), "number": word("number"), "key": word("key"), "qr": word("qr"),
        },
        "attached": [{"name": "credential.json", "mime": "application/vc+ld+json", "text": credential, "description": word("attached")}],
    });
    let mut pictures = BTreeMap::new();
    if let Some(url) = verify_at {
        pictures.insert("qr".to_owned(), qr(url)?.into_bytes());
    }
    set(&data, pictures, &summary, Layout::Own(include_str!("certificate.typ")))?.pdf().map_err(told)
}

/// The badge of a credential, without it: a PNG and an SVG that look alike.
///
/// # Errors
/// When the credential cannot be read or set.
pub fn badge(credential: &str, lang: Lang) -> Result<(Vec<u8>, String), CredentialError> {
    let (_, summary) = opened(credential)?;
    let year = |moment: &str| moment.get(..4).unwrap_or_default().to_owned();
    let from = year(summary.awarded.as_deref().unwrap_or(&summary.valid_from));
    let period = match summary.valid_until.as_deref().map(year) {
        Some(until) if until != from => format!("{from} – {until}"),
        _ => from,
    };
    let data =
        json!({"lang": code(lang), "title": summary.achievement, "issuer": summary.issuer_name, "period": period});
    let pages = set(&data, BTreeMap::new(), &summary, Layout::Own(include_str!("badge.typ")))?;
    let first = NonZeroUsize::MIN;
    let png = pages.png(first, 2.0).ok_or_else(|| CredentialError::Pages("PNG".to_owned()))?;
    Ok((png, drawing(&summary.achievement, &summary.issuer_name, &period)))
}

fn opened(credential: &str) -> Result<(Opened, Summary), CredentialError> {
    let opened = open(credential.as_bytes());
    let opened = opened
        .map_err(|reason| CredentialError::Credential { path: "credential".to_owned(), why: reason.to_string() })?;
    let summary = Summary::of(&opened);
    Ok((opened, summary))
}

fn set(
    data: &Value,
    pictures: BTreeMap<String, Vec<u8>>,
    summary: &Summary,
    layout: Layout,
) -> Result<Pages, CredentialError> {
    let made: Timestamp = summary.valid_from.parse().unwrap_or_default();
    let day = made.to_zoned(jiff::tz::TimeZone::UTC).date();
    let job = Job {
        layout,
        data: data.to_string(),
        pictures,
        day: (day.year(), day.month(), day.day()),
        ident: summary.id.clone(),
        limits: Limits::default(),
    };
    typeset::set(job).map_err(told)
}

fn told(wrong: Wrong) -> CredentialError {
    CredentialError::Pages(match wrong {
        Wrong::Document(told) => told.join("; "),
        other => format!("{other:?}"),
    })
}

fn code(lang: Lang) -> &'static str {
    if lang == Lang::Fr { "fr" } else { "en" }
}

/// `1 juillet 2026`, `1 July 2026`.
fn day(moment: &str, lang: Lang) -> String {
    let Ok(at) = moment.parse::<Timestamp>() else { return moment.to_owned() };
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let month = Words(lang).say(&format!("month-{}", day.month()));
    let first = lang == Lang::Fr && day.day() == 1;
    format!("{}{} {month} {}", day.day(), if first { "er" } else { "" }, day.year())
}

/// A QR code as a drawing of one path, with the quiet zone that readers need.
fn qr(text: &str) -> Result<String, CredentialError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| CredentialError::Pages(error.to_string()))?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let path: String = dark.map(|(n, _)| format!("M{} {}h1v1h-1z", n % width + 2, n / width + 2)).collect();
    let side = width + 4;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path fill=\"#16202a\" d=\"{path}\"/></svg>"
    ))
}

/// The badge as a drawing; words are broken into lines by their length.
fn drawing(title: &str, issuer: &str, period: &str) -> String {
    let escape =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut lines: Vec<String> = Vec::new();
    let widest = if title.chars().count() > 48 { 26 } else { 18 };
    for word in title.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < widest => *line = format!("{line} {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(1).max(1);
    let size = (340 / longest).min(160 / lines.len().max(1)).clamp(9, 27);
    let top = 128 - (lines.len().saturating_sub(1) * size * 11 / 20) + size / 3;
    let rows: String = lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            format!(
                "<text x=\"128\" y=\"{}\" font-size=\"{size}\" font-weight=\"bold\">{}</text>",
                top + n * size * 11 / 10,
                escape(line)
            )
        })
        .collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 256 256\" width=\"512\" height=\"512\" role=\"img\">\
         <title>{title} – {issuer}</title><circle cx=\"128\" cy=\"128\" r=\"126\" fill=\"#1d4e79\"/>\
         <circle cx=\"128\" cy=\"128\" r=\"117\" fill=\"none\" stroke=\"#9fbdd6\"/>\
         <g font-family=\"Libertinus Serif, Georgia, serif\" text-anchor=\"middle\" fill=\"#fff\">\
         <text x=\"128\" y=\"54\" font-size=\"10\" fill=\"#cfe0ee\">{issuer}</text>{rows}\
         <text x=\"128\" y=\"216\" font-size=\"11\" fill=\"#cfe0ee\">{period}</text></g>\
         <path d=\"M108 196h40\" stroke=\"#9fbdd6\"/></svg>\n",
        title = escape(title),
        issuer = escape(issuer),
        period = escape(period),
    )
}
