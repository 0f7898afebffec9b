//! Secret stores that infrastructure code creates or reads.

use facts::{Confidence, Facts};

use super::pipeline::is_credential;
use super::{Use, tell};
use crate::{Project, Sink};

/// Parts of resource types, with the store that they belong to.
const TYPES: [(&str, &str); 17] = [
    ("aws_secretsmanager", "aws-secrets-manager"),
    ("AWS::SecretsManager::", "aws-secrets-manager"),
    ("google_secret_manager", "gcp-secret-manager"),
    ("azurerm_key_vault_secret", "azure-key-vault"),
    ("azurerm_key_vault", "azure-key-vault"),
    ("Microsoft.KeyVault/vaults", "azure-key-vault"),
    ("vault_", "vault"),
    ("sops_file", "sops"),
    ("onepassword_", "1password"),
    ("doppler_", "doppler"),
    ("infisical_", "infisical"),
    ("scaleway_secret", "scaleway-secret-manager"),
    ("ovh_okms", "ovh-okms"),
    ("oci_vault_secret", "oci-vault"),
    ("github_actions_secret", "ci-variables"),
    ("gitlab_project_variable", "ci-variables"),
    ("akeyless_", "akeyless"),
];

/// Charts that install a secret store or what reads from one.
const STORES: [&str; 6] = [
    "vault",
    "external-secrets",
    "sealed-secrets",
    "secrets-store-csi-driver",
    "vault-secrets-operator",
    "csi-secrets-store-provider-azure",
];

/// The facts that resources give.
pub(crate) fn run(_: &Project, facts: &Facts, sink: &mut Sink) {
    for resource in facts.of("iac.resource") {
        let kind = resource.text("type");
        let settings = resource.list("attributes");
        let secure = matches!(kind, "aws_ssm_parameter" | "AWS::SSM::Parameter") && is_secret_parameter(settings);
        let managed_password = settings.iter().any(|setting| setting == "manage_master_user_password=true");
        let tool = if secure {
            Some("aws-ssm")
        } else if managed_password {
            Some("aws-secrets-manager")
        } else if STORES.contains(&resource.text("chart")) {
            Some("secret-store")
        } else {
            TYPES.iter().find(|(part, _)| kind.starts_with(part)).map(|(_, tool)| *tool)
        };
        if let Some(tool) = tool {
            let at = resource.location().clone();
            let (name, example) = (resource.text("name"), resource.is("example"));
            tell(sink, Use { tool, how: "resource", name, at, example, sure: Confidence::Exact });
        }
    }
}

/// Parameters hold images, addresses and names as well: only an encrypted one, or one called as a credential is, is a secret.
fn is_secret_parameter(settings: &[String]) -> bool {
    let named = |setting: &String| {
        setting.split_once('=').is_some_and(|(path, value)| {
            path.eq_ignore_ascii_case("name")
                && !value.contains("aws/service")
                && is_credential(&value.replace(['/', '-'], "_"))
        })
    };
    settings.iter().any(|setting| {
        setting.to_ascii_lowercase().contains("securestring") || setting == "with_decryption=true" || named(setting)
    })
}
