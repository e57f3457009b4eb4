"""Measures the rights engine: one decision, a whole recompilation, and compiled = interpreted.

The figures promised (issue 2): a compiled decision <= 3 microseconds; 100,000 works x 250
territories recompiled in <= 10 s and <= 500 MB; >= 20,000 random cases without a mismatch; a
grant that touches 1,000 works effective in <= 500 ms.
"""

from __future__ import annotations

import gc
import resource
import time
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING
from uuid import UUID

from bench.rights_edition import NOW, Edition
from kotinos.rights.compile import Compiler
from kotinos.rights.contracts import Act, Clearance, Cleared, Outlet, use_bit
from kotinos.rights.decide import verdict
from kotinos.rights.snapshot import Snapshot, Surroundings
from kotinos.rights.tests.worlds import DAYS, day, random_book, random_question

if TYPE_CHECKING:
    from collections.abc import Callable

    from kotinos.rights.book import Book

WORKS = 100_000
CASES_SHORT = 21_000
CASES_FULL = 200_000
QUESTIONS_PER_WORLD = 7
USE = use_bit(Act.SELL, Outlet.OWN_SHOP)

Figures = dict[str, float | int | None]
Sets = dict[tuple[UUID, ...], list[Clearance]]


def main(full: bool) -> dict[str, float | int | None]:  # noqa: FBT001 the bench's one switch
    """Return the figures; with `full`, also the worst case and ten times the cases."""
    edition = Edition()
    figures: Figures = {"works": WORKS, "territories": len(edition.atlas.bits)}
    compiled, measured = recompile(edition, edition.work)
    figures |= {f"recompile_{name}": value for name, value in measured.items()}
    figures["decision_us"] = decision_us(edition.book(), compiled)
    del compiled
    figures |= equality(CASES_FULL if full else CASES_SHORT)
    figures["effective_ms"] = effective_ms()
    if full:
        _, measured = recompile(edition, edition.odd_work)
        figures |= {f"worst_{name}": value for name, value in measured.items()}
    return figures


def effective_ms() -> float | None:
    """Return the time from signing to the storefront for a grant that touches 1,000 works.

    Needs tables, so the store measures it: the function belongs in `bench.rights_effective`.
    """
    try:
        from bench import rights_effective  # noqa: PLC0415 needs Django, which the rest does not
    except ImportError:
        return None
    return float(rights_effective.effective_ms())


def recompile(edition: Edition, next_work: Callable[[], tuple[UUID, ...]]) -> tuple[Sets, Figures]:
    """Compile every work's clearance from the bare book; memory is growth of the peak RSS."""
    works = [next_work() for _ in range(WORKS)]
    book = edition.book()
    gc.collect()
    before_bytes = _resident_bytes()
    started = time.perf_counter()
    compiler = Compiler(book, since=NOW)
    by_set: Sets = {}
    set_of_work: list[tuple[UUID, ...]] = []
    for properties in works:
        key = tuple(sorted(properties))
        if key not in by_set:
            by_set[key] = compiler.compile(key)
        set_of_work.append(key)
    seconds = time.perf_counter() - started
    figures: Figures = {
        "s": round(seconds, 3),
        "mb": round((_peak_bytes() - before_bytes) / 1e6, 1),
        "sets": len(by_set),
        "rows": sum(len(rows) for rows in by_set.values()),
    }
    return by_set, figures


def decision_us(book: Book, compiled: Sets) -> float:
    """Return the median time of one compiled decision, half of them cleared, in microseconds."""
    random = Random(7)
    snapshot = Snapshot(Surroundings.of(book))
    keys = random.sample(sorted(compiled), 500)
    ids = {key: UUID(int=number) for number, key in enumerate(keys, 1)}
    for key in keys:
        snapshot.put(ids[key], compiled[key])
    rows = [
        (key, row) for key in keys for row in random.choices(compiled[key] or [None], k=4) if row
    ]
    bits = sorted(book.atlas.bits.values())
    questions = [
        (ids[key], row.seller_id, USE, _some_bit(random, row, bits), NOW) for key, row in rows
    ]
    rounds = []
    for _ in range(41):
        started = time.perf_counter()
        for question in questions:
            snapshot.decide(*question)
        rounds.append((time.perf_counter() - started) / len(questions))
    return round(median(rounds) * 1e6, 3)


def equality(cases: int) -> Figures:
    """Compare the compiled answer with the interpreter's over random worlds."""
    mismatches = cleared = asked = seed = 0
    set_id = UUID(int=1)
    while asked < cases:
        random = Random(seed)
        seed += 1
        book = random_book(random).known_at(day(random.randint(0, DAYS)))
        compiler, surroundings = Compiler(book), Surroundings.of(book)
        for _ in range(QUESTIONS_PER_WORLD):
            question = random_question(random, book)
            snapshot = Snapshot(surroundings)
            snapshot.put(set_id, compiler.compile(question.property_ids))
            use, bit = use_bit(question.act, question.outlet), book.atlas.bits[question.territory]
            compiled = snapshot.decide(
                set_id, question.seller_id, use, bit, question.at, question.occurred_at
            )
            answer = verdict(book, question)
            expected = answer if isinstance(answer, Cleared) else None
            asked += 1
            cleared += expected is not None
            mismatches += compiled != expected
    return {"cases": asked, "cases_cleared": cleared, "mismatches": mismatches}


def _some_bit(random: Random, row: Clearance, bits: list[int]) -> int:
    inside = [bit for bit in bits if row.mask >> bit & 1]
    return random.choice(inside) if random.random() < 0.5 else random.choice(bits)


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
