"""How orders and processor time are counted; the peers themselves are not started here."""

from __future__ import annotations

import os

import pytest

from bench.peers.load import PeerError, measure, rate_per_s
from bench.peers.servers import cpu_s, stat_ticks

STAT = "41 (a (very) odd name) S 7 41 41 0 -1 4194304 1 2 3 4 100 20 3 1 20 0 1 0 9"


def test_only_orders_finished_inside_the_window_count() -> None:
    finished_s = [9.9, 10.0, 10.1, 12.0, 14.0, 14.1]
    assert rate_per_s(finished_s, start_s=10.0, end_s=14.0) == 0.75


def test_a_shop_that_sold_nothing_has_no_rate() -> None:
    with pytest.raises(PeerError, match="no order"):
        rate_per_s([1.0], start_s=2.0, end_s=3.0)


def test_a_server_and_its_children_are_counted_with_the_children_that_ended() -> None:
    assert [stat_ticks(STAT, servers) for servers in ({41}, {7}, {8})] == [124, 124, 0]


def test_processor_time_of_a_running_process_is_read() -> None:
    assert cpu_s({os.getpid()}) > 0
    assert cpu_s(set()) == 0


def test_refused_orders_are_told_and_do_not_count(capsys: pytest.CaptureFixture[str]) -> None:
    orders = iter(range(1_000_000))

    def buy() -> None:
        if next(orders) % 2:
            raise PeerError("sold out")

    found = measure("shop", [buy], seconds=0.5, cpu_s=lambda: 0.0)
    assert 0 < found.orders_per_s < 40  # a buyer waits a tenth of a second after a refusal
    assert "orders failed, as: PeerError('sold out')" in capsys.readouterr().err


def test_a_shop_that_refuses_every_first_order_is_not_measured() -> None:
    def buy() -> None:
        raise PeerError("closed")

    with pytest.raises(PeerError, match="closed"):
        measure("shop", [buy], seconds=1, cpu_s=lambda: 0.0)
