"""The API's description is true: what it says of an operation is what happens, whatever is sent."""

from __future__ import annotations

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
from inventory.services import refusals
from tests.houses import make_show, rows
from tests.inventory.api.shop import Shop

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def api(transactional_db: None) -> OpenApiSchema:
    return schemathesis.openapi.from_wsgi("/api/schema", WSGIHandler())


@pytest.fixture
def known(transactional_db: None) -> dict[str, str]:
    """What addresses may name: a show with seats, and a visitor's own lock."""
    show = make_show(rows("ABC", 10), cap_per_session=1000, cap_per_address=1000)
    visitor = Shop()
    lock_id = visitor.lock(show, best={"quantity": 1}).json()["id"]
    return {"slug": show.slug, "lock_id": lock_id, "cookie": visitor.client.cookies["hf_buyer"].value}


OPERATIONS = [
    ("get", "/api/v1/shows"),
    ("get", "/api/v1/shows/{slug}"),
    ("get", "/api/v1/shows/{slug}/availability"),
    ("get", "/api/v1/shows/{slug}/seats"),
    ("get", "/api/v1/shows/{slug}/seat-states"),
    ("get", "/api/v1/shows/{slug}/explanation"),
    ("post", "/api/v1/shows/{slug}/locks"),
    ("get", "/api/v1/locks/{lock_id}"),
    ("post", "/api/v1/locks/{lock_id}/extension"),
    ("delete", "/api/v1/locks/{lock_id}"),
]
BOUNDED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_description_has_these_operations_and_no_others(api: OpenApiSchema) -> None:
    described = {(method, path) for path in api for method in api[path]}

    assert described == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_sent_is_answered_as_described(
    method: str, path: str, api: OpenApiSchema, known: dict[str, str]
) -> None:
    @BOUNDED
    @given(case=api[path][method].as_strategy(), is_known=st.booleans())
    def send(case: schemathesis.Case[Any], is_known: bool) -> None:
        """To what is there, as its owner; or to whatever was drawn."""
        if is_known:
            case.path_parameters |= {name: known[name] for name in case.path_parameters}
            case.cookies["hf_buyer"] = known["cookie"]
        case.call_and_validate(checks=CHECKS)

    send()


def test_the_description_is_made_without_a_warning() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


def test_the_description_and_its_page_are_served_and_ask_nothing_of_other_hosts(client: Client) -> None:
    described, page = client.get("/api/schema"), client.get("/api/docs")

    assert (described.status_code, page.status_code) == (200, 200)
    assert b"/static/drf_spectacular_sidecar/" in page.content
    assert b"://" not in page.content.replace(b"http://testserver", b"").replace(b"http://www.w3.org", b"")


@pytest.fixture
def whole(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/api/schema", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    return answer


def _operations(whole: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in whole["paths"].items()
        for method, operation in methods.items()
    }


def test_every_write_names_its_idempotency_key_and_every_operation_its_credentials(whole: dict[str, Any]) -> None:
    operations = _operations(whole)

    writes = {name for name in operations if not name.startswith("GET")}
    with_key = {
        name
        for name, operation in operations.items()
        if any(each["name"] == "Idempotency-Key" and each["required"] for each in operation["parameters"])
    }
    assert with_key == writes == {
        "POST /api/v1/shows/{slug}/locks", "DELETE /api/v1/locks/{lock_id}", "POST /api/v1/locks/{lock_id}/extension",
    }  # fmt: skip
    assert all({"key": []} in operation["security"] for operation in operations.values())
    assert set(whole["components"]["securitySchemes"]) == {"key", "login", "visitor"}


@pytest.mark.parametrize("refusal", [refusals.PlacesTaken, refusals.NotEnoughPlaces, refusals.Busy, refusals.OverCap])
def test_refusals_are_described_by_their_own_words(refusal: type[DomainError], whole: dict[str, Any]) -> None:
    response = whole["paths"]["/api/v1/shows/{slug}/locks"]["post"]["responses"][str(refusal.status)]

    example = response["content"]["application/json"]["examples"][_spaced(refusal.code)]["value"]
    assert f"- `{refusal.code}`: {refusal.message}" in response["description"]
    assert example == {"code": refusal.code, "message": refusal.message, "facts": {}}


def _spaced(code: str) -> str:
    return code.title().replace("_", "")


def test_every_refusal_of_the_locking_verb_is_described(whole: dict[str, Any]) -> None:
    from inventory.services.locking import _REFUSALS

    told = str(whole["paths"]["/api/v1/shows/{slug}/locks"]["post"]["responses"])

    assert [code for code in _REFUSALS if f"`{code}`" not in told] == []
