"""A decision in the reader's own words: why, since when, until when, and what comes nearest."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.rights.compile import Compiler
from kotinos.rights.contracts import (
    Cleared,
    Explanation,
    Reason,
    Refused,
    Step,
    Window,
    use_bit,
)
from kotinos.rights.decide import decide, standing_at
from kotinos.rights.decide.answer import grant_moments, moments, waits
from kotinos.rights.wording import Wording, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Consent, Decision, Grant, Question

_INSTANT = timedelta(microseconds=1)
_SELLERS_NAMED_MAX = 5


@dataclass(frozen=True, slots=True)
class Names:
    """How the reader's language calls things; the caller looks the names up."""

    organisation: Callable[[UUID], str]
    property: Callable[[UUID], str]
    territory: Callable[[str], str]
    noc: Callable[[str], str]
    day: Callable[[datetime], str]


def explain(book: Book, question: Question, *, names: Names, language: str) -> Explanation:
    """Answer the question and say why, in words and in machine form."""
    decision = decide(book, question)
    since, until = _span(book, question)
    teller = _Teller(book, question, names, wording(language))
    return Explanation(
        sentence=teller.sentence(decision),
        since=since,
        until=until,
        steps=tuple(teller.steps(decision)),
        cleared_mask=cleared_mask(book, question),
        machine=machine_form(decision, since=since, until=until),
    )


def cleared_mask(book: Book, question: Question) -> int:
    """Return every territory in which the same question is cleared at the same moment."""
    properties = tuple(sorted(set(question.property_ids)))
    use = use_bit(question.act, question.outlet)
    mask = 0
    if not properties:
        return mask
    for row in Compiler(book, since=question.at).rows(properties, question.seller_id):
        in_time = Window(row.from_at, row.until_at).covers(question.at)
        delayed = row.delay_minutes and (
            question.occurred_at is None
            or question.at < question.occurred_at + timedelta(minutes=row.delay_minutes)
        )
        if row.uses >> use & 1 and in_time and not delayed:
            mask |= row.mask
    return mask


def machine_form(
    decision: Decision, *, since: datetime | None, until: datetime | None
) -> dict[str, object]:
    """Return the decision as JSON-able values with the field names of the contracts."""
    span = {"since": _iso(since), "until": _iso(until)}
    match decision:
        case Cleared():
            return span | {
                "outcome": "cleared",
                "chain": [str(grant_id) for grant_id in decision.chain],
                "consents": [str(consent_id) for consent_id in decision.consents],
                "duties": [f"{duty.kind}:{duty.source_id}" for duty in decision.duties],
                "law": decision.law,
                "delay_minutes": decision.delay_minutes,
            }
        case Refused():
            nearest = decision.nearest
            return span | {
                "outcome": "refused",
                "reason": decision.reason,
                "property": str(decision.property_id) if decision.property_id else None,
                "blocking": str(decision.blocking_id) if decision.blocking_id else None,
                "opens_at": _iso(nearest.opens_at) if nearest else None,
                "sellers": [str(seller_id) for seller_id in nearest.seller_ids] if nearest else [],
            }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


# --- since when, until when -------------------------------------------------------------------


def _span(book: Book, question: Question) -> tuple[datetime | None, datetime | None]:
    """Return the stretch around the moment in which the outcome and its ground stay the same."""
    found = sorted({*moments(book, question), *_rivals_moments(book, question)})
    place = bisect_right(found, question.at)
    here = _ground(book, question, question.at)
    until = next((m for m in found[place:] if _ground(book, question, m) != here), None)
    since: datetime | None = None
    for moment in reversed(found[:place]):
        if _ground(book, question, moment) != here:
            return since, until
        since = moment
    before = found[0] - _INSTANT if found else question.at
    return (None if _ground(book, question, before) == here else since), until


def _ground(book: Book, question: Question, at: datetime) -> object:
    standing = standing_at(book, question, at)
    if isinstance(standing, Refused):
        return standing
    return waits(standing, question, at), standing.sameness


def _rivals_moments(book: Book, question: Question) -> Iterator[datetime]:
    """Yield when other parties' grants change, which `held-by-other` depends on."""
    for property_id in set(question.property_ids):
        for grant in book.grants_on(property_id):
            yield from grant_moments(book, grant, question)


# --- in words ---------------------------------------------------------------------------------


