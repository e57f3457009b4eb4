"""The public API keeps to its own description, whatever it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from tests.site.site import Site

SECONDS_MAX = 10.0
EXAMPLES = 40


@pytest.fixture(scope="session")
def api_schema(site: Site) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(site.base + "/api/v1/openapi.json")


schema = schemathesis.pytest.from_fixture("api_schema")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_description_names(case: schemathesis.Case) -> None:
    """No 500, a named status, a body of the named form; what is malformed is refused."""
    case.call_and_validate(timeout=SECONDS_MAX)
