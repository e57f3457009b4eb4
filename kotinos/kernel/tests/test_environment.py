from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from kotinos.kernel.environment import SettingError, read

if TYPE_CHECKING:
    from pathlib import Path


def test_a_production_site_without_its_own_secret_refuses_to_start(tmp_path: Path) -> None:
    variables = {"KOTINOS_PRODUCTION": "1", "KOTINOS_DATA": str(tmp_path)}
    with pytest.raises(SettingError, match="KOTINOS_SECRET"):
        read(variables)
    assert read(variables | {"KOTINOS_SECRET": "own"}).production


def test_orders_without_money_are_for_development_unless_asked_for(tmp_path: Path) -> None:
    own = {"KOTINOS_SECRET": "own", "KOTINOS_DATA": str(tmp_path)}
    assert read(own).sandbox_payments
    assert not read(own | {"KOTINOS_PRODUCTION": "1"}).sandbox_payments
    rehearsal = own | {"KOTINOS_PRODUCTION": "1", "KOTINOS_SANDBOX_PAYMENTS": "1"}
    assert read(rehearsal).sandbox_payments


def test_a_flag_that_is_neither_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="KOTINOS_PRODUCTION is 'yes'"):
        read({"KOTINOS_PRODUCTION": "yes", "KOTINOS_DATA": str(tmp_path)})


def test_the_development_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    variables = {"KOTINOS_DATA": str(tmp_path / "new")}
    with ThreadPoolExecutor(8) as pool:
        secrets = {found.secret for found in pool.map(lambda _: read(variables), range(8))}
    assert len(secrets) == 1
    assert secrets == {read(variables).secret}
    assert (tmp_path / "new" / "development-secret").stat().st_mode & 0o077 == 0
