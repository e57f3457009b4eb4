"""An official SDK at work, as any program would use it, in a process of its own.

    python -m tests.insight.senders {segment|rudder|posthog} HOST KEY NUMBER

sends so many events and prints the ids that the SDK gave them. Exit 1: it says that some failed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from posthog import Posthog
from rudderstack.analytics.client import Client as Rudder
from segment.analytics.client import Client as Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PEOPLE = 500


def segment(host: str, key: str, number: int, on_error: Callable[..., None]) -> Iterator[str]:
    """Every kind of message there is, compressed."""
    client = Segment(key, host=host, gzip=True, max_queue_size=number, on_error=on_error)
    yield from _of_all_kinds(client, number)
    client.shutdown()


def rudder(host: str, key: str, number: int, on_error: Callable[..., None]) -> Iterator[str]:
    """The same words with another library, which names its host otherwise."""
    client = Rudder(key, host=host, max_queue_size=number, on_error=on_error)
    yield from _of_all_kinds(client, number)
    client.shutdown()


def _of_all_kinds(client: Any, number: int) -> Iterator[str]:
    for n in range(number):
        who = f"person-{n % PEOPLE}"
        match n % 50:
            case 0:
                sent = client.identify(user_id=who, traits={"plan": "gold"})
            case 1:
                sent = client.page(anonymous_id=who, name="Home", properties={"url": "/en-jp/"})
            case 2:
                sent = client.screen(anonymous_id=who, name="Basket")
            case 3:
                sent = client.group(user_id=who, group_id="club")
            case 4:
                sent = client.alias(previous_id=f"guest-{n}", user_id=who)
            case _:
                ordered = {"order_id": f"o-{n}", "total": 12.5, "currency": "EUR", "noc": "KEN"}
                sent = client.track(user_id=who, event="Order Completed", properties=ordered)
        is_queued, message = sent
        assert is_queued, message
        yield message["messageId"]


def posthog(host: str, key: str, number: int, on_error: Callable[..., None]) -> Iterator[str]:
    """Its own form: another path, other names, the key in the body alone."""
    client = Posthog(key, host=host, max_queue_size=number, on_error=on_error)
    for n in range(number):
        ids = client.capture("viewed", distinct_id=f"person-{n % PEOPLE}", properties={"n": n})
        assert ids is not None
        yield str(ids)
    client.shutdown()


SENDERS = {"segment": segment, "rudder": rudder, "posthog": posthog}


def main(name: str, host: str, key: str, number: int) -> int:
    """Send them all; 1 where the SDK gave up on some."""
    failed: list[object] = []

    def on_error(error: object, _batch: object) -> None:
        failed.append(error)

    for sent in SENDERS[name](host, key, number, on_error):
        print(sent)
    for error in failed:
        print(error, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
