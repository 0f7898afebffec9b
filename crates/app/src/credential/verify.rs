//! Verifying a file, an address or a code: what it needs is gathered, then every step is taken.

use std::fs;
use std::path::PathBuf;

use ::credential::issuer::Document;
use ::credential::verify::{Material, Need, Report, StatusFile, open, verify as take_steps};
use ::credential::{Contexts, Limits, digest, read};
use jiff::Timestamp;

use super::CredentialError;
use super::http::{Reach, fetch};

/// A picture may be large.
const MOST: u64 = 16 << 20;

/// What is asked.
pub struct VerifyRequest {
    /// A file, an address, or the code of a certificate.
    pub target: String,
    /// The console that knows the code.
    pub at: Option<String>,
    pub issuers: Vec<PathBuf>,
    pub statuses: Vec<PathBuf>,
    pub receipt: Option<PathBuf>,
    /// An e-mail address, or another identifier of the person.
    pub subject: Option<String>,
    pub evidence: Vec<PathBuf>,
    pub now: Timestamp,
    pub reach: Reach,
}

/// What was found.
pub struct Verified {
    pub target: String,
    pub report: Report,
    /// Documents that could not be fetched, and why.
    pub missing: Vec<CredentialError>,
}

/// Gathers and verifies.
///
/// # Errors
/// When the credential itself, or a file that was named, cannot be read.
pub fn verify(request: &VerifyRequest) -> Result<Verified, CredentialError> {
    let bytes = target(request)?;
    let mut issuers = Vec::new();
    for path in &request.issuers {
        issuers.push(document(&file(path)?, &path.display().to_string())?);
    }
    let mut statuses = Vec::new();
    for path in &request.statuses {
        statuses.push(StatusFile { url: None, bytes: file(path)? });
    }
    let mut evidence = Vec::new();
    for path in &request.evidence {
        evidence.push((path.display().to_string(), sha256(&file(path)?)));
    }
    let receipt = request.receipt.as_ref().map(file).transpose()?;
    let mut missing = Vec::new();
    let needs = open(&bytes).map(|opened| opened.needs()).unwrap_or_default();
    for need in needs.into_iter().take(8) {
        match need {
            Need::Issuer { name, url }
                if !issuers.iter().any(|known| known.id == name) && request.issuers.is_empty() =>
            {
                // A document speaks for the name under which it was found, and for no other.
                match fetch(&url, request.reach).and_then(|bytes| document(&bytes, &url)) {
                    Ok(found) if found.id == name || found.methods.iter().any(|method| method.id == name) => {
                        issuers.push(found)
                    }
                    Ok(found) => missing.push(CredentialError::Credential { path: url, why: found.id }),
                    Err(error) => missing.push(error),
                }
            }
            Need::Status { url } if request.statuses.is_empty() => match fetch(&url, request.reach) {
                Ok(bytes) => statuses.push(StatusFile { url: Some(url), bytes }),
                Err(error) => missing.push(error),
            },
            Need::Issuer { .. } | Need::Status { .. } => {}
        }
    }
    let subject =
        request.subject.as_deref().map(|known| (if known.contains('@') { "emailAddress" } else { "name" }, known));
    let report = take_steps(
        &bytes,
        &Material {
            now: request.now,
            contexts: Contexts::built_in(),
            issuers: &issuers,
            statuses: &statuses,
            subject,
            evidence: &evidence,
            receipt: receipt.as_deref(),
        },
    );
    Ok(Verified { target: request.target.clone(), report, missing })
}

fn target(request: &VerifyRequest) -> Result<Vec<u8>, CredentialError> {
    let target = request.target.as_str();
    let path = PathBuf::from(target);
    if path.exists() {
        return file(&path);
    }
    if target.contains("://") {
        return fetch(target, request.reach);
    }
    let code: String = target.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let is_code = code.len() >= 8 && code.len() <= 40 && code.chars().all(|c| c.is_ascii_alphanumeric());
    if !is_code {
        return file(&path);
    }
    let at = request.at.as_deref().ok_or_else(|| CredentialError::Code(target.to_owned()))?;
    fetch(&format!("{}/verify/{target}.json", at.trim_end_matches('/')), request.reach)
}

fn file(path: &PathBuf) -> Result<Vec<u8>, CredentialError> {
    let read = fs::metadata(path).and_then(|about| {
        if about.len() > MOST { Err(std::io::ErrorKind::FileTooLarge.into()) } else { fs::read(path) }
    });
    read.map_err(|source| CredentialError::Read { path: path.display().to_string(), source })
}

fn document(bytes: &[u8], path: &str) -> Result<Document, CredentialError> {
    let wrong = |why: String| CredentialError::Credential { path: path.to_owned(), why };
    let value = read(bytes, Limits::default()).map_err(|error| wrong(error.to_string()))?;
    Document::read_at(&value, path).ok_or_else(|| wrong("id, verificationMethod".to_owned()))
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    hex::decode_to_slice(digest(bytes), &mut out).expect("a digest is 64 hexadecimal digits");
    out
}
