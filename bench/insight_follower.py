"""The follower in a hurry: it merges and sweeps all the time, so that kills meet that too."""

from __future__ import annotations

TIDY_SECONDS, SWEEP_SECONDS, FILES = 0.5, 1.0, 3


def main() -> None:
    """Follow until killed."""
    import django  # noqa: PLC0415 - reads the settings of the environment

    django.setup()
    from kotinos.insight.lake import following, merging, segments  # noqa: PLC0415 - after it

    following.TIDY_SECONDS, following.SWEEP_SECONDS = TIDY_SECONDS, SWEEP_SECONDS
    merging.FILES = FILES
    following.follow(log=segments.folder(), stopped=lambda: False)


if __name__ == "__main__":
    main()
