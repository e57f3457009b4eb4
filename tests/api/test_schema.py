"""The public API keeps to its own description, whatever it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.site.site import Site

SECONDS_MAX = 10.0
EXAMPLES = 40


def test_every_answer_is_one_that_the_description_names(site: Site) -> None:
    """No 500, a named status, a body of the named form; what is malformed is refused."""
    found = list(_operations(site))
    assert len(found) >= 4
    for operation in found:
        _try(operation)


def _operations(site: Site) -> Iterator[Any]:
    schema = schemathesis.openapi.from_url(site.base + "/api/v1/openapi.json")
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        yield result.ok()


def _try(operation: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(timeout=SECONDS_MAX)

    ask()
