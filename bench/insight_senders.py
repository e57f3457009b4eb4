"""Two official SDKs that send without pause, and what each was told about every event."""

from __future__ import annotations

import logging
import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import posthog.consumer
import segment.analytics.consumer
from posthog import Posthog
from segment.analytics.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

THREADS = 3  # of each SDK that upload at the same time
RETRIES = 8
QUEUE_MAX = 200_000
PER_S_MAX = 300  # events of each SDK: enough to be in the middle of something at any instant
TWICE_SHARE, NAMELESS_SHARE = 0.02, 0.0007
NAMES = ("Product Viewed", "Product Added", "Checkout Started", "Video Playback Started")


@dataclass(slots=True)
class Told:
    """Ids that were sent, and of these all that an SDK saw acknowledged."""

    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, ids: list[str]) -> None:
        with self.lock:
            self.acknowledged.update(ids)

    def gave_up(self, _error: Exception, batch: list[dict[str, Any]]) -> None:
        with self.lock:
            self.refused += len(batch)


class Senders:
    """Both SDKs, each with a collector of its own, until `stop`."""

    def __init__(self, ports: tuple[int, int], key: str, *, seed: int) -> None:
        self.told = Told()
        self._chance = random.Random(seed)
        self._stopping = threading.Event()
        first, second = (f"http://127.0.0.1:{port}" for port in ports)
        logging.getLogger("segment").setLevel(logging.CRITICAL)
        logging.getLogger("posthog").setLevel(logging.CRITICAL)
        _listen(segment.analytics.consumer, "post", self.told, "messageId")
        _listen(posthog.consumer, "batch_post", self.told, "uuid")
        self._segment = Client(
            *(key, first),
            on_error=self.told.gave_up,
            max_retries=RETRIES,
            thread=THREADS,
            upload_interval=0.2,
            max_queue_size=QUEUE_MAX,
        )
        self._posthog = Posthog(
            *(key, second),
            on_error=self.told.gave_up,
            max_retries=RETRIES,
            thread=THREADS,
            flush_interval=0.2,
            max_queue_size=QUEUE_MAX,
        )
        self._threads = [
            threading.Thread(target=self._send, args=[way], daemon=True)
            for way in (self._by_segment, self._by_posthog)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """No more; what is under way is delivered or given up before this returns."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        self._segment.flush()
        self._segment.join()
        self._posthog.shutdown()

    def _send(self, way: Callable[[str, str], object]) -> None:
        for number, (name, identity) in enumerate(self._events()):
            if self._stopping.is_set():
                return
            with self.told.lock:
                self.told.sent.add(identity)
            way(name, identity)
            if number % 20 == 0:
                time.sleep(20 / PER_S_MAX)

    def _events(self) -> Iterator[tuple[str, str]]:
        """Names and ids; now and then the id of the one before, or no name at all."""
        identity = str(uuid4())
        while True:
            if self._chance.random() >= TWICE_SHARE:
                identity = str(uuid4())
            nameless = self._chance.random() < NAMELESS_SHARE
            yield "" if nameless else self._chance.choice(NAMES), identity

    def _by_segment(self, name: str, identity: str) -> None:
        self._segment.track(
            anonymous_id=f"visitor-{self._chance.randrange(500)}",
            event=name,
            properties={"product_id": "jersey", "quantity": 1, "value": 20.5, "currency": "EUR"},
            message_id=identity,
        )

    def _by_posthog(self, name: str, identity: str) -> None:
        visitor = f"visitor-{self._chance.randrange(500)}"
        self._posthog.capture(name or NAMES[0], distinct_id=visitor, uuid=identity)


def _listen(module: ModuleType, name: str, told: Told, identity: str) -> None:
    """Hear the SDK's own way to post: it raises for everything but an acknowledgment."""
    post: Callable[..., Any] = vars(module)[name]

    def listened(*words: Any, **more: Any) -> Any:
        answer = post(*words, **more)
        told.took([message[identity] for message in more["batch"]])
        return answer

    vars(module)[name] = listened
