//! `preuve credential`: keys of an issuer, credentials issued, revoked and verified.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::credential::{
    CredentialError, Reach, Verified, VerifyRequest, badge, certificate, issue, json, lines, new_key, revoke, verify,
};
use app::credential::{Issued, bake, verdict};
use jiff::Timestamp;

use super::key::chance;
use crate::args::{
    CredentialArgs, CredentialForm, CredentialVerb, IssueArgs, KeyVerb, RevokeArgs, VerifyArgs, VerifyFormat,
};
use crate::failure::{ENVIRONMENT, Failure, INPUT, REQUIREMENT_NOT_MET, USAGE};
use crate::ui::{BAD, BOLD, DIM, GOOD, OPEN, Ui, styled};

pub(crate) fn run(args: CredentialArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    match args.verb {
        CredentialVerb::Key(args) => {
            let KeyVerb::New { issuer, output, name } = args.verb;
            key(&issuer, &output, name.as_deref(), ui)
        }
        CredentialVerb::Issue(args) => issued(&args, ui),
        CredentialVerb::Revoke(args) => revoked(&args, ui),
        CredentialVerb::Verify(args) => verified(args, ui),
    }
}

/// An error with the exit code that says whose it is.
fn failed(error: &CredentialError, ui: &Ui) -> Failure {
    let (blame, message, hints) = error.told(ui.words);
    let code = match blame {
        app::Blame::Usage => USAGE,
        app::Blame::Input => INPUT,
        app::Blame::Environment => ENVIRONMENT,
    };
    Failure { hints, ..Failure::new(code, message) }
}

fn drawn(ui: &Ui) -> Result<[u8; 32], Failure> {
    chance().ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-chance")))
}

fn key(issuer: &str, folder: &Path, name: Option<&str>, ui: &Ui) -> Result<ExitCode, Failure> {
    let (path, method) = new_key(folder, issuer, name, drawn(ui)?, now()).map_err(|error| failed(&error, ui))?;
    let document = folder.join("issuer.json").display().to_string();
    let url = app::credential::document_url(issuer).unwrap_or_default();
    let arguments = [("path", &*path.display().to_string()), ("document", &document), ("url", &url)];
    ui.talk(&ui.words.with("credential-key-made", &arguments));
    ui.talk(&ui.words.with("credential-key-name", &[("name", &method)]));
    Ok(ExitCode::SUCCESS)
}

fn issued(args: &IssueArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let lang = ui.lang();
    let made =
        issue(&args.request, &args.issuer, &args.packs, drawn(ui)?, now(), lang).map_err(|error| failed(&error, ui))?;
    ui.talk(&ui.words.with("credential-issued", &[("id", &made.award.id)]));
    let Some(stem) = &args.output else {
        ui.data(&made.json)?;
        return Ok(ExitCode::SUCCESS);
    };
    for (suffix, bytes) in files(&made, &args.format).map_err(|error| failed(&error, ui))? {
        let mut name = stem.clone().into_os_string();
        name.push(suffix);
        let path = PathBuf::from(name);
        let shown = path.display().to_string();
        std::fs::write(&path, bytes).map_err(|error| {
            Failure::new(INPUT, format!("{} ({error})", ui.words.with("error-write", &[("path", &shown)])))
        })?;
        ui.talk(&ui.words.with("written-to", &[("path", &shown)]));
    }
    Ok(ExitCode::SUCCESS)
}

