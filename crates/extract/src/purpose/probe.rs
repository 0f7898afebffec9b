//! Which requests verify a release: those sent after a deployment, to what was deployed.

use super::run::Ran;

/// Programs that send requests for many reasons; others, such as `kubectl rollout status`, only verify.
const GENERAL: [&str; 15] = [
    "curl",
    "wget",
    "httpie",
    "nc",
    "grpcurl",
    "hey",
    "ab",
    "wrk",
    "vegeta",
    "wait-on",
    "wait-for-it",
    "wait-for-it.sh",
    "wait-for",
    "wait4x",
    "dockerize",
];

/// Hosts and paths of other people's services: installers, registries, interfaces and messengers.
const ELSEWHERE: [&str; 24] = [
    "registry.npmjs.org",
    "api.github.com",
    "//github.com",
    "raw.githubusercontent.com",
    "get.docker.com",
    "download.docker.com",
    "hub.docker.com",
    "auth.docker.io",
    "get.helm.sh",
    "nodesource.com",
    "dl.k8s.io",
    "googleapis.com",
    "amazonaws.com/aws-iam",
    "awscli.amazonaws.com",
    "169.254.169.254",
    "hashicorp.com",
    "pypi.org",
    "crates.io",
    "rustup.rs",
    "install.python",
    "hooks.slack.com",
    "discord.com/api",
    "api.telegram.org",
    "/api/v4/",
];

/// Whether a command changes a target.
pub(super) fn acts(ran: &Ran) -> bool {
    ran.is("deploy") || ran.is("provision") || ran.is("configure")
}

/// Takes the purpose of a verification from requests that verify no release. `after` tells that the job waits for one
/// that deploys, `looks` that its name says that it looks at what runs: its tests then verify the release.
pub(super) fn keep_verifications<'r>(commands: impl Iterator<Item = &'r mut Ran>, after: bool, looks: bool) {
    let mut deployed = after;
    for ran in commands {
        if ran.is("verify") && general(ran) && (!deployed || !asks(&ran.words)) {
            ran.meaning.purposes.remove("verify");
        }
        if ran.is("test") && after && looks {
            ran.meaning.purposes.insert("verify");
        }
        deployed |= acts(ran);
    }
}

/// Whether a job is named after tests of what runs.
pub(super) fn looks_at_a_release(job: &str) -> bool {
    let words = job.to_ascii_lowercase();
    ["smoke", "e2e", "end-to-end", "integration", "acceptance", "health", "post-deploy", "verify", "sanity", "recette"]
        .iter()
        .any(|word| words.contains(word))
}

fn general(ran: &Ran) -> bool {
    ran.words.first().is_some_and(|program| GENERAL.contains(&program.as_str()))
}

/// Whether a request only asks, and asks what the project runs.
fn asks(words: &[String]) -> bool {
    let text = words.join(" ").to_ascii_lowercase();
    let elsewhere = ELSEWHERE.iter().any(|part| text.contains(part));
    let sends = words.windows(2).any(|pair| {
        matches!(pair[0].as_str(), "-X" | "--request")
            && !matches!(pair[1].to_ascii_uppercase().as_str(), "GET" | "HEAD")
    });
    let saves =
        words.windows(2).any(|pair| {
            matches!(pair[0].as_str(), "-o" | "--output")
                && matches!(pair[1].rsplit('.').next(), Some("sh" | "zip" | "gz" | "tgz" | "deb"))
        }) || words.iter().any(|word| matches!(word.as_str(), "-O" | "-LO" | "-fsSLO" | "-sSLO" | "--remote-name"));
    !elsewhere && !sends && !(saves && words.first().is_some_and(|program| program == "curl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_ask_what_the_project_runs() {
        let check = |text: &str, expected: bool| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            assert_eq!(asks(&words), expected, "{text}");
        };
        check("curl -f https://app.example.org/health", true);
        check("curl -s -o /dev/null -w %{http_code} http://$HOST/", true);
        check("curl -X GET --fail http://$HOST/api", true);
        check("curl -f -X POST $WEBHOOK", false);
        check("curl -s -o /dev/null -I https://registry.npmjs.org/app", false);
        check("curl -fsS https://get.docker.com -o get-docker.sh", false);
        check("curl -f -LO https://example.org/tool", false);
        check("curl", true);
    }
}
