from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0005_papers")]

    operations = [
        migrations.AlterModelOptions(
            name="price",
            options={"ordering": ("tier", "-from_at", "-id"), "permissions": [("set_price", "Can set prices")]},
        ),
        migrations.AlterModelOptions(
            name="priceexception",
            options={
                "ordering": ("tier", "channel", "-begins_at", "-id"),
                "permissions": [("approve_price_exception", "Can let a channel sell at another price")],
            },
        ),
    ]
