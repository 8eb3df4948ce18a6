"""Each sees its own: whatever a stranger asks about somebody else's is as unknown as what never was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User

from inventory.models import ApiKey, Channel, Show
from inventory.services.keys import make_key, revoke_key
from tests.api.described import operations
from tests.inventory.api.shop import Answer, Shop, said
from tests.ticketing.api.buying import bought, bought_at, lock, order, start
from tests.ticketing.books import make_priced_show
from tests.ticketing.sandboxed import Sandbox
from ticketing.models import Order, OrderContact, Payment, Refund, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
OWNERS = ["visitor", "partner", "cashier"]
UNKNOWN = {"lock_id": "lock_unknown", "reference": "order_unknown", "payment_id": "payment_unknown"}
BODIES: dict[str, Any] = {"payments": {"way": "qr"}, "refunds": {"reason_code": "illness"}}
# Every operation on what somebody owns.
OWNED = [(method, path) for method, path in operations() if any(f"{{{name}}}" in path for name in UNKNOWN)]


@dataclass(frozen=True)
class Things:
    """What one owner has, under the names of the description."""

    lock_id: str
    reference: str
    payment_id: str
    waiting: str

    def at(self, path: str) -> str:
        names = {name: getattr(self, name) for name in UNKNOWN}
        return path.removeprefix("/api/v1/").format(**names)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(cap_per_session=100, cap_per_address=100)


@pytest.fixture
def things(
    request: pytest.FixtureRequest, visitor: Shop, partner: Shop, cashier: Shop, show: Show, sandbox: Sandbox
) -> Things:
    """The owner's: a lock, a paid order with its payment, and one that waits."""
    owner = request.getfixturevalue(request.param)
    if owner is visitor:
        paid = bought(visitor, sandbox, show)
    elif owner is partner:
        paid = bought_at(partner, show, tender="partner_account")
    else:
        paid = bought_at(cashier, show)
    waiting = order(owner, show)["id"]
    start(owner, waiting)
    return Things(lock(owner, show), paid["id"], paid["payment"]["id"], waiting)


@pytest.fixture
def strangers(visitor: Shop, partner: Shop, cashier: Shop) -> dict[str, Shop]:
    """Everybody else there is; the three owners are strangers to each other."""
    agency = Channel.objects.get(code="agency")
    portal = Channel.objects.create(code="portal", name="Portal", kind="partner", is_capped=False)
    known = Shop(address="203.0.113.8")
    known.client.cookies["hf_buyer"] = "c" * 32
    root = User.objects.create_superuser("root")
    return {
        "visitor": visitor,
        "partner": partner,
        "cashier": cashier,
        "another visitor": known,
        "nobody": Shop(),
        "another key of the channel": Shop(bearer=make_key(channel_id=agency.pk, name="another")[1]),
        "a key of another channel": Shop(bearer=make_key(channel_id=portal.pk, name="portal")[1]),
        "another cashier": Shop.logged_in("vik", "use_counter", "refund_order"),
        "a superuser": Shop(login=root),
    }


def _ask(shop: Shop, method: str, path: str) -> Answer:
    match method:
        case "get":
            return shop.get(path)
        case "delete":
            return shop.delete(path)
    return shop.post(path, BODIES.get(path.rpartition("/")[2], {}))


def _everything() -> list[Any]:
    return [
        list(Order.objects.values_list("id", "state").order_by("id")),
        list(Payment.objects.values_list("id", "state").order_by("id")),
        list(Ticket.objects.values_list("id", "voided_at").order_by("id")),
        Refund.objects.count(),
    ]


@pytest.mark.parametrize("things", OWNERS, indirect=True)
def test_what_is_somebody_elses_is_unknown(
    things: Things, strangers: dict[str, Shop], request: pytest.FixtureRequest
) -> None:
    owner = request.node.callspec.params["things"]
    before = _everything()

    odd = [
        (name, method, path, said(answer))
        for name, stranger in strangers.items()
        if name != owner
        for method, path in OWNED
        if said(answer := _ask(stranger, method, things.at(path))) != (404, _code_of(path))
    ]

    assert odd == []
    assert len(OWNED) >= 14
    assert _everything() == before


@pytest.mark.parametrize("things", OWNERS, indirect=True)
def test_it_is_the_owners_own(things: Things, strangers: dict[str, Shop], request: pytest.FixtureRequest) -> None:
    """The control: the same addresses, asked by whom they belong to."""
    owner = strangers[request.node.callspec.params["things"]]

    answers = [_ask(owner, method, things.at(path)) for method, path in OWNED if method == "get"]

    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("things", OWNERS, indirect=True)
def test_a_strangers_list_is_empty_and_ones_own_is_not(
    things: Things, strangers: dict[str, Shop], request: pytest.FixtureRequest
) -> None:
    owner = request.node.callspec.params["things"]

    lists = {
        name: [one["id"] for one in stranger.get("orders").json()["orders"]] for name, stranger in strangers.items()
    }

    assert lists == {name: [things.waiting, things.reference] if name == owner else [] for name in strangers}


@pytest.mark.parametrize("things", OWNERS, indirect=True)
def test_somebody_elses_lock_makes_no_order(
    things: Things, strangers: dict[str, Shop], request: pytest.FixtureRequest
) -> None:
    owner = request.node.callspec.params["things"]
    body = {"lock": things.lock_id, "contact": "asha@example.com"}

    refused = [said(stranger.post("orders", body)) for name, stranger in strangers.items() if name != owner]

    assert refused == [(404, "lock_unknown")] * (len(strangers) - 1)
    assert strangers[owner].post("orders", body).status_code == 201


