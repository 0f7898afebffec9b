//! What the catalogue must say about commands that are met in real projects.

use super::*;

fn purposes(line: &str, place: Place) -> String {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let catalogue = catalogue();
    let meaning = catalogue.command(&catalogue.normal(&words), place);
    meaning.map_or("?".to_owned(), |meaning| meaning.purposes.into_iter().collect::<Vec<_>>().join(" "))
}

fn check(line: &str, expected: &str) {
    assert_eq!(purposes(line, Place::Job), expected, "{line}");
}

#[test]
fn every_file_is_read_and_every_purpose_is_declared() {
    let known = [
        "build",
        "test",
        "lint",
        "scan",
        "sbom",
        "sign",
        "publish",
        "package",
        "provision",
        "configure",
        "deploy",
        "verify",
        "notify",
        "infra-static",
        "infra-test",
        "install",
        "approve",
        "rollback",
        "plan",
        "destroy",
        "run",
        "cluster",
    ];
    for (file, read) in FILES.map(read_yaml::read).iter().enumerate() {
        assert!(read.error.is_none(), "file {file}: {:?}", read.error);
    }
    for entry in &catalogue().entries {
        assert!(!entry.run.is_empty() || !entry.uses.is_empty());
        for purpose in &entry.purposes {
            assert!(known.contains(&purpose.as_str()), "{purpose}");
        }
    }
}

#[test]
fn applications() {
    check("mvn -B clean verify", "build test");
    check("./mvnw -B package -DskipTests", "build");
    check("./gradlew build -x test", "build");
    check("gradle test", "test");
    check("npm ci", "install");
    check("yarn", "install");
    check("yarn build", "?");
    check("black .", "?");
    check("black --check .", "lint");
    check("npx-unknown", "?");
    check("go test ./...", "test");
    check("go vet ./...", "lint");
    check("python3.11 manage.py test", "test");
    check("cargo clippy --all-targets", "lint");
    check("cargo fmt --check", "lint");
    check("dotnet test --no-build", "test");
    check("vendor/bin/phpunit", "test");
    check("bundle exec", "?");
    check("composer audit", "scan");
    check("tsc --noEmit", "lint");
    check("tsc", "build");
    check("flutter test", "test");
    check("newman run x.json", "test");
    check("pip-audit -r requirements.txt", "scan");
    check("node_modules/.bin/eslint .", "lint");
}

#[test]
fn images() {
    check("docker build -t app .", "build");
    check("docker push registry/app:1", "publish");
    check("docker buildx build --push --sbom=true --provenance=mode=max -t a .", "build publish sbom sign");
    check("docker buildx build --provenance=false .", "build");
    check("docker-compose build", "build");
    check("/kaniko/executor --context . --destination r/app:1", "build publish");
    check("/kaniko/executor --context . --no-push -f Dockerfile", "build");
    check("docker compose up -d", "run");
    check("docker compose up -d --build", "build run");
    check("docker run -d nginx", "run");
    assert_eq!(purposes("docker compose up -d", Place::Remote), "deploy");
    check("docker stack deploy -c stack.yml app", "deploy");
    check("docker login -u x", "?");
    check("hadolint Dockerfile", "lint");
}

#[test]
fn infrastructure() {
    check("terraform validate", "infra-static");
    check("terraform -chdir=infra fmt -check -recursive", "infra-static lint");
    check("terraform fmt", "?");
    check("terraform plan -out=p", "plan");
    check("terraform apply -auto-approve", "provision");
    check("tofu apply p", "provision");
    check("terragrunt run-all apply", "provision");
    check("terraform test", "infra-test");
    check("terraform init", "?");
    check("ansible-playbook -i hosts site.yml", "configure");
    check("ansible-playbook --syntax-check site.yml", "infra-static");
    check("ansible-playbook -C site.yml", "plan");
    check("ansible-lint", "infra-static lint");
    check("molecule test", "infra-test");
    check("helm lint charts/app", "infra-static lint");
    check("helm upgrade --install app ./chart --atomic", "deploy rollback verify");
    check("helm -n prod upgrade app chart", "deploy");
    check("kubectl -n prod apply -f k8s/", "deploy");
    check("kubectl apply --dry-run=server -f k8s/", "infra-static");
    check("kubectl create secret generic x --dry-run=client -o yaml", "?");
    check("kubectl set image deployment/app app=x", "deploy");
    check("kubectl rollout status deployment/app", "verify");
    check("kubectl rollout undo deployment/app", "rollback");
    check("kubectl get nodes", "?");
    check("argocd app sync app", "deploy");
    check("kind create cluster", "cluster");
    check("trivy config .", "infra-static scan");
    check("trivy image app", "scan");
    check("checkov -d .", "infra-static scan");
    check("aws ecs update-service --cluster c --service s --force-new-deployment", "deploy");
    check("gcloud run deploy app --image x", "deploy");
    check("az webapp deploy --name x", "deploy");
    check("sam deploy", "deploy provision");
    check("git push heroku main", "deploy");
    check("git push origin main", "?");
    check("rsync -avz dist/ deploy@host:/var/www", "deploy");
    check("rsync -a a/ b/", "?");
}

#[test]
fn used_parts() {
    let used = |what: &str, name: &str, with: &[(&str, &str)]| {
        let input = |key: &str| with.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned());
        let meaning = catalogue().used(what, name, &input);
        meaning.map_or("?".to_owned(), |meaning| meaning.purposes.into_iter().collect::<Vec<_>>().join(" "))
    };
    assert_eq!(used("action", "docker/build-push-action", &[]), "build");
    assert_eq!(used("action", "docker/build-push-action", &[("push", "true"), ("sbom", "true")]), "build publish sbom");
    assert_eq!(used("action", "docker/build-push-action", &[("push", "false")]), "build");
    assert_eq!(used("action", "actions/checkout", &[]), "");
    assert_eq!(used("action", "aquasecurity/trivy-action", &[("scan-type", "config")]), "infra-static scan");
    assert_eq!(used("action", "helm/kind-action", &[]), "cluster");
    assert_eq!(used("action", "someone/unknown", &[]), "?");
    assert_eq!(used("template", "security/sast.gitlab-ci.yml", &[]), "scan");
    assert_eq!(used("task", "docker", &[("command", "buildAndPush")]), "build publish");
    assert_eq!(used("task", "azurewebapp", &[]), "deploy");
}
