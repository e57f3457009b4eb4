"""One SQL text, two lanes. A Statement is data; `kernel.rich` and `kernel.fast` run it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Generic, TypeVar
from uuid import UUID

RowT = TypeVar("RowT")
Scalar = bool | int | float | str | bytes | datetime | UUID | None
Param = Scalar | list[Any]
Reader = Callable[[Mapping[str, Any]], RowT]


@dataclass(frozen=True, slots=True)
class Statement(Generic[RowT]):
    """The text of one `.sql` file and the function that reads each row it returns.

    Parameters are named (`%(name)s`). Run on its own a statement is its own transaction,
    so what it promises it promises alone.
    """

    name: str
    text: str
    read: Reader[RowT]

    @classmethod
    def load(cls, package: str, name: str, read: Reader[RowT]) -> Statement[RowT]:
        """The statement in `<package>/sql/<name>`; FileNotFoundError where there is none."""
        return cls(name, (files(package) / "sql" / name).read_text(encoding="utf-8"), read)
