"""What the environment decides: addresses, delays, and where secrets are mounted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class MissingSettingError(Exception):
    """A setting without which the process must not start."""


@dataclass(frozen=True)
class SecretFile:
    """A secret that is read when it is used, so that a rotated file takes effect without a restart."""

    path: Path

    def read(self) -> str:
        """The secret as it is now; a trailing newline, which editors add, is no part of it."""
        return self.path.read_text(encoding="utf-8").rstrip("\r\n")


class Settings:
    """Typed access to environment variables; every reader says which variable it wants."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str | None = None) -> str:
        """A text; an empty variable is a missing one."""
        value = self._environ.get(name) or default
        if value is None:
            raise MissingSettingError(f"{name} is not set")
        return value

    def number(self, name: str, default: float) -> float:
        """A number that is zero or more."""
        written = self._environ.get(name) or str(default)
        try:
            value = float(written)
        except ValueError:
            raise MissingSettingError(f"{name} is not a number: {written}") from None
        if value < 0:
            raise MissingSettingError(f"{name} is negative: {written}")
        return value

    def secret(self, name: str) -> SecretFile:
        """The file that NAME points at. It is opened on use, not here."""
        return SecretFile(Path(self.text(name)))
