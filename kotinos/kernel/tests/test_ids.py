from __future__ import annotations

import threading
import time
from uuid import RFC_4122, UUID

from kotinos.kernel.ids import new_id


def test_an_id_is_a_version_seven_uuid_of_now() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert abs((made.int >> 80) - time.time_ns() // 1_000_000) < 60_000


def test_ids_sort_in_the_order_they_were_made() -> None:
    ids = [new_id() for _ in range(50_000)]
    assert ids == sorted(ids)


def test_no_two_threads_make_the_same_id() -> None:
    made: list[UUID] = []

    def many() -> None:
        made.extend([new_id() for _ in range(5_000)])

    threads = [threading.Thread(target=many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 40_000
