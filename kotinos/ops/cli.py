"""`bin/kotinos`: the product's own command line. Each package brings its group of words."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# The group's word, and the package whose `commands` module holds it.
_GROUPS = {
    "games": "kotinos.games.commands",
    "rights": "kotinos.rights.commands",
    "catalog": "kotinos.catalog.commands",
    "stock": "kotinos.catalog.commands",
    "orders": "kotinos.orders.commands",
    "demo": "kotinos.ops.demo",
}


class _Words(click.Group):
    """Loads a group when its word is said: `--help` of one does not import the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_GROUPS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _GROUPS:
            return super().get_command(ctx, cmd_name)
        import django

        django.setup()
        command = getattr(import_module(_GROUPS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=_Words)
def main() -> None:
    """Kotinos: a platform for multi-sport Games on one territorial rights engine."""


@main.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Pass words on to Django: migrate, makemigrations, shell, ..."""
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], *words])
