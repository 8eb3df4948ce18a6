"""Celery: housekeeping by beat. Nothing that must happen exists only as a message; a lost broker loses nothing."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("housefull")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_web_does(loglevel: int | None = None, **_: Any) -> None:
    """Celery would put its own handler in the place of ours, and what we leave out of lines would be in them again.

    That somebody answers this signal is what it looks for. Of its own news it tells what the command line asks for.
    """
    logging.getLogger("celery").setLevel(loglevel or logging.WARNING)


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
