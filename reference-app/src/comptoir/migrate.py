"""Brings a database to the newest schema: `python -m comptoir.migrate inventory`.

Files are applied in the order of their names, once, all in one transaction. Several processes may start together:
an advisory lock lets one work while the others wait. A file that has been applied must never be edited.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import time
from importlib import resources

import psycopg

from comptoir import logs
from comptoir.database import Connection, Database
from comptoir.settings import Settings

log = logging.getLogger(__name__)

LOCK = 7301
LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class EditedMigrationError(Exception):
    """A migration that was applied has another text now."""


def migrations(service: str) -> list[tuple[str, str]]:
    """Name and text of each migration of a service, oldest first."""
    folder = resources.files(f"comptoir.{service}") / "migrations"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return [(entry.name, entry.read_text(encoding="utf-8")) for entry in sorted(found, key=lambda entry: entry.name)]


def apply(connection: Connection, service: str) -> list[str]:
    """Applies what is missing, and says what that was."""
    applied: list[str] = []
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        connection.execute(LEDGER)
        known: dict[str, str] = dict(connection.execute("SELECT name, checksum FROM schema_migrations").fetchall())
        for name, text in migrations(service):
            checksum = hashlib.sha256(text.encode()).hexdigest()
            if name not in known:
                connection.execute(text.encode())
                connection.execute("INSERT INTO schema_migrations (name, checksum) VALUES (%s, %s)", [name, checksum])
                applied.append(name)
            elif known[name] != checksum:
                raise EditedMigrationError(f"{name} was edited after it had been applied; write a new one")
    return applied


def main(service: str) -> None:
    """Waits for the database, then applies."""
    settings = Settings(os.environ)
    logs.configure(f"migrate-{service}", settings.text("APP_VERSION", "development"))
    deadline = time.monotonic() + settings.number("MIGRATE_TIMEOUT", 60)
    database = Database(settings)
    while True:
        try:
            with database.connect() as connection:
                applied = apply(connection, service)
            break
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise
            log.info("waiting for the database", extra={"fields": {"error": str(error).strip()}})
            time.sleep(1)
    log.info("the schema is up to date", extra={"fields": {"applied": applied}})


if __name__ == "__main__":
    main(sys.argv[1])
