"""A split page and its ledger, for its tests: where they are, and what happens in their show."""

from __future__ import annotations

from typing import Any

from django.test import Client

from inventory.acts import Seats
from inventory.models import Channel, Show
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from inventory.services.slices import Opening, Pick, Slice
from inventory.services.slicing import slice_pool
from tests.database import let_others_end
from tests.houses import MANAGER, seat
from tests.inventory.admin.asking import BUYER


def address(show: Show, what: str = "") -> str:
    return f"/admin/inventory/show/{show.pk}/split/{what and what + '/'}"


def sell(show: Show, channel: Channel, *labels: str) -> None:
    wanted = Seats([seat(show, label).pk for label in labels])
    lock = lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER)
    commit_lock(claim_id=lock.claim_id, reference="HF-1", by=BUYER)


def cut(show: Show, channel: Channel, quantity: int) -> None:
    slice_ = Slice("Counter slice", [Opening(channel.pk)], Pick(quantity=quantity))
    slice_pool(show_id=show.pk, slices=[slice_], by=MANAGER)


def whole(client: Client, show: Show) -> dict[str, Any]:
    let_others_end()
    told: dict[str, Any] = client.get(address(show, "history")).json()
    return told
