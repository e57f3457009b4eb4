"""Capitals and figures drawn with one stroke, so that no picture depends on an installed font."""

from __future__ import annotations

import re

HEIGHT = 6.0

_O = "M2 0A2 2 0 0 0 0 2V4A2 2 0 0 0 4 4V2A2 2 0 0 0 2 0Z"
_P = "M0 6V0H2.2A1.75 1.75 0 0 1 2.2 3.5H0"
GLYPHS: dict[str, tuple[float, str]] = {
    " ": (1.6, ""),
    "A": (4.2, "M0 6L2.1 0L4.2 6M0.8 4H3.4"),
    "B": (3.8, "M0 0V6H2.3A1.55 1.55 0 0 0 2.3 2.9H0M2.2 2.9A1.45 1.45 0 0 0 2.2 0H0"),
    "C": (4, "M4 1.5A2 2 0 0 0 0 2V4A2 2 0 0 0 4 4.5"),
    "D": (4, "M0 0V6H1.8A2.2 2.2 0 0 0 4 3.8V2.2A2.2 2.2 0 0 0 1.8 0Z"),
    "E": (3.4, "M3.4 0H0V6H3.4M0 3H2.9"),
    "F": (3.4, "M3.4 0H0V6M0 3H2.9"),
    "G": (4, "M4 1.5A2 2 0 0 0 0 2V4A2 2 0 0 0 4 4V3.2H2.3"),
    "H": (4, "M0 0V6M4 0V6M0 3H4"),
    "I": (0.1, "M0 0V6"),
    "J": (3.4, "M3.4 0V4.3A1.7 1.7 0 0 1 0 4.3"),
    "K": (4, "M0 0V6M3.8 0L0 3.6M1.3 2.5L4 6"),
    "L": (3.3, "M0 0V6H3.3"),
    "M": (4.8, "M0 6V0L2.4 3.8L4.8 0V6"),
    "N": (4.1, "M0 6V0L4.1 6V0"),
    "O": (4, _O),
    "P": (4, _P),
    "Q": (4, _O + "M2.5 4.3L4.3 6.2"),
    "R": (4, _P + "M2 3.5L4 6"),
    "S": (
        3.9,
        (
            "M3.8 1.3C3.5.5 2.9 0 2 0C.8 0 .1.7.1 1.5C.1 2.5.9 2.8 2 3"
            "C3.1 3.2 3.9 3.6 3.9 4.5C3.9 5.4 3.2 6 2 6C1 6 .3 5.5 0 4.7"
        ),
    ),
    "T": (4, "M0 0H4M2 0V6"),
    "U": (4, "M0 0V4A2 2 0 0 0 4 4V0"),
    "V": (4.2, "M0 0L2.1 6L4.2 0"),
    "W": (5.4, "M0 0L1.4 6L2.7 1.2L4 6L5.4 0"),
    "X": (4, "M0 0L4 6M4 0L0 6"),
    "Y": (4, "M0 0L2 3.1L4 0M2 3.1V6"),
    "Z": (3.8, "M0 0H3.8L0 6H3.8"),
    "0": (4, _O),
    "1": (1.6, "M0 1.2L1.6 0V6"),
    "2": (3.9, "M0 1.7A1.95 1.75 0 0 1 3.9 1.8C3.9 3.3.8 4.3 0 6H3.9"),
    "3": (
        3.9,
        (
            "M.2 1C.6.4 1.2 0 2 0C3.1 0 3.7.7 3.7 1.5C3.7 2.4 3.1 2.9 1.7 2.9"
            "C3.2 2.9 3.9 3.5 3.9 4.4C3.9 5.4 3.1 6 2 6C1 6 .3 5.6 0 4.8"
        ),
    ),
    "4": (4, "M3 6V0L0 4.4H4"),
    "6": (3.9, "M3.6 1C3.2.3 2.6 0 2 0C.7 0 0 1.2 0 3.4V4A1.95 2 0 0 0 3.9 4A1.95 1.8 0 0 0 0 4"),
    "8": (
        3.9,
        "M2 2.9A1.5 1.45 0 0 1 2 0A1.5 1.45 0 0 1 2 2.9A1.9 1.55 0 0 0 2 6A1.9 1.55 0 0 0 2 2.9",
    ),
}
_TOKEN = re.compile(r"[A-Za-z]|-?\d*\.?\d+")


def line(text: str, *, spacing: float) -> tuple[str, float]:
    """Return one path for the text, 6 units high from y = 0, and its width.

    Unknown characters are left out: marks are lettered with codes and names of our own.
    """
    paths: list[str] = []
    x = 0.0
    for character in text.upper():
        width, path = GLYPHS.get(character, (0.0, ""))
        if path:
            paths.append(_shifted(path, x))
        x += width + (spacing if width else 0)
    return "".join(paths), max(x - spacing, 0)


def _shifted(path: str, by: float) -> str:
    """Move an absolute path (M L H V C A Z) to the right."""
    moved: list[str] = []
    command, index = "", 0
    for token in _TOKEN.findall(path):
        if token.isalpha():
            command, index = token, 0
            moved.append(token)
            continue
        value = float(token) + (by if _is_x(command, index) else 0)
        moved.append(f"{value:.3f}".rstrip("0").rstrip(".") + " ")
        index += 1
    return "".join(moved)


def _is_x(command: str, index: int) -> bool:
    match command:
        case "H":
            return True
        case "M" | "L" | "C":
            return index % 2 == 0
        case "A":
            return index % 7 == 5  # noqa: PLR2004 - an arc's sixth number is its end's x
        case _:
            return False
