//! Cases of what is found and what is not, by file.

use super::scan;

/// Checks the rule, value and reason of each finding.
fn check(path: &str, text: &str, expected: &[(&str, &str, &str)]) {
    let found = scan(path, text);
    let found: Vec<(&str, &str, &str)> =
        found.iter().map(|found| (found.rule, &text[found.span.clone()], found.why_not)).collect();
    assert_eq!(found, expected, "{path}: {text}");
}

#[test]
fn deployed_configuration_counts_however_weak() {
    check(".env", "DB_USER=me\nDB_PASSWORD=changeme\nEMPTY_PASSWORD=\n", &[("literal", "changeme", "")]);
    check(".env", "USER_DB=myuser\nPASSWORD_DB=mypassword\n", &[("literal", "mypassword", "")]);
    check(".env", "DATABASE_URL=postgresql://me:mypassword@db:5432/x\n", &[("url", "mypassword", "")]);
    check(".env", "SECRET=\"Pouet1!\"\n", &[("literal", "Pouet1!", "")]);
    check("compose.yml", "    environment:\n      POSTGRES_PASSWORD: postgres\n", &[("literal", "postgres", "")]);
    check("compose.yml", "      - POSTGRES_PASSWORD=postgres\n", &[("literal", "postgres", "")]);
    check("compose.yml", "      - \"POSTGRES_PASSWORD=postgres\"\n", &[("literal", "postgres", "")]);
    check("compose.yml", "      POSTGRES_PASSWORD: ${DB_PASS:-postgres}\n", &[("literal", "postgres", "")]);
    check("values.yaml", "auth:\n  adminPassword: \"admin\"\n", &[("literal", "admin", "")]);
    check("values.yaml", "      - name: CLIENTSECRET\n        value: \"Pouet1!\"\n", &[("literal", "Pouet1!", "")]);
    check("inventory.ini", "host1 ansible_host=10.0.0.1 ansible_ssh_pass=s3cr3t\n", &[("literal", "s3cr3t", "")]);
    check(
        "main.tf",
        "variable \"db_password\" {\n  type = string\n  default = \"password\"\n}\n",
        &[("literal", "password", "")],
    );
    check("prod.tfvars", "db_password = \"hunter2\"\n", &[("literal", "hunter2", "")]);
    check("Dockerfile", "FROM a\nENV DB_PASSWORD=hunter2\n", &[("literal", "hunter2", "")]);
    check("task.json", "[{\"name\": \"DB_PASSWORD\", \"value\": \"hunter2\"}]", &[("literal", "hunter2", "")]);
    check("application.properties", "spring.datasource.password=hunter2\n", &[("literal", "hunter2", "")]);
    check(
        "secret.yaml",
        "kind: Secret\ndata:\n  DB_NAME: bW92aWVz\n  DB_PASS: aHVudGVyMg==\n",
        &[("secret-manifest", "aHVudGVyMg==", "")],
    );
    check("secret.yaml", "kind: Secret\nstringData:\n  password: hunter2\n", &[("secret-manifest", "hunter2", "")]);
    check("setup.sh", "export DB_PASSWORD=hunter2\n", &[("literal", "hunter2", "")]);
}

