"""Imports: nonsense is reported, good rows stand, the same file twice changes nothing."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from kotinos.rights import api, models
from kotinos.rights.commands import rights

if TYPE_CHECKING:
    from pathlib import Path

    from kotinos.rights.tests.conftest import Town

HEADER = (
    "number,grantor,grantee,parent,property,acts,outlets,territory,from,until,delay_minutes,"
    "exclusivity,quota,may_sublicense,duties,note\n"
)
GOOD = (
    'G-2,SHOP,RIVAL,G-1,GAMES,sell,own-shop,"FR,BE",2026-01-01,2040-01-01,,,,,,first\n'
    'G-1,IOC,SHOP,,GAMES,"sell, ship",,"WORLD,-CN",2026-01-01,2040-01-01,0,sole,,yes,'
    "royalty:1200@IOC; label,\n"
)
BAD = (
    "G-3,IOC,NOBODY,,GAMES,sell,,,,,,,,,,\n"
    "G-4,IOC,SHOP,,GAMES,sing,,,,,,,,,,\n"
    'G-5,IOC,SHOP,,GAMES,sell,,"JQ",,,,,,,,\n'
    "G-6,IOC,SHOP,,GAMES,sell,,,tomorrow,,,,,,,\n"
    "G-7,IOC,SHOP,,GAMES,sell,,,,,-5,,,,,\n"
    "G-8,IOC,SHOP,,GAMES,sell,,,,,,,9999999999999999999999,,,\n"
    "G-9,IOC,SHOP,,GAMES,sell,,,,,,,,perhaps,,\n"
    "G-10,IOC,SHOP,,GAMES,sell,,,,,,,,,tribute:5,\n"
    "G-11,RIVAL,SHOP,,GAMES,sell,,,,,,,,,,\n"
    "G-12,IOC,SHOP\n"
    ",IOC,SHOP,,GAMES,sell,,,,,,,,,,\n"
    "G-13,SHOP,THIRD,G-14,GAMES,sell,,,,,,,,,,\n"
    "G-14,SHOP,THIRD,G-13,GAMES,sell,,,,,,,,,,\n"
)


def run(text: str | bytes, town: Town, **more: Any) -> api.ImportReport:
    raw = text.encode() if isinstance(text, str) else text
    told: dict[str, Any] = {
        "file": BytesIO(raw),
        "now": town.now,
        "parties": ("grantor", "grantee"),
    }
    return api.import_grants(**told | more)


def test_a_bad_row_never_loses_a_good_one(town: Town) -> None:
    report = run(HEADER + GOOD + BAD, town)
    assert report.counts[api.Fate.DONE] == 2
    assert report.counts[api.Fate.REFUSED] == 13
    assert all(row.message for row in report.rows)
    assert [row.line for row in report.rows] == list(range(2, 17))
    standing = models.Grant.objects.filter(signatures__isnull=False).distinct()
    assert set(standing.values_list("number", flat=True)) == {"G-1", "G-2"}
    assert models.Grant.objects.get(number="G-1").duties[0]["basis_points"] == 1200


def test_the_same_file_twice_changes_nothing(town: Town) -> None:
    run(HEADER + GOOD, town)
    before = (models.Grant.objects.count(), models.Signature.objects.count())
    report = run(HEADER + GOOD, town)
    assert report.counts == {api.Fate.UNCHANGED: 2}
    assert (models.Grant.objects.count(), models.Signature.objects.count()) == before
    changed = run(HEADER + GOOD.replace("WORLD,-CN", "WORLD"), town)
    assert changed.counts == {api.Fate.UNCHANGED: 1, api.Fate.REFUSED: 1}


def test_a_dry_run_says_the_same_and_leaves_nothing(town: Town) -> None:
    dry = run(HEADER + GOOD + BAD, town, dry_run=True)
    assert not models.Grant.objects.exists()
    assert not models.Clearance.objects.exists()
    assert dry == run(HEADER + GOOD + BAD, town)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"number,grantor\n",
        (HEADER + '"never closed').encode(),
        HEADER.replace("note", "nonsense").encode(),
        HEADER.replace("note", "quota").encode(),
        b"x" * 20_000_001,
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(town: Town, raw: bytes) -> None:
    assert run(raw, town).unreadable
    assert not models.Grant.objects.exists()


def test_a_null_byte_is_a_bad_row(town: Town) -> None:
    report = run(HEADER + GOOD + "G-3,IOC,SHOP,,GAMES,sell,,,,,,,,,,no\x00te\n", town)
    assert report.unreadable or report.counts[api.Fate.REFUSED] == 1


def test_consents_prohibitions_and_properties_come_from_files_too(
    town: Town, tmp_path: Path
) -> None:
    assert "NOC-JPN" in town.ids
    files = {
        "properties": "code,kind,owner,name,parent,home_noc\n"
        "JPN-CREST,noc-emblem,NOC-JPN,Crest,,JPN\nLAMP,mark,IOC,Lamp,GAMES,\nBAD,mark,X,Bad,,\n",
        "consents": "noc,policy,listed,share_basis_points\nJPN,listed,KEN FRA,250\nFRA,moon,,\n",
        "prohibitions": "number,grantor,property,territory\nP-1,IOC,LAMP,CN\nP-2,SHOP,LAMP,CN\n",
    }
    for word, text in files.items():
        path = tmp_path / f"{word}.csv"
        path.write_text(text, encoding="utf-8")
        done = CliRunner().invoke(rights, [word, "import", str(path)])
        assert done.exit_code == 1
        assert "1 refused" in done.output
        again = CliRunner().invoke(rights, [word, "import", str(path)])
        assert "0 done" in again.output
    assert models.Property.objects.get(code="LAMP").parent is not None
    assert models.Consent.objects.get(noc="JPN").listed == ["FRA", "KEN"]
    assert models.Prohibition.objects.get().number == "P-1"


def test_the_words_of_the_command_line_answer(town: Town, tmp_path: Path) -> None:
    work = town.work("GAMES")
    path = tmp_path / "grants.csv"
    path.write_text(HEADER + GOOD, encoding="utf-8")

    def say(*words: str) -> str:
        done = CliRunner().invoke(rights, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    assert "2 done" in say("import", str(path), "--sign", "--dry-run")
    assert "2 done" in say("import", str(path))
    assert "gained" in say("simulate", "--add", "G-1")
    assert say("conflicts", "G-1") == "nothing\n"
    assert "in force" in say("sign", "--all")
    assert "cleared in 9 territories" in say("explain", str(work), "--to", "JP", "--seller", "SHOP")
    for language in ("en", "fr", "zh-hans", "ar"):
        assert say("explain", str(work), "--to", "CN", "--language", language)
    assert '"outcome": "refused"' in say("explain", str(work), "--to", "CN", "--json")
    past = ("--as-of", "2020-01-01")
    assert "cleared in 0" in say("explain", str(work), "--to", "JP", "--seller", "SHOP", *past)
    assert '"Agreement"' in say("export", "G-1", "--odrl")
    assert "1 works compiled" in say("recompile")
    assert "in force" in say("open", "KEN", "--reach", "world", "--consent", "world")
    refused = CliRunner().invoke(rights, ["explain", "no-such-sku", "--to", "JP"])
    assert refused.exit_code == 1
