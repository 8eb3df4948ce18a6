"""Where the sandbox keeps what was made: by id, and the newest first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

from ticketing.sandbox.reading import Entity, number_of
from ticketing.sandbox.refusals import no_such_id

Value = TypeVar("Value")


class Remembered(OrderedDict[str, Value]):
    """What is known of an id beside its entity; beyond `most` the oldest is forgotten."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: str, value: Value) -> None:
        super().__setitem__(key, value)
        if len(self) > self._most:
            self.popitem(last=False)


class Shelf:
    """Entities of one kind. Beyond `most` the oldest are forgotten."""

    def __init__(self, most: int) -> None:
        self._entities: Remembered[Entity] = Remembered(most)

    def put(self, entity: Entity) -> Entity:
        self._entities[entity["id"]] = entity
        return entity

    def get(self, entity_id: str) -> Entity:
        """Raises Refused as Razorpay does for an id that is none."""
        found = self._entities.get(entity_id)
        if found is None:
            raise no_such_id(entity_id)
        return found

    def find(self, entity_id: str) -> Entity | None:
        return self._entities.get(entity_id)

    def newest(self) -> Iterator[Entity]:
        return reversed(self._entities.values())

    def page(self, query: Mapping[str, str], wanted: Callable[[Entity], bool] = lambda entity: True) -> Entity:
        """A part of what is wanted of all; see `page`."""
        return page((one for one in self.newest() if wanted(one)), query)


def page(entities: Iterable[Entity], query: Mapping[str, str]) -> Entity:
    """A collection, by the `from`, `to` (both inclusive, seconds), `count` and `skip` of a query."""
    begin, end = number_of(query, "from", 0), number_of(query, "to", 1 << 62)
    count = number_of(query, "count", 10, least=1, most=100)
    skip = number_of(query, "skip", 0)
    found = (one for one in entities if begin <= one["created_at"] <= end)
    return collection(list(islice(found, skip, skip + count)))


def collection(items: list[Entity]) -> Entity:
    return {"entity": "collection", "count": len(items), "items": items}
