"""Locks: places kept for a cart or a till, for minutes. Only whoever made one sees it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from core.contacts import ContactInvalid, counted_as, read_contact
from core.doors import Door, answered
from core.idempotency import answer_kept_by_act, answer_once, kept_for
from core.queries import Kept
from inventory.api import docs
from inventory.api.answers import lock_made, lock_seen
from inventory.api.asking import Asker, Writing, asker_of, remember
from inventory.api.finding import own_lock, show_to_lock_in
from inventory.api.private import told_outside
from inventory.api.serializers import ExtensionIn, LockIn
from inventory.api.wanted import codes, wanted
from inventory.services.locking import Lock, lock_from, lock_places
from inventory.services.locks import LockCommitted, LockExpired, extend_lock, release_lock


class WritingDoor(Door):
    """A door for whoever may hold places. A visitor is given a cookie at the first write, to be known by later."""

    authentication_classes = (Writing,)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        asker = getattr(request, "_user", None)
        if isinstance(asker, Asker) and request.method != "GET":
            remember(answer, asker)
        return answer


class ShowLocks(WritingDoor):
    @docs.LOCK_PLACES
    def post(self, request: Request, slug: str) -> Response:
        asker = asker_of(request)
        kept = kept_for(request, asker)
        body = LockIn.read(request.data)
        answer = answer_kept_by_act(kept, lambda: _lock(slug, body, asker, kept), 201)
        if answer.status != 201:
            return answered(answer)
        lock = answer.content if isinstance(answer.content, Lock) else lock_from(answer.content)
        content = lock_made(lock, show=slug, channel=asker.channel)
        location = reverse("api-lock", kwargs={"lock_id": content["id"]})
        return answered(replace(answer, content=content), Location=location)


class OneLock(WritingDoor):
    @docs.SEE_LOCK
    def get(self, request: Request, lock_id: str) -> Response:
        lock = own_lock(lock_id, asker_of(request))
        if lock.is_over:
            raise LockCommitted if lock.sale_id else LockExpired
        return Response(lock_seen(lock))

    @docs.RELEASE_LOCK
    def delete(self, request: Request, lock_id: str) -> Response:
        asker = asker_of(request)

        def release() -> None:
            with told_outside():
                lock = own_lock(lock_id, asker)
                release_lock(claim_id=lock.claim_id, by=asker.by(lock.channel_id))

        return answered(answer_once(kept_for(request, asker), release, 204))


class LockExtension(WritingDoor):
    @docs.EXTEND_LOCK
    def post(self, request: Request, lock_id: str) -> Response:
        asker = asker_of(request)
        kept = kept_for(request, asker)
        body = ExtensionIn.read(request.data)

        def extend() -> Any:
            with told_outside():
                lock = own_lock(lock_id, asker)
                for_s = body.get("lock_for_s", lock.show_lock_for_s)
                extend_lock(claim_id=lock.claim_id, for_s=for_s, by=asker.by(lock.channel_id))
                return lock_seen(own_lock(lock_id, asker))

        return answered(answer_once(kept, extend, 200))


def _lock(slug: str, body: dict[str, Any], asker: Asker, kept: Kept) -> Lock:
    with told_outside():
        here = show_to_lock_in(asker, slug, **codes(body))
        return lock_places(
            show_id=here.show_id,
            channel_id=here.channel_id or 0,
            wanted=wanted(body, here),
            by=asker.by(here.channel_id),
            holder=asker.holder(_counted(body.get("contact", ""))),
            lock_for_s=body.get("lock_for_s"),
            kept=kept,
        )


def _counted(contact: str) -> str:
    """As a contact is counted, however it is spelled. What is none is counted as it stands: nothing is sent there."""
    try:
        return counted_as(read_contact(contact))
    except ContactInvalid:
        return contact
