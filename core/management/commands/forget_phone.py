"""`forget_phone USER`: for an administrator whose phone is gone, with nobody left to ask."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from core import second_factor


class Command(BaseCommand):
    help = "Takes a login's phone and recovery codes away; its next login sets up a phone anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the name they log in with")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"Nobody logs in as {options['user']}.")
        had = second_factor.forget(user)
        self.stdout.write(f"{user}: the phone is forgotten." if had else f"{user} had no phone set up.")
