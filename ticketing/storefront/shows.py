"""What is on, what is left of it, and its seats."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.idempotency import IdempotencyKeyReused, answer_kept_by_act
from core.json_in import canonical
from core.opaque import opaque
from core.queries import Kept
from core.refusals import DomainError
from inventory.acts import Best
from inventory.api.asking import Asker
from inventory.api.seats import seats_at
from inventory.queries.doors import lock_whole
from inventory.queries.shows import coming_shows
from inventory.services.locking import Lock, lock_from, lock_places
from ticketing.queries import shop
from ticketing.storefront.door import for_a_buyer, see_other
from ticketing.storefront.forms import BestForm
from ticketing.storefront.orders import order_at
from ticketing.storefront.picture import Picture, picture_of
from ticketing.storefront.words import what_to_do

# What the map is made of, told to the browser at once, which else would find one file after the other.
MAP_MODULES = [
    f"js/{name}.js"
    for name in (
        "seat-list", "seat-map", "lib/age", "lib/basket", "lib/draw", "lib/gestures", "lib/house", "lib/http",
        "lib/marks", "lib/money", "lib/poll", "lib/states", "lib/view", "lib/words",
    )
]  # fmt: skip


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    shows = list(coming_shows(drafts=False))
    lowest = shop.lowest_prices([show.pk for show in shows], "web")
    page = render(request, "storefront/start.html", {"shows": [(show, lowest.get(show.pk)) for show in shows]})
    page.headers["Cache-Control"] = "max-age=5"
    return page


@require_safe
@for_a_buyer
def show(request: HttpRequest, asker: Asker, slug: str) -> HttpResponse:
    picture = picture_of(asker, slug)
    return _show_page(request, asker, picture, picture.form())


@require_safe
@for_a_buyer
def seats(request: HttpRequest, asker: Asker, slug: str) -> HttpResponse:
    """The map, for whoever chooses seat by seat."""
    picture = picture_of(asker, slug)
    told = _told(asker, picture)
    own = [seat.id for basket, _ in told["baskets"] for seat in shop.seats_of(basket.lock_id)]
    told |= {
        "seats_at": seats_at(slug, picture.here.manifest_version),
        "facts": picture.for_scripts() | {"mine": own},
        "modules": MAP_MODULES,
    }
    return render(request, "storefront/seats.html", told)


@require_POST
@for_a_buyer
def fill_basket(request: HttpRequest, asker: Asker, slug: str) -> HttpResponse:
    """Lock the best places, and on to the basket; where that is refused, the page again with the reason."""
    picture = picture_of(asker, slug)
    sent = request.POST.copy()
    form = BestForm(sent, **picture.choices())
    status = 400
    if form.is_valid():
        try:
            lock = _lock_once(asker, picture, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, what_to_do(refusal))
            status = refusal.status
        else:
            return see_other(basket_at(lock.claim_id) + ("?alone=1" if lock.strands else ""))
    sent["key"] = str(uuid4())  # what was refused stays so under its key
    return _show_page(request, asker, picture, form, status)


def basket_at(claim_id: int) -> str:
    return reverse("basket", kwargs={"lock_id": opaque("lock", claim_id)})


def _lock_once(asker: Asker, picture: Picture, said: dict[str, Any]) -> Lock:
    """A lock made under the form's key. A page gone back to may send what has ended meanwhile, or something else."""
    wish = {name: said[name] for name in ("quantity", "tier", "section", "accessible", "together")}
    asked = canonical({"show": picture.here.slug} | wish)
    kept = Kept(asker.digest(), said["key"], sha256(asked).hexdigest())
    try:
        answer = answer_kept_by_act(kept, lambda: _lock(asker, picture, wish, kept), 201)
    except IdempotencyKeyReused:
        return _lock(asker, picture, wish, None)
    lock = answer.content if isinstance(answer.content, Lock) else None
    if lock is None and answer.status == 201:
        lock = _living(lock_from(answer.content))
    return lock or _lock(asker, picture, wish, None)


def _living(lock: Lock) -> Lock | None:
    seen = lock_whole(lock.claim_id)
    return None if seen is None or seen.is_over else lock


def _lock(asker: Asker, picture: Picture, wish: dict[str, Any], kept: Kept | None) -> Lock:
    here = picture.here
    tiers = {tier.code: tier.pk for tier in picture.show.tiers.all()}
    sections = {section.code: section.pk for section in picture.show.sections.all()}
    return lock_places(
        show_id=here.show_id,
        channel_id=here.channel_id or 0,
        wanted=Best(
            quantity=wish["quantity"],
            tier_ids=[tiers[wish["tier"]]] if wish["tier"] else [],
            section_id=sections.get(wish["section"]),
            accessible=wish["accessible"],
            together=wish["together"],
        ),
        by=asker.by(here.channel_id),
        holder=asker.holder(),
        kept=kept,
    )


def _show_page(request: HttpRequest, asker: Asker, picture: Picture, form: BestForm, status: int = 200) -> HttpResponse:
    return render(request, "storefront/show.html", _told(asker, picture) | {"form": form}, status=status)


def _told(asker: Asker, picture: Picture) -> dict[str, Any]:
    session = "" if asker.is_new else asker.digests()["session"]
    baskets = shop.live_baskets(picture.here.show_id, session) if session else []
    addresses = [order_at(basket.order_id) if basket.order_id else basket_at(basket.lock_id) for basket in baskets]
    return {"picture": picture, "show": picture.show, "baskets": list(zip(baskets, addresses, strict=True))}
