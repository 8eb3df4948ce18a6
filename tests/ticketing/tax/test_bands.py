"""Which band a price lies in, and which prices contradict themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.tax.bands import BandsInvalid, Contradictory, Reading, choose_band, contradictions, taxes_in
from ticketing.tax.categories import CATEGORIES, SINCE
from ticketing.tax.split import split_price, value_share
from ticketing.tax.words import Band, Basis, LocalTax, Seller, Split, Supply

EXEMPT, AT_18 = Band(500_00, 0, is_exempt=True), Band(None, 1800)
CONCERT = [EXEMPT, AT_18]
CINEMA = [Band(100_00, 500), AT_18]
BETWEEN = Contradictory(500_01, 590_00, (EXEMPT, AT_18))


@st.composite
def ladders(draw: st.DrawFn) -> list[Band]:
    """Two to four bands with rising thresholds and rates that do not fall."""
    steps = draw(st.integers(1, 3))
    ends = sorted(draw(st.sets(st.integers(1, 2_000_00), min_size=steps, max_size=steps)))
    rates = sorted(draw(st.lists(st.integers(0, 2500), min_size=steps + 1, max_size=steps + 1)))
    basis = draw(st.sampled_from(Basis))
    return [Band(end, 2 * rate, basis) for end, rate in zip([*ends, None], rates, strict=True)]


@pytest.mark.parametrize(
    ("paise", "found"),
    [
        (0, EXEMPT),
        (499_99, EXEMPT),
        (500_00, EXEMPT),
        (500_01, BETWEEN),
        (550_00, BETWEEN),
        (590_00, BETWEEN),
        (590_01, AT_18),
        (5000_00, AT_18),
    ],
)
def test_around_500_rupees(paise: int, found: Band | Contradictory) -> None:
    assert choose_band(paise, CONCERT) == found


def test_a_contradictory_price_is_read_as_a_person_says() -> None:
    assert choose_band(550_00, CONCERT, reading=Reading.LOWER) is EXEMPT
    assert choose_band(550_00, CONCERT, reading=Reading.UPPER) is AT_18


@pytest.mark.parametrize("reading", Reading)
def test_what_a_person_says_changes_no_price_that_is_clear(reading: Reading) -> None:
    assert choose_band(500_00, CONCERT, reading=reading) is EXEMPT
    assert choose_band(590_01, CONCERT, reading=reading) is AT_18


@pytest.mark.parametrize(
    ("paise", "found"),
    [
        (105_00, CINEMA[0]),
        (105_01, Contradictory(105_01, 118_00, (CINEMA[0], AT_18))),
        (118_00, Contradictory(105_01, 118_00, (CINEMA[0], AT_18))),
        (118_01, AT_18),
    ],
)
def test_between_two_taxed_bands_as_well(paise: int, found: Band | Contradictory) -> None:
    assert choose_band(paise, CINEMA) == found


def test_a_threshold_on_the_price_as_paid_leaves_no_contradiction() -> None:
    bands = [Band(500_00, 0, Basis.INCLUSIVE, is_exempt=True), AT_18]

    assert contradictions(bands) == []
    assert (choose_band(500_00, bands), choose_band(500_01, bands)) == (bands[0], AT_18)


def test_one_band_takes_every_price() -> None:
    assert contradictions([AT_18]) == []
    assert choose_band(10**12, [AT_18]) is AT_18


def test_a_local_tax_is_part_of_the_value_that_is_tested() -> None:
    assert contradictions(CONCERT, local_taxes=[LocalTax("let", 1000)]) == [BETWEEN]


def test_a_local_tax_outside_the_value_moves_the_line() -> None:
    """₹500 and 10 % outside: exempt up to ₹550 paid, taxed from ₹640."""
    (gap,) = contradictions(CONCERT, local_taxes=[LocalTax("let", 1000, in_gst_value=False)])

    assert (gap.low_paise, gap.high_paise) == (550_01, 640_00)


@given(ladders(), st.integers(0, 3_000_00))
def test_a_band_is_chosen_exactly_where_the_value_read_under_it_lies_in_it(bands: list[Band], paise: int) -> None:
    begins = [-1, *(band.up_to_paise or 0 for band in bands[:-1])]
    fitting = [
        band
        for begin, band in zip(begins, bands, strict=True)
        for value in [paise if bands[0].basis is Basis.INCLUSIVE else paise * value_share(band.rate_bp)]
        if begin < value and (band.up_to_paise is None or value <= band.up_to_paise)
    ]

    found = choose_band(paise, bands)

    if isinstance(found, Contradictory):
        assert fitting == []
        assert found.low_paise <= paise <= found.high_paise
        assert found in contradictions(bands)
    else:
        assert fitting == [found]


@given(ladders(), st.integers(0, 3_000_00), st.sampled_from(Reading))
def test_with_a_reading_every_price_has_a_band(bands: list[Band], paise: int, reading: Reading) -> None:
    assert choose_band(paise, bands, reading=reading) in bands


@pytest.mark.parametrize(
    "bands",
    [
        [],
        [EXEMPT],
        [AT_18, AT_18],
        [Band(500_00, 0), Band(500_00, 500), AT_18],
        [Band(500_00, 1800), Band(None, 500)],
        [Band(100_00, 0), Band(500_00, 500, Basis.INCLUSIVE), AT_18],
    ],
    ids=["nothing", "no last", "two last", "not rising", "a lower rate above", "two prices compared"],
)
def test_what_is_no_ladder_is_refused(bands: list[Band]) -> None:
    with pytest.raises(BandsInvalid) as refused:
        choose_band(100, bands)

    assert refused.value.code == "bands_invalid"


# Band and taxes in one call

MUMBAI = Supply("27", "27")


@pytest.mark.parametrize("paise", [500_00, 590_01, 1180_00])
def test_a_clear_price_comes_apart_at_once(paise: int) -> None:
    band = choose_band(paise, CONCERT)
    assert isinstance(band, Band)

    assert taxes_in(paise, CONCERT, supply=MUMBAI) == split_price(paise, band, supply=MUMBAI)


def test_a_contradictory_one_is_handed_back_until_somebody_says_how_it_is_read() -> None:
    assert taxes_in(550_00, CONCERT, supply=MUMBAI) == BETWEEN
    assert taxes_in(550_00, CONCERT, supply=MUMBAI, reading=Reading.UPPER) == split_price(550_00, AT_18, supply=MUMBAI)


@pytest.mark.parametrize("seller", [Seller.UNREGISTERED, Seller.COMPOSITION])
def test_no_price_of_a_seller_outside_gst_contradicts_itself(seller: Seller) -> None:
    split = taxes_in(550_00, CONCERT, supply=MUMBAI, seller=seller)

    assert isinstance(split, Split)
    assert (split.net_paise, split.components) == (550_00, ())


# What a new house begins with


def test_the_categories_are_those_of_september_2025() -> None:
    assert {category.code: [band.rate_bp for band in category.bands] for category in CATEGORIES} == {
        "performing-arts": [0, 1800],
        "concert": [0, 1800],
        "sport": [0, 1800],
        "league-sport": [4000],
        "cinema": [500, 1800],
        "amusement-park": [1800],
        "conference": [1800],
        "other": [1800],
        "booking-fee": [1800],
    }
    assert {category.from_on for category in CATEGORIES} == {SINCE}


@pytest.mark.parametrize("bands", [CONCERT, CINEMA], ids=["concert", "cinema"])
def test_a_document_never_shows_a_value_that_its_own_rate_denies(bands: list[Band]) -> None:
    """Rounding moves the value by a paisa: nowhere across a threshold."""
    (gap,) = contradictions(bands)
    for supply in (Supply("27", "27"), Supply("27", "29")):
        for paise in (*range(gap.low_paise - 5_00, gap.low_paise), *range(gap.high_paise + 1, gap.high_paise + 5_00)):
            band = choose_band(paise, bands)
            assert isinstance(band, Band)
            taxable = split_price(paise, band, supply=supply).taxable_paise
            assert (taxable <= (bands[0].up_to_paise or 0)) is (band is bands[0])
