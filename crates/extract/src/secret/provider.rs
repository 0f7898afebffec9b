//! Credentials that are known by their form: private keys and the tokens of providers.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// One form.
struct Form {
    rule: &'static str,
    /// The first group, or the whole match, is the secret.
    pattern: Regex,
}

/// A text that never holds one of these marks holds none of the forms.
pub(super) const MARKS: [&str; 36] = [
    "-----begin",
    "akia",
    "asia",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "glrt-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xapp-",
    "hooks.slack.com",
    "sk_live_",
    "rk_live_",
    "aiza",
    "ya29.",
    "sg.",
    "npm_",
    "pypi-",
    "dckr_pat_",
    "dop_v1_",
    "hvs.",
    "sk-",
    "eyj",
    "accountkey=",
    "discord.com/api/webhooks",
    "sq0csp-",
    "key-",
    "hf_",
    "age-secret-key-",
    "dckr_oat_",
];

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let form =
        |rule, pattern| Form { rule, pattern: Regex::new(pattern).expect("the patterns are constant and tested") };
    vec![
        form("aws", r"\b((?:AKIA|ASIA)[A-Z2-7]{16})\b"),
        form("github", r"\b((?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36,})\b"),
        form("github", r"\b(github_pat_[A-Za-z0-9_]{40,})\b"),
        form("gitlab", r"\b(gl(?:pat|dt|rt)-[A-Za-z0-9_-]{20,})"),
        form("slack", r"\b(xox[abp]-[A-Za-z0-9-]{20,}|xapp-[A-Za-z0-9-]{20,})"),
        form("slack", r"(hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,})"),
        form("discord", r"(discord\.com/api/webhooks/[0-9]{15,}/[A-Za-z0-9_-]{40,})"),
        form("stripe", r"\b((?:sk|rk)_live_[A-Za-z0-9]{16,})\b"),
        form("google", r"\b(AIza[A-Za-z0-9_-]{35})"),
        form("google", r"\b(ya29\.[A-Za-z0-9_-]{30,})"),
        form("sendgrid", r"\b(SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{30,})"),
        form("npm", r"\b(npm_[A-Za-z0-9]{36})\b"),
        form("pypi", r"\b(pypi-[A-Za-z0-9_-]{50,})"),
        form("docker", r"\b(dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,})"),
        form("digitalocean", r"\b(dop_v1_[a-f0-9]{60,})\b"),
        form("vault", r"\b(hvs\.[A-Za-z0-9_-]{24,})"),
        form("openai", r"\b(sk-(?:proj-|ant-)?[A-Za-z0-9_-]{40,})"),
        form("square", r"\b(sq0csp-[A-Za-z0-9_-]{40,})"),
        form("mailgun", r"\b(key-[a-f0-9]{32})\b"),
        form("hugging-face", r"\b(hf_[A-Za-z0-9]{30,})\b"),
        form("age", r"(AGE-SECRET-KEY-1[A-Z0-9]{50,})"),
        form("azure", r"(?i)AccountKey=([A-Za-z0-9+/]{80,}={0,2})"),
        form("jwt", r"\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,})"),
    ]
});

static PEM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----").expect("the pattern is constant and tested")
});

/// The provider's credentials of one line, with their ranges in it.
pub(super) fn in_line(line: &str) -> Vec<(&'static str, Range<usize>)> {
    let mut found: Vec<(&'static str, Range<usize>)> = Vec::new();
    for form in FORMS.iter() {
        for captures in form.pattern.captures_iter(line) {
            let Some(secret) = captures.get(1) else { continue };
            let text = secret.as_str();
            let varied = super::entropy::bits(text) >= 3.0;
            if varied && !super::value::is_placeholder(text) {
                found.push((form.rule, secret.range()));
            }
        }
    }
    found
}

/// The private keys of a text, from their first line to their last.
pub(super) fn private_keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut begins = PEM.find_iter(text).peekable();
    while let Some(begin) = begins.next() {
        // A key ends before the next one begins; looking further would read the rest of the text for every beginning.
        let next = begins.peek().map_or(text.len(), |next| next.start());
        let body = &text[begin.end()..next];
        let Some(end) = body.find("-----END ") else { continue };
        let inside = &body[..end];
        // A real key has some hundred characters of base64 and no placeholder between.
        let base64 =
            inside.bytes().filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')).count();
        let close = body[end + 9..].find("-----").map_or(body.len(), |at| end + 9 + at + 5);
        if end < 20_000 && base64 >= 60 && !inside.contains("...") && !inside.contains("{{") && !inside.contains('<') {
            found.push(begin.start()..begin.end() + close);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written in parts, so that no scanner takes the test for a leak.
    fn joined(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn forms_of_providers() {
        let check = |line: &str, expected: &[&str]| {
            let found: Vec<&str> = in_line(line).into_iter().map(|(rule, _)| rule).collect();
            assert_eq!(found, expected, "{line}");
        };
        check(&joined(&["key = AK", "IAZ3MQ7XW2KJ5RTLBN"]), &["aws"]);
        check("key = AKIAIOSFODNN7EXAMPLE", &[]);
        check(&joined(&["token: gh", "p_k3v9Qz7Lw2Xt8Rb5Nm4Jh6Gf1Dd0Ss9Aa7Zz"]), &["github"]);
        check(&joined(&["gl", "pat-k3v9Qz7Lw2Xt8Rb5Nm4J"]), &["gitlab"]);
        check("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", &[]);
        check("nothing here", &[]);
    }

    #[test]
    fn private_keys_are_told_from_certificates() {
        let key =
            format!("-----BEGIN RSA {}-----\n{}\n-----END RSA {0}-----\n", "PRIVATE KEY", "MIIEowIBAAKCAQEA".repeat(8));
        assert_eq!(private_keys(&key).len(), 1);
        let opened = "-----BEGIN PRIVATE KEY-----\n".repeat(3);
        assert_eq!(private_keys(&format!("{opened}{key}{key}")).len(), 2);
        assert!(private_keys(&key.replace("RSA PRIVATE KEY", "CERTIFICATE")).is_empty());
        assert!(private_keys(&key.replace("RSA PRIVATE KEY", "PUBLIC KEY")).is_empty());
        assert!(private_keys("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----").is_empty());
        assert!(private_keys("-----BEGIN PRIVATE KEY-----").is_empty());
    }
}
