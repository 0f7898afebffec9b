"""PostgreSQL: a pool whose connections read the password when they are made."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from comptoir.settings import SecretFile, Settings

log = logging.getLogger(__name__)

Connection = psycopg.Connection[tuple[Any, ...]]


def connection_class(password: SecretFile) -> type[Connection]:
    """A connection that takes the password of the moment: after a rotation, new connections use the new one."""

    class Rotating(psycopg.Connection[Any]):
        @classmethod
        def connect(cls, conninfo: str = "", **kwargs: Any) -> Any:
            return super().connect(conninfo, password=password.read(), **kwargs)

    return Rotating


class Database:
    """The service's own database; no other service reads it."""

    def __init__(self, settings: Settings) -> None:
        self.conninfo = psycopg.conninfo.make_conninfo(
            host=settings.text("DATABASE_HOST"),
            port=int(settings.number("DATABASE_PORT", 5432)),
            dbname=settings.text("DATABASE_NAME"),
            user=settings.text("DATABASE_USER"),
            connect_timeout=3,
            application_name=settings.text("DATABASE_USER"),
        )
        self.connection_class = connection_class(settings.secret("DATABASE_PASSWORD_FILE"))
        self.pool: ConnectionPool[Connection] = ConnectionPool(
            self.conninfo,
            connection_class=self.connection_class,
            min_size=1,
            max_size=int(settings.number("DATABASE_CONNECTIONS", 8)),
            timeout=1.5,
            max_lifetime=300,
            reconnect_timeout=5,
            open=False,
        )

    def open(self) -> None:
        """Starts connecting, without waiting: readiness tells when it has succeeded."""
        self.pool.open()

    def close(self) -> None:
        """Gives the connections back."""
        self.pool.close()

    def connect(self) -> Connection:
        """A connection outside the pool."""
        return self.connection_class.connect(self.conninfo)

    def answers(self) -> bool:
        """Whether a query succeeds now. A pool whose connections all died is told to look at them."""
        try:
            with self.pool.connection(timeout=1) as connection:
                connection.execute("SELECT 1")
        except (psycopg.Error, OSError) as error:
            log.warning("the database does not answer", extra={"fields": {"error": str(error).strip()}})
            self.pool.check()
            return False
        return True
