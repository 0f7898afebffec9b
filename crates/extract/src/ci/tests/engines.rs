//! The other engines: jobs, triggers, commands.

use super::check;

#[test]
fn circleci() {
    let text = "version: 2.1\norbs: {node: circleci/node@5}\ncommands:\n  setup:\n    steps:\n      - run: npm ci\njobs:\n  test:\n    docker: [{image: cimg/node:22}]\n    steps:\n      - checkout\n      - setup\n      - run:\n          command: npm test\n          working_directory: api\n  deploy:\n    docker: [{image: cimg/base:1}]\n    steps: [{run: ./deploy.sh}]\n\
                workflows:\n  main:\n    jobs:\n      - test\n      - node/run\n      - hold: {type: approval, requires: [test]}\n      - deploy:\n          requires: [hold]\n          filters: {branches: {only: main}}\n";
    check(
        &[(".circleci/config.yml", text)],
        &[
            "test (push): <orb checkout>; npm ci @6; api/ npm test @14",
            "node/run (push): <orb circleci/node@5/run>",
            "hold (push) after test [manual]: <approval>",
            "deploy (push) after test + hold: ./deploy.sh @18",
        ],
    );
}

#[test]
fn azure() {
    let text = "trigger: [main]\nstages:\n- stage: Build\n  jobs:\n  - job: a\n    steps:\n    - template: ci/steps.yml\n    - ${{ if eq(variables.x, 'y') }}:\n      - script: make\n        workingDirectory: $(System.DefaultWorkingDirectory)/api\n- stage: Prod\n  jobs:\n  - deployment: b\n    environment: prod\n    strategy: {runOnce: {deploy: {steps: [{task: HelmDeploy@1}]}}}\n";
    check(
        &[("azure-pipelines.yml", text), ("ci/steps.yml", "steps:\n- bash: npm test\n")],
        &[
            "Build / a (push): npm test @2; api/ make @9",
            "Prod / b (push) after Build / a -> prod: <task HelmDeploy@1>",
        ],
    );
}

#[test]
fn bitbucket() {
    let text = "image: node:22\npipelines:\n  default:\n    - parallel:\n        - step: {name: Unit, script: [npm test]}\n        - step: {name: Lint, script: [npm run lint]}\n  branches:\n    main:\n      - step:\n          deployment: production\n          trigger: manual\n          script:\n            - npm ci\n            - pipe: atlassian/aws-s3-deploy:1.1.0\n  custom:\n    x:\n      - step: {script: [y]}\n";
    check(
        &[("bitbucket-pipelines.yml", text)],
        &[
            "default / Unit #1 (push): npm test @5",
            "default / Lint #2 (push): npm run lint @6",
            "branches: main / step 3 #3 (push) [manual] -> production: <approval>; npm ci @13; <pipe atlassian/aws-s3-deploy:1.1.0>",
            "custom: x / step 4 #4 (manual) [manual] [by hand only]: y @17",
        ],
    );
}

#[test]
fn travis() {
    check(
        &[(".travis.yml", "language: go\nscript:\n  - go vet\n  - go test ./...\ndeploy: {provider: releases}\n")],
        &["test (push merge-request tag): go vet @3; go test ./... @4; <deploy releases>"],
    );
    check(
        &[(
            ".travis.yml",
            "jobs:\n  include:\n    - {stage: test, script: a}\n    - {stage: deploy, script: b, if: tag IS present}\n",
        )],
        &["test #1 (push merge-request tag): a @3", "deploy #2 (tag) after test #1: b @4"],
    );
}

#[test]
fn drone_and_woodpecker() {
    let drone = "kind: pipeline\nname: ci\nsteps:\n- name: test\n  image: golang\n  commands: [go test]\n- name: image\n  image: plugins/docker\n  settings: {repo: a/b}\n---\nkind: pipeline\nname: prod\ntrigger: {event: [promote]}\ndepends_on: [ci]\nsteps:\n- {name: d, image: alpine, commands: [./d]}\n";
    check(
        &[(".drone.yml", drone)],
        &[
            "ci (push merge-request): go test @6; <plugin plugins/docker>",
            "prod (manual) after ci [manual] [by hand only]: ./d @16",
        ],
    );
    check(
        &[(".woodpecker/ci.yaml", "when: [{event: tag}]\nsteps:\n  build:\n    image: a\n    commands: make\n")],
        &["pipeline 1 (tag): make @5"],
    );
}

