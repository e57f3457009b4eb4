"""Static files carry a hash of their content in their name, so a cache may keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """A file that was not collected keeps its plain name: tests need no collected files."""

    manifest_strict = False
    support_js_module_import_aggregation = True  # media-chrome is many modules; so may ours be
