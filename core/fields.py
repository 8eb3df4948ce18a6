"""What a body may say: fields that take JSON's own types and nothing that merely looks like them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from unicodedata import category

from rest_framework import serializers

_CONTROLS = {"Cc", "Zl", "Zp"}
_TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MOST_ID = 2**63 - 1


def is_one_line(text: str) -> bool:
    """Whether this is one line to be read from one side: no control characters, no marks that turn the direction.

    Joiners, of the same category as those marks, are letters' business in half of India's scripts.
    """
    return not any(category(letter) in _CONTROLS or letter in _TURNING for letter in text)


class Whole(serializers.IntegerField):
    """A whole number: not "5", not 5.0, not true."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class Id(Whole):
    """A row's number, as large as the database can hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MOST_ID, **kwargs)


class Flag(serializers.BooleanField):
    """true or false: not "yes", not 1."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Text(serializers.CharField):
    """A string that is one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Line(Text):
    """One line of somebody's words: no control characters, and nothing that turns the direction of what follows."""

    default_error_messages = {"line": "Write one line, without control characters."}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not is_one_line(text):
            self.fail("line")
        return text


class Code(serializers.SlugField):
    """The code of a tier or a section."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Strict(serializers.Serializer[Any]):
    """Refuses whatever it has no field for: a price or a channel in a body is never quietly dropped."""

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """What a body says, with defaults filled in. Raises ValidationError.

        One instance serves every request, since it keeps nothing of any: making one copies all its fields, which cost
        more than reading did.
        """
        valid: dict[str, Any] = _reader(cls).run_validation(data)
        return valid

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := [name for name in data if name not in self.fields]):
            raise serializers.ValidationError({str(name)[:60]: ["There is no such field."] for name in unknown})
        return super().to_internal_value(data)


@cache
def _reader(of: type[Strict]) -> Strict:
    return of()
