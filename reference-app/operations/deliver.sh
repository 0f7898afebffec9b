#!/usr/bin/env bash
# deliver.sh ENVIRONMENT VERSION: commits the version that an environment must run. Argo CD does the rest: at once in
# staging, once somebody has pressed Sync in production.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=${1:?staging or production}
version=${2:?a version}

overlay=kubernetes/overlays/$environment
[ -d "$overlay" ] || { echo "there is no environment $environment" >&2; exit 2; }
[[ $version =~ ^v?[0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "$version is no version" >&2; exit 2; }

sed -i "s/^\( *newTag: \).*/\1${version#v}/" "$overlay/kustomization.yaml"
if git diff --quiet -- "$overlay"; then
  echo "$environment already runs ${version#v}"
  exit 0
fi
git -c user.name=delivery -c user.email=delivery@comptoir.example \
  commit --quiet --message "Deliver ${version#v} to $environment" -- "$overlay"
git push --quiet origin "HEAD:${CI_DEFAULT_BRANCH:-main}"
