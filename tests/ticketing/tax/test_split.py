"""The taxes inside a price: they sum, to the paisa, whatever the price."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.tax.split import split_price
from ticketing.tax.words import Band, Component, LocalTax, Seller, Split, Supply

AT_18, AT_40, AT_5, EXEMPT = Band(None, 1800), Band(None, 4000), Band(None, 500), Band(None, 0, is_exempt=True)
MUMBAI = Supply("27", "27")
ELSEWHERE = Supply("27", "29")

rates = st.integers(0, 2000).map(lambda half: 2 * half)
local_taxes = st.lists(
    st.builds(LocalTax, st.sampled_from(["let", "show-tax"]), st.integers(0, 2500), st.booleans()), max_size=3
)


def amounts(split: Split) -> list[tuple[str, int]]:
    return [(component.code, component.paise) for component in split.components]


@pytest.mark.parametrize(
    ("gross", "band", "net", "half"),
    [(59900, AT_18, 50762, 4569), (59000, AT_18, 50000, 4500), (70000, AT_40, 50000, 10000), (10500, AT_5, 10000, 250)],
)
def test_within_a_state_gst_is_two_equal_halves(gross: int, band: Band, net: int, half: int) -> None:
    split = split_price(gross, band, supply=MUMBAI)

    assert split == Split(
        gross,
        net,
        net,
        (Component("cgst", band.rate_bp // 2, half), Component("sgst", band.rate_bp // 2, half)),
        False,
        band,
    )


def test_between_states_it_is_one_and_is_rounded_once() -> None:
    split = split_price(59900, AT_18, supply=ELSEWHERE)

    assert split.components == (Component("igst", 1800, 9137),)
    assert split.net_paise == 50763


@pytest.mark.parametrize(
    ("venue", "codes"),
    [
        ("04", ["cgst", "utgst"]),
        ("35", ["cgst", "utgst"]),
        ("38", ["cgst", "utgst"]),
        ("07", ["cgst", "sgst"]),
        ("34", ["cgst", "sgst"]),
        ("01", ["cgst", "sgst"]),
    ],
)
def test_a_union_territory_without_a_legislature_has_a_tax_of_its_own(venue: str, codes: list[str]) -> None:
    split = split_price(59900, AT_18, supply=Supply(venue, venue))

    assert [code for code, _ in amounts(split)] == codes
    assert split.paise("cgst") == split.paise(codes[1]) == 4569


def test_the_halves_are_equal_and_everything_sums_for_every_price_up_to_2000_rupees() -> None:
    wrong = []
    for band in (AT_18, AT_40, AT_5):
        for gross in range(1, 200_001):
            split = split_price(gross, band, supply=MUMBAI)
            cgst, sgst = split.components
            is_nearest = cgst.paise == (gross * band.rate_bp + 10_000 + band.rate_bp) // (20_000 + 2 * band.rate_bp)
            if not (is_nearest and cgst.paise == sgst.paise and split.net_paise + 2 * cgst.paise == gross):
                wrong.append((band.rate_bp, gross))

    assert wrong == []


def test_what_is_exempt_has_no_tax_inside() -> None:
    split = split_price(50000, EXEMPT, supply=MUMBAI)

    assert split == Split(50000, 50000, 50000, (), True, EXEMPT)


@pytest.mark.parametrize("seller", [Seller.UNREGISTERED, Seller.COMPOSITION])
def test_who_may_not_charge_gst_shows_none(seller: Seller) -> None:
    split = split_price(59900, AT_18, supply=MUMBAI, seller=seller)

    assert (split.net_paise, split.components, split.is_exempt) == (59900, (), False)


def test_an_unregistered_seller_still_owes_the_local_tax() -> None:
    split = split_price(55000, AT_18, supply=MUMBAI, seller=Seller.UNREGISTERED, local_taxes=[LocalTax("let", 1000)])

    assert (split.net_paise, amounts(split)) == (50000, [("let", 5000)])


def test_gst_is_charged_on_the_local_tax_too() -> None:
    """₹1,000 and 10 % local tax are worth ₹1,100, and 18 % of that is ₹198."""
    split = split_price(129800, AT_18, supply=MUMBAI, local_taxes=[LocalTax("let", 1000)])

    assert (split.net_paise, split.taxable_paise) == (100000, 110000)
    assert amounts(split) == [("cgst", 9900), ("sgst", 9900), ("let", 10000)]


def test_unless_it_is_not_part_of_what_gst_is_counted_on() -> None:
    split = split_price(128000, AT_18, supply=MUMBAI, local_taxes=[LocalTax("let", 1000, in_gst_value=False)])

    assert (split.net_paise, split.taxable_paise) == (100000, 100000)
    assert amounts(split) == [("cgst", 9000), ("sgst", 9000), ("let", 10000)]


def test_two_local_taxes_are_each_counted_on_the_bare_price() -> None:
    """₹1,000; 10 % inside GST's value and 5 % outside it: 1,000 + 100 + 50 + 18 % of 1,100."""
    taxes = [LocalTax("let", 1000), LocalTax("fee", 500, in_gst_value=False)]

    split = split_price(134800, AT_18, supply=ELSEWHERE, local_taxes=taxes)

    assert (split.net_paise, split.taxable_paise) == (100000, 110000)
    assert amounts(split) == [("igst", 19800), ("let", 10000), ("fee", 5000)]


@given(st.integers(0, 10**9), rates, local_taxes, st.sampled_from([MUMBAI, ELSEWHERE]), st.sampled_from(Seller))
def test_everything_sums(gross: int, rate_bp: int, taxes: list[LocalTax], supply: Supply, seller: Seller) -> None:
    split = split_price(gross, Band(None, rate_bp), supply=supply, seller=seller, local_taxes=taxes)

    outside = sum(c.paise for c in split.components[-len(taxes) :] if c.code in {t.code for t in taxes}) if taxes else 0
    assert split.net_paise + sum(paise for _, paise in amounts(split)) == gross
    assert split.net_paise >= 0
    assert split.paise("cgst") == split.paise("sgst")
    assert split.net_paise <= split.taxable_paise <= split.net_paise + outside
    assert split.tax_paise == gross - split.net_paise


@given(st.integers(1, 10**7), rates, local_taxes)
def test_a_price_built_from_its_parts_comes_apart_into_them(net: int, rate_bp: int, taxes: list[LocalTax]) -> None:
    """Whatever exact parts a net price has, each comes back within the one paisa that rounding may move."""
    net *= 100
    inside = sum(tax.rate_bp for tax in taxes if tax.in_gst_value)
    outside = sum(tax.rate_bp for tax in taxes if not tax.in_gst_value)
    gst = net * (10_000 + inside) * rate_bp / 10**8
    gross = round(net + net * (inside + outside) / 10_000 + gst)

    split = split_price(gross, Band(None, rate_bp), supply=ELSEWHERE, local_taxes=taxes)

    assert abs(split.paise("igst") - gst) <= 1
    assert abs(split.net_paise - net) <= 2 + len(taxes)


def test_a_price_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        split_price(-1, AT_18, supply=MUMBAI)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Band(None, 1801),
        lambda: Band(None, -2),
        lambda: Band(None, 1800, is_exempt=True),
        lambda: Band(-1, 0),
        lambda: LocalTax("igst", 1000),
        lambda: LocalTax("let", -1),
    ],
)
def test_a_rate_that_cannot_be_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"\w"):
        make()
