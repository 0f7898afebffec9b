#!/usr/bin/env bash
# new-secrets.sh ENVIRONMENT: makes every secret of an environment anew and encrypts it for the recipients of .sops.yaml
# (or of SOPS_AGE_RECIPIENTS). Values exist in clear only in the pipe to sops. Commit the result; Argo CD carries it out.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=${1:?staging or production}
folder=kubernetes/secrets/$environment
[ -d "$folder" ] || { echo "there is no environment $environment" >&2; exit 2; }

random() { python3 -c 'import secrets; print(secrets.token_urlsafe(24), end="")'; }

# secret NAME TYPE KEY VALUE…: one encrypted manifest.
secret() {
  local name=$1 type=$2
  shift 2
  {
    printf 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\ntype: %s\nstringData:\n' "$name" "$type"
    while [ $# -gt 0 ]; do
      printf '  %s: "%s"\n' "$1" "$2"
      shift 2
    done
  } | sops --encrypt ${SOPS_AGE_RECIPIENTS:+--age "$SOPS_AGE_RECIPIENTS"} --input-type yaml --output-type yaml \
    --filename-override "$folder/$name.sops.yaml" /dev/stdin >"$folder/$name.sops.yaml.part"
  mv "$folder/$name.sops.yaml.part" "$folder/$name.sops.yaml"
}

inventory=$(random)
billing=$(random)
broker=$(random)

secret comptoir-inventory Opaque database-password "$inventory" broker-password "$broker" admin-token "$(random)"
secret comptoir-billing Opaque database-password "$billing" broker-password "$broker"
if [ "$environment" = production ]; then
  # The operators read these.
  secret comptoir-inventory-role kubernetes.io/basic-auth username inventory password "$inventory"
  secret comptoir-billing-role kubernetes.io/basic-auth username billing password "$billing"
  secret comptoir-broker Opaque username comptoir password "$broker" host rabbitmq port 5672 \
    default_user.conf "default_user = comptoir\ndefault_pass = $broker\n"
else
  secret comptoir-data Opaque postgres-superuser "$(random)" inventory-database "$inventory" \
    billing-database "$billing" monitoring-database "$(random)"
  secret comptoir-broker Opaque 20-user.conf "default_user = comptoir\ndefault_pass = $broker\n"
fi
echo "wrote $folder; commit it"
