"""The tax categories a new house begins with (ticketing/tax/categories.py), for its accountant to change."""

from django.db import migrations

from ticketing.tax.categories import CATEGORIES


def forwards(apps, schema_editor):
    make_categories(apps.get_model("ticketing", "EventCategory"), apps.get_model("ticketing", "TaxBand"))


def make_categories(event_category, tax_band):
    for category in CATEGORIES:
        row = event_category.objects.create(code=category.code, name=category.name, sac=category.sac)
        tax_band.objects.bulk_create(
            tax_band(
                category=row,
                from_on=category.from_on,
                up_to_paise=band.up_to_paise,
                rate_bp=band.rate_bp,
                basis=band.basis,
                is_exempt=band.is_exempt,
                source=category.source[:200],
            )
            for band in category.bands
        )


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0003_hot_paths")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