class _Teller:
    def __init__(self, book: Book, question: Question, names: Names, words: Wording) -> None:
        self._book = book
        self._question = question
        self._names = names
        self._words = words
        self._base = {
            "seller": names.organisation(question.seller_id),
            "territory": names.territory(question.territory),
            "act": words.acts[question.act.text],
            "outlet": words.outlets[question.outlet.text],
        }

    def sentence(self, decision: Decision) -> str:
        """Return the answer in one sentence that a visitor understands."""
        if isinstance(decision, Cleared):
            return self._words.say("cleared", **self._base, until=self._until(decision.until))
        if decision.property_id is None:
            return self._words.say("nothing-named")
        named = {"property": self._names.property(decision.property_id)}
        return self._words.say(
            decision.reason, **self._base, **named, **self._blocking_words(decision)
        )

    def steps(self, decision: Decision) -> Iterator[Step]:
        """Yield the ground of the answer, line by line."""
        match decision:
            case Cleared():
                yield from self._cleared_steps(decision)
            case Refused():
                yield from self._refused_steps(decision)

    def _cleared_steps(self, cleared: Cleared) -> Iterator[Step]:
        for grant_id in cleared.chain:
            yield self._grant_step(self._book.grant_by_id[grant_id])
        if cleared.delay_minutes:
            yield Step("delay", self._words.say("step-delay", minutes=str(cleared.delay_minutes)))
        for consent in self._book.consents:
            if consent.id in cleared.consents:
                yield self._consent_step(consent)
        if cleared.law:
            yield Step("law", self._words.say("step-law"))
        for duty in cleared.duties:
            text = duty.note or duty.kind.value
            yield Step("duty", self._words.say("step-duty", duty=text), duty.source_id)

    def _refused_steps(self, refused: Refused) -> Iterator[Step]:
        for property_id in sorted(set(self._question.property_ids)):
            yield self._property_step(property_id)
        blocking = self._book.grant_by_id.get(refused.blocking_id) if refused.blocking_id else None
        if blocking:
            yield self._grant_step(blocking)
        nearest = refused.nearest
        if nearest and nearest.opens_at:
            day = self._names.day(nearest.opens_at)
            yield Step("opens", self._words.say("step-opens", day=day))
        if nearest and nearest.seller_ids:
            named = [self._names.organisation(s) for s in nearest.seller_ids[:_SELLERS_NAMED_MAX]]
            sellers = self._list(named)
            yield Step("others", self._words.say("step-others", **self._base, sellers=sellers))

    def _property_step(self, property_id: UUID) -> Step:
        alone = replace(self._question, property_ids=(property_id,))
        standing = standing_at(self._book, alone, self._question.at)
        refused = isinstance(standing, Refused) or waits(standing, alone, alone.at)
        key = "property-refused" if refused else "property-cleared"
        name = self._names.property(property_id)
        return Step(key, self._words.say(f"step-{key}", property=name), property_id)

    def _grant_step(self, grant: Grant) -> Step:
        mask = self._book.mask(grant.territory, self._question.at)
        sentence = self._words.say(
            "step-grant",
            grantor=self._names.organisation(grant.grantor_id),
            grantee=self._names.organisation(grant.grantee_id),
            acts=self._list([self._words.acts[act.text] for act in grant.acts]),
            property=self._names.property(grant.property_id),
            territories=self._territories(grant, mask),
            until=self._until(_end(grant)),
        )
        return Step("grant", sentence, grant.id)

    def _territories(self, grant: Grant, mask: int) -> str:
        codes = self._book.atlas.codes(mask)
        if len(codes) <= _SELLERS_NAMED_MAX:
            return self._list([self._names.territory(code) for code in codes])
        return grant.territory

    def _consent_step(self, consent: Consent) -> Step:
        share = f"{consent.share_basis_points / 100:g}"
        committee = self._names.noc(consent.noc)
        sentence = self._words.say("step-consent", committee=committee, share=share)
        return Step("consent", sentence, consent.id)

    def _blocking_words(self, refused: Refused) -> dict[str, str]:
        """Return what the reason's own sentence needs to know about the fact in the way."""
        if refused.reason is Reason.NO_CONSENT:
            noc = self._book.home_of(self._question.territory, self._question.at)
            return {"committee": self._names.noc(noc) if noc else self._base["territory"]}
        if refused.reason is Reason.PROHIBITED:
            row = next(p for p in self._book.prohibitions if p.id == refused.blocking_id)
            issuer = self._names.organisation(row.issuer_id)
            return {"issuer": issuer, "until": self._until(row.window.until_at)}
        grant = self._book.grant_by_id.get(refused.blocking_id) if refused.blocking_id else None
        return self._grant_words(refused.reason, grant) if grant else {}

    def _grant_words(self, reason: Reason, grant: Grant) -> dict[str, str]:
        words = {
            "holder": self._names.organisation(grant.grantee_id),
            "units": str(grant.quota_units or 0),
            "minutes": str(grant.delay_minutes),
        }
        at = self._question.at
        match reason:
            case Reason.HELD_BY_OTHER:
                words["until"] = self._until(_end(grant))
            case Reason.SUSPENDED:
                ends = [s.window.until_at for s in grant.suspensions if s.window.covers(at)]
                last = max((end for end in ends if end), default=None)
                words["until"] = "" if None in ends else self._until(last)
            case Reason.NOT_YET if grant.window.from_at:
                words["day"] = self._names.day(grant.window.from_at)
            case Reason.ENDED:
                end = _end(grant)
                words["day"] = self._names.day(end - _INSTANT) if end else ""
            case _:
                pass
        return words

    def _until(self, until: datetime | None) -> str:
        """An end is the first instant outside, so the day named is the last one inside."""
        if until is None:
            return ""
        return self._words.say("until", day=self._names.day(until - _INSTANT))

    def _list(self, words: list[str]) -> str:
        return self._words.sentences["list"].join(words)


def _end(grant: Grant) -> datetime | None:
    """Return when the grant ends or ended, by window or by termination."""
    ends = [t.at for t in grant.terminations]
    if grant.window.until_at:
        ends.append(grant.window.until_at)
    return min(ends, default=None)
