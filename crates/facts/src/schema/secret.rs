//! Facts of the secret family.

use super::{KindSchema, bool, text};

pub(super) const KINDS: &[KindSchema] = &[KindSchema {
    name: "secret.manager",
    doc: "A use of a tool that keeps secrets out of the clear.",
    fields: &[
        text(
            "tool",
            "sops, sealed-secrets, external-secrets, vault, ansible-vault, csi-secrets-store, aws-secrets-manager, aws-ssm, gcp-secret-manager, azure-key-vault, ci-variables or another store.",
        ),
        text(
            "how",
            "encrypted-file, encrypted-value, configuration, command, vars-file, object, annotation, volume, reference, resource, program, protected-variable or job-token.",
        ),
        text("name", "The name of the secret or variable, where it has one."),
        bool("example", "Whether it stands among examples, tests or fixtures."),
    ],
}];
