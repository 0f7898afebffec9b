"""What the environment decides, and what the log says."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir import logs
from comptoir.settings import MissingSettingError, Settings


def test_a_text_comes_from_the_environment_or_its_default() -> None:
    settings = Settings({"A": "x", "EMPTY": ""})
    assert (settings.text("A"), settings.text("A", "y"), settings.text("B", "y")) == ("x", "x", "y")
    assert settings.text("EMPTY", "y") == "y"
    for name in ("B", "EMPTY"):
        with pytest.raises(MissingSettingError, match=f"^{name} is not set$"):
            settings.text(name)


def test_a_number_is_zero_or_more() -> None:
    settings = Settings({"A": "2.5", "ZERO": "0", "BAD": "x", "LOW": "-1"})
    assert (settings.number("A", 1), settings.number("ZERO", 1), settings.number("B", 3)) == (2.5, 0, 3)
    with pytest.raises(MissingSettingError, match="^BAD is not a number: x$"):
        settings.number("BAD", 1)
    with pytest.raises(MissingSettingError, match="^LOW is negative: -1$"):
        settings.number("LOW", 1)


def test_a_secret_is_read_when_it_is_used(tmp_path: Path) -> None:
    file = tmp_path / "token"
    secret = Settings({"TOKEN_FILE": str(file)}).secret("TOKEN_FILE")
    file.write_text("one\n", encoding="utf-8")
    assert secret.read() == "one"
    file.write_text(" twé \r\n", encoding="utf-8")
    assert secret.read() == " twé "


def test_a_secret_must_be_named() -> None:
    with pytest.raises(MissingSettingError, match="TOKEN_FILE is not set"):
        Settings({}).secret("TOKEN_FILE")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    stream = io.StringIO()
    logs.configure("s", "1", "info", stream)
    yield stream
    root.handlers, root.level = before


def test_a_log_line_is_one_json_object(stream: io.StringIO) -> None:
    logging.getLogger("x.y").warning("é %d", 3, extra={"fields": {"order_id": "o"}})
    logging.getLogger("x.y").debug("not said")
    line = json.loads(stream.getvalue())
    time = line.pop("time")
    assert (time[10], time[-6:], len(time)) == ("T", "+00:00", 29)
    assert line == {
        "level": "warning", "service": "s", "version": "1", "logger": "x.y", "message": "é 3", "order_id": "o",
    }  # fmt: skip
    assert "é" in stream.getvalue()


def test_an_exception_is_part_of_its_line(stream: io.StringIO) -> None:
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("x").exception("failed", extra={"fields": "not a mapping"})
    line = json.loads(stream.getvalue())
    assert line["exception"].endswith("ValueError: why")
    assert line["level"] == "error"


def test_chatty_libraries_are_quiet(stream: io.StringIO) -> None:
    logging.getLogger("pika").info("no")
    logging.getLogger("waitress.queue").warning("no")
    assert stream.getvalue() == ""
