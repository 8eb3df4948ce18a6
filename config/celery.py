"""Celery: housekeeping by beat. Nothing that must happen exists only as a message; a lost broker loses nothing."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("housefull")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_unsafe_database(**_: Any) -> None:
    """Celery logs what a receiver raises and goes on; only SystemExit stops the process."""
    from django.core.exceptions import ImproperlyConfigured

    from inventory.referee import refuse_unsafe_database as refuse

    try:
        refuse()
    except ImproperlyConfigured as unsafe:
        raise SystemExit(str(unsafe)) from unsafe
