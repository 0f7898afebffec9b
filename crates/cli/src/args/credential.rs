//! What people may write after `preuve credential`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand, ValueEnum};
use jiff::civil::Date;

#[derive(Group)]
pub(crate) struct CredentialArgs {
    #[command(subcommand)]
    pub verb: CredentialVerb,
}

#[derive(Subcommand)]
pub(crate) enum CredentialVerb {
    /// The keys of an issuer
    Key(KeyArgs),
    /// Issue a credential: JSON, a token, a badge that carries it, or a certificate to print
    Issue(IssueArgs),
    /// Revoke a credential: the status list and the log are written anew, to be published
    Revoke(RevokeArgs),
    /// Verify a credential, step by step: a file, an https address, or the code of a certificate
    Verify(VerifyArgs),
}

#[derive(Group)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    pub verb: KeyVerb,
}

#[derive(Subcommand)]
pub(crate) enum KeyVerb {
    /// Make a key in the folder of an issuer; the one before it retires
    New {
        /// Who issues: did:web:example.org, or the https address of its document
        issuer: String,
        /// The folder: keys (yours alone), and what is to be published
        #[arg(long, short, value_name = "DIR")]
        output: PathBuf,
        /// The issuer's name, as people read it
        #[arg(long)]
        name: Option<String>,
    },
}

#[derive(Group)]
pub(crate) struct IssueArgs {
    /// What is awarded, in YAML or JSON
    pub request: PathBuf,
    /// The folder of the issuer
    #[arg(long, value_name = "DIR")]
    pub issuer: PathBuf,
    /// Write files whose names begin so: NAME.json, NAME.jwt, NAME.png, NAME.svg, NAME.pdf, NAME.receipt.json
    /// [default: JSON on stdout]
    #[arg(long, short, value_name = "NAME")]
    pub output: Option<PathBuf>,
    /// Only these; may be repeated [default: all]
    #[arg(long, value_enum, value_name = "FORMAT", requires = "output")]
    pub format: Vec<CredentialForm>,
    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR")]
    pub packs: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CredentialForm {
    Json,
    Jwt,
    Png,
    Svg,
    Pdf,
    Receipt,
}

#[derive(Group)]
pub(crate) struct RevokeArgs {
    /// The credential, in any form
    pub credential: PathBuf,
    /// The folder of the issuer
    #[arg(long, value_name = "DIR")]
    pub issuer: PathBuf,
}

#[derive(Group)]
pub(crate) struct VerifyArgs {
    /// A file (JSON, token, PNG or SVG), an https address, or the code of a certificate
    pub target: String,
    /// The console that knows the code
    #[arg(long, value_name = "URL")]
    pub at: Option<String>,
    /// The issuer's document, instead of fetching it; may be repeated
    #[arg(long = "issuer", value_name = "FILE")]
    pub issuers: Vec<PathBuf>,
    /// The status list, instead of fetching it; may be repeated
    #[arg(long = "status", value_name = "FILE")]
    pub statuses: Vec<PathBuf>,
    /// What the log said when it was issued
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    /// Whom it should be about: an e-mail address, a name or an id
    #[arg(long, value_name = "WHO")]
    pub subject: Option<String>,
    /// A file that should be among its evidence; may be repeated
    #[arg(long = "evidence", value_name = "FILE")]
    pub evidence: Vec<PathBuf>,
    /// Fetch nothing
    #[arg(long, conflicts_with = "private")]
    pub offline: bool,
    /// Also reach private addresses, and http on this machine
    #[arg(long)]
    pub private: bool,
    /// The day that the verification speaks for [default: now]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// How to write what was found
    #[arg(long, value_enum, default_value_t = VerifyFormat::Terminal)]
    pub format: VerifyFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerifyFormat {
    Terminal,
    Json,
}
