"""Managers let people in again who failed to log in too often; auditors see who did (`ticketing/roles.py`)."""

from importlib import import_module

from django.db import migrations

make = import_module("ticketing.migrations.0009_roles").make


class Migration(migrations.Migration):
    dependencies = [
        ("ticketing", "0011_parity"),
        ("axes", "0010_accessattemptexpiration"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
