"""Where the gateway tells us what happened. It is let in by its signature over the very bytes it sent."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.doors import Door
from core.json_in import BodyTooLarge
from ticketing.api import docs
from ticketing.gateways import gateway
from ticketing.services.inbox import take_event
from ticketing.tasks import wake_inbox

MOST_BYTES = 262_144


class RazorpayWebhook(Door):
    """Keeps the event and answers; the work is done by whoever is woken. One that was told before is fine, too."""

    # No credential but the signature, and no rate: a gateway that is refused tells us later, or not at all.
    authentication_classes = ()
    throttle_classes = ()
    parser_classes = ()

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        # Whatever it would rather read: nobody reads it.
        return super().perform_content_negotiation(request, force=True)

    @docs.TAKE_WEBHOOK
    def post(self, request: Request) -> Response:
        raw = request._request.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise BodyTooLarge(most_bytes=MOST_BYTES)
        is_new = take_event(gateway=gateway(), raw=raw, headers=request.headers)
        if is_new:
            wake_inbox()
        return Response({"taken": is_new})
