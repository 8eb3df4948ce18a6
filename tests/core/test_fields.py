"""One line of somebody's words, whatever the script."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from core.fields import Line


@given(st.text(min_size=1, max_size=80).map(str.strip).filter(bool))
def test_a_line_is_kept_as_it_is_or_refused(text: str) -> None:
    try:
        assert Line().run_validation(text) == text.strip()
    except ValidationError:
        assert not text.isprintable() or "\x00" in text


@pytest.mark.parametrize("text", ["आशा कुलकर्णी", "ക്‍ഷ", "ಕ್‌ಷ", "O'Neil-Śmigły", "👩‍👧", "<b>", "אשה"])
def test_every_script_has_its_line(text: str) -> None:
    assert Line().run_validation(text) == text


@pytest.mark.parametrize(
    "text", ["a\nb", "a\rb", "a\tb", "a\x00b", "a\x1bb", "a\x85b", "a\u2028b", "a\u202eb", "\u2066a"]
)
def test_what_breaks_or_turns_a_line_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Line().run_validation(text)


@pytest.mark.parametrize("value", [7, True, None, ["a"], {"a": 1}, 1.5])
def test_a_line_is_a_string(value: Any) -> None:
    with pytest.raises(ValidationError):
        Line().run_validation(value)
