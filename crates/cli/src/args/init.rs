//! What people may write after `preuve init`.

use std::path::PathBuf;

use clap::{Args as Group, ValueEnum};

#[derive(Group)]
pub(crate) struct InitArgs {
    /// The folder to make; it must not exist yet, or be empty [default: the name as one word]
    pub dir: Option<PathBuf>,

    /// What to begin from
    #[arg(long, value_enum, default_value_t = Origin::Reference)]
    pub from: Origin,

    /// The name of the product, such as relais or "Épicerie du Port"
    #[arg(long, value_name = "NAME")]
    pub name: String,

    /// Where it is to run
    #[arg(long, value_enum, default_value_t = TargetName::ManagedOpenshift)]
    pub target: TargetName,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Origin {
    /// The reference application: three services with environment, pipelines, hosts, cluster and monitoring
    Reference,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TargetName {
    /// OpenShift managed by a platform, which chooses the user of each pod
    ManagedOpenshift,
    /// A cluster that the team brings, with Pod Security "restricted"
    ExternalCluster,
    /// A public cloud
    PublicCloud,
}
