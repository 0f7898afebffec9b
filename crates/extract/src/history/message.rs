//! What the message of a commit says about how the change was integrated.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// How a change was integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A merge that names the number of a request.
    Merge,
    /// One commit made of a whole request.
    Squash,
    /// A merge that names the branch alone.
    Branch,
    /// A trailer that a review tool leaves.
    Review,
}

impl How {
    /// The name used in facts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            How::Merge => "merge",
            How::Squash => "squash",
            How::Branch => "branch",
            How::Review => "review",
        }
    }

    /// The form kept in the cache.
    pub(crate) fn code(self) -> u8 {
        self as u8 + 1
    }

    /// The reverse of [`How::code`].
    pub(crate) fn of_code(code: u8) -> Option<Self> {
        [How::Merge, How::Squash, How::Branch, How::Review].get(usize::from(code.checked_sub(1)?)).copied()
    }
}

/// Branches that integrate others: merging one of them elsewhere only brings a branch up to date.
const TRUNKS: [&str; 5] = ["main", "master", "trunk", "mainline", "default"];

/// What forges and review tools begin a line with.
const MERGED: [&str; 2] = ["See merge request ", "See pull request "];
const REVIEWED: [&str; 4] = ["Reviewed-on: ", "Differential Revision: ", "Merge-request: ", "Merge-Request: "];

static TRAILERS: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(MERGED.iter().chain(&REVIEWED)).expect("the words are constant"));

/// Reads off a message that it integrates a request, with the number or branch it names.
pub fn request(message: &str, merge: bool) -> Option<(How, String)> {
    let mut lines = message.lines();
    let subject = lines.next().unwrap_or_default().trim();
    if let Some(number) = numbered(subject) {
        return Some((How::Merge, number));
    }
    // Most messages hold none of the words that are looked for line by line.
    let lines = lines.take(if TRAILERS.is_match(message) { 200 } else { 0 });
    for line in lines.map(str::trim) {
        if let Some(reference) = MERGED.iter().find_map(|trailer| line.strip_prefix(trailer))
            && reference.contains(['!', '#'])
        {
            return Some((How::Merge, clip(reference)));
        }
        for trailer in REVIEWED {
            if let Some(reference) = line.strip_prefix(trailer).filter(|reference| !reference.trim().is_empty()) {
                return Some((How::Review, clip(reference)));
            }
        }
    }
    if let Some(number) = bracketed_number(subject) {
        return Some((if merge { How::Merge } else { How::Squash }, number));
    }
    if merge { branch(subject).map(|name| (How::Branch, name)) } else { None }
}

/// `Merge pull request #3 from …`, `Merged PR 3: …`, `Merged in x (pull request #3)` and their kin.
fn numbered(subject: &str) -> Option<String> {
    let starts = |with: &str| subject.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if !starts("merge ") && !starts("merged ") {
        return None;
    }
    let lower = subject.to_ascii_lowercase();
    for (marker, sign) in [
        ("pull request #", "#"),
        ("pull request !", "!"),
        ("merge request !", "!"),
        ("merge request #", "#"),
        ("merged pr ", "#"),
        ("merge pr ", "#"),
        ("merge pr #", "#"),
        ("merged pr #", "#"),
        ("merge mr !", "!"),
        ("merge #", "#"),
    ] {
        if let Some(at) = lower.find(marker) {
            let digits = leading_digits(&lower[at + marker.len()..]);
            if !digits.is_empty() {
                return Some(format!("{sign}{digits}"));
            }
        }
    }
    // Gitea and Forgejo put the title between: Merge pull request 'title' (#3) from x into main.
    if lower.starts_with("merge pull request ") || lower.starts_with("merge request ") {
        let at = lower.rfind("(#")?;
        let digits = leading_digits(&lower[at + 2..]);
        return (!digits.is_empty()).then(|| format!("#{digits}"));
    }
    None
}

/// `Title (#3)` or `Title (!3)` at the end of the subject.
fn bracketed_number(subject: &str) -> Option<String> {
    let inner = subject.strip_suffix(')')?;
    let at = inner.rfind('(')?;
    let reference = &inner[at + 1..];
    let digits = reference.strip_prefix(['#', '!']).or_else(|| {
        let lower = reference.strip_prefix("PR #").or_else(|| reference.strip_prefix("pull request #"));
        lower.or_else(|| reference.strip_prefix("MR !"))
    })?;
    let good = !digits.is_empty() && digits.len() < 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| reference.trim_start_matches(|c: char| c != '#' && c != '!').to_owned())
}