fn files(made: &Issued, wanted: &[CredentialForm]) -> Result<Vec<(&'static str, Vec<u8>)>, CredentialError> {
    let asked = |form: CredentialForm| wanted.is_empty() || wanted.contains(&form);
    let mut out: Vec<(&'static str, Vec<u8>)> = Vec::new();
    if asked(CredentialForm::Json) {
        out.push((".json", made.json.clone().into_bytes()));
    }
    if asked(CredentialForm::Jwt) {
        out.push((".jwt", made.token.clone().into_bytes()));
    }
    if asked(CredentialForm::Png) || asked(CredentialForm::Svg) {
        let (png, svg) = badge(&made.json, made.lang)?;
        if asked(CredentialForm::Png) {
            out.push((".png", bake(&png, &made.json)?));
        }
        if asked(CredentialForm::Svg) {
            out.push((".svg", bake(svg.as_bytes(), &made.json)?));
        }
    }
    if asked(CredentialForm::Pdf) {
        out.push((".pdf", certificate(&made.json, made.verify_at.as_deref(), made.lang)?));
    }
    if asked(CredentialForm::Receipt) {
        out.push((".receipt.json", made.receipt.clone().into_bytes()));
    }
    Ok(out)
}

fn revoked(args: &RevokeArgs, ui: &Ui) -> Result<ExitCode, Failure> {
    let summary = revoke(&args.credential, &args.issuer, now()).map_err(|error| failed(&error, ui))?;
    let status = args.issuer.join("status.json").display().to_string();
    ui.talk(&ui.words.with("credential-revoked", &[("id", &summary.id), ("status", &status)]));
    Ok(ExitCode::SUCCESS)
}

fn verified(args: VerifyArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let reach = match (args.offline, args.private) {
        (true, _) => Reach::Nothing,
        (false, true) => Reach::Private,
        (false, false) => Reach::Public,
    };
    let request = VerifyRequest {
        target: args.target,
        at: args.at,
        issuers: args.issuers,
        statuses: args.statuses,
        receipt: args.receipt,
        subject: args.subject,
        evidence: args.evidence,
        now: args.as_of.and_then(app::credential::moment_of).unwrap_or_else(now),
        reach,
    };
    let found = verify(&request).map_err(|error| failed(&error, ui))?;
    let text = match args.format {
        VerifyFormat::Terminal => terminal(&found, ui),
        VerifyFormat::Json => format!("{:#}\n", json(&found, ui.words)),
    };
    ui.data(&text)?;
    for missing in &found.missing {
        let failure = failed(missing, ui);
        ui.warn(&failure.message);
        for hint in failure.hints {
            ui.talk(&format!("{}: {hint}", ui.words.say("hint")));
        }
    }
    Ok(match verdict(found.report.verdict()) {
        "verified" => ExitCode::SUCCESS,
        "refused" => ExitCode::from(REQUIREMENT_NOT_MET),
        _ => ExitCode::from(ENVIRONMENT),
    })
}

fn terminal(found: &Verified, ui: &Ui) -> String {
    let words = ui.words;
    let verdict = verdict(found.report.verdict());
    let style = match verdict {
        "verified" => GOOD,
        "refused" => BAD,
        _ => OPEN,
    };
    let name = found.report.summary.as_ref().map_or(found.target.as_str(), |summary| summary.name.as_str());
    let mut out = format!(
        "{}  {}\n\n",
        styled(style.bold(), &words.say(&format!("verify-verdict-{verdict}"))),
        styled(BOLD, &plain(name))
    );
    if let Some(summary) = &found.report.summary {
        let day = |moment: &str| moment.get(..10).unwrap_or(moment).to_owned();
        let rows = [
            ("verify-says-holder", summary.holder.clone()),
            ("verify-says-achievement", Some(summary.achievement.clone())),
            ("verify-says-issuer", Some(format!("{} ({})", summary.issuer_name, summary.issuer))),
            ("verify-says-awarded", summary.awarded.as_deref().map(day)),
            ("verify-says-until", summary.valid_until.as_deref().map(day)),
            ("verify-says-key", found.report.key.as_ref().map(|key| key.id.clone())),
        ];
        for (label, value) in rows {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                out.push_str(&format!("  {} {}\n", styled(DIM, &format!("{:<16}", words.say(label))), plain(&value)));
            }
        }
        for result in &summary.results {
            out.push_str(&format!(
                "  {} {}\n",
                styled(DIM, &format!("{:<16}", "")),
                plain(&format!("{}: {}", result.criterion, result.told))
            ));
        }
        out.push('\n');
    }
    for (state, told) in lines(found, words) {
        let (mark, style) = match state {
            "passed" => ("✓", GOOD),
            "refused" => ("✗", BAD),
            "open" => ("?", OPEN),
            _ => ("·", DIM),
        };
        out.push_str(&format!(
            "  {} {}\n",
            styled(style, mark),
            if style == DIM { styled(DIM, &plain(&told)) } else { plain(&told) }
        ));
    }
    out
}

/// What a stranger wrote, on one line and without what a terminal would obey.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[expect(clippy::disallowed_methods, reason = "the room that reads the clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
