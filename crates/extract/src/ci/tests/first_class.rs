//! GitLab, GitHub and Jenkins: templates, includes, conditions, order.

use super::{check, read};

#[test]
fn gitlab_templates_are_merged_across_files() {
    let main = "include:\n  - local: /ci/*.yml\nstages: [build, test]\ndefault:\n  before_script:\n    - setup\n\
                build:\n  extends: .build\n  stage: build\n  variables: {B: b}\nunit:\n  script:\n    - !reference [.lib, script]\n    - make test\n";
    let library =
        "include: ['/ci/b.yml']\n.lib:\n  script:\n    - prepare\n.build:\n  extends: .base\n  script: make\n";
    let base = "include: ['/ci/a.yml', '/.gitlab-ci.yml']\n.base:\n  before_script: []\n  environment: dev\n";
    check(
        &[(".gitlab-ci.yml", main), ("ci/a.yml", library), ("ci/b.yml", base)],
        &[
            "build (push tag schedule manual) -> dev: make @7",
            "unit (push tag schedule manual) after build: setup @6; prepare @4; make test @14",
        ],
    );
}

#[test]
fn gitlab_rules_tell_events_apart() {
    let check = |job: &str, expected: &str| {
        check(&[(".gitlab-ci.yml", &format!("a:\n  script: x\n{job}"))], &[expected]);
    };
    check("  only: [tags]\n", "a (tag): x @2");
    check("  only: [merge_requests, main]\n", "a (push merge-request schedule manual): x @2");
    check("  except: [branches]\n", "a (tag): x @2");
    check("  when: manual\n", "a (push tag schedule manual) [manual]: x @2");
    check("  rules:\n    - if: $CI_MERGE_REQUEST_IID\n", "a (merge-request): x @2");
    check(
        "  rules:\n    - if: $CI_COMMIT_TAG\n      when: never\n    - if: $CI_COMMIT_BRANCH == \"main\"\n      when: manual\n",
        "a (push schedule manual) [manual]: x @2",
    );
    check("  rules: [{if: $CI_PIPELINE_SOURCE == \"schedule\"}]\n", "a (schedule) [by hand only]: x @2");
    check("  allow_failure: true\n", "a (push tag schedule manual) [allowed]: x @2");
}

#[test]
fn gitlab_child_pipelines_follow_the_job_that_starts_them() {
    let main = "test:\n  stage: build\n  script: t\ndeploy:\n  stage: deploy\n  trigger:\n    include: deploy/ci.yml\n  rules: [{if: $CI_COMMIT_TAG}]\n";
    let child = "prod:\n  script: d\n  environment: {name: prod, on_stop: stop}\nstop:\n  script: s\n  when: manual\n  environment: {name: prod, action: stop}\n";
    check(
        &[(".gitlab-ci.yml", main), ("deploy/ci.yml", child)],
        &[
            "test (push tag schedule manual): t @3",
            "deploy (tag) after test: ",
            "deploy / prod (tag) after test + deploy -> prod: d @2",
            "deploy / stop (tag) after test + deploy [manual]: s @5",
        ],
    );
}

#[test]
fn gitlab_says_what_is_outside() {
    let main = "include:\n  - template: Security/SAST.gitlab-ci.yml\n  - project: org/catalog\n    file: [kaniko-ci.yml]\n  - remote: https://example.org/a.yml\n\
                container:\n  extends: .kaniko:build\n  variables: {DOCKERFILE: Dockerfile}\n";
    let (pipelines, _) = read(&[(".gitlab-ci-dso.yml", main)]);
    let externals: Vec<&str> = pipelines[0].externals.iter().map(|external| external.reference.as_str()).collect();
    let expected =
        ["Security/SAST.gitlab-ci.yml", "org/catalog:kaniko-ci.yml", "https://example.org/a.yml", ".kaniko:build"];
    assert_eq!(externals, expected);
    check(
        &[(".gitlab-ci-dso.yml", main)],
        &[
            "container (push tag schedule manual): <extends .kaniko:build>",
            "Security/SAST.gitlab-ci.yml (push tag schedule manual): <template Security/SAST.gitlab-ci.yml>",
        ],
    );
}

#[test]
fn github_actions_and_workflows_of_the_repository_are_followed() {
    let main = "on:\n  push:\n    branches: [main]\n  pull_request:\ndefaults: {run: {working-directory: api}}\njobs:\n  test:\n    runs-on: u\n    steps:\n\
                \x20     - uses: ./.github/actions/go\n        with: {target: unit}\n      - run: |\n          make lint\n\n          make build\n  \
                deploy:\n    needs: test\n    if: github.ref == 'refs/heads/main'\n    uses: ./.github/workflows/deploy.yml\n    with: {where: prod}\n";
    let action = "inputs: {target: {default: all}}\nruns:\n  using: composite\n  steps:\n    - run: make ${{ inputs.target }}\n      shell: bash\n";
    let called = "on: {workflow_call: {inputs: {where: {type: string}}}}\njobs:\n  go:\n    runs-on: u\n    environment: ${{ inputs.where }}\n    steps: [{run: ./deploy.sh}]\n";
    let files = [
        (".github/actions/go/action.yml", action),
        (".github/workflows/ci.yml", main),
        (".github/workflows/deploy.yml", called),
    ];
    check(
        &files,
        &[
            "test (push merge-request): make unit @5; api/ make lint @13; api/  @14; api/ make build @15",
            "deploy / go (push) after test -> prod: ./deploy.sh @6",
            "deploy (push) after test + deploy / go: ",
        ],
    );
}

