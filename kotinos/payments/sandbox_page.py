"""What the sandbox's hosted page shows, as one typed row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.channel import api as channel
from kotinos.kernel.languages import RIGHT_TO_LEFT
from kotinos.kernel.money import format_money
from kotinos.payments.contracts import SandboxChoice, SandboxMethod, SandboxOption, SandboxPage
from kotinos.payments.sandbox import LATE_SECONDS_MAX
from kotinos.payments.wording import say

if TYPE_CHECKING:
    from kotinos.payments.contracts import Intent

CHOOSE_STEP = "choose"
CHALLENGE_STEP = "challenge"
CLOSED_STEP = "closed"
CHALLENGE_CODE = "2030"
LATE_SECONDS_DEFAULT = 20
_WORDS = (
    "title",
    "warning",
    "amount",
    "method",
    "choose",
    "late-label",
    "code-label",
    "continue",
    "back",
)


def page(intent: Intent, *, step: str, action_url: str, error_key: str = "") -> SandboxPage:
    """The page at one step, with an error beside the form where there is one."""
    language = intent.language
    return SandboxPage(
        step=step,
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        amount_text=format_money(intent.amount, language),
        description=intent.description,
        action_url=action_url,
        return_url=intent.return_url,
        methods=tuple(
            SandboxMethod(code, say(f"method-{code}", language))
            for code in channel.payment_methods(language=language)
        ),
        options=_options(language),
        late_seconds=LATE_SECONDS_DEFAULT,
        late_seconds_max=LATE_SECONDS_MAX,
        challenge_code=say("code-hint", language, code=CHALLENGE_CODE),
        error=say(error_key, language) if error_key else "",
        closed_sentence="",
        words=_words(language),
    )


def closed_page(intent: Intent, *, sentence_key: str) -> SandboxPage:
    """The page of an intent that takes no more payment; it only leads back to the shop."""
    return _closed(
        language=intent.language,
        sentence_key=sentence_key,
        return_url=intent.return_url,
        amount_text=format_money(intent.amount, intent.language),
        description=intent.description,
    )


def broken_link_page() -> SandboxPage:
    """The page of a link that is forged or too old: it names no payment."""
    return _closed(
        language="en", sentence_key="closed-link", return_url="/", amount_text="", description=""
    )


def _closed(
    *, language: str, sentence_key: str, return_url: str, amount_text: str, description: str
) -> SandboxPage:
    return SandboxPage(
        step=CLOSED_STEP,
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        amount_text=amount_text,
        description=description,
        action_url="",
        return_url=return_url,
        methods=(),
        options=(),
        late_seconds=0,
        late_seconds_max=0,
        challenge_code="",
        error="",
        closed_sentence=say(sentence_key, language),
        words=_words(language),
    )


def _options(language: str) -> tuple[SandboxOption, ...]:
    return tuple(
        SandboxOption(
            value=choice.value,
            label=say(choice.value, language),
            explanation=say(f"{choice.value}-explained", language),
            primary=choice is SandboxChoice.APPROVE,
        )
        for choice in SandboxChoice
    )


def _words(language: str) -> dict[str, str]:
    return {key.replace("-", "_"): say(key, language) for key in _WORDS}
