"""What PostgreSQL holds of money and tickets, in SQL beside this file."""

from pathlib import Path

from django.db import migrations

from core.owner import program_role, quoted

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    sql = (HERE / "0002_referee.sql").read_text(encoding="utf-8")
    tables = [
        "price",
        "priceexception",
        "order",
        "orderline",
        "payment",
        "refund",
        "ticket",
        "document",
        "documentseries",
    ]
    kept = ", ".join(f"ticketing_{table}" for table in tables)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute(f"REVOKE DELETE, TRUNCATE ON {kept} FROM {quoted(program_role())}")


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0001_initial"), ("inventory", "0008_money")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
