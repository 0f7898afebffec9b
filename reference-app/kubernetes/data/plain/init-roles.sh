#!/bin/sh
# A role and a database for each service, and a role that may only read statistics. Running it again changes nothing
# but passwords, so it also carries out a rotation.
set -eu

folder=${SECRETS_FOLDER:-/run/secrets/comptoir}

run() {
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres "$@"
}

# role NAME FILE: makes the role when it is missing, then sets its password to what the file says.
role() {
  run --set name="$1" --set password="$(cat "$folder/$2")" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'name', :'password') \gexec
SQL
}

# database NAME: owned by the role of the same name, and closed to everybody else.
database() {
  run --set name="$1" <<'SQL'
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

for service in inventory billing; do
  role "$service" "$service-database"
  database "$service"
done

role monitoring monitoring-database
run --command "GRANT pg_monitor TO monitoring"
for service in inventory billing; do
  run --command "GRANT CONNECT ON DATABASE $service TO monitoring"
done
