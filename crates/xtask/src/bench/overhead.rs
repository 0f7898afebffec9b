//! What a proof costs beyond the commands that the repository has run anyway, from the record of a run.

use std::fs;
use std::path::Path;

use serde::Deserialize;

/// One line of a record: what was done when, and how long a command took.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    at: u64,
    #[serde(default)]
    millis: u64,
    #[serde(default)]
    own: bool,
}

/// A table in Markdown for a folder that `preuve prove --output` wrote.
pub(super) fn table(folder: &str) -> Result<String, String> {
    let path = Path::new(folder).join("transcript.jsonl");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let read = |line: &str| serde_json::from_str::<Line>(line).map_err(|error| format!("{}: {error}", path.display()));
    let lines: Vec<Line> = text.lines().skip(1).map(read).collect::<Result<_, String>>()?;
    let (count, own, all) =
        measure(&lines).ok_or_else(|| format!("{}: no command of a repository ran", path.display()))?;
    let seconds = |millis: u64| millis as f64 / 1000.0;
    Ok(format!(
        "| commands of the repository | their time, s | the whole run, s | the rest ÷ their time |\n|---:|---:|---:|---:|\n\
         | {count} | {:.1} | {:.1} | {:.3} |\n",
        seconds(own),
        seconds(all),
        seconds(all - own) / seconds(own)
    ))
}

/// How many commands of the repository ran, how long some of them ran, and the whole run, in milliseconds. Lanes run them
/// beside each other: that time counts once.
fn measure(lines: &[Line]) -> Option<(usize, u64, u64)> {
    let own = || lines.iter().filter(|line| line.own);
    let ends = lines.iter().map(|line| line.at + line.millis).max()?;
    let all = ends - lines.iter().map(|line| line.at).min()?;
    let mut spans: Vec<(u64, u64)> = own().map(|line| (line.at, line.at + line.millis)).collect();
    spans.sort_unstable();
    let (time, _) = spans
        .iter()
        .fold((0, 0), |(time, until), (from, to)| (time + to.saturating_sub(until.max(*from)), until.max(*to)));
    (time > 0).then(|| (spans.len(), time.min(all), all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_repository_s_is_the_rest() {
        let line = |at, millis, own| Line { at, millis, own };
        let lines = [line(100, 0, false), line(150, 400, true), line(600, 50, false), line(700, 400, true)];
        assert_eq!(measure(&lines), Some((2, 800, 1000)));
        assert_eq!(measure(&lines[..1]), None);
        let beside = [line(0, 400, true), line(100, 200, true), line(300, 200, true), line(900, 100, false)];
        assert_eq!(measure(&beside), Some((3, 500, 1000)));
    }
}
