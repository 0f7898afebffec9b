//! Cloud: stacks, machine initialisation and images that infrastructure code describes.

use super::{KindSchema, bool, int, list, text};

pub(super) const KINDS: &[KindSchema] = &[
    KindSchema {
        name: "cloud.init",
        doc: "User data that cloud-init reads when a machine starts.",
        fields: &[
            list("modules", "The modules that it configures."),
            bool("beyond_packages", "Whether it does more than install packages."),
            bool("shell_only", "Whether all it does is run commands."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "cloud.stack",
        doc: "A stack, deployment or template of a cloud provisioning tool.",
        fields: &[
            text("tool", "pulumi, cloudformation, sam, cdk, cdktf, bicep, arm, serverless, eksctl or kops."),
            text("name", "Its name, where it has one."),
            text("language", "The language of the program that defines it, when it is a program."),
            int("resources", "How many resources it declares."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "cloud.image",
        doc: "A machine image that is built by code.",
        fields: &[
            text("tool", "packer or mkosi."),
            list("builders", "Its builders or sources."),
            list("provisioners", "How it is filled: shell, ansible, file, puppet, chef, salt or other."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
];