/// `Merge branch 'x' into 'main'`: the merge of another branch, not the update of one by its own upstream.
fn branch(subject: &str) -> Option<String> {
    let rest = subject
        .strip_prefix("Merge branch ")
        .or_else(|| subject.strip_prefix("Merge remote-tracking branch "))
        .or_else(|| subject.strip_prefix("Merged branch "))?;
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let (source, after) = rest[1..].split_once(quote)?;
    let after = after.trim();
    // "of <url>" is what a pull writes.
    if after.starts_with("of ") {
        return None;
    }
    let target = after.strip_prefix("into ").map(|name| name.trim_matches(['\'', '"']).trim());
    let name = source.strip_prefix("origin/").or_else(|| source.strip_prefix("upstream/")).unwrap_or(source);
    let own_upstream = target == Some(name);
    if name.is_empty() || own_upstream || TRUNKS.contains(&name) {
        return None;
    }
    // A development branch brought into a working branch is an update too.
    let development = matches!(name, "develop" | "dev" | "development");
    let into_trunk = target.is_none_or(|target| TRUNKS.contains(&target));
    (!development || into_trunk).then(|| clip(name))
}

fn leading_digits(text: &str) -> &str {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    &text[..end.min(12)]
}

fn clip(text: &str) -> String {
    text.trim().chars().take(120).collect()
}

/// The people whom `Co-authored-by` trailers name.
pub fn co_authors(message: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in message.lines().skip(1).take(2_000) {
        let Some((key, value)) = line.trim().split_once(':') else { continue };
        if !key.eq_ignore_ascii_case("co-authored-by") || found.len() >= 50 {
            continue;
        }
        let Some((name, rest)) = value.split_once('<') else { continue };
        let email = rest.split('>').next().unwrap_or_default();
        if email.contains('@') {
            found.push((clip(name), clip(email)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_from_pulls() {
        let check = |message: &str, merge: bool, expected: Option<(How, &str)>| {
            let found = request(message, merge);
            let found = found.as_ref().map(|(how, reference)| (*how, reference.as_str()));
            assert_eq!(found, expected, "{message}");
        };
        check("Merge pull request #12 from acme/fix\n\nFix it", true, Some((How::Merge, "#12")));
        check(
            "Merge branch 'fix' into 'main'\n\nFix\n\nSee merge request acme/shop!7",
            true,
            Some((How::Merge, "acme/shop!7")),
        );
        check("Merged in fix (pull request #4)", true, Some((How::Merge, "#4")));
        check("Merged PR 31: Fix", false, Some((How::Merge, "#31")));
        check("Merge pull request 'Fix it' (#5) from fix into main", true, Some((How::Merge, "#5")));
        check("Fix the login page (#8)", false, Some((How::Squash, "#8")));
        check("Fix the login page (!8)", false, Some((How::Squash, "!8")));
        check(
            "Fix the login page\n\nReviewed-on: https://review.example/12",
            false,
            Some((How::Review, "https://review.example/12")),
        );
        check("Merge branch 'fix' into 'main'", true, Some((How::Branch, "fix")));
        check("Merge branch 'fix'", true, Some((How::Branch, "fix")));
        check("Merge branch 'develop'", true, Some((How::Branch, "develop")));
        check("Merge remote-tracking branch 'origin/fix'", true, Some((How::Branch, "fix")));
        check("Merge branch 'main' of github.com:acme/shop", true, None);
        check("Merge branch 'fix' of https://git.example/acme/shop into fix", true, None);
        check("Merge branch 'main' into fix", true, None);
        check("Merge branch 'develop' into fix", true, None);
        check("Merge remote-tracking branch 'origin/main'", true, None);
        check("Merge branch 'fix' into fix", true, None);
        check("Merge branch 'fix' into 'main'", false, None);
        check("Fix #8", false, None);
        check("Fix (see #8)", false, None);
        check("Merge (#", true, None);
        check("", true, None);
    }

    #[test]
    fn trailers_name_co_authors() {
        let message = "Pair\n\nco-authored-by: Ada L <ada@example.org>\nCo-authored-by: nobody\n";
        assert_eq!(co_authors(message), [("Ada L".to_owned(), "ada@example.org".to_owned())]);
    }
}
