"""`manage.py verify_stock [SHOW] [--json]`: does the ledger add up? Exits 1 on any difference."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.words import counted
from inventory.models import Show
from inventory.queries.verify import ShowReport, verify


class Command(BaseCommand):
    help = "Check that the entries, folded, equal the places, and that every show's states add up to its capacity."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("show", nargs="?", help="a show's slug; without it, every show")
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each show")

    def handle(self, *args: Any, **options: Any) -> None:
        shows = Show.objects.order_by("id")
        if options["show"]:
            shows = shows.filter(slug=options["show"])
            if not shows:
                raise CommandError(f"There is no show '{options['show']}'.", returncode=2)
        unsound = 0
        for show in shows:
            report = verify(show)
            unsound += not report.is_sound
            self.stdout.write(json.dumps(asdict(report)) if options["json"] else self._in_words(report))
        if unsound:
            raise CommandError(f"{counted(unsound, 'show')} with differences", returncode=1)
        if not options["json"]:
            self.stdout.write(f"{counted(len(shows), 'show')} checked, no difference")

    def _in_words(self, report: ShowReport) -> str:
        states = ", ".join(f"{count:,} {status}" for status, count in sorted(report.by_status.items())) or "no places"
        verdict = "sound" if report.is_sound else counted(len(report.differences), "DIFFERENCE").upper()
        movements = counted(report.movements, "movement")
        head = f"{report.show}: {verdict}; capacity {report.capacity:,} = {states}; {movements}"
        return "\n".join([head, *(f"  {d.check}: {d.about} {d.says}" for d in report.differences)])
