"""The roles get what came with the hold pages: holding, and breaking holds (`ticketing/roles.py`)."""

from importlib import import_module

from django.db import migrations

make = import_module("ticketing.migrations.0009_roles").make


class Migration(migrations.Migration):
    dependencies = [
        ("ticketing", "0009_roles"),
        ("inventory", "0010_hold_permissions"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
