"""The API's description is true: what it says of an operation is what happens, whatever is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from core.refusals import DomainError
from inventory.models import Show
from tests.api.described import description, operations, valid
from tests.inventory.api.shop import Shop
from tests.ticketing.api.buying import lock, order, start
from tests.ticketing.books import make_priced_show
from tests.ticketing.sandboxed import Sandbox
from ticketing.services import cancelling, inbox, paying, placing, quoting

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def api(transactional_db: None) -> OpenApiSchema:
    return schemathesis.openapi.from_wsgi("/api/schema", WSGIHandler())


@dataclass
class Known:
    """Somebody who has bought: how they are known, and what their addresses may name."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    names: list[dict[str, str]] = field(default_factory=list)


def _buyer(shop: Shop, show: Show, **tender: str) -> Known:
    """One order that waits for its payment, and, with a tender, one that is paid by it."""
    waiting = order(shop, show, 1)
    payment = start(shop, waiting["id"]).json()["id"]
    names = {"slug": show.slug, "lock_id": lock(shop, show, 1), "reference": waiting["id"], "payment_id": payment}
    known = Known(names=[names])
    if tender:
        paid = order(shop, show, 2)
        answer = shop.post(f"orders/{paid['id']}/payments", tender)
        known.names.append(names | {"reference": paid["id"], "payment_id": answer.json()["id"]})
    known.headers = {name.title(): value for name, value in shop.headers.items()}
    known.cookies = {name: morsel.value for name, morsel in shop.client.cookies.items()}
    return known


@pytest.fixture
def known(transactional_db: None, visitor: Shop, partner: Shop, cashier: Shop, sandbox: Sandbox) -> list[Known]:
    show = make_priced_show(cap_per_session=1000, cap_per_address=1000)
    return [
        _buyer(visitor, show),
        _buyer(partner, show, tender="partner_account"),
        _buyer(cashier, show, tender="cash"),
    ]


OPERATIONS = [  # the last of each noun is the one that ends what the others need
    ("get", "/api/v1/shows"),
    ("get", "/api/v1/shows/{slug}"),
    ("get", "/api/v1/shows/{slug}/availability"),
    ("get", "/api/v1/shows/{slug}/seats"),
    ("get", "/api/v1/shows/{slug}/seat-states"),
    ("get", "/api/v1/shows/{slug}/explanation"),
    ("get", "/api/v1/shows/{slug}/prices"),
    ("post", "/api/v1/shows/{slug}/locks"),
    ("get", "/api/v1/locks/{lock_id}"),
    ("get", "/api/v1/locks/{lock_id}/quote"),
    ("post", "/api/v1/locks/{lock_id}/extension"),
    ("delete", "/api/v1/locks/{lock_id}"),
    ("post", "/api/v1/orders"),
    ("get", "/api/v1/orders"),
    ("get", "/api/v1/orders/{reference}"),
    ("get", "/api/v1/orders/{reference}/payments"),
    ("get", "/api/v1/orders/{reference}/refunds"),
    ("get", "/api/v1/orders/{reference}/tickets"),
    ("post", "/api/v1/orders/{reference}/payments"),
    ("post", "/api/v1/orders/{reference}/refunds"),
    ("post", "/api/v1/orders/{reference}/cancellation"),
    ("get", "/api/v1/payments/{payment_id}"),
    ("post", "/api/v1/payments/{payment_id}/check"),
    ("post", "/api/v1/payments/{payment_id}/cancellation"),
    ("get", "/api/v1/ticket-keys"),
    ("post", "/api/v1/webhooks/razorpay"),
]
WITHOUT_A_KEY = {("post", "/api/v1/webhooks/razorpay")}  # an event has its own id
BOUNDED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_description_has_these_operations_and_no_others() -> None:
    assert set(operations()) == set(OPERATIONS)


@pytest.mark.parametrize("noun", sorted({path.split("/")[3] for _, path in OPERATIONS}))
def test_whatever_is_sent_is_answered_as_described(noun: str, api: OpenApiSchema, known: list[Known]) -> None:
    for method, path in OPERATIONS:
        if path.split("/")[3] == noun:
            _send_anything(api[path][method], known)


def _send_anything(operation: Any, known: list[Known]) -> None:
    @BOUNDED
    @given(case=operation.as_strategy(), who=st.sampled_from([*known, None]), data=st.data())
    def send(case: schemathesis.Case[Any], who: Known | None, data: st.DataObject) -> None:
        """To what is there, as its owner; or to whatever was drawn, as nobody."""
        if who:
            names = data.draw(st.sampled_from(who.names))
            case.path_parameters |= {name: names[name] for name in case.path_parameters}
            case.headers.update(who.headers)
            case.cookies |= who.cookies
            if isinstance(case.body, dict) and "lock" in case.body:
                case.body["lock"] = names["lock_id"]
        case.call_and_validate(checks=CHECKS)

    send()


