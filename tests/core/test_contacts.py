"""Contacts: one spelling of each, and nothing that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contacts import ContactInvalid, counted_as, is_email, masked, read_contact


@pytest.mark.parametrize(
    "spelled",
    [
        "9820012345",
        "98200 12345",
        "98200-12345",
        " 09820012345 ",
        "+919820012345",
        "+91 98200 12345",
        "+91-98200.12345",
        "(+91) 98200\u00a012345",
        "+91 09820012345",
        "919820012345",
        "0091 98200 12345",
        "९८२००१२३४५",
        "௯௮௨௦௦௧௨௩௪௫",
        "\uff19\uff18\uff12\uff10\uff10\uff11\uff12\uff13\uff14\uff15",
        "\u202f+91 9820012345",
    ],
)
def test_an_indian_mobile_number_has_one_spelling(spelled: str) -> None:
    assert read_contact(spelled) == "+919820012345"


@pytest.mark.parametrize(
    ("spelled", "number"),
    [
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("+1 (212) 555-0123", "+12125550123"),
        ("+971 50 123 4567", "+971501234567"),
    ],
)
def test_a_number_of_another_country_keeps_its_code(spelled: str, number: str) -> None:
    assert read_contact(spelled) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "98200",
        "98200123456",
        "5820012345",
        "02222001234",
        "+91 22 2200 1234",
        "+91982001234",
        "+0123456789",
        "+1234567890123456",
        "+12345",
        "98200x12345",
        "nobody",
        "+",
        "9820012345\n9820012346",
        "9820012345;",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ContactInvalid) as refused:
        read_contact(text)

    assert refused.value.code == "contact_invalid"


@pytest.mark.parametrize(
    ("spelled", "address"),
    [
        ("Gauri@Example.COM", "gauri@example.com"),
        (" gauri.k+tickets@mail.example.co.in ", "gauri.k+tickets@mail.example.co.in"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("gauri@डाटामेल.भारत", "gauri@xn--c2bd4bq1db8d.xn--h2brj9c"),
        ("gauri@bücher.example", "gauri@xn--bcher-kva.example"),
        ("gauri\uff20example\uff0ecom", "gauri@example.com"),
    ],
)
def test_an_address_has_one_spelling(spelled: str, address: str) -> None:
    assert read_contact(spelled) == address


@pytest.mark.parametrize(
    "text",
    [
        "@",
        "gauri@",
        "@example.com",
        "gauri@example",
        "gauri@localhost",
        "gauri@127.0.0.1",
        "gauri@[127.0.0.1]",
        "gauri@-example.com",
        "gauri@example-.com",
        "gauri@example..com",
        "gauri@.example.com",
        "gauri@example.com.",
        "gauri k@example.com",
        ".gauri@example.com",
        "gau..ri@example.com",
        "gauri@@example.com",
        '"gauri"@example.com',
        "Gauri <gauri@example.com>",
        "gauri@example.com, asha@example.com",
        "gauri@example.com\nBcc: asha@example.com",
        "गौरी@example.com",
        f"{'g' * 65}@example.com",
        f"gauri@{'e' * 64}.com",
        f"gauri@{'example.' * 31}com",
        f"gauri@{'भ' * 100_000}.com",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ContactInvalid):
        read_contact(text)


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("+919820012310", "98******10"),
        ("+442079460958", "+44********58"),
        ("gauri@example.com", "ga***@example.com"),
        ("ga@example.com", "g***@example.com"),
        ("g@example.com", "g***@example.com"),
    ],
)
def test_a_contact_is_shown_to_its_owner_alone(contact: str, shown: str) -> None:
    assert masked(contact) == shown


def test_an_address_is_told_from_a_number() -> None:
    assert [is_email(read_contact(text)) for text in ("gauri@example.com", "9820012345")] == [True, False]


@given(st.text(max_size=40) | st.text("0123456789+-() @.a", max_size=40))
def test_whatever_is_typed_is_read_once_and_for_all_or_refused(text: str) -> None:
    try:
        contact = read_contact(text)
    except ContactInvalid:
        return
    assert read_contact(contact) == contact
    assert masked(contact) != contact


@pytest.mark.parametrize(
    ("contact", "counted"),
    [
        ("+919820012345", "+919820012345"),
        ("asha@example.com", "asha@example.com"),
        ("asha+tickets@example.com", "asha@example.com"),
        ("asha.k@example.com", "asha.k@example.com"),
        ("a.s.h.a+1@gmail.com", "asha@gmail.com"),
        ("asha@googlemail.com", "asha@gmail.com"),
        ("+@example.com", "+@example.com"),
        ("", ""),
    ],
)
def test_a_contact_is_counted_without_what_its_owner_can_add_at_will(contact: str, counted: str) -> None:
    assert counted_as(contact) == counted
    assert counted_as(counted) == counted
