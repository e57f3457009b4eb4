"""`kotinos waitingroom ...`: check a draw, and see the lines."""

from __future__ import annotations

from pathlib import Path

import click
from typing_extensions import override

from kotinos.kernel import clock
from kotinos.waitingroom import decide, draw, queries
from kotinos.waitingroom.contracts import IDENTITY_LENGTH, RANKS

SEED_BYTES = 32
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Hex(click.ParamType[bytes]):
    """Bytes of one length, in hexadecimal."""

    name = "hex"

    def __init__(self, length: int) -> None:
        self._length = length

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> bytes:
        try:
            raw = bytes.fromhex(str(value))
        except ValueError:
            raw = b""
        if len(raw) != self._length:
            self.fail(f"give {2 * self._length} hexadecimal digits", param, ctx)
        return raw


_seed = click.option("--seed", type=Hex(SEED_BYTES), required=True, help="As published")
_hash = click.option("--hash", "seed_hash", type=Hex(SEED_BYTES), help="As published before")


@click.group()
def waitingroom() -> None:
    """A line that is fair, and can be checked."""


@waitingroom.command()
@_seed
@_hash
@click.option("--identity", type=Hex(IDENTITY_LENGTH // 2), required=True, help="On the ticket")
def verify(*, seed: bytes, seed_hash: bytes | None, identity: bytes) -> None:
    """Work out the rank of one identity, and how much of the draw came before it."""
    _check_hash(seed, seed_hash)
    rank = decide.rank(seed=seed, identity=identity.hex())
    click.echo(f"rank {rank} of {RANKS}")
    click.echo(f"{100 * rank / RANKS:.4f} % of the draw came before it")


@waitingroom.command("draw")
@click.argument("file", type=_FILE)
@_seed
@_hash
def draw_(*, file: Path, seed: bytes, seed_hash: bytes | None) -> None:
    """Recompute every rank of a file of identities, one a line, and check their order."""
    _check_hash(seed, seed_hash)
    match draw.verify(file, seed=seed):
        case draw.InOrder(identities):
            click.echo(f"{identities:,} identities, each in its place")
        case draw.OutOfOrder(line):
            raise click.ClickException(f"line {line:,} is not in its place")
        case draw.Malformed(line):
            raise click.ClickException(f"line {line:,} is not {IDENTITY_LENGTH} hexadecimal digits")


@waitingroom.command()
def line() -> None:
    """List the rooms that are not long over: who waits, who is inside, how fast it moves."""
    for view in queries.room_views(now=clock.now()):
        click.echo(
            f"{view.room.code}: {view.phase}, {view.line_people:,.0f} waiting"
            f" (drawn {view.drawn_people:,.0f}, arrived {view.arrived_people:,.0f}),"
            f" {view.inside:,} inside, {view.entered:,} let in so far,"
            f" up to {view.serving.rate_per_s:.0f} a second"
        )


def _check_hash(seed: bytes, seed_hash: bytes | None) -> None:
    """Say that the seed is the one promised, or stop: then nothing else means anything."""
    if seed_hash is None:
        return
    if decide.seed_hash(seed) != seed_hash.hex():
        raise click.ClickException("the seed is not the one whose hash was published")
    click.echo("the seed is the one whose hash was published")
