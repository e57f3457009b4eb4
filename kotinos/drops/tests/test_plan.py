"""The formula of machines: more of anything never needs less, and every figure has its source."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from kotinos.drops import plan, shape
from kotinos.drops.commands import drops

DEMAND = plan.Demand(visitors=2_000_000, units=10_000)


def cores(demand: plan.Demand) -> float:
    found = plan.plan(demand, plan.coefficients())
    return sum(need.fast_cores + need.database_cores for need in found.needs)


@pytest.mark.parametrize(
    "more",
    [
        {"visitors": 4_000_000},
        {"units": 1_000_000},
        {"minutes": 1.0},
        {"joining_minutes": 5.0},
        {"has_cdn": False},
    ],
)
def test_more_is_never_less(more: dict[str, float]) -> None:
    assert cores(replace(DEMAND, **more)) > cores(DEMAND)  # type: ignore[arg-type]  # of its fields


def test_a_cdn_makes_two_million_pages_two_hundred_requests() -> None:
    with_cdn = plan.plan(DEMAND, plan.coefficients())
    without = plan.plan(replace(DEMAND, has_cdn=False), plan.coefficients())
    assert with_cdn.needs[1].per_s == plan.EDGES
    assert without.needs[1].per_s == pytest.approx(666_666.7, rel=1e-4)
    assert without.machines > with_cdn.machines


def test_a_small_drop_fits_on_one_machine() -> None:
    small = plan.plan(plan.Demand(visitors=2_000, units=100), plan.coefficients())
    assert small.fits_one
    assert small.machines == 1


def test_one_hot_row_has_a_limit_that_is_said() -> None:
    hot = replace(DEMAND, units=3_000_000, minutes=5.0)
    found = plan.plan(hot, plan.coefficients())
    assert any("One hot row" in sentence for sentence in found.limits)


@pytest.mark.parametrize("wrong", [{"visitors": 0}, {"units": -1}, {"minutes": 0.0}])
def test_a_demand_of_nothing_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        plan.plan(replace(DEMAND, **wrong), plan.coefficients())  # type: ignore[arg-type]  # as above


def test_every_figure_names_the_command_that_measured_it() -> None:
    measured = plan.coefficients()
    assert measured.measured_on
    assert all("bench" in command for command in measured.commands.values())
    assert measured.order_database_cpu_ms < measured.order_cpu_ms


def test_the_command_says_machines_and_why() -> None:
    said = CliRunner().invoke(drops, ["plan", "--visitors", "2000000", "--units", "10000"])
    assert said.exit_code == 0, said.output
    assert "Machines needed:" in said.output
    assert "Reckoned, not measured here" in said.output
    wrong = CliRunner().invoke(drops, ["plan", "--visitors", "0", "--units", "10"])
    assert wrong.exit_code != 0


def test_people_come_as_they_did_that_evening() -> None:
    moments = shape.arrivals(peak_per_s=50, seconds=60)
    assert moments == sorted(moments)
    assert 0 <= moments[0] <= moments[-1] <= 60
    by_second = [sum(int(moment) == second for moment in moments) for second in range(60)]
    assert max(by_second) == pytest.approx(50, abs=3)
    busiest = by_second.index(max(by_second))
    assert 28 <= busiest <= 36  # 21:41 of an evening from 19:00 to 24:00
    assert by_second[58] < 6
    assert len(moments) == pytest.approx(60 * 50 / plan.peak_factor(), rel=0.05)


@pytest.mark.parametrize(("peak", "seconds"), [(0.01, 10), (1, 1), (200, 900)])
def test_any_size_has_a_shape(peak: float, seconds: float) -> None:
    moments = shape.arrivals(peak_per_s=peak, seconds=seconds)
    assert len(moments) <= peak * seconds + 1
