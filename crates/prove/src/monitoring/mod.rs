//! Monitored services: Prometheus, Alertmanager and what they watch run from the candidate's own configuration, a service is
//! killed, and its alert must reach our sink and end.

mod baseline;
mod desk;
mod kills;
mod laid;
mod place;
mod read;
mod rewrite;
mod seen;
mod site;
mod subject;
mod times;
mod told;

#[cfg(test)]
mod tests;

pub(crate) use subject::Watching;
