#!/usr/bin/env bash
# restore-drill.sh: on the development environment, dumps both databases, damages a copy and sees it refused, restores
# the good dumps beside the originals and compares every row. Nothing of the originals is touched.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts=/tmp/drill
compose() { ${COMPOSE:-docker compose} "$@"; }
inside() { compose exec -T postgres "$@"; }
say() { printf '%s\n' "$*"; }

started=$SECONDS
inside rm -rf $scripts
inside mkdir -p $scripts/kept
for script in backup.sh restore.sh; do
  inside sh -c "cat >$scripts/$script" <kubernetes/data/plain/$script
done

inside env PGHOST=127.0.0.1 sh $scripts/backup.sh $scripts/kept

for database in inventory billing; do
  dump=$(inside sh -c "ls $scripts/kept/$database-*.dump")

  inside sh -c "mkdir -p $scripts/damaged && cp $dump $dump.sha256 $scripts/damaged && \
    printf x | dd of=$scripts/damaged/\$(basename $dump) bs=1 seek=200 conv=notrunc 2>/dev/null"
  inside psql -q -U postgres -c "CREATE DATABASE ${database}_drill OWNER $database" >/dev/null
  if inside env PGHOST=127.0.0.1 sh $scripts/restore.sh "$scripts/damaged/$(basename "$dump")" "${database}_drill" 2>/dev/null; then
    say "a damaged dump of $database was restored"
    exit 1
  fi
  say "a damaged dump of $database is refused"

  inside env PGHOST=127.0.0.1 sh $scripts/restore.sh "$dump" "${database}_drill"
  for table in $(inside psql -U postgres -At -d "$database" -c \
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"); do
    sum="SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM $table t"
    before=$(inside psql -U postgres -At -d "$database" -c "$sum")
    after=$(inside psql -U postgres -At -d "${database}_drill" -c "$sum")
    [ "$before" = "$after" ] || { say "$database.$table differs: $before, $after"; exit 1; }
    say "$database.$table: ${before%% *} rows, the same"
  done
  inside psql -q -U postgres -c "DROP DATABASE ${database}_drill" >/dev/null
done
inside rm -rf $scripts
say "restored and compared in $((SECONDS - started)) s"
