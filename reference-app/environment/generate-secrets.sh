#!/bin/sh
# Makes the secrets of a development environment, once. They live in a volume and never in the repository.
set -eu

passwords=${1:?where the services read passwords}
broker=${2:?where the broker reads its user}

secret() {
  [ -s "$passwords/$1" ] || python3 -c 'import secrets; print(secrets.token_urlsafe(24), end="")' >"$passwords/$1"
  chmod 444 "$passwords/$1"
}

for name in postgres-superuser inventory-database billing-database monitoring-database broker admin-token \
  grafana-admin; do
  secret "$name"
done

printf 'default_user = comptoir\ndefault_pass = %s\n' "$(cat "$passwords/broker")" >"$broker/20-user.conf"
chmod 444 "$broker/20-user.conf"
echo "secrets are in place"
