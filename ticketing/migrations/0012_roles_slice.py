"""Manager and assistant get what came with the slicing pages (`ticketing/roles.py`)."""

from importlib import import_module

from django.db import migrations

make = import_module("ticketing.migrations.0009_roles").make


class Migration(migrations.Migration):
    dependencies = [
        ("ticketing", "0011_parity"),
        ("inventory", "0011_pool_opens"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
