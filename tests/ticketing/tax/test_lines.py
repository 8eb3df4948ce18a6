"""What a refund takes back of a sale: the tickets it is for, exactly; and in the end everything, to the paisa."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ticketing.tax.lines import Lines, TaxedLine, credited_lines
from ticketing.tax.split import split_price
from ticketing.tax.words import Band, LocalTax, Supply

HERE = Supply("27", "27")


def admissions(
    quantity: int, each_paise: int, tier_id: int = 1, *, rate_bp: int = 1800, local_bp: int = 0
) -> TaxedLine:
    local = [LocalTax("local", local_bp)] if local_bp else []
    split = split_price(each_paise, Band(None, rate_bp, is_exempt=not rate_bp), supply=HERE, local_taxes=local)
    return TaxedLine(
        tier_id=tier_id,
        what=f"Tier {tier_id}",
        sac="999622",
        rate_bp=rate_bp,
        is_exempt=not rate_bp,
        each_paise=each_paise,
        quantity=quantity,
        paise=quantity * each_paise,
        net_paise=quantity * split.net_paise,
        cgst_paise=quantity * split.paise("cgst"),
        sgst_paise=quantity * split.paise("sgst"),
        local_tax_paise=quantity * split.paise("local"),
    )


GOLD, SILVER = admissions(3, 118_000), admissions(2, 45_000, 2, rate_bp=0)


def total(lines: Lines, *names: str) -> tuple[int, ...]:
    return tuple(sum(getattr(line, name) for line in lines) for name in names or PARTS)


PARTS = ("paise", "net_paise", "cgst_paise", "sgst_paise", "local_tax_paise")


def test_tickets_that_died_for_it_are_taken_back_as_they_were_sold() -> None:
    one = admissions(1, 118_000)

    lines = credited_lines(118_000, sold=[GOLD, SILVER], credited=[], returned_now=[one], returned=[one])

    assert lines == [one]


def test_of_two_refunds_each_takes_back_its_own_whichever_is_done_first() -> None:
    gold, silver = admissions(1, 118_000), admissions(1, 45_000, 2, rate_bp=0)

    second = credited_lines(45_000, sold=[GOLD, SILVER], credited=[], returned_now=[silver], returned=[gold, silver])
    first = credited_lines(118_000, sold=[GOLD, SILVER], credited=second, returned_now=[gold], returned=[gold, silver])

    assert (second, first) == ([silver], [gold])


def test_one_asked_for_again_takes_back_what_died_and_was_not_credited() -> None:
    gold, silver = admissions(1, 118_000), admissions(1, 45_000, 2, rate_bp=0)

    lines = credited_lines(118_000, sold=[GOLD, SILVER], credited=[silver], returned_now=[], returned=[gold, silver])

    assert lines == [gold]


def test_a_price_given_back_in_two_parts_is_taken_back_in_two() -> None:
    gold = admissions(1, 118_000)

    first = credited_lines(18_000, sold=[GOLD], credited=[], returned_now=[gold], returned=[gold])
    second = credited_lines(100_000, sold=[GOLD], credited=first, returned_now=[gold], returned=[gold])

    assert [line.quantity for line in first + second] == [0, 0]
    assert total(first + second) == total([gold])


def test_more_than_died_is_of_all_that_is_left() -> None:
    lines = credited_lines(222_000, sold=[GOLD, SILVER], credited=[], returned_now=[], returned=[])

    assert total(lines, "paise") == (222_000,)
    assert [line.paise for line in lines] == [177_000, 45_000]
    assert lines[1] == admissions(1, 45_000, 2, rate_bp=0)


def test_never_more_than_was_sold() -> None:
    lines = credited_lines(1_000_000, sold=[GOLD, SILVER], credited=[GOLD], returned_now=[], returned=[])

    assert lines == [SILVER]
    assert credited_lines(1, sold=[GOLD], credited=[GOLD], returned_now=[], returned=[]) == []


def test_a_tier_that_was_renamed_is_the_same() -> None:
    gold = admissions(1, 118_000)

    (line,) = credited_lines(
        118_000, sold=[GOLD], credited=[], returned_now=[replace(gold, what="Stalls")], returned=[]
    )

    assert line == gold


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            admissions,
            st.integers(1, 9),
            st.integers(100, 1_000_000),
            st.integers(1, 4),
            rate_bp=st.sampled_from([0, 500, 1800, 4000]),
            local_bp=st.sampled_from([0, 1000]),
        ),
        min_size=1,
        max_size=5,
    ),
    st.lists(st.integers(1, 3_000_000), max_size=6),
)
def test_in_whatever_parts_all_is_given_back_every_tax_is_too(sold: list[TaxedLine], parts: list[int]) -> None:
    credited: list[TaxedLine] = []
    for paise in [*parts, total(sold, "paise")[0]]:
        lines = credited_lines(paise, sold=sold, credited=credited, returned_now=[], returned=sold)

        for line in lines:
            assert line.cgst_paise == line.sgst_paise
            assert min(line.paise, line.net_paise, line.cgst_paise, line.local_tax_paise) >= 0
            assert line.paise == sum(total([line], *PARTS[1:]))
        credited += lines

    assert total(credited) == total(sold)
