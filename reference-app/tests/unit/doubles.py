"""A database, a broker and time, in memory: they answer what a test lays out, and keep what they were asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import create_autospec

from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection

Answer = Sequence[tuple[Any, ...]] | Exception


class Result:
    """One row for each that was read or changed."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self.rows = list(rows)
        self.rowcount = len(rows)

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.rows[0] if self.rows else None

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows


class Rows:
    """A database, its pool, its connection. A statement is answered by how it starts; an iterator answers in turn."""

    def __init__(self, answers: Mapping[str, Answer | Iterator[Answer]] | None = None) -> None:
        self.laid = dict(answers or {})
        self.heard: list[tuple[str, Any]] = []
        self.timeouts: list[float | None] = []
        self.state = "new"
        self.checked = 0
        self.pool = self

    def open(self) -> None:
        self.state = "open"

    def close(self) -> None:
        self.state = "closed"

    def answers(self) -> bool:
        return self.state == "open"

    def check(self) -> None:
        self.checked += 1

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[Rows]:
        self.timeouts.append(timeout)
        yield self

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.heard.append(("BEGIN", None))
        try:
            yield
        except BaseException:
            self.heard.append(("ROLLBACK", None))
            raise
        self.heard.append(("COMMIT", None))

    def execute(self, statement: str | bytes, values: Any = None) -> Result:
        text = statement.decode() if isinstance(statement, bytes) else " ".join(statement.split())
        self.heard.append((text, values))
        answer = next((given for start, given in self.laid.items() if text.startswith(start)), [])
        if isinstance(answer, Iterator):
            answer = next(answer, AssertionError(f"asked too often: {text}"))
        if isinstance(answer, Exception):
            raise answer
        return Result(answer)

    @property
    def verbs(self) -> list[str]:
        """The first word of each statement, in order."""
        return [text.split()[0] for text, _ in self.heard]

    def values(self, start: str) -> list[Any]:
        """What was given to the statements that start so."""
        return [values for text, values in self.heard if text.startswith(start)]


def link() -> Any:
    """A connection to the broker, with its channel; calls that theirs would not take are refused."""
    connection = create_autospec(BlockingConnection, instance=True, is_open=True)
    connection.close.side_effect = lambda: setattr(connection, "is_open", False)
    connection.channel.return_value = create_autospec(BlockingChannel, instance=True, connection=connection)
    return connection


class Waits(threading.Event):
    """Nobody waits: it keeps for how long it was asked to, and is set at the last of so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times
        self.asked: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.asked.append(timeout)
        if len(self.asked) == self.times:
            self.set()
        return self.is_set()


class Clock:
    """Stands in for the module `time`: sleeping is what makes it move."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
