//! Terraform, Ansible and their kin, that call themselves or nest without end.

use super::{Hostile, bomb, nested, one};

pub(super) fn cases() -> Vec<Hostile> {
    let modules = (0..40).map(|n| {
        (
            format!("m{n}/main.tf"),
            format!("module \"a\" {{ source = \"../m{0}\" }}\nmodule \"b\" {{ source = \"../m{0}\" }}\n", n + 1),
        )
    });
    let locals: String = (1..80).map(|n| format!("l{n} = \"${{local.l{0}}}${{local.l{0}}}\"\n", n - 1)).collect();
    let hosts: String = (0..60).map(|n| format!("[g{n}:children]\ng{}\ng{}\n", (n + 1) % 60, (n + 7) % 60)).collect();
    let mut cases = vec![
        one(
            "a module that calls itself",
            "main.tf",
            "module \"a\" { source = \"./\" }\nmodule \"b\" { source = \".\" }\n",
        )
        .at_least("iac.module-call", 2),
        Hostile::new(
            "modules in a circle",
            [
                ("a/main.tf", "module \"b\" { source = \"../b\" }\n"),
                ("b/main.tf", "module \"a\" { source = \"../a\" }\n"),
            ],
        )
        .at_least("iac.module-call", 2),
        Hostile::new("modules that double", modules),
        one("a module out of the tree", "main.tf", "module \"a\" { source = \"../../../../etc\" }\n")
            .facts("iac.module-call", 1),
        one(
            "locals that double",
            "main.tf",
            format!("locals {{\nl0 = \"x\"\n{locals}}}\nprovider \"aws\" {{ region = local.l79 }}\n"),
        ),
        one(
            "a local of itself",
            "main.tf",
            "locals { a = local.a\n b = \"${local.b}\" }\nterraform { backend \"s3\" { bucket = local.a } }\n",
        ),
        one("200 nested blocks", "main.tf", nested("a {\n", "}\n", 200)),
    ];
    for (what, open, close) in [
        ("lists", "[", "]"),
        ("objects", "{a=", "}"),
        ("parentheses", "(", ")"),
        ("calls", "f(", ")"),
        ("templates", "\"${", "}\""),
        ("negations", "!", ""),
        ("conditions", "a ? b : ", "c"),
        ("indexes", "a[", "]"),
        ("for", "[for a in b : ", "]"),
    ] {
        let text = format!(
            "a = {}\n",
            nested(open, close, 20_000).replacen(
                close,
                &format!("1{close}"),
                usize::from(!close.is_empty() && close != "c")
            )
        );
        cases.push(one(&format!("HCL: deep {what}"), "main.tf", text).unread("iac"));
    }
    for (what, text) in [
        ("braces never closed", "resource \"a\" \"b\" {\n".repeat(20_000)),
        ("braces never opened", "}\n".repeat(20_000)),
        ("a string never closed", format!("a = \"{}", "x".repeat(100_000))),
        ("a here document never ended", format!("a = <<EOF\n{}", "x\n".repeat(50_000))),
        ("a comment never ended", format!("/*{}", "x\n".repeat(50_000))),
    ] {
        cases.push(one(&format!("HCL: {what}"), "main.tf", text).unread("iac"));
    }
    cases.extend([
        one("HCL: a million operators", "main.tf", format!("a = 1{}\n", " + 1".repeat(60_000))),
        one("HCL: 60,000 labels", "main.tf", format!("resource {} {{}}\n", "\"a\" ".repeat(60_000))),
        one("HCL: numbers beyond numbers", "main.tf", "a = 1e999999999\nb = -99999999999999999999999\nresource \"aws_instance\" \"a\" { count = 99999999999999999999 }\n"),
        one("terragrunt that includes itself", "terragrunt.hcl", "include \"a\" { path = \"terragrunt.hcl\" }\ninclude \"b\" { path = find_in_parent_folders() }\ndependency \"c\" { config_path = \".\" }\n"),
        one("Packer, deep", "image.pkr.hcl", nested("source \"a\" \"b\" {\n", "}\n", 5_000)).unread("iac"),
        Hostile::new("variables files of depth", [("a.tfvars", format!("a = {}", nested("[", "]", 20_000))), ("main.tf", "variable \"a\" {}\n".to_owned())]),
        Hostile::new("roles in a circle", [
            ("site.yml", "- hosts: all\n  roles: [a]\n"),
            ("roles/a/meta/main.yml", "dependencies: [b, a]\n"),
            ("roles/b/meta/main.yml", "dependencies: [{role: a}]\n"),
            ("roles/a/tasks/main.yml", "- include_tasks: main.yml\n- import_role: {name: b}\n"),
            ("roles/b/tasks/main.yml", "- include_role: {name: a}\n- ansible.builtin.import_tasks: ../../../../x.yml\n"),
        ])
        .at_least("ansible.role", 1),
        one("a playbook that imports itself", "site.yml", "- import_playbook: site.yml\n- hosts: all\n  tasks: [{import_tasks: site.yml}]\n").at_least("ansible.play", 1),
        one("blocks in blocks", "site.yml", format!("- hosts: all\n  tasks: {}\n", nested("[{block: ", "}]", 45))),
        one("broken tasks", "roles/a/tasks/main.yml", "- name: x\n  shell: {a\n").unread("ansible"),
        one("groups in a circle", "hosts.ini", format!("[all]\na\n{hosts}")),
        one("ranges of hosts", "inventories/prod/hosts.ini", "[web]\nweb[1:999999999].example.org\nweb[a:z][a:z][a:z][a:z][a:z]\n[[[[\n[x:y:z]\n= = =\n"),
        one("an inventory of brackets", "hosts", format!("[a]\n{}\n", "[".repeat(100_000))),
        one("an inventory bomb", "inventory/hosts.yml", bomb(10)),
        one("CloudFormation bomb", "template.yaml", format!("AWSTemplateFormatVersion: 2010-09-09\n{}Resources: {{A: {{Type: 'AWS::S3::Bucket', Properties: *a9}}}}\n", bomb(10))).unread("iac"),
        one("CloudFormation functions", "template.yaml", format!("AWSTemplateFormatVersion: 2010-09-09\nResources: {{A: {{Type: 'AWS::S3::Bucket', Properties: {}}}}}\n", nested("{Fn::Join: [a, ", "]}", 45))).read("iac"),
        one("cloud-init of depth", "cloud-config.yaml", format!("#cloud-config\nruncmd: {}", nested("[", "]", 50_000))),
        one("an ARM template of depth", "azuredeploy.json", format!("{{\"$schema\": \"https://schema.management.azure.com/x/deploymentTemplate.json#\", \"resources\": {}}}", nested("[", "]", 50_000))),
        one("state as a bomb of text", "terraform.tfstate", format!("{{\"version\": 4, \"resources\": [{}{{}}]}}", "{},".repeat(100_000))),
        one("Bicep of depth", "main.bicep", format!("resource a 'Microsoft.Web/sites@2022' = {}\n", nested("{ a: [", "] }", 20_000))),
        one("Puppet never closed", "manifests/site.pp", "node 'a' { package { ".repeat(20_000)),
        one("Salt with templates", "top.sls", format!("base:\n{}", "{% for a in b %}".repeat(20_000))),
        one("Go code of depth", "main.go", format!("package main\nfunc main() {}", nested("{ f(func() ", ") }", 20_000))),
        one("Pulumi of odd shapes", "Pulumi.yaml", "name: [a]\nruntime: {name: {x: y}}\nresources: {a: 1, b: {type: [x]}}\n"),
    ]);
    cases
}
