"""Checking a draw at the command line, as anybody may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kotinos.kernel import clock
from kotinos.waitingroom import api, decide, draw
from kotinos.waitingroom.commands import waitingroom

if TYPE_CHECKING:
    from pathlib import Path

SEED = bytes(range(32))
HASH = decide.seed_hash(SEED)


def _in_order(people: int) -> list[str]:
    identities = [f"{number:032x}" for number in range(people)]
    return sorted(identities, key=lambda identity: decide.rank(seed=SEED, identity=identity))


def _say(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(waitingroom, words)
    return result.exit_code, result.output


def test_one_rank_is_worked_out_and_the_seed_is_checked() -> None:
    identity = "0123456789abcdef" * 2
    words = ("--seed", SEED.hex(), "--identity", identity)
    code, said = _say("verify", *words, "--hash", HASH)
    assert code == 0
    assert "the seed is the one whose hash was published" in said
    assert f"rank {decide.rank(seed=SEED, identity=identity)} of" in said
    code, said = _say("verify", *words, "--hash", "00" * 32)
    assert code == 1
    assert "not the one" in said
    assert _say("verify", "--seed", "zz", "--identity", identity)[0] == 2


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda lines: lines, "100 identities, each in its place"),
        (lambda lines: [*lines[:40], lines[41], lines[40], *lines[42:]], "line 42 is not in"),
        (lambda lines: [*lines[:21], lines[20], *lines[21:]], "line 22 is not in"),
        (lambda lines: [*lines[:39], lines[50], *lines[39:]], "line 41 is not in"),
        (lambda lines: [*lines[:70], "x" * 32, *lines[70:]], "line 71 is not 32"),
        (lambda lines: [*lines[:70], "1234", *lines[70:]], "line 71 is not 32"),
        (lambda _: [], "0 identities"),
    ],
)
def test_a_draw_is_checked_to_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, break_it: object, said: str
) -> None:
    monkeypatch.setattr(draw, "LINES_AT_ONCE", 10)
    assert callable(break_it)
    path = tmp_path / "draw"
    path.write_text("".join(f"{line}\n" for line in break_it(_in_order(100))), encoding="ascii")
    _, output = _say("draw", str(path), "--seed", SEED.hex(), "--hash", HASH)
    assert said in output


@pytest.mark.django_db
def test_the_lines_are_listed() -> None:
    now = clock.now()
    room = api.create_room(
        code="night-jersey",
        opens_at=now + timedelta(hours=1),
        closes_at=now + timedelta(hours=2),
        now=now,
    )
    proof = api.AccountProof(api.sign_account_identity(person_id=room.id, room_id=room.id, now=now))
    api.join(room_id=room.id, proof=proof, ticket=None, now=now)
    code, said = _say("line")
    assert code == 0
    assert "night-jersey: before, 1 waiting" in said
