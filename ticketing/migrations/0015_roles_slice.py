"""Manager and assistant get what came with the slicing pages (`ticketing/roles.py`)."""

from importlib import import_module

from django.db import migrations

make = import_module("ticketing.migrations.0009_roles").make


class Migration(migrations.Migration):
    dependencies = [
        ("ticketing", "0014_what_needs_a_person"),
        ("inventory", "0013_pool_opens"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
