//! Image definitions and services that build on themselves, or never end.

use super::{Hostile, bomb, nested, one};

pub(super) fn cases() -> Vec<Hostile> {
    let stages: String = (0..3_000).map(|n| format!("FROM s{} AS s{n}\n", n + 1)).collect();
    let args: String = (1..60).map(|n| format!("ARG V{n}=${{V{0}}}${{V{0}}}\n", n - 1)).collect();
    let extends: String =
        (0..60).map(|n| format!("  s{n}: {{extends: {{service: s{}}}, image: x}}\n", n + 1)).collect();
    vec![
        one("stages in a circle", "Dockerfile", "FROM b AS a\nFROM a AS b\nFROM b\nUSER app\n")
            .facts("container.image", 1),
        one("a stage from itself", "Dockerfile", "FROM a AS a\nCOPY --from=a / /\n"),
        one("3,000 stages", "Dockerfile", stages),
        one("arguments that double", "Dockerfile", format!("ARG V0=x\n{args}FROM $V59\n")),
        one("an argument of itself", "Dockerfile", "ARG A=$A\nARG B=${B:-${B:-$A}}\nFROM ${A}${B}\n"),
        one("nested defaults", "Dockerfile", format!("FROM {}\n", nested("${A:-", "}", 20_000))),
        one("here document never ended", "Dockerfile", format!("FROM alpine:3\nRUN <<EOF\n{}", "x\n".repeat(50_000)))
            .facts("file.unread", 1),
        one("many here documents", "Dockerfile", format!("FROM alpine:3\nRUN {}\n", "<<A ".repeat(20_000))),
        one("continued without end", "Dockerfile", format!("FROM alpine:3\nRUN {}", "a && \\\n".repeat(100_000))),
        one("directives by the thousand", "Dockerfile", format!("{}FROM alpine:3\n", "# escape=`\n".repeat(20_000))),
        one(
            "FROM and nothing",
            "Dockerfile",
            "FROM\nFROM  AS\nFROM --platform=\nFROM @ AS @\nCOPY --from\nUSER\nONBUILD ONBUILD FROM x\n",
        ),
        one(
            "JSON never closed in a command",
            "Dockerfile",
            format!("FROM alpine:3\nCMD {}\n", "[\"a\",".repeat(10_000)),
        ),
        one(
            "a reference of colons",
            "Dockerfile",
            format!("FROM {}\nFROM {}\n", ":".repeat(5_000), "/@:".repeat(5_000)),
        ),
        one("a service that extends itself", "compose.yaml", "services: {a: {extends: {service: a}, image: x}}\n")
            .read("container"),
        one("a chain of extends", "compose.yaml", format!("services:\n{extends}")),
        Hostile::new(
            "compose files that include each other",
            [
                (
                    "compose.yaml",
                    "include: [b.yaml, compose.yaml]\nservices: {a: {image: x, extends: {file: b.yaml, service: b}}}\n",
                ),
                (
                    "b.yaml",
                    "include: [compose.yaml]\nservices: {b: {image: y, extends: {file: compose.yaml, service: a}}}\n",
                ),
            ],
        ),
        one(
            "services that depend on each other",
            "compose.yaml",
            "services: {a: {image: x, depends_on: [b]}, b: {image: y, depends_on: [a]}}\n",
        ),
        one(
            "a build out of the tree",
            "compose.yaml",
            "services: {a: {build: ../../.., env_file: /etc/passwd}, b: {build: {context: /, dockerfile: ../../x}}}\n",
        ),
        one("compose of odd shapes", "compose.yaml", "services: [a, {b: c}]\nvolumes: 3\nnetworks: [[]]\n"),
        one(
            "interpolations",
            "compose.yaml",
            format!("services: {{a: {{image: '{}'}}}}\n", nested("${A:-", "}", 10_000)),
        ),
        one("a bomb of services", "docker-compose.yml", format!("x: &x\n  y: 1\n{}services: *a9\n", bomb(10)))
            .unread("container"),
        one("compose never closed", "compose.yaml", "services: {a: {image: [\n").unread("container"),
        one(
            "machines in loops",
            "Vagrantfile",
            format!("Vagrant.configure('2') do |config|\n{}", "  (1..99999999).each do |i|\n".repeat(3_000)),
        ),
        one(
            "strings in Ruby",
            "Vagrantfile",
            format!("Vagrant.configure('2') do |c|\n  c.vm.box = \"{}\"\nend\n", nested("#{\"", "\"}", 10_000)),
        ),
        one(
            "here documents in Ruby",
            "Vagrantfile",
            "Vagrant.configure('2') do |c|\n  c.vm.provision 'shell', inline: <<-A\n".repeat(3_000),
        ),
        one("a dev container of depth", ".devcontainer/devcontainer.json", nested("{\"a\":", "}", 50_000)),
        one(
            "a dev container with comments",
            ".devcontainer/devcontainer.json",
            format!("{} {{\"image\": \"x\",}} /*", "/* // */\n".repeat(5_000)),
        ),
        one("a flake without end", "flake.nix", nested("{ a = ( [ ", " ] ); }", 20_000)),
    ]
}
