"""The documents name what is there: a new verb, refusal or file that they do not know is a stale page."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.urls import get_resolver

from core.refusals import DomainError
from inventory.models.ledger import Verb
from inventory.services import (
    allocations,
    freezes,
    holds,
    kills,
    locking,
    locks,
    manifests,
    releases,
    sales,
    selling,
    sweep,
)

ROOT = Path(settings.BASE_DIR)
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_every_verb_is_on_the_map() -> None:
    assert [verb for verb in Verb.values if f"`{verb}`" not in ARCHITECTURE] == []


def test_every_verb_is_a_service_of_its_name() -> None:
    services = [allocations, freezes, holds, kills, locking, locks, manifests, releases, sales, selling, sweep]

    assert [verb for verb in Verb.values if not any(callable(getattr(module, verb, None)) for module in services)] == []


def test_every_refusal_is_on_the_map() -> None:
    assert get_resolver().url_patterns  # every door is loaded, and with it every refusal
    ours = ("inventory.", "ticketing.")
    codes = {refusal.code for refusal in DomainError.__subclasses__() if refusal.__module__.startswith(ours)}
    unknown_ids = {code for code in codes if code.endswith("_unknown")}

    assert sorted(code for code in codes - unknown_ids if code not in ARCHITECTURE) == []


def test_links_between_the_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []
