//! Cloud: templates, programs and images that create resources outside the Terraform family, and cloud-init.

mod arm;
mod cloud_init;
mod cloudformation;
mod packer;
mod program;
mod serverless;
mod vagrant;

pub(crate) use vagrant::run as machines;

use facts::{Confidence, Fact, Location};

use crate::{Project, Sink, iac::terraform};

const PARSER: &str = "cloud";

/// Reads all of them.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    cloudformation::run(project, sink);
    serverless::run(project, sink);
    arm::run(project, sink);
    packer::run(project, sink);
    program::run(project, sink);
    cloud_init::run(project, sink);
}

/// A resource of a template or a program.
struct Resource<'a> {
    tool: &'static str,
    kind: &'a str,
    name: &'a str,
    dir: &'a str,
    at: Location,
    attributes: Vec<String>,
    example: bool,
}

fn resource(sink: &mut Sink, one: Resource<'_>) {
    let category = category(one.kind);
    let provider = one.kind.split([':', '.', '/', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let fact =
        Fact::new("iac.resource", PARSER, one.at).with("tool", one.tool).with("type", one.kind).with("name", one.name);
    let fact =
        fact.with("mode", "managed").with("provider", provider).with("category", category).with("provisions", true);
    let fact = fact.with("dir", one.dir).with("attributes", one.attributes).with("example", one.example);
    let central = terraform::central(category);
    sink.push(fact.confidence(if central { Confidence::Exact } else { Confidence::Likely }));
}

/// The category of a type written in words joined by colons, dots or capitals: `AWS::EC2::VPC`, `aws.ec2.Instance`.
fn category(kind: &str) -> &'static str {
    let mut words = String::from("aws_");
    let mut before = ' ';
    for letter in kind.chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            words.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            words.push(letter.to_ascii_lowercase());
        } else if !words.ends_with('_') {
            words.push('_');
        }
        before = letter;
    }
    terraform::of_type(&words).category
}

/// A stack, and the code that defines it.
struct Stack<'a> {
    tool: &'static str,
    role: &'static str,
    name: &'a str,
    language: &'a str,
    dir: &'a str,
    resources: usize,
    at: Location,
    example: bool,
}

fn stack(sink: &mut Sink, one: Stack<'_>) {
    let fact = Fact::new("cloud.stack", PARSER, one.at.clone()).with("tool", one.tool).with("name", one.name);
    let fact = fact.with("language", one.language).with("resources", one.resources).with("example", one.example);
    sink.push(fact);
    let code = Fact::new("iac.code", PARSER, one.at).with("tool", one.tool).with("dir", one.dir);
    sink.push(code.with("role", one.role).with("example", one.example));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_all_tools_have_a_category() {
        let check = |kind: &str, expected: &str| assert_eq!(category(kind), expected, "{kind}");
        check("AWS::EC2::Instance", "machine");
        check("AWS::EC2::VPC", "network");
        check("AWS::RDS::DBInstance", "database");
        check("AWS::S3::Bucket", "bucket");
        check("AWS::Lambda::Function", "function");
        check("aws.ec2.Instance", "machine");
        check("Microsoft.ContainerService/managedClusters", "cluster");
        check("Microsoft.Network/virtualNetworks", "network");
        check("AWS::CloudWatch::Alarm", "alarm");
    }
}