#[test]
fn buildkite_waits_and_blocks() {
    let text = "steps:\n  - {label: test, command: make test}\n  - wait\n  - block: Go?\n  - label: deploy\n    command: ./deploy\n    plugins: [{docker#v5: {image: a}}]\n";
    check(
        &[(".buildkite/pipeline.yml", text)],
        &[
            "test () [by hand only]: make test @2",
            "Go? () after test [manual] [by hand only]: <approval>",
            "deploy () after test + Go? [by hand only]: <plugin docker#v5>; ./deploy @6",
        ],
    );
}

#[test]
fn concourse_versions_pass_from_job_to_job() {
    let text = "resources:\n- {name: src, type: git}\n- {name: img, type: registry-image}\njobs:\n- name: test\n  plan:\n  - {get: src, trigger: true}\n  - task: unit\n    config: {run: {path: sh, args: [-ec, make test]}}\n- name: push\n  plan:\n  - {get: src, passed: [test], trigger: true}\n  - {put: img}\n";
    check(
        &[("ci/pipeline.yml", text)],
        &["test (push): make test @9", "push (push) after test: <resource put registry-image>"],
    );
}

#[test]
fn clouds_start_builds_from_outside() {
    check(
        &[(
            "cloudbuild.yaml",
            "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, 'a b', .]\nimages: [gcr.io/a/b]\n",
        )],
        &["build () [by hand only]: docker build -t 'a b' . @2; <images cloud-build-images>"],
    );
    let spec =
        "version: 0.2\nphases:\n  build:\n    commands:\n      - make\n  post_build:\n    commands: [docker push x]\n";
    check(
        &[("buildspec.yml", spec), ("main.tf", "resource \"aws_codebuild_webhook\" \"w\" {}\n")],
        &["build (push): make @5; docker push x @7"],
    );
}

#[test]
fn tekton_and_argo_are_found_among_manifests() {
    let tekton = "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  tasks:\n  - name: build\n    taskRef: {name: t}\n  - name: scan\n    runAfter: [build]\n    taskRef: {name: trivy}\n---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  steps:\n  - {name: s, image: a, script: make}\n";
    let listener = "apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\nmetadata: {name: l}\nspec: {triggers: [{template: {ref: p}}]}\n";
    check(
        &[("k8s/p.yaml", tekton), ("k8s/l.yaml", listener)],
        &["build (push): make @17", "scan (push) after build: <task trivy>"],
    );
    let argo = "apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\nmetadata: {name: w}\nspec:\n  schedule: '1 1 * * *'\n  workflowSpec:\n    templates:\n    - name: main\n      steps: [[{name: a, template: x}], [{name: b, template: y}]]\n    - {name: x, container: {image: a, command: [sh, -c], args: [make]}}\n    - {name: y, script: {image: a, source: deploy}}\n";
    check(
        &[("w.yaml", argo)],
        &["x (schedule) [by hand only]: make @10", "y (schedule) after x [by hand only]: deploy @11"],
    );
}

#[test]
fn only_places_that_engines_read_count() {
    let job = "a:\n  script: x\n";
    check(&[("ci/templates/build.yml", job), (".gitlab/build.yml", job)], &[]);
    check(&[("api/.gitlab-ci.yml", job)], &[]);
    check(&[("templates/api/.gitlab-ci.yml", job), ("templates/api/go.mod", "")], &[]);
    check(&[("api/.gitlab-ci.yml", job), ("api/go.mod", "")], &["a (push tag schedule manual): api/ x @2"]);
    check(
        &[("api/.gitlab-ci.yml", job), ("api/go.mod", ""), (".gitlab-ci.yml", "include: /api/.gitlab-ci.yml\n")],
        &["a (push tag schedule manual): x @2"],
    );
}
