//! The experiments that the program can run, one file each. A new one is a file, and a line here.

mod c1_environment;
mod c2_pipeline;
mod c3_converge;
mod c4_damage;
mod c5_deliver;
mod c6_monitoring;
mod cpn_configure;
mod cpn_content;
mod cpn_kill;
mod cpn_random_user;
mod cpn_recreate;
mod cpn_restore;
mod cpn_sign_in;

use crate::Experiment;

/// In the order of the competences.
pub const EXPERIMENTS: &[&dyn Experiment] = &[
    &c1_environment::BuildEnvironment,
    &c2_pipeline::RunPipeline,
    &c3_converge::ConvergeTwice,
    &c4_damage::DamageTheHost,
    &c5_deliver::DeliverNextVersion,
    &c6_monitoring::KillTheService,
    &cpn_random_user::RunAsRandomUser,
    &cpn_kill::KillInstances,
    &cpn_configure::ConfigureTwice,
    &cpn_content::ListImages,
    &cpn_restore::Restore,
    &cpn_recreate::RecreateFromCode,
    &cpn_sign_in::SignIn,
];

/// The experiment of an id.
pub fn by_id(id: &str) -> Option<&'static dyn Experiment> {
    EXPERIMENTS.iter().copied().find(|experiment| experiment.id() == id)
}