def test_the_description_is_made_without_a_warning() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


@pytest.mark.django_db
def test_the_description_and_its_page_are_served_and_ask_nothing_of_other_hosts(client: Client) -> None:
    described, page = client.get("/api/schema"), client.get("/api/docs")

    assert (described.status_code, page.status_code) == (200, 200)
    assert b"/static/drf_spectacular_sidecar/" in page.content
    assert b"://" not in page.content.replace(b"http://testserver", b"").replace(b"http://www.w3.org", b"")


def test_every_write_names_its_idempotency_key_and_every_operation_its_credentials() -> None:
    writes = {(method, path) for method, path in operations() if method != "get"}
    with_key = {
        name
        for name, operation in operations().items()
        if any(each["name"] == "Idempotency-Key" and each["required"] for each in operation.get("parameters", []))
    }

    assert with_key == writes - WITHOUT_A_KEY
    without_credential = {name for name, operation in operations().items() if {"key": []} not in operation["security"]}
    assert without_credential == WITHOUT_A_KEY
    assert set(description()["components"]["securitySchemes"]) == {"key", "login", "visitor"}


def _named(name: tuple[str, str]) -> str:
    return " ".join(name)


@pytest.mark.parametrize("name", OPERATIONS, ids=_named)
def test_an_operation_is_described_with_examples_and_they_fit(name: tuple[str, str]) -> None:
    operation = operations()[name]
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    answers = {status: answer for status, answer in operation["responses"].items() if answer.get("content")}

    assert operation["summary"]
    assert all(parameter.get("description") for parameter in operation.get("parameters", []))
    for part in (*bodies, *answers.values()):
        for media in part["content"].values():
            shown = [example["value"] for example in media["examples"].values()]
            assert [valid(media["schema"], value) for value in shown] == [[]] * len(shown)
            assert shown


@pytest.mark.parametrize("name", OPERATIONS, ids=_named)
def test_a_refusal_is_described_by_its_own_words(name: tuple[str, str]) -> None:
    """One response for each status; each of its codes with its sentence, and an example of it."""
    for status, answer in operations()[name]["responses"].items():
        if int(status) >= 400:
            for example in answer["content"]["application/json"]["examples"].values():
                told = example["value"]
                assert set(told) == {"code", "message", "facts"}
                assert f"- `{told['code']}`: {told['message']}" in answer["description"]


def test_every_refusal_of_the_locking_verb_is_described() -> None:
    from inventory.services.locking import _REFUSALS

    told = json.dumps(operations()["post", "/api/v1/shows/{slug}/locks"]["responses"])

    assert [code for code in _REFUSALS if f"`{code}`" not in told] == []


BEHIND: dict[tuple[str, str], list[Callable[..., Any]]] = {
    ("get", "/api/v1/locks/{lock_id}/quote"): [quoting.quote_lines],
    ("post", "/api/v1/orders"): [placing.place_order],
    ("post", "/api/v1/orders/{reference}/cancellation"): [
        paying.cancel_payment,
        cancelling.cancel_unpaid,
        cancelling.refund_order,
    ],
    ("post", "/api/v1/orders/{reference}/payments"): [paying.start_payment, paying.pay_by_tender],
    ("post", "/api/v1/orders/{reference}/refunds"): [cancelling.refund_order],
    ("post", "/api/v1/payments/{payment_id}/cancellation"): [paying.cancel_payment],
    ("post", "/api/v1/webhooks/razorpay"): [inbox.take_event],
}
# A payment is known by what it belongs to; whoever cancels has a reason, and names no tickets.
NEVER = {
    ("post", "/api/v1/orders/{reference}/cancellation"): {
        "payment_unknown", "order_not_paid", "reason_missing", "tickets_unknown",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", BEHIND, ids=_named)
def test_whatever_a_verb_says_that_it_raises_is_described(name: tuple[str, str]) -> None:
    raised = {code for verb in BEHIND[name] for code in _raised(verb)}
    responses = operations()[name]["responses"].values()
    described = {code for answer in responses for code in re.findall(r"- `(\w+)`: ", answer["description"])}

    assert raised
    assert raised - NEVER.get(name, set()) - described == set()


def _raised(verb: Callable[..., Any]) -> set[str]:
    """The codes of the refusals that a docstring names after "Raises"."""
    said = (verb.__doc__ or "").partition("Raises")[2]
    named = set(re.findall(r"[A-Z]\w+", said))
    return {refusal.code for refusal in _refusals(DomainError) if refusal.__name__ in named}


def _refusals(of: type[DomainError]) -> set[type[DomainError]]:
    return {of}.union(*(_refusals(each) for each in of.__subclasses__()))
