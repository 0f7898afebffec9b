//! Vagrant machines as provisioned resources: several machines, or one with provisioners.

use facts::{Fact, Facts};

use crate::{Project, Sink};

const PARSER: &str = "vagrant-machines";

/// Reads the machines off the Vagrantfiles themselves; what they mean for development is told elsewhere.
pub(crate) fn run(project: &Project, _: &Facts, sink: &mut Sink) {
    for file in project.files().filter(|file| file.name() == "Vagrantfile" || file.name().starts_with("Vagrantfile.")) {
        let Ok(text) = file.text() else { continue };
        let found = machines(text.as_str());
        let example = file.class.example || file.class.test;
        for (line, name) in &found.machines {
            let fact = Fact::new("iac.resource", PARSER, file.at_line(*line))
                .with("tool", "vagrant")
                .with("type", "vagrant-machine");
            let fact = fact
                .with("name", name.as_str())
                .with("mode", "managed")
                .with("provider", "vagrant")
                .with("category", "machine");
            sink.push(fact.with("provisions", true).with("dir", file.dir()).with("example", example));
        }
        let several = found.machines.len() > 1 || found.looped;
        if let Some((line, _)) = found.machines.first().filter(|_| several && found.provisioned) {
            let code =
                Fact::new("iac.code", PARSER, file.at_line(*line)).with("tool", "vagrant").with("dir", file.dir());
            sink.push(code.with("role", "machine").with("example", example));
        }
    }
}

/// What a Vagrantfile says of its machines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machines {
    /// The line and name of each definition.
    pub machines: Vec<(usize, String)>,
    /// Whether a definition stands in a loop, so that it makes several.
    pub looped: bool,
    pub provisioned: bool,
}

/// Reads the machines of a Vagrantfile; one that defines none by name has the one of its box.
pub fn machines(text: &str) -> Machines {
    let mut found = Machines::default();
    let mut the_box = None;
    for (index, line) in text.lines().enumerate() {
        let written = line.trim_start();
        if written.starts_with('#') {
            continue;
        }
        found.looped |= written.contains(".each do")
            || written.contains(".each_with_index do")
            || written.contains(".times do")
            || written.contains(".each {")
            || written.starts_with("for ")
            || written.contains(".map do");
        found.provisioned |= written.contains(".vm.provision");
        if let Some((_, rest)) = written.split_once(".vm.define") {
            let name = rest.split(['"', '\'']).nth(1).unwrap_or_default();
            found.machines.push((index + 1, name.to_owned()));
        } else if written.contains(".vm.box ") || written.contains(".vm.box=") {
            the_box = the_box.or(Some(index + 1));
        }
    }
    found.looped &= !found.machines.is_empty();
    if found.machines.is_empty() {
        found.machines.extend(the_box.map(|line| (line, "default".to_owned())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_are_counted() {
        let check = |text: &str, machines_: usize, looped: bool, provisioned: bool| {
            let found = machines(text);
            assert_eq!(
                (found.machines.len(), found.looped, found.provisioned),
                (machines_, looped, provisioned),
                "{text}"
            );
        };
        check(
            "config.vm.define \"a\" do |a|\n a.vm.provision \"shell\"\nend\nconfig.vm.define 'b' do |b|\nend\n",
            2,
            false,
            true,
        );
        check("config.vm.box = \"x\"\n", 1, false, false);
        check("(1..3).each do |i|\n config.vm.define \"n#{i}\"\nend\n", 1, true, false);
        check("# config.vm.define \"a\"\n", 0, false, false);
        check("x.vm.define\n\u{e9}.vm.define '", 2, false, false);
    }
}
