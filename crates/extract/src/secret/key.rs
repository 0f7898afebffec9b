//! Whether a name is one that credentials are given to.

/// How surely a name holds a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// `DB_PASSWORD`: any literal counts.
    Credential,
    /// `token`, `secret`: also names of objects; only what looks generated counts outside environment files.
    Perhaps,
    Nothing,
}

/// Last words that make a name one *about* a credential.
const ABOUT: [&str; 74] = [
    "file",
    "files",
    "path",
    "name",
    "names",
    "ref",
    "refs",
    "arn",
    "id",
    "ids",
    "url",
    "uri",
    "policy",
    "length",
    "min",
    "max",
    "ttl",
    "expiry",
    "expires",
    "expiration",
    "field",
    "header",
    "type",
    "types",
    "enabled",
    "required",
    "reset",
    "prefix",
    "suffix",
    "store",
    "manager",
    "provider",
    "rotation",
    "version",
    "count",
    "algorithm",
    "format",
    "mode",
    "user",
    "username",
    "location",
    "dir",
    "directory",
    "endpoint",
    "host",
    "server",
    "lifetime",
    "duration",
    "timeout",
    "confirm",
    "confirmation",
    "hint",
    "label",
    "placeholder",
    "description",
    "rules",
    "scopes",
    "scope",
    "audience",
    "issuer",
    "review",
    "projection",
    "class",
    "engine",
    "backend",
    "mount",
    "namespace",
    "title",
    "text",
    "message",
    "error",
    "input",
    "selector",
    "var",
];

/// Reads a name, in whatever case it is written.
pub(crate) fn holds(key: &str) -> Holds {
    let words = words(key);
    let Some(last) = words.last().map(String::as_str) else { return Holds::Nothing };
    let has = |word: &str| words.iter().any(|known| known == word);
    let joined = words.join("");
    // A pull secret is the name of an object.
    if joined.contains("secretkeyref")
        || joined.contains("pullsecret")
        || has("existing")
        || has("public")
        || has("no")
        || has("from")
        || has("verify")
        || last == "token" && ["creation", "idempotency", "next", "page", "continuation"].iter().any(|word| has(word))
    {
        return Holds::Nothing;
    }
    let password = words.iter().any(|word| is_password(word));
    // `PASSWORD_DB` is a password, `passwordKey` names the key that holds one.
    if password {
        let about = ABOUT.contains(&last) || (last == "key" && words.len() > 1) || last == "hash" || last == "keys";
        return if about { Holds::Nothing } else { Holds::Credential };
    }
    if joined.ends_with("privatekey") || joined.ends_with("sshkey") && has("private") {
        return Holds::Perhaps;
    }
    let compound = [
        "apikey",
        "accesskey",
        "secretkey",
        "authkey",
        "clientsecret",
        "signingkey",
        "encryptionkey",
        "secretaccesskey",
        "secretkeybase",
        "accesstoken",
        "authtoken",
        "masterkey",
        "jwtkey",
        "jwtsecret",
        "appkey",
        "storagekey",
        "accountkey",
        "sharedkey",
        "webhooksecret",
    ];
    if compound.iter().any(|name| joined.ends_with(name)) {
        return if joined.ends_with("accesskey") && !has("secret") { Holds::Perhaps } else { Holds::Credential };
    }
    match last {
        "secret" | "token" if words.len() > 1 => Holds::Credential,
        "secret" | "token" | "credential" | "credentials" | "apikey" | "auth" => Holds::Perhaps,
        _ => Holds::Nothing,
    }
}

fn is_password(word: &str) -> bool {
    matches!(
        word,
        "password" | "passwd" | "passwort" | "pwd" | "pass" | "passphrase" | "passcode" | "mdp" | "motdepasse"
    ) || (word.len() > 8 && (word.ends_with("password") || word.ends_with("passwd") || word.ends_with("passphrase")))
        || matches!(
            word,
            "dbpass" | "userpass" | "rootpass" | "dbpwd" | "mypwd" | "pgpass" | "sshpass" | "pgpassword" | "redispass"
        )
}

/// The words of a name: `clientSecret`, `CLIENT_SECRET` and `client-secret` have the same two.
pub(crate) fn words(key: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before_lower = false;
    for c in key.chars().take(200) {
        let breaks = !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && before_lower);
        if breaks && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        before_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_credentials() {
        let check = |expected: Holds, names: &[&str]| {
            for name in names {
                assert_eq!(holds(name), expected, "{name}");
            }
        };
        check(
            Holds::Credential,
            &[
                "DB_PASSWORD",
                "PASSWORD_DB",
                "adminPassword",
                "POSTGRES_PASS",
                "rabbitmq_password",
                "clientSecret",
                "CLIENT_SECRET",
                "jwt-secret",
                "SECRET_KEY",
                "AWS_SECRET_ACCESS_KEY",
                "API_KEY",
                "K3S_TOKEN",
                "spring.datasource.password",
                "ansible_ssh_pass",
                "CLIENTSECRET",
                "MYSQL_ROOT_PASSWORD",
            ],
        );
        check(
            Holds::Nothing,
            &[
                "POSTGRES_PASSWORD_FILE",
                "secretName",
                "passwordKey",
                "existingSecret",
                "password_min_length",
                "publicKey",
                "secretKeyRef",
                "compass",
                "bypass",
                "key",
                "tokenReview",
                "username",
                "passwordSecretRef",
                "no_password",
            ],
        );
        check(Holds::Perhaps, &["token", "secret", "credentials"]);
    }
}
