//! Credentials in clear text. The fact never holds the credential itself.

use super::{KindSchema, bool, int, text};

pub(super) const KINDS: &[KindSchema] = &[
    KindSchema {
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
    },
    KindSchema {
        name: "secret.found",
        doc: "A credential in clear text, or what looks like one; its location is the value.",
        fields: &[
            text(
                "rule",
                "What recognised it: private-key, the name of a provider, jwt, url, literal or secret-manifest.",
            ),
            text("key", "The name that the value is given to, where there is one."),
            text("masked", "The first characters at most, and the length."),
            bool("counts", "Whether it is a credential that works as the tree stands; false for remarks."),
            text(
                "why_not",
                "Why it does not count: example, test, document, fallback, vendor-default, pipeline, overridden or public.",
            ),
        ],
    },
    KindSchema {
        name: "secret.past",
        doc: "A credential in a past version of a file; its location is the value in the oldest commit that holds it.",
        fields: &[
            text(
                "rule",
                "What recognised it: private-key, the name of a provider, jwt, url, literal or secret-manifest.",
            ),
            text("key", "The name that the value is given to, where there is one."),
            text("masked", "The first characters at most, and the length."),
            text("now", "present when the assessed tree still holds the value, else removed."),
            int("versions", "How many versions of files hold it."),
        ],
    },
    KindSchema {
        name: "secret.past-unread",
        doc: "Past versions were not looked at for credentials.",
        fields: &[text("reason", "Why, for people.")],
    },
    KindSchema {
        name: "secret.allowance",
        doc: "A file or comment that tells a secret scanner to look away.",
        fields: &[
            text("what", "list (a file of findings to ignore), configuration (an allow-list) or comment."),
            text("tool", "gitleaks, trufflehog, detect-secrets, bandit, trivy or git-secrets."),
            int("entries", "How many entries the list has, or how many comments the file."),
        ],
    },
];
