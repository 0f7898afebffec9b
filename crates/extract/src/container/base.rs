//! What is known of widely used base images: the user that they run as, and whether they are minimal.

use super::reference::Reference;

/// Whom an image runs as when its definition does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseUser {
    Root,
    NonRoot,
    /// The image lies in a registry and is not one of those known here.
    Unknown,
}

/// Images whose last `USER` is not root, by repository without registry.
const NON_ROOT: &[&str] = &[
    "nginxinc/nginx-unprivileged",
    "jenkins/jenkins",
    "jenkins/inbound-agent",
    "jenkins/agent",
    "sonarqube",
    "elasticsearch",
    "kibana",
    "logstash",
    "grafana/grafana",
    "grafana/loki",
    "prom/prometheus",
    "prom/alertmanager",
    "prom/node-exporter",
    "keycloak/keycloak",
    "apache/airflow",
    "apache/kafka",
    "solr",
    "jetty",
    "adminer",
    "memcached",
    "kong",
    "varnish",
    "odoo",
    "haproxy",
    "curlimages/curl",
    "argoproj/argocd",
    "otel/opentelemetry-collector",
    "otel/opentelemetry-collector-contrib",
    "jupyter/base-notebook",
    "jupyter/minimal-notebook",
    "jupyter/scipy-notebook",
    "quarkus/ubi-quarkus-native-image",
    "confluentinc/cp-kafka",
    "dpage/pgadmin4",
    "zalando/postgres-operator",
    "openfaas/of-watchdog",
    "krakend",
    "elasticsearch/elasticsearch",
    "kibana/kibana",
    "logstash/logstash",
    "n8nio/n8n",
    "mendhak/http-https-echo",
];

/// Official and other widely used images that run as root unless told otherwise.
const ROOT: &[&str] = &[
    "scratch",
    "alpine",
    "ubuntu",
    "debian",
    "busybox",
    "centos",
    "fedora",
    "rockylinux",
    "almalinux",
    "amazonlinux",
    "oraclelinux",
    "archlinux",
    "photon",
    "opensuse/leap",
    "opensuse/tumbleweed",
    "clearlinux",
    "buildpack-deps",
    "gcc",
    "node",
    "python",
    "golang",
    "ruby",
    "php",
    "perl",
    "rust",
    "openjdk",
    "eclipse-temurin",
    "amazoncorretto",
    "maven",
    "gradle",
    "sapmachine",
    "ibmjava",
    "ibm-semeru-runtimes",
    "elixir",
    "erlang",
    "swift",
    "dart",
    "haskell",
    "julia",
    "clojure",
    "composer",
    "mono",
    "pypy",
    "r-base",
    "groovy",
    "crystallang/crystal",
    "nginx",
    "httpd",
    "caddy",
    "traefik",
    "tomcat",
    "tomee",
    "wordpress",
    "drupal",
    "joomla",
    "ghost",
    "nextcloud",
    "postgres",
    "mysql",
    "mariadb",
    "redis",
    "valkey/valkey",
    "rabbitmq",
    "mongo",
    "mongo-express",
    "cassandra",
    "couchdb",
    "neo4j",
    "influxdb",
    "telegraf",
    "nats",
    "zookeeper",
    "registry",
    "docker",
    "bash",
    "vault",
    "consul",
    "eclipse-mosquitto",
    "phpmyadmin",
    "matomo",
    "redmine",
    "oven/bun",
    "denoland/deno",
    "astral-sh/uv",
    "tiangolo/uvicorn-gunicorn-fastapi",
    "tiangolo/uwsgi-nginx-flask",
    "tensorflow/tensorflow",
    "pytorch/pytorch",
    "nvidia/cuda",
    "adoptopenjdk/openjdk11",
    "adoptopenjdk/openjdk8",
    "azul/zulu-openjdk",
    "azul/zulu-openjdk-alpine",
    "bellsoft/liberica-openjdk-alpine",
    "graalvm/jdk-community",
    "postgis/postgis",
    "timescale/timescaledb",
    "bitnami/minideb",
    "linuxserver/nginx",
    "phusion/baseimage",
    "hashicorp/terraform",
    "google/cloud-sdk",
    "amazon/aws-cli",
    "cypress/base",
    "cypress/included",
    "nickblah/lua",
    "sbtscala/scala-sbt",
    "hseeberger/scala-sbt",
    "composer/composer",
    "trafex/php-nginx",
    "continuumio/miniconda3",
    "continuumio/anaconda3",
    "mambaorg/micromamba",
    "klakegg/hugo",
    "jekyll/jekyll",
    "rocker/r-ver",
    "rocker/shiny",
];

