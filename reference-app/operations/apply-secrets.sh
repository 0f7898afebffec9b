#!/usr/bin/env bash
# apply-secrets.sh ENVIRONMENT: decrypts and applies by hand, for a cluster without Argo CD (SOPS_AGE_KEY_FILE).
set -euo pipefail
cd "$(dirname "$0")/.."

environment=${1:?staging or production}
for file in kubernetes/secrets/"$environment"/*.sops.yaml; do
  sops --decrypt "$file" | kubectl apply --namespace "comptoir-$environment" --filename -
done
