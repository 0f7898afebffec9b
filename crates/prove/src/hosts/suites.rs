//! Tests of what hosts are: which there are, and how they are run.

use std::collections::BTreeSet;

use sandbox::{Command, layout};

use super::ansible;
use super::claim::Claim;
use super::covers;
use super::site::{Site, What};
use crate::experiment::{Ground, Line};
use crate::say::say;

/// One suite of tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suite {
    /// The file that holds it, from the root.
    pub path: String,
    pub tool: Tool,
    /// What it claims to cover; the host is left open, as tests seldom name it.
    pub claims: Vec<Claim>,
    /// Whether it asks Ansible for what the inventory says of a host.
    by_ansible: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    Testinfra,
    Goss,
    Shell,
    Bats,
    Serverspec,
    /// A playbook that verifies, as Molecule's.
    Playbook,
}

/// Where the tests lie on a host that they run on: what lies in memory is not kept with its state.
pub(super) const ON_HOST: &str = "/var/tmp/tests";

/// Bats on a host.
const BATS: &str = "/usr/local/bin/bats";

/// The files of Bats in our control image, below `/usr`; on a host they lie below `/usr/local`.
pub(super) const BATS_FILES: [&str; 3] = ["bin/bats", "lib/bats-core", "libexec/bats-core"];

/// `molecule/default/verify.yml`.
fn is_verify(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("verify.yml" | "verify.yaml"))
}

impl Suite {
    /// The suites that can be run on hosts here, and those that cannot, with their tool.
    pub fn all(ground: &Ground<'_>) -> (Vec<Self>, BTreeSet<String>) {
        let (mut suites, mut others) = (Vec::<Self>::new(), BTreeSet::new());
        for fact in ground.facts.of("infratest.suite").iter().filter(|fact| !fact.is("scaffold")) {
            let Some(path) = fact.location().path() else { continue };
            let tool = match fact.text("tool") {
                "testinfra" => Tool::Testinfra,
                // A Molecule scenario that is verified in Python is verified by testinfra.
                "molecule" if path.ends_with(".py") => Tool::Testinfra,
                "molecule" if is_verify(path) => Tool::Playbook,
                "goss" => Tool::Goss,
                "shell" => Tool::Shell,
                "bats" => Tool::Bats,
                "serverspec" => Tool::Serverspec,
                // Those tests need no host: they are run without one, or on a cluster.
                "terraform-test" | "helm-test" => continue,
                other => {
                    others.insert(format!("{other} ({path})"));
                    continue;
                }
            };
            if suites.iter().any(|suite| suite.path == path) {
                continue;
            }
            let claims = ground.tree.text(path).map(|text| covers::claims(tool, path, text)).unwrap_or_default();
            // A script that asks nothing of a host is about something else: a cluster, a build.
            if matches!(tool, Tool::Shell | Tool::Bats) && claims.is_empty() {
                others.insert(format!("{} ({path})", fact.text("tool")));
                continue;
            }
            let by_ansible = tool == Tool::Testinfra
                && ground
                    .tree
                    .text(path)
                    .is_some_and(|text| ["ansible://", "host.ansible"].iter().any(|word| text.contains(word)));
            suites.push(Self { path: path.to_owned(), tool, claims, by_ansible });
        }
        (suites, others)
    }

    /// The command that runs the suite on a host: from the control container, or on the host itself. It may end with the first
    /// test that fails, and is the same whether something was done to the host or not.
    pub fn command(&self, host: &str, site: &Site) -> Command {
        let command = match self.tool {
            Tool::Testinfra => self.testinfra(host, site),
            Tool::Goss => {
                Command::new(["goss", "--gossfile", &*format!("{ON_HOST}/{}", self.path), "validate", "--no-color"])
                    .root()
            }
            Tool::Shell => Command::new(["bash", &*format!("{ON_HOST}/{}", self.path)]).root(),
            Tool::Bats => Command::new([BATS, "--tap", &*format!("{ON_HOST}/{}", self.path)]).root(),
            Tool::Serverspec => self.serverspec(host),
            Tool::Playbook => ansible::verify(&self.path, host),
        };
        command.own().seconds(300).output_bytes(4 << 20)
    }

