//! What users do, as `preuve.yaml` declares it: a request that writes, and where it then shows.

use sandbox::{Command, eventually_by};

use super::floor::Floor;
use crate::declared::{Journey, PATH};
use crate::experiment::Ground;
use crate::finding::At;
use crate::protocol::Stop;
use crate::say::{Say, say};
use crate::tree::Tree;

/// Something that was written, and what must be read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    url: String,
    shows: String,
}

impl Written {
    /// The same, asked of another instance of the service that is asked.
    pub fn at(&self, service: &str, other: &str) -> Option<Self> {
        let (scheme, rest) = self.url.split_once("://")?;
        let path = rest.strip_prefix(service).filter(|path| path.starts_with([':', '/']))?;
        Some(Self { url: format!("{scheme}://{other}{path}"), shows: self.shows.clone() })
    }
}

/// Writes once. The inner error is what was answered instead.
pub(super) fn write(floor: &Floor<'_>, journey: &Journey, number: usize) -> Result<Result<Written, Say>, Stop> {
    let unique = &crate::attest::digest(format!("{} {} {number}", floor.bench.nonce, journey.name).as_bytes())[..24];
    let fill = |text: &str| text.replace("{unique}", unique);
    let asked = &journey.write;
    let mut words: Vec<String> =
        ["curl", "--silent", "--max-time", "10", "--request", &asked.method].map(Into::into).into();
    for (name, value) in &asked.headers {
        words.extend(["--header".into(), format!("{name}: {}", fill(value))]);
    }
    if !asked.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type")) {
        words.extend(["--header".into(), "Content-Type: application/json".into()]);
    }
    if !asked.body.is_empty() {
        words.extend(["--data-raw".into(), fill(&asked.body)]);
    }
    words.extend(["--write-out".into(), "\n%{http_code}".into(), fill(&asked.url)]);
    let ended = floor.stack.ask(&Command::new(words).seconds(15))?;
    let text = ended.text();
    let (body, code) = text.rsplit_once('\n').unwrap_or(("", &text));
    if !code.trim().parse::<u16>().is_ok_and(|status| (200..400).contains(&status)) {
        let code = if code.trim().is_empty() || code.trim() == "000" { "nothing" } else { code.trim() };
        return Ok(Err(say!(
            "answers-code",
            method = asked.method,
            url = asked.url,
            code,
            told = crate::output::tail(body, 1)
        )));
    }
    let url = filled(&fill(&journey.read), body);
    let shows = match &journey.shows {
        Some(words) => fill(words),
        None => floor.stack.probe(&url)?.map_or_else(String::new, |answer| answer.body),
    };
    Ok(Ok(Written { url, shows }))
}

/// An address with the fields of a JSON answer in their places.
pub(super) fn filled(url: &str, body: &str) -> String {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(body) else { return url.to_owned() };
    fields.iter().fold(url.to_owned(), |url, (name, value)| {
        let told = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        url.replace(&format!("{{{name}}}"), &told)
    })
}

/// Whether what was written shows in the end; else what is shown instead.
pub(super) fn shown(floor: &Floor<'_>, written: &Written) -> Result<Option<Say>, Stop> {
    let mut told = String::new();
    let started = (floor.bench.millis)();
    let well = eventually_by(floor.bench.millis, floor.shows, || {
        let answer = floor.stack.probe(&written.url)?;
        told = answer.as_ref().map_or_else(
            || "nothing".to_owned(),
            |answer| format!("{} {}", answer.status, crate::output::tail(&answer.body, 1)),
        );
        Ok::<_, Stop>(answer.is_some_and(|answer| answer.status < 400 && answer.body.contains(&written.shows)))
    })?;
    if well {
        let took = (floor.bench.millis)().saturating_sub(started);
        floor.slowest.set(floor.slowest.get().max(took));
    }
    Ok((!well).then(|| say!("answers", url = written.url, told = told.chars().take(160).collect::<String>())))
}

/// The journeys that the candidate declares, and where.
pub(super) fn declared(ground: &Ground<'_>) -> Vec<(Journey, At)> {
    ground.declared.journeys.iter().map(|one| (one.clone(), declared_at(ground.tree, &one.name))).collect()
}

/// Where a journey or a backup is declared.
pub(super) fn declared_at(tree: &Tree, words: &str) -> At {
    let line = tree.text(PATH).and_then(|text| text.lines().position(|line| line.contains(words)));
    At { path: PATH.into(), line: line.map_or(1, |line| line + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_an_answer() {
        assert_eq!(filled("http://a/{id}/{n}/{x}", r#"{"id": "7", "n": 2}"#), "http://a/7/2/{x}");
        assert_eq!(filled("http://a/{id}", "no"), "http://a/{id}");
    }
}
