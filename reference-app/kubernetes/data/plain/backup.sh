#!/bin/sh
# backup.sh FOLDER: dumps each database, proves that each dump can be read, then drops those older than two weeks.
# PGHOST says where; SECRETS_FOLDER holds one password file for each database.
set -eu

folder=${1:?a folder}
secrets=${SECRETS_FOLDER:-/run/secrets/comptoir}
stamp=$(date -u +%Y%m%dT%H%M%SZ)

for database in inventory billing; do
  dump=$folder/$database-$stamp.dump
  PGPASSWORD=$(cat "$secrets/$database-database")
  export PGPASSWORD
  pg_dump --username "$database" --format custom --file "$dump.part" "$database"
  pg_restore --list "$dump.part" >/dev/null
  mv "$dump.part" "$dump"
  (cd "$folder" && sha256sum "$(basename "$dump")" >"$(basename "$dump").sha256")
  echo "kept $dump"
done

find "$folder" -name '*.dump*' -mtime +14 -exec rm -f {} +

# Read by the node exporter where there is one.
if [ -n "${METRICS_FILE:-}" ]; then
  printf '%s\n' \
    '# HELP comptoir_backup_last_success_timestamp_seconds When the last backup succeeded.' \
    '# TYPE comptoir_backup_last_success_timestamp_seconds gauge' \
    "comptoir_backup_last_success_timestamp_seconds $(date +%s)" >"$METRICS_FILE.part"
  chmod 644 "$METRICS_FILE.part"
  mv "$METRICS_FILE.part" "$METRICS_FILE"
fi