    /// The same for the test alone that holds a claim, where the tool lets tests be chosen. It, too, is run with and without
    /// damage.
    pub fn narrowed(&self, host: &str, site: &Site, claim: &Claim) -> Option<Command> {
        let (_, line) = claim.at.rsplit_once(':')?;
        let narrowed = || self.command(host, site).env("NARROWED", format!("{line}:{}", claim.name));
        (self.tool == Tool::Testinfra).then(narrowed)
    }

    /// How testinfra reaches a host: by Ansible where the suite asks it for variables, else by ssh alone.
    fn through(&self, site: &Site) -> &'static str {
        let ansible = matches!(site.what, What::Playbook | What::Role);
        if self.by_ansible && ansible { "ansible" } else { "ssh" }
    }

    fn testinfra(&self, host: &str, site: &Site) -> Command {
        let file = format!("{}/{}", layout::REPOSITORY, self.path);
        let ssh = format!(
            "Host *\n  User root\n  IdentityFile {}/key\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  \
             LogLevel ERROR\n",
            layout::HOME
        );
        // All commands of one run go over one connection; none outlives it, as the host may be started again.
        let line = "printf '%s  ControlPath /tmp/mux-%s-%%C\\n' \"$SSH\" $$ >/tmp/ssh_config; \
                    ${NARROWED:+env PYTHONPATH=\"$OURS\"} py.test -q -rf --exitfirst ${NARROWED:+-p narrowed} \
                    -p no:cacheprovider --hosts=\"$BY://$ON\" --ssh-config=/tmp/ssh_config \"$FILE\"; \
                    status=$?; ssh -F /tmp/ssh_config -O exit \"$ON\" 2>/dev/null; exit $status";
        let folder = file.rsplit_once('/').map_or(layout::REPOSITORY, |(folder, _)| folder).to_owned();
        let command = Command::sh(line)
            .env("OURS", ansible::OURS)
            .env("SSH", ssh)
            .env("ON", host)
            .env("FILE", &file)
            .directory(folder);
        let command =
            command.env("BY", self.through(site)).env("ANSIBLE_INVENTORY", ansible::inventories(site).join(","));
        ansible::environment(command)
    }

    /// A file of ours comes after the suite's own settings, so that it is this host which is looked at.
    fn serverspec(&self, host: &str) -> Command {
        let file = format!("{}/{}", layout::REPOSITORY, self.path);
        let folder = file.split_once("/spec/").map_or(layout::REPOSITORY, |(above, _)| above).to_owned();
        let line = "printf '%s' \"$OURS\" >/tmp/ours.rb && exec rspec --no-color --fail-fast -f documentation -I spec -r /tmp/ours.rb \"$FILE\"";
        Command::sh(line)
            .env("OURS", include_str!("serverspec.rb"))
            .env("TARGET_HOST", host)
            .env("KEY", format!("{}/key", layout::HOME))
            .env("HOME", layout::HOME)
            .env("FILE", &file)
            .directory(folder)
    }

    /// Whether it is run on the host itself.
    pub fn on_host(&self) -> bool {
        matches!(self.tool, Tool::Goss | Tool::Shell | Tool::Bats)
    }

    pub fn line(&self, site: &Site) -> Line {
        let host = site.hosts.first().map_or("host1", |host| host);
        let text = match self.tool {
            Tool::Testinfra => format!("py.test --hosts={}://{host} {}", self.through(site), self.path),
            Tool::Serverspec => format!("TARGET_HOST={host} rspec {}", self.path),
            Tool::Playbook => format!("ansible-playbook --limit {host} {}", self.path),
            Tool::Goss | Tool::Shell | Tool::Bats => self.command(host, site).shown(),
        };
        Line { what: say!("tests-of", path = self.path), text: text.into(), from: vec![format!("{}:1", self.path)] }
    }
}
