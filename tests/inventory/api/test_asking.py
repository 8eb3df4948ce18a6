"""Who may: the channel comes from the credential, and a forged one is refused rather than taken for a visitor's."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import ApiKey, Channel, Claim, Movement
from inventory.services.keys import make_key, revoke_key
from tests.houses import make_show, standing, statuses
from tests.inventory.api.shop import Shop, said

pytestmark = pytest.mark.django_db(transaction=True)
ONE = {"quantity": 1, "tiers": ["general"]}


@pytest.mark.parametrize(("who", "channel"), [("visitor", "web"), ("partner", "agency"), ("cashier", "counter")])
def test_each_credential_is_its_channel(
    who: str, channel: str, visitor: Shop, partner: Shop, cashier: Shop, request: pytest.FixtureRequest
) -> None:
    show = make_show(standing(3))

    answer = request.getfixturevalue(who).lock(show, best=ONE)

    assert (answer.status_code, answer.json()["channel"]) == (201, channel)
    claim = Claim.objects.get()
    assert claim.channel_id == Channel.objects.get(code=channel).pk == Movement.objects.latest("id").channel_id


def test_the_ledger_names_a_key_and_a_cashier(partner: Shop, cashier: Shop) -> None:
    show = make_show(standing(3))

    partner.lock(show, best=ONE)
    cashier.lock(show, best=ONE)

    actors = Movement.objects.filter(verb="lock_places").order_by("id").values_list("actor", flat=True)
    assert cashier.user
    assert list(actors) == [f"key:{ApiKey.objects.get().pk}", f"user:{cashier.user.pk}"]


@pytest.mark.parametrize("field", ["channel", "price", "show_id", "actor", "lock_until"])
def test_what_a_body_says_of_a_channel_or_a_price_is_refused(field: str, visitor: Shop) -> None:
    show = make_show(standing(3))

    answer = visitor.lock(show, best=ONE, **{field: "counter"})

    assert said(answer) == (400, "input_invalid")
    assert answer.json()["facts"] == {"fields": {field: ["There is no such field."]}}
    assert statuses(show) == {"open": 3}


@pytest.mark.parametrize(
    "header",
    [
        "Bearer hf_" + "x" * 43,
        "Bearer hf_short",
        "Bearer",
        "",
        "Basic YXNoYTpzZWNyZXQ=",
        "Bearer hf_" + "x" * 5000,
        "Bearer hf_" + "\xe9" * 43,
        "Token hf_" + "x" * 43,
    ],
)
def test_a_forged_key_is_nobodys(header: str, visitor: Shop) -> None:
    show = make_show(standing(3))
    visitor.headers["authorization"] = header

    refused = [visitor.lock(show, best=ONE), visitor.get("shows"), visitor.get("locks/" + "a" * 26)]

    assert [said(answer) for answer in refused] == [(401, "key_unknown")] * 3
    assert {answer.headers["WWW-Authenticate"] for answer in refused} == {'Bearer realm="housefull"'}
    assert {answer.headers["Cache-Control"] for answer in refused} == {"no-store"}
    assert statuses(show) == {"open": 3}


def test_a_revoked_key_is_unknown_from_that_moment(partner: Shop) -> None:
    show = make_show(standing(3))
    lock_id = partner.lock(show, best=ONE).json()["id"]
    key = ApiKey.objects.get()

    assert revoke_key(key_id=key.pk)
    assert not revoke_key(key_id=key.pk)

    assert said(partner.get(f"locks/{lock_id}")) == (401, "key_unknown")


def test_a_key_is_kept_as_a_digest_and_shown_by_its_beginning(counter: Channel) -> None:
    key, secret = make_key(channel_id=counter.pk, name="a kiosk")

    key.refresh_from_db()
    assert (len(secret), secret[:10], key.revoked_at) == (46, key.prefix, None)
    assert secret not in str(vars(key))


def test_a_login_needs_the_counters_permission(visitor: Shop) -> None:
    show = make_show(standing(3))
    finance = Shop.logged_in("vik")

    answer = finance.lock(show, best=ONE)

    assert said(answer) == (403, "staff_only")
    assert statuses(show) == {"open": 3}


def test_a_customer_with_a_login_is_a_visitor() -> None:
    show = make_show(standing(3))

    answer = Shop.logged_in("customer", "use_counter", is_staff=False).lock(show, best=ONE)

    assert (answer.status_code, answer.json()["channel"]) == (201, "web")


@pytest.mark.parametrize("token", [None, "", "f" * 32])
def test_a_page_elsewhere_cannot_sell_through_a_cashiers_login(token: str | None, cashier: Shop) -> None:
    show = make_show(standing(3))
    lock_id = cashier.lock(show, best=ONE).json()["id"]
    cashier.headers = {} if token is None else {"x-csrftoken": token}

    refused = [
        cashier.lock(show, best=ONE),
        cashier.delete(f"locks/{lock_id}"),
        cashier.post(f"locks/{lock_id}/extension"),
    ]

    assert [said(answer) for answer in refused] == [(403, "csrf_failed")] * 3
    assert statuses(show) == {"locked": 1, "open": 2}


def test_a_key_goes_before_a_login(partner: Shop, cashier: Shop) -> None:
    show = make_show(standing(3))
    cashier.headers |= partner.headers

    assert cashier.lock(show, best=ONE).json()["channel"] == "agency"


def test_a_channel_that_may_not_sell_is_refused(partner: Shop) -> None:
    show = make_show(standing(3))
    Channel.objects.filter(code="agency").update(is_active=False)

    assert said(partner.lock(show, best=ONE)) == (403, "channel_not_selling")


def test_a_visitor_is_capped_by_cookie_and_address_and_a_partner_is_not(visitor: Shop, partner: Shop) -> None:
    show = make_show(standing(20), cap_per_session=2, cap_per_address=3)
    two = {"quantity": 2, "tiers": ["general"]}

    visitor.lock(show, best=two)
    refused = visitor.lock(show, best=ONE)
    neighbour = Shop().lock(show, best=two)
    answers = [partner.lock(show, best=two).status_code for _ in range(3)]

    assert said(refused) == said(neighbour) == (429, "over_cap")
    assert refused.json()["facts"] == {"holder": "session", "live": 2, "cap": 2}
    assert neighbour.json()["facts"]["holder"] == "address"
    assert answers == [201] * 3


def test_one_contact_is_capped_however_many_browsers_it_uses() -> None:
    show = make_show(standing(9), cap_per_contact=1)
    asking = [Shop(address=f"203.0.113.{n}") for n in (1, 2)]

    answers = [
        shop.lock(show, best=ONE, contact=contact) for shop, contact in zip(asking, ("A@b.in", "a@b.in"), strict=True)
    ]

    assert answers[0].status_code == 201
    assert answers[1].json()["facts"]["holder"] == "contact"


def test_a_visitor_costs_no_look_at_sessions(visitor: Shop, django_assert_num_queries: Any) -> None:
    show = make_show(standing(3))

    with django_assert_num_queries(2):
        answer = visitor.lock(show, best=ONE)

    assert set(answer.cookies) == {"hf_buyer"}
    assert answer.headers["Vary"] == "Authorization"


def test_a_key_costs_one_statement_more(partner: Shop, django_assert_num_queries: Any) -> None:
    show = make_show(standing(3))

    with django_assert_num_queries(3):
        partner.lock(show, best=ONE)


def test_a_cookie_that_is_no_buyers_is_replaced() -> None:
    show = make_show(standing(3))
    forged = Shop()
    forged.client.cookies["hf_buyer"] = "me"

    answer = forged.lock(show, best=ONE)

    assert answer.status_code == 201
    assert len(answer.cookies["hf_buyer"].value) == 32
