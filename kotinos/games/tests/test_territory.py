from __future__ import annotations

import contextlib
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotinos.games.contracts import Atlas, HomeSpan, SetSpan
from kotinos.games.territory import TerritoryTextError

NOW = datetime(2030, 7, 19, tzinfo=timezone.utc)
OLD = datetime(1900, 1, 1, tzinfo=timezone.utc)
LEFT = datetime(2021, 1, 1, tzinfo=timezone.utc)
CODES = ("CA", "CN", "FR", "GB", "HK", "JP", "KE", "US")
ATLAS = Atlas(
    bits={code: bit for bit, code in enumerate(CODES)},
    homes=(HomeSpan("KEN", "KE", OLD, None), HomeSpan("FRA", "FR", OLD, None)),
    sets=(
        SetSpan("EEA", "FR,GB", OLD, LEFT),
        SetSpan("EEA", "FR", LEFT, None),
        SetSpan("NORTH", "EEA,CA", OLD, None),
        SetSpan("LOOP", "LOOP", OLD, None),
    ),
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("WORLD", CODES),
        ("WORLD,-CA,-US", ("CN", "FR", "GB", "HK", "JP", "KE")),
        ("-CA,WORLD", ("CN", "FR", "GB", "HK", "JP", "KE", "US")),
        ("HOME(KEN)", ("KE",)),
        ("world , - home( ken )", ("CA", "CN", "FR", "GB", "HK", "JP", "US")),
        ("EEA", ("FR",)),
        ("NORTH", ("CA", "FR")),
    ],
)
def test_a_text_names_territories(text: str, codes: tuple[str, ...]) -> None:
    assert ATLAS.codes(ATLAS.mask(text, NOW)) == codes


def test_a_named_set_is_what_it_was_at_the_time() -> None:
    assert ATLAS.codes(ATLAS.mask("NORTH", datetime(2020, 6, 1, tzinfo=timezone.utc))) == (
        "CA",
        "FR",
        "GB",
    )


@pytest.mark.parametrize(
    ("text", "position", "suggestion"),
    [
        ("WORLD,-CB", 6, "CN"),
        ("EEB", 0, "EEA"),
        ("JP,HOME(KEM)", 3, "HOME(KEN)"),
        ("", 0, None),
        ("JP,,FR", 3, None),
        ("JP,", 3, None),
    ],
)
def test_a_fault_has_a_place_and_a_suggestion(
    text: str, position: int, suggestion: str | None
) -> None:
    with pytest.raises(TerritoryTextError) as fault:
        ATLAS.mask(text, NOW)
    assert fault.value.position == position
    if suggestion != "CN":  # several codes are as near: any will do
        assert fault.value.suggestion == suggestion


def test_a_set_that_names_itself_is_refused() -> None:
    with pytest.raises(TerritoryTextError, match="names itself"):
        ATLAS.mask("LOOP", NOW)


@given(st.text(max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    with contextlib.suppress(TerritoryTextError):
        ATLAS.mask(text, NOW)


@given(st.integers(1, 2 ** len(CODES) - 1))
def test_what_is_written_reads_back(mask: int) -> None:
    assert ATLAS.mask(ATLAS.text(mask), NOW) == mask
