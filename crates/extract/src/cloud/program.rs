//! Infrastructure written as programs: Pulumi, the AWS CDK and CDK for Terraform.

use super::{Resource, Stack};
use crate::iac::standing;
use crate::{File, Node, Project, Sink, path};

/// The facts of all such programs.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        match file.name() {
            "Pulumi.yaml" | "Pulumi.yml" => pulumi(project, file, sink),
            "cdk.json" => program(project, file, "cdk", "", sink),
            "cdktf.json" => program(project, file, "cdktf", "", sink),
            _ => {}
        }
    }
}

fn pulumi(project: &Project, file: &File, sink: &mut Sink) {
    let documents = sink.checked(file, file.yaml(), super::PARSER, "iac");
    let Some(root) = documents.documents.first().map(|document| &document.root) else { return };
    let runtime = root.get("runtime");
    let language =
        runtime.and_then(Node::as_str).or_else(|| runtime.and_then(|node| node.str_at("name"))).unwrap_or_default();
    if language != "yaml" {
        return program(project, file, "pulumi", language, sink);
    }
    let example = standing::is_example(project, &file.path);
    let entries = root.get("resources").map(Node::entries).unwrap_or_default();
    let (name, at) = (root.str_at("name").unwrap_or_default(), file.start());
    super::stack(
        sink,
        Stack {
            tool: "pulumi",
            role: "program",
            name,
            language,
            dir: file.dir(),
            resources: entries.len(),
            at,
            example,
        },
    );
    for (key, node) in entries {
        let (kind, name) = (node.str_at("type").unwrap_or_default(), key.as_str().unwrap_or_default());
        let at = file.at(key.range.start..node.get("type").map_or(key.range.end, |node| node.range.end));
        let attributes = super::cloudformation::settings(node.get("properties"));
        super::resource(sink, Resource { tool: "pulumi", kind, name, dir: file.dir(), at, attributes, example });
    }
}

/// How many calls of one program are told.
const CALLS: usize = 400;

fn program(project: &Project, file: &File, tool: &'static str, language: &str, sink: &mut Sink) {
    let example = standing::is_example(project, &file.path);
    let sources = project.below(file.dir()).filter(|source| source.class.own() && !source.class.test);
    let mut count = 0;
    let mut found = language.to_owned();
    for source in sources {
        let extension = source.extension();
        let Some(language) = language_of(&extension) else { continue };
        for call in calls(source.str()) {
            if count >= CALLS {
                break;
            }
            count += 1;
            found = if found.is_empty() { language.to_owned() } else { found };
            let at = source.at_line(call.line);
            let kind = call.kind.as_str();
            super::resource(
                sink,
                Resource {
                    tool,
                    kind,
                    name: &call.name,
                    dir: path::dir(&source.path),
                    at,
                    attributes: Vec::new(),
                    example,
                },
            );
        }
    }
    super::stack(
        sink,
        Stack {
            tool,
            role: "program",
            name: path::name(file.dir()),
            language: &found,
            dir: file.dir(),
            resources: count,
            at: file.start(),
            example,
        },
    );
}

fn language_of(extension: &str) -> Option<&'static str> {
    match extension {
        "ts" | "tsx" => Some("typescript"),
        "js" | "mjs" => Some("javascript"),
        "py" => Some("python"),
        "go" => Some("go"),
        "cs" => Some("csharp"),
        "java" => Some("java"),
        _ => None,
    }
}

/// A call that makes a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub line: usize,
    pub kind: String,
    pub name: String,
}

/// Modules of the providers, by the name that programs give them.
const MODULES: [&str; 33] = [
    "aws",
    "azure",
    "gcp",
    "google",
    "k8s",
    "kubernetes",
    "digitalocean",
    "awsx",
    "eks",
    "azure_native",
    "scaleway",
    "hcloud",
    "openstack",
    "ec2",
    "ecs",
    "s3",
    "rds",
    "lambda",
    "lambda_",
    "_lambda",
    "iam",
    "sns",
    "sqs",
    "dynamodb",
    "cloudwatch",
    "elbv2",
    "apigateway",
    "cloudfront",
    "route53",
    "ecs_patterns",
    "ecsPatterns",
    "secretsmanager",
    "ecr",
];

/// The calls of a program that make a resource: `new aws.ec2.Instance("web"`, `ec2.Vpc(self, "net"`, `ec2.NewInstance(ctx, "web"`.
pub fn calls(text: &str) -> Vec<Call> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let written = line.trim_start();
        if written.starts_with("//")
            || written.starts_with('#')
            || written.starts_with('*')
            || written.starts_with("import")
        {
            continue;
        }
        let Some(open) = line.find('(') else { continue };
        let before = &line[..open];
        let start = before
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let path: Vec<&str> = before[start..].split('.').collect();
        let (Some(first), Some(last)) = (path.first(), path.last()) else { continue };
        let class = last
            .strip_prefix("New")
            .filter(|class| class.starts_with(|c: char| c.is_ascii_uppercase()))
            .unwrap_or(last);
        let named = class.starts_with(|c: char| c.is_ascii_uppercase())
            && !class.ends_with("Args")
            && !class.starts_with("Get");
        if path.len() >= 2 && named && MODULES.contains(first) {
            let rest = line[open + 1..].split(['"', '\'']).nth(1).unwrap_or_default();
            let kind = format!("{}.{class}", path[..path.len() - 1].join("."));
            found.push(Call { line: index + 1, kind, name: rest.to_owned() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_several_languages_are_found() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = calls(text);
            assert_eq!(found.first().map(|call| (call.kind.as_str(), call.name.as_str())), expected, "{text}");
        };
        check("const web = new aws.ec2.Instance(\"web\", {", Some(("aws.ec2.Instance", "web")));
        check("vpc = ec2.Vpc(self, \"net\")", Some(("ec2.Vpc", "net")));
        check("i, err := ec2.NewInstance(ctx, \"web\", nil)", Some(("ec2.Instance", "web")));
        check("ec2.InstanceArgs(", None);
        check("print(aws.x)", None);
        check("// new aws.s3.Bucket('b')", None);
        check("é(", None);
        check("(((", None);
    }
}
