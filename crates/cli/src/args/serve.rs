//! What `preuve serve` takes.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args as Group;
use jiff::civil::Date;

#[derive(Group)]
pub(crate) struct ServeArgs {
    /// Where to listen
    #[arg(long, env = "PREUVE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,

    /// Where files are kept [default: ./preuve-data]
    #[arg(long, env = "PREUVE_DATA", default_value = "preuve-data", value_name = "DIR", hide_default_value = true)]
    pub data: PathBuf,

    /// Where files are kept, a folder or s3://BUCKET/PREFIX [default: a folder in the data folder]
    #[arg(long, env = "PREUVE_FILES", value_name = "PLACE")]
    pub files: Option<String>,

    /// The database [default: a SQLite file in the data folder]
    #[arg(long, env = "PREUVE_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,

    /// Fill an empty console with two titles and a cohort that are made up
    #[arg(long)]
    pub demo: bool,

    /// Draws the people of the demonstration
    #[arg(long, default_value_t = 1, value_name = "N", requires = "demo")]
    pub demo_seed: u64,

    /// The day that the demonstration takes place on [default: today]
    #[arg(long, value_name = "DATE", requires = "demo")]
    pub as_of: Option<Date>,

    /// Where people find this console, such as https://preuve.example.org [default: http:// and the address]
    #[arg(long, env = "PREUVE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// A proxy of ours stands in front and says in X-Forwarded-For who asks
    #[arg(long, env = "PREUVE_BEHIND_PROXY")]
    pub behind_proxy: bool,

    /// Lets /metrics be read from other machines, with this as a bearer token
    #[arg(long, env = "PREUVE_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,

    /// How many looks at repositories run at once in this process; 0 leaves them to others
    #[arg(long, env = "PREUVE_WORKERS", default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=64))]
    pub workers: u8,

    /// Prove what is handed in, in the sandbox of this machine: runs what strangers wrote, in containers without a network
    #[arg(long, env = "PREUVE_WORKER_PROVE")]
    pub worker_prove: bool,

    /// How long one such proof may take, in minutes; what is left of its faults then is left out, and said
    #[arg(long, env = "PREUVE_WORKER_PROVE_MINUTES", default_value_t = 60, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=720))]
    pub worker_prove_minutes: u16,

    /// Let anybody have a public repository looked at
    #[arg(long, env = "PREUVE_OPEN_ASSESSMENT")]
    pub open_assessment: bool,

    /// For how many days what such a look found is kept
    #[arg(long, env = "PREUVE_OPEN_ASSESSMENT_DAYS", default_value_t = 7, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=365))]
    pub open_assessment_days: u16,

    /// For how many days papers, documents, recordings and reports are kept once nothing more is due in their enrolment [default: until somebody forgets them]
    #[arg(long, env = "PREUVE_KEEP_FILES_DAYS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub keep_files_days: Option<u16>,

    /// For how many days people are kept to whom nothing is due and who hold nothing [default: until somebody forgets them]
    #[arg(long, env = "PREUVE_KEEP_PEOPLE_DAYS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub keep_people_days: Option<u16>,

    /// A host of repositories that may have a private address, such as git.school.internal; may be repeated
    #[arg(long = "git-host", env = "PREUVE_GIT_HOSTS", value_name = "HOST", value_delimiter = ',')]
    pub git_hosts: Vec<String>,

    /// Read repositories from here, as HOST/PATH.git, and fetch none from a network
    #[arg(long, env = "PREUVE_MIRROR", value_name = "DIR")]
    pub mirror: Option<PathBuf>,

    /// Sign the log once a day with the key in this file, which is made when there is none
    #[arg(long, env = "PREUVE_LOG_KEY", value_name = "FILE")]
    pub log_key: Option<PathBuf>,

    /// The mail server that takes messages, such as smtps://preuve@mail.example.org; without one they stay in the outbox
    #[arg(long, env = "PREUVE_SMTP", value_name = "URL")]
    pub smtp: Option<String>,

    /// The file with the password for the mail server
    #[arg(long, env = "PREUVE_SMTP_PASSWORD_FILE", value_name = "FILE", requires = "smtp")]
    pub smtp_password_file: Option<PathBuf>,

    /// The file (PEM) with the authority that vouches for the mail server [default: the public ones]
    #[arg(long, env = "PREUVE_SMTP_CA", value_name = "FILE", requires = "smtp")]
    pub smtp_ca: Option<PathBuf>,

    /// Who writes messages [default: preuve@ and the host of the public URL]
    #[arg(long, env = "PREUVE_MAIL_FROM", value_name = "ADDRESS", requires = "smtp")]
    pub mail_from: Option<String>,

    /// Let webhooks be told at private addresses, and without TLS on this machine
    #[arg(long, env = "PREUVE_PRIVATE_WEBHOOKS")]
    pub private_webhooks: bool,

    /// The identity provider (OpenID Connect) where people may sign in, exactly as it names itself
    #[arg(long, env = "PREUVE_OIDC_ISSUER", value_name = "URL", requires = "oidc_client")]
    pub oidc_issuer: Option<String>,

    /// What the identity provider calls this console
    #[arg(long, env = "PREUVE_OIDC_CLIENT", value_name = "ID", requires = "oidc_issuer")]
    pub oidc_client: Option<String>,

    /// The file with the secret that the identity provider gave
    #[arg(long, env = "PREUVE_OIDC_SECRET_FILE", value_name = "FILE", requires = "oidc_issuer")]
    pub oidc_secret_file: Option<PathBuf>,

    /// What people call the identity provider [default: its host]
    #[arg(long, env = "PREUVE_OIDC_NAME", value_name = "NAME", requires = "oidc_issuer")]
    pub oidc_name: Option<String>,

    /// The collector (OTLP over HTTP) that takes traces, such as http://127.0.0.1:4318; none are made without one
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<String>,

    /// What the collector wants to see, as NAME=VALUE with commas between
    #[arg(
        long,
        env = "OTEL_EXPORTER_OTLP_HEADERS",
        value_name = "HEADERS",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub otlp_headers: String,

    /// What this console is called in traces
    #[arg(long, env = "OTEL_SERVICE_NAME", value_name = "NAME", default_value = "preuve")]
    pub otlp_service: String,

    /// The time zone of days and times, such as Europe/Paris
    #[arg(long, env = "PREUVE_TIME_ZONE", default_value = "UTC", value_name = "NAME")]
    pub time_zone: String,

    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR")]
    pub packs: Vec<PathBuf>,

    /// What is logged, such as info or web=debug
    #[arg(long, env = "PREUVE_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
}
