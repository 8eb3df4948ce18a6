"""The API's settings: Django REST framework's, drf-spectacular's, and how often one may ask."""

from __future__ import annotations

from typing import Any

from config.environment import Environment

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.json_in.StrictJSON"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": ["core.throttles.Rates"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "core.errors.refuse",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Housefull",
    "VERSION": "1",
    "DESCRIPTION": "One stock ledger for the web, the counter and the gate of a live show. Every refusal has a `code`; "
    "every write needs an `Idempotency-Key`; amounts of money are whole paise; times are the server's.",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "key": {"type": "http", "scheme": "bearer", "description": "An API key, `hf_…`. It is its channel."},
            "login": {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "Staff, at the counter. Writes repeat the cookie `csrftoken` in X-CSRFToken.",
            },
            "visitor": {
                "type": "apiKey",
                "in": "cookie",
                "name": "hf_buyer",
                "description": "A visitor, on the web. Comes by itself with the answer to the first write.",
            },
        }
    },
    "ENUM_NAME_OVERRIDES": {
        "ShowState": "inventory.models.house.Show.State",
        "StockState": "inventory.api.serializers_reads.STATES",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}


def throttles(env: Environment) -> dict[str, int]:
    """Requests a minute, by who asks, what for, and by what they are counted (core/throttles.py); 0 is not counted."""
    defaults = {
        "visitor_read_address": 600,
        "visitor_write_address": 300,
        "visitor_write_name": 60,
        "key_read_name": 6000,
        "key_write_name": 3000,
        "staff_read_name": 1200,
        "staff_write_name": 300,
    }
    return {name: env.number(f"RATE_{name.upper()}", most) for name, most in defaults.items()}
