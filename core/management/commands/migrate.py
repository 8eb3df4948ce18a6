"""Django's `migrate`, run as the owner of the tables; the program's own role may not change a schema."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from core.owner import as_owner, grant_future_tables


class Command(Migrate):
    help = f"{Migrate.help} Connects as the owner (DATABASE_OWNER_URL)."

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            grant_future_tables()
            super().handle(*args, **options)
