#!/bin/sh
# restore.sh DUMP DATABASE: restores a dump into an empty database of the same owner. A damaged dump is refused before
# anything is touched. PGHOST says where; SECRETS_FOLDER holds the passwords.
set -eu

dump=${1:?a dump}
target=${2:?a database}
secrets=${SECRETS_FOLDER:-/run/secrets/comptoir}
owner=$(basename "$dump" | cut -d- -f1)

(cd "$(dirname "$dump")" && sha256sum --check --quiet "$(basename "$dump").sha256")
PGPASSWORD=$(cat "$secrets/$owner-database")
export PGPASSWORD
pg_restore --username "$owner" --dbname "$target" --exit-on-error --single-transaction --no-owner "$dump"
echo "restored $dump into $target"
