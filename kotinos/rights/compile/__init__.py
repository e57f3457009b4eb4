"""Clearance compiled ahead of the question: mask algebra over uses x territories x time.

Three steps, each a function of the one before and of nothing else:

1. `coverage`: when and where each grant holds with everything above it.
2. `portfolio`: what one seller may do with one property, by classes of uses.
3. `rows`: what one seller may do with a set of properties, as rows of maximal time.

It is right by being equal to `rights.decide`, which the property tests and the bench check.
"""

from __future__ import annotations

from kotinos.rights.compile.rows import Compiler

__all__ = ["Compiler"]
