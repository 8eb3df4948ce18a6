"""One address: lock places with one statement, all of whose arguments the body brings."""

from __future__ import annotations

from django.db import connection
from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

_STATEMENT = """
SELECT verdict, claim_id, place_ids, locked_at, expires_at, hard_until FROM inventory_lock_places(
    %(show)s, %(channel)s, ARRAY[%(tier)s]::bigint[], NULL, %(quantity)s, 0, false, NULL, false, false, false,
    %(session)s, %(address)s, '', 60, '', 'session:floor', '', '', NULL)
"""


class Floor(APIView):
    def post(self, request: Request) -> Response:
        with connection.cursor() as cursor:
            cursor.execute(_STATEMENT, request.data)
            verdict, *lock = cursor.fetchone()
        assert verdict == "granted", verdict
        return Response(
            dict(zip(("id", "places", "locked_at", "expires_at", "hard_until"), lock, strict=True)), status=201
        )


urlpatterns = [path("lock", Floor.as_view()), path("health/", lambda request: HttpResponse())]