#[test]
fn references_placeholders_and_encrypted_values_do_not() {
    for (path, text) in [
        ("compose.yml", "      POSTGRES_PASSWORD: ${DB_PASS}\n"),
        ("compose.yml", "      POSTGRES_PASSWORD_FILE: /run/secrets/db\n"),
        ("compose.yml", "    # POSTGRES_PASSWORD: postgres\n"),
        ("values.yaml", "existingSecret: my-secret\nsecretName: tls\npasswordKey: password\n"),
        ("deployment.yaml", "        valueFrom:\n          secretKeyRef: {name: db, key: password}\n"),
        ("deployment.yaml", "      secretName: db-secret\n      secret: db-secret\n"),
        ("secret.yaml", "kind: Secret\nstringData:\n  password: {{ .Values.password | quote }}\n"),
        ("secret.yaml", "kind: Secret\nstringData:\n  password: <your-password>\n"),
        ("secret.yaml", "kind: Secret\ndata:\n  tls.crt: bm90aGluZw==\n"),
        ("sealed.yaml", "kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgBy3i4OJSWK\n"),
        ("sops.yaml", "password: ENC[AES256_GCM,data:abc]\n"),
        ("group_vars/all.yml", "db_password: \"{{ vault_db_password }}\"\n"),
        ("group_vars/vault.yml", "$ANSIBLE_VAULT;1.1;AES256\n6162\n"),
        ("terragrunt.hcl", "rabbitmq_password = get_env(\"RABBITMQ_PASS\")\n"),
        ("main.tf", "password = var.db_password\ntoken = data.x.token\npassword = random_password.db.result\n"),
        (
            "main.tf",
            "variable \"db_password\" {\n  type = string\n}\nvariable \"region\" {\n  default = \"eu-west-3\"\n}\n",
        ),
        (
            "a.tf",
            "  { name = \"DB_PASS\", valueFrom = local.x },\n  {\n    name  = \"PORT\"\n    value = \"8080\"\n  },\n",
        ),
        (".github/workflows/ci.yml", "          password: ${{ secrets.REGISTRY_TOKEN }}\n"),
        ("README.md", "Set `password: admin` and POSTGRES_PASSWORD=postgres.\n"),
        ("src/app.py", "password = request.form[\"password\"]\ntoken = get_token()\n"),
        ("src/app.js", "const TOKEN_KEY = \"auth_token\"\nif (password === confirm) {}\n"),
        ("build.gradle", "  credentials {\n    password = System.getenv(\"NEXUS_TOKEN\") ?: \"\"\n  }\n"),
        ("config.rb.erb", "password = Settings.fetch( \"x\" )\n"),
        ("openapi.yaml", "password:\n  type: string\n"),
        ("web/locales/fr.json", "{\"password\": \"motdepasse\"}"),
        ("age.txt", "# public key: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n"),
    ] {
        check(path, text, &[]);
    }
}

#[test]
fn some_are_worth_a_remark_alone() {
    check(".env.example", "DB_PASSWORD=hunter2\n", &[("literal", "hunter2", "example")]);
    check(
        "01-secrets.example.yaml",
        "kind: Secret\nstringData:\n  password: abc1\n",
        &[("secret-manifest", "abc1", "example")],
    );
    check("tests/vars.yml", "db_password: hunter2\n", &[("literal", "hunter2", "test")]);
    check("src/app.py", "password = os.getenv(\"DB_PASS\", \"hunter2\")\n", &[("literal", "hunter2", "fallback")]);
    check(".github/workflows/release.yml", "permissions:\n  id-token: write\n", &[]);
    check("compose.yml", "      RABBITMQ_DEFAULT_PASS: guest\n", &[("literal", "guest", "vendor-default")]);
    check(
        ".github/workflows/ci.yml",
        "          POSTGRES_PASSWORD: postgres\n",
        &[("literal", "postgres", "pipeline")],
    );
}

#[test]
fn generated_keys_count_even_in_code() {
    let key = ["eyJhbGciOiJIUzI1NiIs", "InR5cCI6IkpXVCJ9"].concat();
    check("cmd/main.go", &format!("\tviper.SetDefault(\"jwt-secret\", \"{key}\")\n"), &[("literal", &key, "")]);
    check("settings.py", &format!("SECRET_KEY = '{key}'\n"), &[("literal", &key, "")]);
}

#[test]
fn hostile_texts_are_survived() {
    let long = "password=".repeat(10_000);
    let deep = "${A:-".repeat(5_000);
    let urls = "a://b:c@".repeat(5_000);
    for text in [
        long.as_str(),
        &deep,
        &urls,
        "",
        "\n\n",
        "password",
        "password=",
        "password=\"",
        "password='",
        "key: é\npassword: é€😀\n",
        "value: x",
        "default = \"x\"",
        "://:@",
        "a://:b@",
        "kind: Secret\ndata:\n  password: =",
        "-----BEGIN PRIVATE KEY-----",
        "password: \u{0}\u{1}",
        "\u{feff}password: abc",
        "password=\\\"abc\\\"",
    ] {
        for path in ["a.yaml", ".env", "a.tf", "a.py", "Dockerfile", "a.md", ".github/workflows/a.yml", "é.sh"] {
            scan(path, text);
        }
    }
}
