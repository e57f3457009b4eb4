"""From a file to a row, through the command line and the worker's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kotinos.channel.commands import channel
from kotinos.channel.facts import package_facts
from kotinos.channel.models import Job, Package
from kotinos.channel.store import store, work_folder
from kotinos.channel.tests.ingest.desk import programme
from kotinos.kernel.models import OutboxEvent

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True)


def said(*words: str) -> str:
    done = CliRunner().invoke(channel, list(words))
    assert done.exit_code == 0, done.output
    return done.output


def test_a_file_imported_now_is_a_package_when_the_command_ends(clip: Path) -> None:
    swim = programme()
    assert "is ready" in said("import", str(clip), "--programme", "swim", "--now")
    row = Package.objects.values("id", "programme_id", "ticks", "facts", "bytes").get()
    assert (row["programme_id"], row["ticks"]) == (swim.id, 2)
    facts = package_facts(row)
    for rung in facts.names:
        assert store().read_now(f"packages/{facts.id}/{rung}/00001.m4s")
    job = Job.objects.get()
    assert (job.id, job.progress, job.failed_at) == (facts.id, 100, None)
    assert job.done_at is not None
    assert list(work_folder().iterdir()) == []
    assert OutboxEvent.objects.get(kind="channel.package-ready").payload["package"] == str(facts.id)
    assert clip.exists()


def test_jobs_are_listed_cancelled_and_put_back(clip: Path) -> None:
    programme()
    said("import", str(clip), "--programme", "swim")
    job = Job.objects.get()
    assert "waiting" in said("jobs")
    assert "cancelled" in said("jobs", "--cancel", str(job.id))
    assert "waiting" in said("jobs", "--retry", str(job.id))
    history = said("jobs", "--history", str(job.id))
    assert [line[21:] for line in history.splitlines()] == [
        "asked for",
        "cancelled",
        "asked for again",
    ]