/// The user of a base image.
pub fn user(reference: &Reference) -> BaseUser {
    let Reference { registry, repository, tag, .. } = reference;
    let tag = tag.as_deref().unwrap_or_default();
    let says = |word: &str| tag.contains(word) || repository.contains(word);
    if says("nonroot") || says("non-root") || says("unprivileged") || says("rootless") || says("chiseled") {
        return BaseUser::NonRoot;
    }
    match registry.as_str() {
        "cgr.dev" => return BaseUser::NonRoot,
        "gcr.io" if repository.starts_with("distroless/") => return BaseUser::Root,
        "mcr.microsoft.com" => return BaseUser::Root,
        "registry.access.redhat.com" | "registry.redhat.io" => return red_hat(repository),
        "public.ecr.aws" if repository.starts_with("lambda/") || repository.starts_with("amazonlinux/") => {
            return BaseUser::Root;
        }
        _ => {}
    }
    let family = repository.split('/').next().unwrap_or_default();
    if ROOT.contains(&repository.as_str()) || family == "balenalib" || family == "arm64v8" || family == "arm32v7" {
        BaseUser::Root
    } else if NON_ROOT.contains(&repository.as_str())
        || matches!(family, "chainguard" | "bitnami" | "bitnamilegacy" | "bitnamisecure" | "wolfi" | "selenium")
    {
        BaseUser::NonRoot
    } else {
        BaseUser::Unknown
    }
}

/// Whether an image is a widely used one of a vendor.
pub fn is_official(reference: &Reference) -> bool {
    reference.registry.is_empty()
        && (ROOT.contains(&reference.repository.as_str()) || NON_ROOT.contains(&reference.repository.as_str()))
}

/// Red Hat's language images run as 1001 or 185, its plain system images as root.
fn red_hat(repository: &str) -> BaseUser {
    let name = crate::path::name(repository);
    let system = name.starts_with("ubi") || name == "rhel" || name.starts_with("rhel");
    if system { BaseUser::Root } else { BaseUser::NonRoot }
}

/// Whether an image is small by construction: alpine, slim, distroless, scratch and their like.
pub fn minimal(reference: &Reference) -> bool {
    let Reference { registry, repository, tag, .. } = reference;
    let text = format!("{repository}:{}", tag.as_deref().unwrap_or_default()).to_ascii_lowercase();
    let words = || text.split(['/', ':', '-', '_', '.']);
    let small = [
        "slim",
        "distroless",
        "scratch",
        "chiseled",
        "busybox",
        "micro",
        "minimal",
        "nanoserver",
        "wolfi",
        "minideb",
        "micromamba",
    ];
    registry == "cgr.dev"
        || repository.starts_with("chainguard/")
        || words().any(|word| word.starts_with("alpine") || small.contains(&word))
        || text.contains("ubi-minimal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_of_known_bases() {
        let check = |text: &str, expected: BaseUser| assert_eq!(user(&Reference::read(text)), expected, "{text}");
        check("node:20-alpine", BaseUser::Root);
        check("scratch", BaseUser::Root);
        check("gcr.io/distroless/static-debian12:nonroot", BaseUser::NonRoot);
        check("gcr.io/distroless/base", BaseUser::Root);
        check("nginxinc/nginx-unprivileged:1.27", BaseUser::NonRoot);
        check("cgr.dev/chainguard/node", BaseUser::NonRoot);
        check("bitnami/node:20", BaseUser::NonRoot);
        check("registry.access.redhat.com/ubi9/nodejs-20:1", BaseUser::NonRoot);
        check("registry.access.redhat.com/ubi9/ubi-minimal:9.4", BaseUser::Root);
        check("mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled", BaseUser::NonRoot);
        check("registry.example.org/base:1", BaseUser::Unknown);
    }

    #[test]
    fn small_bases() {
        let check = |text: &str, expected: bool| assert_eq!(minimal(&Reference::read(text)), expected, "{text}");
        check("node:20-alpine3.20", true);
        check("alpine:3", true);
        check("python:3.13-slim-bookworm", true);
        check("gcr.io/distroless/java21", true);
        check("registry.access.redhat.com/ubi9/ubi-minimal:9.4", true);
        check("python:3.13", false);
        check("slimerjs:1", false);
    }
}
