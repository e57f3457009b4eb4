"""The heart's promise: compiled clearance is the interpreter's answer, to the letter."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kotinos.rights.compile import Compiler
from kotinos.rights.contracts import Cleared, use_bit
from kotinos.rights.decide import verdict
from kotinos.rights.snapshot import Snapshot, Surroundings
from kotinos.rights.tests.worlds import DAYS, day, random_book, random_question

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Question

SET = UUID(int=1)


def compiled_answer(
    book: Book, question: Question, *, since: datetime | None = None
) -> Cleared | None:
    snapshot = Snapshot(Surroundings.of(book))
    snapshot.put(SET, Compiler(book, since=since).compile(question.property_ids))
    return snapshot.decide(
        SET,
        question.seller_id,
        use_bit(question.act, question.outlet),
        book.atlas.bits[question.territory],
        question.at,
        question.occurred_at,
    )


def interpreted_answer(book: Book, question: Question) -> Cleared | None:
    answer = verdict(book, question)
    return answer if isinstance(answer, Cleared) else None


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_compiled_is_interpreted_at_random_and_boundary_instants(random: Random) -> None:
    book = random_book(random).known_at(day(random.randint(0, DAYS)))
    for _ in range(4):
        question = random_question(random, book)
        assert compiled_answer(book, question) == interpreted_answer(book, question)


def test_compiled_is_interpreted_over_many_seeded_worlds() -> None:
    cleared = 0
    for seed in range(600):
        random = Random(seed)
        book = random_book(random).known_at(day(random.randint(0, DAYS)))
        for _ in range(6):
            question = random_question(random, book)
            expected = interpreted_answer(book, question)
            cleared += expected is not None
            assert compiled_answer(book, question) == expected, (seed, question)
    assert cleared > 200, "the worlds must not be so poor that everything is refused"


def test_rows_compiled_since_now_answer_now_and_later_as_all_rows_do() -> None:
    for seed in range(300):
        random = Random(seed)
        book = random_book(random).known_at(day(DAYS))
        question = random_question(random, book)
        compiled = compiled_answer(book, question, since=question.at)
        assert compiled == interpreted_answer(book, question), (seed, question)
