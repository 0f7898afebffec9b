"""How the database and the broker are reached: which address, whose password, and how long before giving up."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import Mock, call

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from comptoir import broker
from comptoir.broker import Broker
from comptoir.database import Database
from comptoir.settings import Settings
from tests.unit.doubles import Rows, link


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("first\n")
    return file


def settings(password: Path, **more: str) -> Settings:
    names = {"DATABASE_HOST": "db", "DATABASE_NAME": "stock", "DATABASE_USER": "inventory", "BROKER_HOST": "mq"}
    files = {"DATABASE_PASSWORD_FILE": str(password), "BROKER_PASSWORD_FILE": str(password)}
    return Settings({**names, **files, "BROKER_USER": "counter", **more})


@pytest.mark.parametrize(("more", "port"), [({}, "5432"), ({"DATABASE_PORT": "6432"}, "6432")])
def test_the_database_is_where_the_environment_says(password: Path, more: dict[str, str], port: str) -> None:
    assert conninfo_to_dict(Database(settings(password, **more)).conninfo) == {
        "host": "db",
        "port": port,
        "dbname": "stock",
        "user": "inventory",
        "application_name": "inventory",
        "connect_timeout": "3",
    }


@pytest.mark.parametrize(("more", "most"), [({}, 8), ({"DATABASE_CONNECTIONS": "2"}, 2)])
def test_the_pool_is_bounded_and_opened_on_demand(password: Path, more: dict[str, str], most: int) -> None:
    database = Database(settings(password, **more))
    pool = database.pool
    assert (pool.min_size, pool.max_size, pool.closed) == (1, most, True)
    # A request waits less than a client does; a connection lives for five minutes, and is made again within seconds.
    assert (pool.timeout, pool.max_lifetime, pool.reconnect_timeout) == (1.5, 300, 5)
    assert pool.connection_class is database.connection_class


def test_every_connection_takes_the_password_of_the_moment(password: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, str, dict[str, Any]]] = []

    def connect(conninfo: str, password: str, **more: Any) -> str:
        made.append((conninfo, password, more))
        return f"connection {len(made)}"

    monkeypatch.setattr(psycopg.Connection, "connect", connect)
    database = Database(settings(password))
    assert database.connect() == "connection 1"
    password.write_text("second")
    assert database.connection_class.connect(database.conninfo, autocommit=True) == "connection 2"
    assert made == [
        (database.conninfo, "first", {}),
        (database.conninfo, "second", {"autocommit": True}),
    ]


def over(rows: Rows, password: Path) -> Database:
    database = Database(settings(password))
    database.pool = rows  # type: ignore[assignment]
    return database


def test_the_pool_is_opened_and_closed(password: Path) -> None:
    rows = Rows()
    database = over(rows, password)
    database.open()
    assert rows.state == "open"
    database.close()
    assert rows.state == "closed"


def test_a_database_answers_when_a_query_does(password: Path) -> None:
    rows = Rows()
    assert over(rows, password).answers() is True
    assert (rows.verbs, rows.timeouts, rows.checked) == (["SELECT"], [1], 0)


@pytest.mark.parametrize("error", [psycopg.OperationalError("away\n"), OSError("away")])
def test_a_pool_whose_connections_died_looks_at_them(
    password: Path, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    rows = Rows({"SELECT 1": error})
    assert over(rows, password).answers() is False
    assert rows.checked == 1
    assert [record.fields for record in caplog.records] == [{"error": "away"}]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("more", "port"), [({}, 5672), ({"BROKER_PORT": "5673"}, 5673)])
def test_the_broker_is_where_the_environment_says(
    password: Path, more: dict[str, str], port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = Mock(return_value="connection")
    monkeypatch.setattr(broker, "BlockingConnection", connect)
    found = Broker.of(settings(password, **more))
    password.write_text("second")
    assert found.connect() == "connection"
    [given] = connect.call_args.args
    assert (given.host, given.port) == ("mq", port)
    assert (given.credentials.username, given.credentials.password) == ("counter", "second")
    # A broker that hangs is noticed within half a minute, one that cannot be reached within seconds.
    assert (given.heartbeat, given.blocked_connection_timeout) == (30, 30)
    assert (given.socket_timeout, given.stack_timeout) == (3, 5)


def test_no_message_is_lost_by_the_topology() -> None:
    channel = link().channel()
    broker.declare(channel)
    assert channel.exchange_declare.mock_calls == [call("orders", exchange_type="topic", durable=True)]
    dead_letters, queue = channel.queue_declare.mock_calls
    assert dead_letters == call("billing.dead-letters", durable=True, arguments={"x-queue-type": "quorum"})
    assert queue.args == ("billing.orders-placed",)
    assert queue.kwargs["durable"] is True
    # After so many deliveries a message is set aside, through the exchange that has no name.
    assert queue.kwargs["arguments"] == {
        "x-queue-type": "quorum",
        "x-delivery-limit": 5,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": "billing.dead-letters",
    }
    assert channel.queue_bind.mock_calls == [call("billing.orders-placed", "orders", routing_key="order.placed")]