@pytest.mark.parametrize("things", ["visitor"], indirect=True)
def test_an_id_of_one_kind_names_nothing_of_another(things: Things, visitor: Shop) -> None:
    kinds = {name: getattr(things, name) for name in UNKNOWN}

    odd = [
        (method, path, other, said(answer))
        for method, path in OWNED
        for other, wrong in kinds.items()
        if f"{{{other}}}" not in path
        if said(answer := _ask(visitor, method, path.removeprefix("/api/v1/").format(**dict.fromkeys(UNKNOWN, wrong))))
        != (404, _code_of(path))
    ]

    assert odd == []
    assert said(visitor.get(f"orders?cursor={things.reference}")) == (400, "input_invalid")
    assert said(visitor.post("orders", {"lock": things.reference, "contact": "a@b.in"})) == (404, "lock_unknown")


@pytest.mark.parametrize("things", ["visitor"], indirect=True)
def test_what_was_never_given_out_is_unknown(things: Things, visitor: Shop) -> None:
    number = str(Order.objects.latest("id").pk)
    never = ["1", "a" * 26, "A" * 26, "é" * 26, "a" * 3000, "%00", "0", "-1", "null", number]

    for method, path in OWNED:
        for wrong in never:
            address = path.removeprefix("/api/v1/").format(**dict.fromkeys(UNKNOWN, wrong))
            assert said(_ask(visitor, method, address)) == (404, _code_of(path))


@pytest.mark.parametrize("things", ["visitor"], indirect=True)
def test_ids_that_follow_each_other_have_nothing_in_common(things: Things, visitor: Shop, show: Show) -> None:
    ids = [order(visitor, show, 1)["id"] for _ in range(3)]

    alike = [sum(a == b for a, b in zip(ids[nth], ids[nth + 1], strict=True)) for nth in range(2)]

    assert max(alike) < 8
    assert {len(one) for one in ids} == {26}


@pytest.mark.parametrize("things", ["partner"], indirect=True)
def test_a_revoked_key_is_nobody(things: Things, partner: Shop) -> None:
    revoke_key(key_id=ApiKey.objects.get(name="Agency's shop").pk)

    answers = [_ask(partner, method, things.at(path)) for method, path in OWNED]
    answers += [partner.get("orders"), partner.post("orders", {"lock": things.lock_id})]

    assert {said(answer) for answer in answers} == {(401, "key_unknown")}


@pytest.mark.parametrize("things", ["cashier"], indirect=True)
def test_a_login_that_may_not_sell_sees_nothing_and_does_nothing(things: Things, cashier: Shop) -> None:
    assert cashier.user
    cashier.user.user_permissions.clear()

    answers = [_ask(cashier, method, things.at(path)) for method, path in OWNED]
    answers += [cashier.get("orders"), cashier.post("orders", {"lock": things.lock_id})]

    assert {said(answer) for answer in answers} == {(403, "staff_only")}


@pytest.mark.parametrize("things", ["cashier"], indirect=True)
@pytest.mark.parametrize("token", [None, "", "f" * 32])
def test_a_page_elsewhere_does_nothing_with_a_cashiers_money(things: Things, cashier: Shop, token: str | None) -> None:
    before = _everything()
    cashier.headers = {} if token is None else {"x-csrftoken": token}

    answers = [_ask(cashier, method, things.at(path)) for method, path in OWNED if method != "get"]
    answers.append(cashier.post("orders", {"lock": things.lock_id}))

    assert {said(answer) for answer in answers} == {(403, "csrf_failed")}
    assert _everything() == before


@pytest.mark.parametrize(
    ("who", "may"),
    [("visitor", False), ("cashier", False), ("supervisor", True), ("partner", True)],
)
def test_a_refund_is_for_staff_who_may_and_for_a_program(
    who: str, may: bool, visitor: Shop, partner: Shop, cashier: Shop, show: Show, sandbox: Sandbox
) -> None:
    shop = {
        "visitor": visitor,
        "partner": partner,
        "cashier": cashier,
        "supervisor": Shop.logged_in("vik", "use_counter", "refund_order"),
    }[who]
    tender = {"partner": "partner_account"}.get(who, "cash")
    told = bought(shop, sandbox, show) if who == "visitor" else bought_at(shop, show, tender=tender)

    answer = shop.post(f"orders/{told['id']}/refunds", {"reason_code": "illness"})

    assert answer.status_code == (201 if may else 403)
    assert (Refund.objects.count(), Ticket.objects.filter(voided_at=None).count()) == ((1, 0) if may else (0, 2))
    if not may:
        assert said(answer) == (403, "refund_not_allowed")


def test_who_pays_is_told_masked_and_the_contact_is_told_to_nobody(visitor: Shop, show: Show, sandbox: Sandbox) -> None:
    told = bought(visitor, sandbox, show)
    paths = ("", "/payments", "/refunds", "/tickets")

    text = " ".join(visitor.get(f"orders/{told['id']}{path}").content.decode() for path in paths)

    contact, money = OrderContact.objects.get().contact, Payment.objects.get().gateway_payment_id
    assert told["payment"]["payer"] == "ga***@okhdfcbank"
    assert [word for word in (contact, money, "gauri.kumari", "qr_", "HF-") if word in text] == []


def _code_of(path: str) -> str:
    return next(code for name, code in UNKNOWN.items() if f"{{{name}}}" in path)
