"""Migrations: applied in order, once, together or not at all."""

from __future__ import annotations

import hashlib
import os
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from comptoir import database, migrate
from comptoir.migrate import EditedMigrationError
from tests.unit.conftest import Lines
from tests.unit.doubles import Clock, Rows

KNOWN = "SELECT name, checksum"
FILES = {"0001_first.sql": "CREATE TABLE a ()", "0002_second.sql": "CREATE TABLE b ()"}
KEPT = [(name, hashlib.sha256(text.encode()).hexdigest()) for name, text in FILES.items()]
AWAY = psycopg.OperationalError("away\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "notes.txt").write_text("no migration")
    for name, text in reversed(FILES.items()):
        (folder / name).write_text(text)
    monkeypatch.setattr(migrate.resources, "files", {"comptoir.shop": tmp_path}.__getitem__)
    return folder


def apply(rows: Rows) -> list[str]:
    return migrate.apply(rows, "shop")  # type: ignore[arg-type]


def test_migrations_are_read_in_the_order_of_their_names(folder: Path) -> None:
    assert (migrate.migrations("shop"), folder.name) == (list(FILES.items()), "migrations")


@pytest.mark.parametrize("service", ["inventory", "billing"])
def test_every_service_that_keeps_data_has_migrations(service: str) -> None:
    names = [name for name, _ in migrate.migrations(service)]
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert names


@pytest.mark.usefixtures("folder")
def test_an_empty_database_gets_all_of_them() -> None:
    rows = Rows()
    assert apply(rows) == list(FILES)
    assert [text for text, _ in rows.heard if text.startswith("CREATE TABLE") and text.endswith("()")] == [
        *FILES.values()
    ]
    assert rows.values("INSERT INTO schema_migrations (name, checksum)") == [list(kept) for kept in KEPT]
    # One process works while others wait, and half a schema is never left.
    assert rows.verbs == ["BEGIN", "SELECT", "CREATE", "SELECT", "CREATE", "INSERT", "CREATE", "INSERT", "COMMIT"]
    assert rows.values("SELECT pg_advisory_xact_lock(%s)") == [[7301]]


@pytest.mark.usefixtures("folder")
def test_what_was_applied_is_not_applied_again() -> None:
    assert apply(Rows({KNOWN: KEPT[:1]})) == ["0002_second.sql"]
    rows = Rows({KNOWN: KEPT})
    assert apply(rows) == []
    assert "INSERT" not in rows.verbs


@pytest.mark.usefixtures("folder")
def test_an_edited_migration_is_refused() -> None:
    rows = Rows({KNOWN: [("0001_first.sql", "of another text")]})
    with pytest.raises(EditedMigrationError, match=r"^0001_first\.sql was edited after"):
        apply(rows)
    assert rows.verbs[-1] == "ROLLBACK"
    assert "INSERT" not in rows.verbs


class Server:
    """A database that is away for the first connections."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.rows = Rows()

    def __call__(self, _settings: object) -> Server:
        return self

    @contextmanager
    def connect(self) -> Iterator[Rows]:
        if self.failures:
            self.failures -= 1
            raise AWAY
        yield self.rows


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(migrate, "time", clock)
    monkeypatch.setattr(os, "environ", {})
    return clock


@pytest.mark.usefixtures("folder")
def test_the_database_is_waited_for(clock: Clock, monkeypatch: pytest.MonkeyPatch, printed: Lines) -> None:
    monkeypatch.setattr(migrate, "Database", Server(failures=2))
    migrate.main("shop")
    assert clock.slept == [1, 1]
    lines = printed()
    assert [line["message"] for line in lines] == ["waiting for the database"] * 2 + ["the schema is up to date"]
    assert (lines[0]["error"], lines[2]["applied"]) == ("away", list(FILES))
    assert (lines[0]["service"], lines[0]["version"]) == ("migrate-shop", "development")


@pytest.mark.usefixtures("folder", "printed")
@pytest.mark.parametrize(("environ", "seconds"), [({}, 60), ({"MIGRATE_TIMEOUT": "3"}, 3)])
def test_but_not_for_ever(clock: Clock, environ: dict[str, str], seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "Database", Server(failures=1000))
    monkeypatch.setattr(os, "environ", environ)
    with pytest.raises(psycopg.OperationalError):
        migrate.main("shop")
    assert sum(clock.slept) == seconds + 1


@pytest.mark.usefixtures("clock", "printed")
def test_a_fault_of_a_migration_is_not_waited_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(failures=0)
    server.rows.laid["CREATE TABLE a"] = psycopg.errors.SyntaxError("no SQL")
    monkeypatch.setattr(migrate, "Database", server)
    with pytest.raises(psycopg.errors.SyntaxError):
        migrate.main("shop")
    assert (folder / "0001_first.sql").exists()


@pytest.mark.usefixtures("clock", "folder")
def test_the_command_names_the_service(monkeypatch: pytest.MonkeyPatch, printed: Lines) -> None:
    monkeypatch.setattr(database, "Database", Server(failures=0))
    monkeypatch.setattr(sys, "argv", ["migrate", "shop"])
    runpy.run_path(str(migrate.__file__), run_name="__main__")
    assert [line["message"] for line in printed()] == ["the schema is up to date"]
