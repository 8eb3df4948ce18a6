"""Holds whatever a test is answered to the API's description: status, code and body must be described as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

Operation = dict[str, Any]
METHODS = {"get", "post", "put", "patch", "delete"}


@cache
def description() -> dict[str, Any]:
    """The whole of it, as a client gets it."""
    whole: Any = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    told: dict[str, Any] = json.loads(json.dumps(whole, default=str))
    return told


def operations() -> dict[tuple[str, str], Operation]:
    """Every operation by its method and path, `("get", "/api/v1/orders/{reference}")`."""
    return {
        (method, path): operation
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def operation_at(method: str, path: str) -> Operation | None:
    """The operation that this address names."""
    for (known, template), operation in operations().items():
        if known == method.lower() and re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path):
            return operation
    return None


def valid(schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value, by this schema of the description; nothing if it fits."""
    whole = {**_nullable(schema), "components": _components()}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(value)]


@cache
def _components() -> Any:
    return _nullable(description()["components"])


def _nullable(schema: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema has a type for it."""
    if isinstance(schema, list):
        return [_nullable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _nullable(each) for name, each in schema.items() if name != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


def faults(method: str, path: str, status: int, content: bytes) -> list[str]:
    """How an answer differs from what is described."""
    operation = operation_at(method, path)
    if operation is None:
        return [] if status in (404, 405) else ["no such operation is described"]
    # Of an address that looks like one of ours and is none, nothing is described.
    if status in (405, 500) or (status == 404 and b'"not_found"' in content):
        return []
    response = operation["responses"].get(str(status))
    if response is None:
        return [f"{status} is not described: {content[:200]!r}"]
    described = response.get("content", {}).get("application/json")
    if described is None:
        return ["there should be no content"] if content else []
    told = json.loads(content)
    if status >= 400 and f"`{told['code']}`" not in response["description"]:
        return [f"{status} {told['code']} is not described"]
    return valid(described["schema"], told)


@pytest.fixture(autouse=True)
def _answers_are_as_described(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look at every answer that a test of the API gets, and fail where one is not as described."""
    odd: list[str] = []
    ask: Any = Client.request

    def asked(self: Client, **request: Any) -> Any:
        answer = ask(self, **request)
        path, method = request["PATH_INFO"], request["REQUEST_METHOD"]
        if path.startswith("/api/v1/") and method in {"GET", "POST", "DELETE"}:
            odd.extend(
                f"{method} {path}: {fault}" for fault in faults(method, path, answer.status_code, answer.content)
            )
        return answer

    monkeypatch.setattr(Client, "request", asked)
    yield
    assert odd == []