#[test]
fn github_events_take_all_forms() {
    let check = |on: &str, condition: &str, expected: &[&str]| {
        let text = format!("on: {on}\njobs:\n  a:\n    runs-on: u\n{condition}    steps: [{{run: x}}]\n");
        check(&[(".github/workflows/ci.yaml", &text)], expected);
    };
    check("push", "", &["a (push tag): x @5"]);
    check("[push, pull_request]", "", &["a (push tag merge-request): x @5"]);
    check("{push: {tags: ['v*']}}", "", &["a (tag): x @5"]);
    check("workflow_dispatch", "", &["a (manual) [manual] [by hand only]: x @5"]);
    check("{schedule: [{cron: '0 1 * * *'}]}", "", &["a (schedule) [by hand only]: x @5"]);
    check("[push, pull_request]", "    if: github.event_name == 'pull_request'\n", &["a (merge-request): x @6"]);
    check("push", "    if: false\n", &[]);
    check("push", "    continue-on-error: true\n", &["a (push tag) [allowed]: x @6"]);
    check("{workflow_call: {}}", "", &["a () [by hand only]: x @5"]);
}

#[test]
fn jenkins_declarative_stages_are_jobs() {
    let text = "@Library('shared') _\npipeline {\n  agent { docker { image 'node:22' } }\n  triggers { pollSCM('H/5 * * * *') }\n  stages {\n\
                \x20   stage('Test') {\n      parallel {\n        stage('Unit') { steps { dir('api') { sh 'npm test' } } }\n        stage('Lint') { steps { sh 'npm run lint || true' } }\n      }\n    }\n\
                \x20   stage('Deploy') {\n      when { branch 'main' }\n      input { message 'Go?' }\n      steps {\n        withCredentials([string(credentialsId: 'x', variable: 'T')]) {\n          sh \"\"\"\n            kubectl apply -f k8s\n            kubectl rollout status deploy/a\n          \"\"\"\n        }\n      }\n    }\n  }\n}\n";
    check(
        &[("Jenkinsfile", text)],
        &[
            "Test / Unit (push): api/ npm test @8",
            "Test / Lint (push): npm run lint || true @9",
            "Deploy (push) after Test / Unit + Test / Lint [manual]:  @17;             kubectl apply -f k8s @18;             kubectl rollout status deploy/a @19;            @20",
        ],
    );
    let (pipelines, _) = read(&[("Jenkinsfile", text)]);
    assert_eq!(pipelines[0].externals[0].reference, "shared");
    assert_eq!(pipelines[0].jobs[0].image.as_ref().unwrap().text, "node:22");
}

#[test]
fn jenkins_scripted_pipelines_are_read() {
    let text = "properties([pipelineTriggers([githubPush()])])\ndef image\nnode('linux') {\n  checkout scm\n  stage('Build') {\n    image = docker.build(\"app:${env.BUILD_ID}\")\n  }\n  stage('Test') {\n    try {\n      sh 'make test'\n    } catch (e) {\n      echo 'never mind'\n    }\n  }\n\
                \x20 stage('Push') {\n    docker.withRegistry('https://r.example.org', 'c') { image.push('latest') }\n    publish()\n  }\n}\ndef publish() {\n  sh './publish.sh'\n}\n";
    let (pipelines, _) = read(&[("Jenkinsfile", text)]);
    assert!(pipelines[0].jobs[1].steps[0].allow_failure);
    check(
        &[("Jenkinsfile", text)],
        &[
            "Build (push): <plugin docker.build>",
            "Test (push) after Build: make test @10",
            "Push (push) after Build + Test: <plugin docker.withRegistry>; <plugin image.push>; ./publish.sh @21",
        ],
    );
}

#[test]
fn jenkins_without_a_trigger_says_that_it_is_elsewhere() {
    let (pipelines, _) = read(&[("Jenkinsfile", "node { stage('A') { sh 'make' } }\n")]);
    assert!(pipelines[0].trigger_elsewhere && !pipelines[0].automatic());
    let job = "multibranchPipelineJob('app') {\n}\n";
    let (pipelines, _) = read(&[("Jenkinsfile", "node { stage('A') { sh 'make' } }\n"), ("jenkins/jobs.groovy", job)]);
    assert!(pipelines[0].automatic());
}
