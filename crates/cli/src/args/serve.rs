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
