//! Whether a value could work as a credential: not a reference, not a placeholder, not encrypted.

/// Whether the value is written out, as opposed to a reference to where it really is.
pub(crate) fn is_literal(value: &str) -> bool {
    let value = value.trim();
    let starts = |prefix: &str| value.starts_with(prefix);
    if value.len() < 3 || value.len() > 4_000 || value.chars().any(char::is_whitespace) {
        return false;
    }
    let reference = value.contains("${")
        || value.contains("$(")
        || value.contains("{{")
        || value.contains("<%")
        || value.contains("#{")
        || value.contains("%(")
        || (starts("$") && value[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
        || (starts("%") && value.ends_with('%'))
        || (starts("@") && value.ends_with('@'))
        || starts("!")
        || starts("*") && value.len() < 40 && !value.contains("**")
        || starts("&");
    let named = [
        "var.", "local.", "data.", "module.", "random_", "each.", "secrets.", "env.", "vars.", "params.", "self.",
        "path.",
    ];
    let functions = [
        "get_env(",
        "os.",
        "process.",
        "file(",
        "sops_",
        "lookup(",
        "getenv(",
        "env(",
        "ENV[",
        "ENV.",
        "vault(",
        "dependency.",
        "Ref:",
    ];
    let stores = [
        "vault:",
        "ref+",
        "arn:",
        "secretref:",
        "awssm:",
        "gcpsm:",
        "op://",
        "keyvault:",
        "ssm:",
        "projects/",
        "vault/",
    ];
    let reference = reference
        || named.iter().chain(&functions).chain(&stores).any(|prefix| starts(prefix))
        || (value.contains('(') && value.ends_with([')', '(']))
        || starts("/run/secrets")
        || starts("/etc/")
        || starts("./")
        || starts("../")
        || starts("~/");
    !reference && !is_encrypted(value) && !is_placeholder(value) && !is_constant(value)
}

fn is_encrypted(value: &str) -> bool {
    [
        "ENC[",
        "ENC(",
        "$ANSIBLE_VAULT",
        "AgA",
        "AgB",
        "AgC",
        "vault:v",
        "{cipher}",
        "{AES}",
        "age1",
        "$2a$",
        "$2b$",
        "$2y$",
        "$6$",
        "$5$",
        "$1$",
        "$apr1$",
        "{SHA}",
        "sha256:",
        "$argon2",
    ]
    .iter()
    .any(|prefix| value.starts_with(prefix) && (prefix.len() > 3 || value.len() > 100))
}

/// Words of the language, not values.
fn is_constant(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    [
        "true",
        "false",
        "null",
        "none",
        "nil",
        "undefined",
        "yes",
        "off",
        "string",
        "str",
        "optional",
        "required",
        "bool",
        "int",
        "object",
        "array",
        "any",
        "number",
        "text",
        "sensitive",
        "write-only",
        "read-only",
        "read",
        "write",
        "omit",
        "disabled",
        "enabled",
        "always",
        "never",
        "inherit",
        "auto",
        "prompt",
        "string;",
        "empty",
        "default",
    ]
    .contains(&lower.as_str())
        || value.starts_with(['[', '{', '(', '|', '>', '`'])
}

/// Whether the value only says that something must be put there: it cannot work.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let words = super::key::words(&lower);
    let has = |word: &str| words.iter().any(|known| known == word);
    let one_sign = {
        let mut signs = value.chars().filter(|c| c.is_alphanumeric() || matches!(c, '*' | '.' | '?' | '_' | '#'));
        let first = signs.next();
        signs.all(|c| Some(c.to_ascii_lowercase()) == first.map(|c| c.to_ascii_lowercase()))
            && first.is_none_or(|c| !c.is_ascii_digit())
    };
    (value.starts_with('<') && value.ends_with('>'))
        || (value.starts_with('[') && value.ends_with(']'))
        || (value.starts_with("__") && value.ends_with("__"))
        || one_sign
        || lower.contains("xxxx")
        || lower.contains("****")
        || lower.contains("replace")
        || has("placeholder")
        || has("your")
        || has("yours")
        || has("votre")
        || has("redacted")
        || has("todo")
        || has("tbd")
        || has("insert")
        || has("dummy")
        || has("fake")
        || has("example")
        || has("sample")
        || lower.ends_with("example")
        || lower.ends_with("examplekey")
        || lower.starts_with("put-")
        || lower.starts_with("enter-")
        || lower.starts_with("set-me")
        || lower.starts_with("set_me")
        || lower.contains("to-be-")
        || lower.contains("to_be_")
        || lower.contains("a-remplacer")
        || lower.contains("a_remplacer")
        || lower.contains("not-a-real")
        || lower.contains("fill-me")
        || lower.contains("fill_me")
        || lower.starts_with("my-secret-") && lower.ends_with("-here")
        || lower.ends_with("_here")
        || lower.ends_with("-here")
}

/// What a vendor documents as the account of a fresh local service: worth a remark.
pub(crate) fn is_vendor_default(value: &str) -> bool {
    matches!(value, "guest" | "minioadmin" | "vagrant")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_work_is_told_from_what_cannot() {
        for good in
            ["admin", "password", "changeme", "PouetPouet1!", "1234", "mypassword", "crud-master", "root", "p@ss:w/rd"]
        {
            assert!(is_literal(good), "{good}");
        }
        for bad in [
            "",
            "${DB_PASSWORD}",
            "$DB_PASSWORD",
            "{{ vault_password }}",
            "<your-password>",
            "xxxx",
            "REPLACE_ME",
            "your-password",
            "YOUR_API_KEY_HERE",
            "********",
            "...",
            "var.password",
            "get_env(\"X\")",
            "ENC[AES256_GCM,data:x]",
            "true",
            "null",
            "/run/secrets/db",
            "random_password.db.result",
            "$(cat file)",
            "fake_password",
            "${{ secrets.X }}",
            "AKIAIOSFODNN7EXAMPLE",
            "arn:aws:secretsmanager:eu-west-3:1:secret:x",
            "op://vault/item/field",
            "!vault",
        ] {
            assert!(!is_literal(bad), "{bad}");
        }
    }
}
