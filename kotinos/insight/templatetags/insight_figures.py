"""How templates write numbers."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def whole(number: object) -> str:
    """`12,345`; nothing for what is no number."""
    return f"{number:,}" if isinstance(number, int) else ""
