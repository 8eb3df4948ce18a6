"""`manage.py import_manifest SHOW FILE`: load a house from CSV or from a pretix seating plan, whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.refusals import DomainError
from core.words import counted
from inventory.acts import By
from inventory.manifest.files import read_manifest
from inventory.manifest.house import House, ManifestRefused
from inventory.models import Show
from inventory.services.manifests import add_places, load_manifest


class Command(BaseCommand):
    help = "Load a show's house from a CSV manifest or a pretix seating plan (.json)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("show", help="the show's slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--add", action="store_true", help="add these places to a show that has some")
        parser.add_argument("--check", action="store_true", help="read and check the file, load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        show = Show.objects.filter(slug=options["show"]).first()
        if show is None:
            known = ", ".join(Show.objects.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(f"There is no show '{options['show']}'. Shows: {known}.", returncode=2)
        house = self._read(options["file"])
        parts = (house.spots, "place"), (house.sections, "section"), (house.tiers, "tier")
        places, sections, tiers = (counted(len(things), noun) for things, noun in parts)
        summary = f"{places} in {sections} and {tiers}"
        if options["check"]:
            self.stdout.write(f"{options['file'].name} is fine: {summary}. Nothing was loaded.")
            return
        act = add_places if options["add"] else load_manifest
        try:
            movement = act(show_id=show.pk, house=house, by=By(actor="system:import"), progress=self._progress(house))
        except DomainError as refusal:
            self.stderr.write("")
            raise CommandError(f"{refusal.text} [{refusal.code}] {refusal.facts}", returncode=1) from refusal
        self.stdout.write(f"{show.slug}: {summary} loaded, movement {movement.pk}.")

    def _read(self, path: Path) -> House:
        try:
            return read_manifest(path.name, path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}", returncode=2) from error
        except ManifestRefused as refused:
            for fault in refused.faults:
                self.stderr.write(f"{path.name}: {fault}")
            raise CommandError(f"{refused}; nothing was loaded.", returncode=1) from refused

    def _progress(self, house: House) -> Any:
        total, live = len(house.spots), sys.stderr.isatty()

        def tell(written: int) -> None:
            if live:
                self.stderr.write(f"\r{written:,} of {total:,} places", ending="\n" if written == total else "")
            elif written == total:
                self.stderr.write(f"{written:,} of {total:,} places written")

        return tell
