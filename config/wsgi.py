"""The web process. It refuses to start on a database that could lose or forge the ledger."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

import config.celery  # noqa: E402, F401  so that tasks know their broker when a request wakes one
from inventory.referee import refuse_unsafe_database  # noqa: E402  the app registry must be ready first

refuse_unsafe_database()
