"""`bin/kotinos`: the product's own command line. Each package brings its group of words."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click
from typing_extensions import override

if TYPE_CHECKING:
    from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# The group's word, and the package whose `commands` module holds it.
_GROUPS = {
    "games": "kotinos.games.commands",
    "rights": "kotinos.rights.commands",
    "catalog": "kotinos.catalog.commands",
    "stock": "kotinos.catalog.commands",
    "orders": "kotinos.orders.commands",
    "waitingroom": "kotinos.waitingroom.commands",
    "drops": "kotinos.ops.drops",
    "channel": "kotinos.channel.commands",
    "insight": "kotinos.insight.commands",
    "demo": "kotinos.ops.demo",
    "shots": "tools.shots",
}


class _Words(click.Group):
    """Loads a group when its word is said: `--help` of one does not import the others."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_GROUPS})

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _GROUPS:
            return super().get_command(ctx, cmd_name)
        import django

        django.setup()
        try:
            command = getattr(import_module(_GROUPS[cmd_name]), cmd_name)
        except ModuleNotFoundError as error:
            return _missing(cmd_name, str(error.name))
        assert isinstance(command, click.Command)
        if cmd_name == "rights":
            _let_rights_find_goods()
        return command


def _let_rights_find_goods() -> None:
    """Rights know works; that a SKU means one is known above them, in the catalogue."""
    from kotinos.catalog.api import works_called
    from kotinos.rights.commands import find_works_with

    def work_of(text: str) -> UUID | None:
        return next(iter(works_called(text)), None)

    find_works_with(work_of)


def _missing(word: str, module: str) -> click.Command:
    """A word whose library is not among those that running Kotinos needs."""

    @click.command(word, help=f"Needs {module}: run `bin/setup test` first.")
    def say() -> None:
        raise click.ClickException(f"{module} is not installed; run `bin/setup test` first")

    return say


@click.command(cls=_Words)
def main() -> None:
    """Kotinos: a platform for multi-sport Games on one territorial rights engine."""


@main.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Pass words on to Django: migrate, makemigrations, shell, ..."""
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], *words])


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--data", type=click.Path(file_okay=False), help="Folder for database and pictures")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option("--check", is_flag=True, help="Verify the addresses over HTTP, then end")
@click.option("--demo/--no-demo", default=True, show_default=True, help="Load the demo edition")
def up(*, port: int, data: str | None, workers: int, check: bool, demo: bool) -> None:
    """Start everything and serve it until Ctrl-C."""
    if data is not None:
        os.environ["KOTINOS_DATA"] = os.path.abspath(data)  # noqa: PTH100 - as the shell means it
    from kotinos.ops.up import run

    run(port=port, workers=workers, check=check, demo=demo)


@main.command()
def worker() -> None:
    """Do the background work: mails, settlements, expired holds, the outbox."""
    from django.core.management import execute_from_command_line

    words = ["procrastinate", "worker", "--concurrency", "4", "--delete-jobs", "successful"]
    execute_from_command_line([sys.argv[0], *words])
