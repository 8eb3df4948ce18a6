"""`manage.py load_demo`: put the demo's houses, shows and logins into an empty database, once."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from ticketing.demo.loading import load_demo


class Command(BaseCommand):
    help = "Load fictional venues and shows with a week of sales, and two logins. Does nothing once there is a show."

    def handle(self, *args: Any, **options: Any) -> None:
        began = monotonic()
        if load_demo(say=self.stdout.write):
            self.stdout.write(f"The demo is loaded, in {monotonic() - began:.1f} s.")
