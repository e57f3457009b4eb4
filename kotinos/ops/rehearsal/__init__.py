"""Plays a rehearsal of a drop against the installation itself: people over HTTP on loopback."""
