//! Infrastructure as code: resources, modules, state, environments, configuration managers and their tests.

use super::{KindSchema, bool, int, list, text};

pub(super) const KINDS: &[KindSchema] = &[
    KindSchema {
        name: "iac.code",
        doc: "A directory, file or program of infrastructure code that one tool reads.",
        fields: &[
            text(
                "tool",
                "terraform, terragrunt, ansible, puppet, chef, salt, cfengine, nixos, pulumi, cloudformation, sam, cdk, cdktf, bicep, arm, crossplane, packer, eksctl, kops, cluster-api, serverless, vagrant, cloud-init, kubernetes, helm or kustomize.",
            ),
            text("dir", "Its directory, empty for the root."),
            text(
                "role",
                "root, module, unit, playbook, role, inventory, template, program, manifest, chart, overlay, image or machine.",
            ),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "iac.resource",
        doc: "A resource that infrastructure code declares or looks up.",
        fields: &[
            text(
                "tool",
                "terraform, cloudformation, pulumi, cdk, bicep, arm, crossplane, eksctl, kops, cluster-api, serverless, vagrant, packer, operator or ansible.",
            ),
            text("type", "Its type as the tool names it: aws_instance, AWS::EC2::Instance."),
            text("name", "Its name in the code."),
            text("mode", "managed when the code creates it, data when the code only looks it up."),
            text("provider", "The provider or the first part of the type: aws, google, azurerm, helm."),
            text(
                "category",
                "machine, network, cluster, database, queue, cache, bucket, dns, certificate, iam, secret, monitoring, alarm, dashboard, log-group, notification, load-balancer, health-check, deployment, function, registry, gateway, kubernetes, helm, addon, local or other.",
            ),
            bool("provisions", "Whether it creates something that outlives the command at a provider or on a host."),
            text("dir", "The directory of the code."),
            list(
                "attributes",
                "Its settings as path=value, with nested blocks as part of the path; values of secret settings are left out.",
            ),
            list("blocks", "The paths of its nested blocks."),
            text("chart", "The chart that a Helm release installs."),
            text("repository", "The repository of that chart."),
            text("version", "The version that it pins, of the chart or the add-on."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "iac.module-call",
        doc: "A place where infrastructure code uses a module.",
        fields: &[
            text("tool", "terraform, terragrunt, bicep or cloudformation."),
            text("name", "The name of the use."),
            text("source", "The source as written."),
            text("origin", "local, registry, git, http or other."),
            text("version", "The version or revision that it asks for."),
            bool("pinned", "Whether that version is given and no branch."),
            text("dir", "The directory that a local source leads to, when it is in the repository."),
            text("from", "The directory of the code that uses it."),
            text("category", "For a remote module, what it creates, read from its name as for iac.resource."),
            bool("provisions", "Whether it is a remote module that creates resources."),
            bool("example", "Whether the use stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "iac.provider",
        doc: "A provider that infrastructure code configures or requires.",
        fields: &[
            text("name", "Its local name."),
            text("source", "Its address, when given."),
            text("version", "Its version constraint, when given."),
            text("dir", "The directory of the code."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "iac.variable",
        doc: "A variable or output of infrastructure code.",
        fields: &[
            text("what", "variable or output."),
            text("name", "Its name."),
            text("dir", "The directory of the code."),
            bool("default", "Whether a default is given."),
            bool("sensitive", "Whether it is marked sensitive."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "iac.root",
        doc: "A root of the Terraform family, which keeps a state, with the way it keeps it.",
        fields: &[
            text("tool", "terraform or terragrunt."),
            text("dir", "Its directory."),
            text("backend", "The type of its backend; local when none is declared."),
            bool("partial", "Whether the backend is completed from outside its block."),
            bool("locking", "Whether the state is locked, by nature or by what is declared."),
            text(
                "state",
                "safe, unlocked when the backend needs a lock that is not declared, local, or open when what decides lies outside the repository.",
            ),
            bool("bootstrap", "Whether it only creates the backend of others."),
            text("reason", "What decided, for people."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "iac.state-file",
        doc: "A state of the Terraform family that is kept in the repository.",
        fields: &[
            int("resources", "How many resources it holds."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "iac.environment",
        doc: "An environment that infrastructure code tells from others.",
        fields: &[
            text(
                "name",
                "Its usual name: dev, test, integration, qa, staging, preprod, prod, review, demo or sandbox.",
            ),
            text("written", "The name as written."),
            text(
                "how",
                "workspace, variables, folder, overlay, values, inventory, terragrunt, stack, settings, playbook, application or pipeline.",
            ),
            text("group", "What it is one variant of: the directory or file without the environment's name."),
            bool("distinct", "Whether its content differs from that of the other environments of its group."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "iac.reuse",
        doc: "A unit of infrastructure code that is used from elsewhere, or that comes from a registry.",
        fields: &[
            text(
                "unit",
                "module, role, collection, chart, base, component, stack, profile, recipe, state or construct.",
            ),
            text("name", "Its name or source."),
            text("origin", "own or registry."),
            bool("pinned", "Whether a unit from a registry is pinned."),
            bool("counts", "Whether it is an own unit in use, or a pinned one."),
            bool("example", "Whether the use stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "iac.manager",
        doc: "The use of a configuration manager.",
        fields: &[
            text("tool", "ansible, puppet, chef, salt, cfengine, nixos, nix-darwin, cloud-init, argo-cd or flux."),
            text("model", "push or pull."),
            text("style", "declarative or imperative: what most of its definitions are."),
            text("what", "playbook, role, manifest, cookbook, state, policy, configuration, user-data or object."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "ansible.play",
        doc: "A play of an Ansible playbook.",
        fields: &[
            text("name", "Its name."),
            text("hosts", "The hosts or groups that it targets."),
            list("roles", "The roles that it uses."),
            int("tasks", "How many tasks it holds itself."),
            bool("import", "Whether it imports another playbook."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "ansible.role",
        doc: "A role that the repository holds.",
        fields: &[
            text("name", "Its name."),
            text("dir", "Its directory, empty when the repository is the role."),
            int("tasks", "How many tasks it holds."),
            int("imperative", "How many of them run a command, a shell or a script."),
            bool("scaffold", "Whether its tasks are still empty."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "ansible.inventory",
        doc: "An inventory of hosts.",
        fields: &[
            text("format", "ini, yaml, plugin or script."),
            list("groups", "Its groups."),
            list("hosts", "Its hosts."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "ansible.requirement",
        doc: "A role or collection that is fetched.",
        fields: &[
            text("what", "role or collection."),
            text("name", "Its name or source."),
            text("version", "The version that it asks for."),
            bool("pinned", "Whether that version is given and no branch or open range."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "ansible.exemption",
        doc: "A task that is exempt from the proof of idempotence.",
        fields: &[
            text("task", "Its name."),
            text("what", "changed_when, ignore_errors or molecule-idempotence-notest."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "infratest.suite",
        doc: "A file or object that tests infrastructure or what it does.",
        fields: &[
            text(
                "tool",
                "molecule, testinfra, terratest, inspec, goss, serverspec, terraform-test, kitchen, helm-test, helm-unittest, chainsaw, kuttl, bats, shell, conftest, opa, kyverno, gatekeeper, container-structure-test, ansible, pulumi, cdk, pester, chef or puppet.",
            ),
            text("target", "What it tests, where visible: a role, module, chart, host or image."),
            int("assertions", "How many assertions it holds."),
            bool("has_assertions", "Whether it asserts anything."),
            bool("scaffold", "Whether it is the untouched sample of a generator."),
            text("kind", "behaviour, unit or policy."),
        ],
    },
    KindSchema {
        name: "infratest.covers",
        doc: "A test of infrastructure together with what it tests.",
        fields: &[text("tool", "As for infratest.suite."), text("target", "The directory of what is tested.")],
    },
];
