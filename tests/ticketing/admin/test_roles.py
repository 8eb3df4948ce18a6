"""Who may do what: every verb against every role, and what each role sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from re import findall
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.acts import By, Seats
from inventory.models import Allocation, Channel, FreezeRule, Place, Show, Tier, Venue
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from inventory.services.keys import make_key
from inventory.services.slices import Opening, Pick, Slice
from inventory.services.slicing import slice_pool
from tests.houses import make_show
from tests.inventory.admin import pages
from tests.people import log_in
from tests.ticketing.one_of_each import World, make_world
from ticketing.admin import claims, guest_lists, order_verbs, show_verbs
from ticketing.models import (
    Document,
    GatewayEvent,
    GuestList,
    Letter,
    Order,
    Payment,
    Price,
    PriceException,
    Refund,
    Seller,
    Terms,
    Ticket,
)
from ticketing.roles import ROLES

MANAGER, ASSISTANT, COUNTER = "Box-office manager", "Box-office assistant", "Counter staff"
SUPERVISOR, GATE, FINANCE, AUDITOR = "Gate supervisor", "Gate staff", "Finance", "Auditor"
EVERYBODY = [MANAGER, ASSISTANT, COUNTER, SUPERVISOR, GATE, FINANCE, AUDITOR]

# Every verb there is in the admin, and who may use it. Whoever is not named is refused.
VERBS: dict[str, set[str]] = {
    "add a show": {MANAGER, ASSISTANT},
    "add a venue": {MANAGER},
    "add a channel": {MANAGER},
    "load a house": {MANAGER, ASSISTANT},
    "copy a show": {MANAGER, ASSISTANT},
    "put a show on sale": {MANAGER, ASSISTANT},
    "pause a show": {MANAGER, ASSISTANT},
    "close a show": {MANAGER, ASSISTANT},
    "cancel a show": {MANAGER},
    "freeze": {MANAGER, ASSISTANT},
    "freeze by a rule": {MANAGER, ASSISTANT},
    "thaw": {MANAGER, ASSISTANT},
    "hold places": {MANAGER, ASSISTANT},
    "give a hold another end": {MANAGER, ASSISTANT},
    "give places of a hold back": {MANAGER},
    "break a hold": {MANAGER},
    "slice the pool": {MANAGER, ASSISTANT},
    "play a split": set(EVERYBODY) - {GATE},
    "apply a split": {MANAGER, ASSISTANT},
    "give a slice back": {MANAGER, ASSISTANT},
    "undo a slicing": {MANAGER, ASSISTANT},
    "set on-sale times": {MANAGER, ASSISTANT},
    "give tickets of a show": {MANAGER, ASSISTANT},
    "give tickets of a hold": {MANAGER, ASSISTANT},
    "sell from a hold": {MANAGER},
    "record a party's money": {MANAGER},
    "import a guest list": {MANAGER, ASSISTANT},
    "have an empty guest list": {MANAGER, ASSISTANT},
    "print a list's tickets": {MANAGER, ASSISTANT},
    "see the door's list": {MANAGER, ASSISTANT, FINANCE, AUDITOR},
    "make a key": {MANAGER},
    "revoke a key": {MANAGER},
    "set a price": {MANAGER},
    "set all prices of a show": {MANAGER},
    "let a channel sell at another price": {MANAGER},
    "end that": {MANAGER},
    "set terms": {MANAGER, FINANCE},
    "add a seller": {FINANCE},
    "cancel an order": {MANAGER, ASSISTANT},
    "refund an order": {MANAGER, FINANCE},
    "give an order other seats": {MANAGER, ASSISTANT},
    "send tickets again": {MANAGER, ASSISTANT, COUNTER},
    "print tickets": {MANAGER, ASSISTANT, COUNTER},
    "erase a contact": {MANAGER},
    "try a refund again": {MANAGER, FINANCE},
    "say that money was given back": {MANAGER, FINANCE},
    "let somebody in again": {MANAGER},
    "take a lost phone away": set(),
    "give back what was set aside": {MANAGER, FINANCE},
    "add a user": set(),
}
# Nobody is asked why there is a new show. What is changed in one later says why.
ROWS = {"add a show", "add a venue", "add a channel", "add a seller", "add a user"}
READ = {"play a split", "have an empty guest list", "see the door's list"}
# Asks for a look first: see "without a reason nothing is changed" in the tests of its page.
ASKS_LATER = {"apply a split"}
WHY = ("reason", "purpose", "note")
LISTS: dict[type[Model], set[str]] = {
    Show: set(EVERYBODY),
    Place: set(EVERYBODY) - {GATE},
    Venue: set(EVERYBODY) - {GATE, COUNTER},
    Ticket: set(EVERYBODY),
    Order: set(EVERYBODY) - {GATE},
    GuestList: {MANAGER, ASSISTANT, FINANCE, AUDITOR},
    Payment: set(EVERYBODY) - {GATE, SUPERVISOR},
    Refund: {MANAGER, ASSISTANT, FINANCE, AUDITOR},
    Document: {MANAGER, ASSISTANT, FINANCE, AUDITOR},
    Letter: {MANAGER, ASSISTANT, FINANCE, AUDITOR},
    GatewayEvent: {MANAGER, ASSISTANT, FINANCE, AUDITOR},
    Price: {MANAGER, ASSISTANT, FINANCE, AUDITOR},
    Terms: {MANAGER, ASSISTANT, FINANCE, AUDITOR},
    User: {AUDITOR},
    AccessAttempt: {MANAGER, AUDITOR},
}


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def addresses(world: World) -> dict[str, str]:
    """Where each verb is done, on a row it fits."""
    show, by = Show.objects.get(), By(actor="user:1", reason_code="safety")
    frozen = freeze(show_id=show.pk, tier_id=Tier.objects.get(show=show).pk, by=by)
    spare = Seats([Place.objects.filter(show=show, status="open").values_list("pk", flat=True)[0]])
    held = place_hold(show_id=show.pk, wanted=spare, purpose="press", party="The Daily", by=by)
    cut = Slice("Counter slice", [Opening(Channel.objects.get(code="counter").pk)], Pick(quantity=1))
    (sliced,) = slice_pool(show_id=show.pk, slices=[cut], by=by)
    key, _ = make_key(channel_id=Channel.objects.get(code="counter").pk, name="Till")
    attempt = AccessAttempt.objects.create(username="asha", failures_since_start=3, attempt_time=timezone.now())
    return {
        "add a show": pages.adding(Show),
        "add a venue": pages.adding(Venue),
        "add a channel": pages.adding(Channel),
        "load a house": reverse("admin:inventory_show_house", args=[make_show(slug="empty").pk]),
        "copy a show": pages.of(show, "copy"),
        "put a show on sale": pages.of(make_show(slug="draft", state=Show.State.DRAFT), "publish"),
        "pause a show": pages.of(show, "pause"),
        "close a show": pages.of(show, "close"),
        "cancel a show": pages.of(show, "cancel"),
        "freeze": reverse("admin:inventory_show_freeze", args=[show.pk]),
        "freeze by a rule": pages.adding(FreezeRule),
        "thaw": pages.of(frozen, "thaw"),
        "hold places": pages.of(show, "hold"),
        "give a hold another end": pages.of(held.claim, "extend"),
        "give places of a hold back": pages.of(held.claim, "give"),
        "break a hold": pages.of(held.claim, "break"),
        "slice the pool": pages.of(show, "slice"),
        "play a split": pages.of(show, "split"),
        "apply a split": pages.of(show, "split_apply"),
        "give a slice back": pages.of(show, "slice_back") + f"?slice={sliced.allocation.pk}",
        "undo a slicing": pages.of(show, "slice_undo") + f"?movement={sliced.allocation.places.get().movement_id}",
        "set on-sale times": pages.of(show, "on_sale"),
        "give tickets of a show": pages.of(show, "complimentary"),
        "give tickets of a hold": pages.of(held.claim, "complimentary"),
        "sell from a hold": pages.of(held.claim, "sell"),
        "record a party's money": pages.of(world.partys, "money"),
        "import a guest list": pages.of(show, "guests"),
        "have an empty guest list": pages.of(show, "guests_file"),
        "print a list's tickets": pages.of(world.guests, "print"),
        "see the door's list": pages.of(world.guests, "door"),
        "make a key": reverse("admin:inventory_apikey_add"),
        "revoke a key": pages.of(key, "revoke"),
        "set a price": pages.adding(Price) + f"?show={show.pk}",
        "set all prices of a show": pages.of(show, "prices"),
        "let a channel sell at another price": pages.adding(PriceException) + f"?show={show.pk}",
        "end that": pages.of(world.exception, "end"),
        "set terms": pages.adding(Terms),
        "add a seller": pages.adding(Seller),
        "cancel an order": pages.of(world.unpaid, "cancel"),
        "refund an order": pages.of(world.paid, "refund"),
        "give an order other seats": pages.of(world.paid, "reseat"),
        "send tickets again": pages.of(world.paid, "resend"),
        "print tickets": pages.of(world.paid, "print"),
        "erase a contact": pages.of(world.paid, "erase"),
        "try a refund again": pages.of(world.failed, "retry"),
        "say that money was given back": pages.of(world.refund, "hand_back"),
        "let somebody in again": pages.of(attempt, "let_in"),
        "take a lost phone away": pages.of(User.objects.create_user("lost"), "forget_phone"),
        "give back what was set aside": pages.of(world.aside, "return"),
        "add a user": pages.adding(User),
    }


@pytest.fixture
def member(transactional_db: None, client: Client) -> Callable[[str], Client]:
    def log_in_as(role: str) -> Client:
        user = User.objects.create_user(f"one of {role}", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        log_in(client, user)
        return client

    return log_in_as


def test_a_house_starts_with_these_roles() -> None:
    assert [role.name for role in ROLES] == EVERYBODY


def test_each_role_does_what_is_its_own_and_is_refused_the_rest(
    member: Callable[[str], Client], addresses: dict[str, str]
) -> None:
    asked, sent = {}, {}
    for role in EVERYBODY:
        browser = member(role)
        asked[role] = {name: browser.get(address).status_code for name, address in addresses.items()}
        sent[role] = {browser.post(addresses[name], {}).status_code for name, may in VERBS.items() if role not in may}

    assert asked == {role: {name: 200 if role in may else 403 for name, may in VERBS.items()} for role in EVERYBODY}
    assert sent == {role: {403} for role in EVERYBODY}


def test_no_verb_is_done_without_saying_why(member: Callable[[str], Client], addresses: dict[str, str]) -> None:
    browser = member(MANAGER)
    user = User.objects.get(username=f"one of {MANAGER}")
    user.is_superuser = True
    user.save()
    rows = [Show.objects.first(), Channel.objects.first(), Seller.objects.first(), Terms.objects.first()]
    verbs = {name: address for name, address in addresses.items() if name not in ROWS | READ | ASKS_LATER}
    verbs |= {f"change {row}": pages.of(row) for row in rows if row is not None}
    assert len(verbs) == len(VERBS) - len(ROWS | READ | ASKS_LATER) + len(rows)
    tier = Tier.objects.order_by("pk").first()
    assert tier
    for name in ("set a price", "let a channel sell at another price"):
        verbs[name] = verbs[name].partition("?")[0] + f"?tier={tier.pk}"

    times = {f"a{pool.pk}-closes_at": "" for pool in Allocation.objects.all()}
    refused = {name: _marked(browser.post(verbs[name], {"save": "1"} | times)) & {*WHY} for name in verbs}

    assert [name for name, marked in refused.items() if not marked] == []


def _marked(response: Any) -> set[str]:
    """The fields of a form that came back as wrong."""
    fields = findall(r"<(?:input|select|textarea)\b[^>]*>", response.content.decode())
    return {name for field in fields if 'aria-invalid="true"' in field for name in findall(r'name="(\w+)"', field)}


def test_each_role_sees_its_lists_and_no_others(member: Callable[[str], Client], world: World) -> None:
    seen, starts = {}, {}
    for role in EVERYBODY:
        browser = member(role)
        seen[role] = {model: browser.get(pages.listing(model), follow=True).status_code for model in LISTS}
        starts[role] = browser.get("/admin/").status_code

    assert seen == {role: {model: 200 if role in may else 403 for model, may in LISTS.items()} for role in EVERYBODY}
    assert starts == dict.fromkeys(EVERYBODY, 200)


def test_the_counter_is_for_whoever_sells_there(member: Callable[[str], Client]) -> None:
    for role in EVERYBODY:
        member(role)

    may = {user.groups.get().name for user in User.objects.all() if user.has_perm("inventory.use_counter")}
    assert may == {MANAGER, ASSISTANT, COUNTER}


def test_no_verb_of_an_order_or_a_show_is_missing_from_the_table(addresses: dict[str, str]) -> None:
    ends = {address.rstrip("/").rpartition("/")[2] for address in addresses.values()}
    assert {*order_verbs.PAGES, *show_verbs.PAGES, *show_verbs.MORE, *claims.PAGES, *guest_lists.PAGES} <= ends


def test_what_a_role_may_do_is_there_to_be_given() -> None:
    there = {f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")}
    assert set(_wanted()) - there == set()


def _wanted() -> Iterator[str]:
    for role in ROLES:
        yield from role.may
