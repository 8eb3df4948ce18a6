"""`manage.py verify_money [--json]`: does every rupee have a meaning? Exits 1 on any difference."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.money import rupees
from core.words import counted
from ticketing.queries.verify import MoneyReport, verify_money


class Command(BaseCommand):
    help = "Check that what came over all tenders is orders, refunds and work-list lines, and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_money()
        self.stdout.write(json.dumps(asdict(report)) if options["json"] else in_words(report))
        if not report.is_sound:
            raise CommandError(counted(len(report.differences), "difference"), returncode=1)


def in_words(report: MoneyReport) -> str:
    """The identity as a clerk would write it down."""
    came = " + ".join(f"{rupees(paise)} {tender}" for tender, paise in sorted(report.received.items())) or "nothing"
    aside = " + ".join(f"{rupees(paise)} {meaning}" for meaning, paise in sorted(report.aside.items())) or rupees(0)
    lines = [
        f"received   {rupees(sum(report.received.values()))} = {came}",
        f"           = {rupees(report.confirmed)} confirmed orders + {aside} set aside",
        f"refunded   {rupees(report.returned_orders)} of orders, {rupees(report.returned_aside)} of money set aside",
        f"under way  {rupees(report.on_the_way)} of refunds; work-list {rupees(report.open_work)}",
        *(f"  {d.check}: {d.about} {d.says}" for d in report.differences),
        "sound" if report.is_sound else counted(len(report.differences), "DIFFERENCE").upper(),
    ]
    return "\n".join(lines)
