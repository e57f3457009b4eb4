"""What is stored and compiled answers as the interpreter does, on random stored worlds."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kotinos.kernel.ids import new_id
from kotinos.rights.actions.decisions import agree
from kotinos.rights.actions.states import suspend, terminate
from kotinos.rights.actions.works import WorkToRegister, register_works
from kotinos.rights.asking import decide, decide_now
from kotinos.rights.decide import decide as interpret
from kotinos.rights.loading import load_book
from kotinos.rights.tests.stored_worlds import OPEN, store
from kotinos.rights.tests.worlds import DAYS, PROPERTIES, day, random_book, random_question

if TYPE_CHECKING:
    from uuid import UUID

    from kotinos.rights.book import Book

QUESTIONS = 25


def works_by_set() -> dict[tuple[UUID, ...], UUID]:
    """One work for every combination of up to three properties."""
    sets = [chosen for size in (1, 2, 3) for chosen in combinations(PROPERTIES, size)]
    works = {tuple(sorted(p.id for p in chosen)): new_id() for chosen in sets}
    codes = {p.id: p.code for p in PROPERTIES}
    register_works(
        works=[
            WorkToRegister(
                work_id=work, kind="product", title="W", properties=tuple(codes[i] for i in ids)
            )
            for ids, work in works.items()
        ],
        now=OPEN,
    )
    return works


@pytest.mark.django_db
@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_compiled_rows_answer_as_the_interpreter_on_stored_books(seed: int) -> None:
    random = Random(seed)
    drawn = random_book(random).known_at(day(DAYS + 10))
    with transaction.atomic():
        store(drawn)
        works = works_by_set()
        _shake(random, drawn)
        whole = load_book(now=day(DAYS + 20))
        for _ in range(QUESTIONS):
            _check(random, whole, works)
        transaction.set_rollback(True)


def _shake(random: Random, book: Book) -> None:
    """Some grants change by the actions, which compile no more than the change touches."""
    for grant in random.sample(book.grants, min(3, len(book.grants))):
        action = random.choice((suspend, terminate))
        action(grant_id=grant.id, now=OPEN, at=day(random.randint(0, DAYS)))


def _check(random: Random, whole: Book, works: dict[tuple[UUID, ...], UUID]) -> None:
    question = random_question(random, whole)
    ids = tuple(sorted(set(question.property_ids)))
    words: dict[str, Any] = {
        "work_id": works[ids],
        "seller_id": question.seller_id,
        "act": question.act,
        "outlet": question.outlet,
        "territory": question.territory,
        "at": question.at,
        "occurred_at": question.occurred_at,
    }
    decision = decide(**words)
    assert decision == interpret(whole, replace(question, property_ids=ids))
    compiled = decide_now(**words)
    assert agree(decision, compiled), (question, decision, compiled)
