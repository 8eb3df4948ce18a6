"""Static files under names that say what is in them, so that browsers keep them for good."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Modules import each other by those names, too: what a page preloads is what its modules then ask for."""

    support_js_module_import_aggregation = True
