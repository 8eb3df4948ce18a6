"""Where the gateway tells us what happened. It is let in by its signature over the very bytes it sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.json_in import BodyTooLarge
from core.refusals import DomainError
from ticketing.gateways import gateway
from ticketing.services.inbox import take_event
from ticketing.tasks import wake_inbox

MOST_BYTES = 262_144


@csrf_exempt
@require_POST
def razorpay(request: HttpRequest) -> HttpResponse:
    """Keep the event and answer; the work is done by whoever is woken. An event that was told before is fine, too."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise BodyTooLarge
        is_new = take_event(gateway=gateway(), raw=request.body, headers=request.headers)
    except DomainError as refusal:
        answer = JsonResponse(refusal.as_envelope(), status=refusal.status)
        answer._has_been_logged = True  # type: ignore[attr-defined]
        return answer
    if is_new:
        wake_inbox()
    return JsonResponse({"taken": is_new})
