"""How each named rule of money is broken: one statement or several for each, over a house with one of everything."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models

from tests.ticketing.one_of_each import World
from ticketing.models import Letter, Payment


def change(row: models.Model, /, **to: str) -> str:
    """An UPDATE of this row; values are SQL."""
    sets = ", ".join(f'"{name}" = {value}' for name, value in to.items())
    return f"UPDATE {row._meta.db_table} SET {sets} WHERE id = {row.pk}"


def another(row: models.Model, /, **but: str) -> str:
    """An INSERT of a row like this one, but for these columns; values are SQL."""
    columns = [str(field.column) for field in row._meta.concrete_fields if field.column != "id"]
    names, values = ", ".join(f'"{one}"' for one in columns), ", ".join(but.get(one, f'"{one}"') for one in columns)
    return f"INSERT INTO {row._meta.db_table} ({names}) SELECT {values} FROM {row._meta.db_table} WHERE id = {row.pk}"


def slip(row: Payment, **but: str) -> str:
    """The same money by a card slip."""
    return another(row, tender="'card_slip'", gateway_payment_id="''", refunding_paise="0", reference="'TID1'", **but)


LAST = "(SELECT max(id) FROM ticketing_order)"


def gift(world: World, recipient: str, why: str) -> str:
    """An order that costs nothing, and to whom it was given."""
    order = another(world.unpaid, lock_id="lock_id + 1000", total_paise="0")
    return f"{order}; INSERT INTO ticketing_complimentary VALUES ({LAST}, '{recipient}', '{why}')"


Break = Callable[[World], str]
NEW_RECEIPT = {"receipt": "'HF-9-z'", "refunding_paise": "0"}

# By rule: statements that break it and nothing else.
BREAKS: dict[str, list[Break]] = {
    # Orders
    "order_state_is_known": [],
    "order_begins_unpaid": [
        lambda w: another(w.unpaid, lock_id="lock_id + 1000", state="'confirmed'", confirmed_at="now()", sale_id="1"),
        lambda w: another(w.unpaid, lock_id="lock_id + 1000", returned_paise="1"),
    ],
    "order_is_kept_as_agreed": [
        lambda w: change(w.paid, total_paise="1"),
        lambda w: change(w.unpaid, lock_id="lock_id"),
        lambda w: change(w.unpaid, buyer="'somebody'"),
    ],
    "order_moves_as_it_may": [
        lambda w: change(w.paid, state="'awaiting_payment'"),
        lambda w: change(w.paid, state="'expired'"),
        lambda w: change(w.unpaid, state="'odd'"),
    ],
    "confirmed_order_has_its_sale": [lambda w: change(w.unpaid, state="'confirmed'", confirmed_at="now()")],
    "once_confirmed_an_order_is_only_cancelled": [lambda w: change(w.unpaid, confirmed_at="now()")],
    "order_returns_at_most_its_total": [
        lambda w: change(w.unpaid, returned_paise="236001"),
        lambda w: change(w.unpaid, returned_paise="-1"),
    ],
    "confirmed_order_is_paid_for": [
        lambda w: change(w.unpaid, state="'confirmed'", confirmed_at="now()", sale_id=f"{w.paid.sale_id}"),
        lambda w: change(w.cash, allocated_paise="0", aside_as="'review'"),
        lambda w: change(w.cash, allocated_paise="235999", aside_as="'review'"),
        lambda w: another(w.cash, **NEW_RECEIPT),
        lambda w: change(w.aside, allocated_paise="1"),
    ],
    "cancelled_order_has_no_live_ticket": [lambda w: change(w.paid, state="'cancelled'")],
    "order_contact_names_somebody": [
        lambda w: f"UPDATE ticketing_ordercontact SET contact = '' WHERE order_id = {w.paid.pk}"
    ],
    # What is given for nothing
    "complimentary_order_costs_nothing": [
        lambda w: f"INSERT INTO ticketing_complimentary VALUES ({w.unpaid.pk}, 'press', 'review')",
        lambda w: f"INSERT INTO ticketing_complimentary VALUES ({w.paid.pk}, 'press', 'review')",
    ],
    "complimentary_recipient_is_known": [lambda w: gift(w, "friend", "review")],
    "complimentary_says_why": [lambda w: gift(w, "press", "")],
    "guest_list_says_what_it_is": [
        lambda w: another(w.guests, title="''"),
        lambda w: another(w.guests, reason_code="''"),
    ],
    "guest_list_gives_each_guest_a_ticket": [
        lambda w: another(w.guests, guest_count="0"),
        lambda w: another(w.guests, ticket_count="guest_count - 1"),
    ],
    "guest_list_reads_a_row_once": [lambda w: another(w.guests.guests.get(), order_id="order_id + 1000")],
    "guest_keeps_his_row": [lambda w: change(w.guests.guests.get(), row="row + 1")],
    "guest_has_a_complimentary_order_of_the_show": [
        lambda w: another(w.guests.guests.get(), row="99", order_id=f"{w.paid.pk}"),
    ],
    # Lines
    "lines_never_change": [lambda w: change(w.line, paise="1")],
    "line_costs_its_tiers_price_or_an_exceptions": [
        # Another price without an exception, an exception's price without naming it, and one of another channel.
        lambda w: another(w.line, place_id="0", paise="paise + 1", net_paise="net_paise + 1"),
        lambda w: another(w.line, place_id="0", paise="100000", net_paise="net_paise - paise + 100000"),
        lambda w: another(
            w.line,
            place_id="0",
            paise="100000",
            net_paise="net_paise - paise + 100000",
            exception_id=str(w.exception.pk),
        ),
        lambda w: another(w.line, place_id="0", tier_id="0"),
        # Nothing, where nobody says to whom it was given; and a price, where somebody does.
        lambda w: another(w.line, place_id="0", paise="0", net_paise="0", cgst_paise="0", sgst_paise="0"),
        lambda w: gift(w, "press", "review") + "; " + another(w.line, order_id=LAST),
    ],
    "line_adds_up": [lambda w: another(w.line, place_id="0", paise="paise + 1")],
    "line_halves_are_equal": [
        lambda w: another(w.line, place_id="0", cgst_paise="cgst_paise + 1", sgst_paise="sgst_paise - 1")
    ],
    "line_has_no_negative_part": [
        lambda w: another(w.line, place_id="0", net_paise="net_paise + igst_paise + 1", igst_paise="-1")
    ],
    "order_names_a_place_once": [lambda w: another(w.line)],
    # Payments
    "tender_is_known": [lambda w: another(w.aside, tender="'shells'", **NEW_RECEIPT)],
    "payment_state_is_known": [],
    "payment_is_kept_as_made": [
        lambda w: change(w.pending, amount_paise="1"),
        lambda w: change(w.pending, tender="'cash'"),
        lambda w: change(w.pending, receipt="'HF-9-z'"),
    ],
    "payment_amount_is_not_negative": [
        lambda w: another(w.pending, state="'failed'", amount_paise="-1", **NEW_RECEIPT)
    ],
    "payment_only_moves_forward": [
        lambda w: change(w.pending, state="'new'"),
        lambda w: change(w.aside, state="'failed'", received_paise="0", captured_at="NULL", aside_as="''"),
        lambda w: change(w.aside, received_paise="118001"),
        lambda w: change(w.aside, gateway_payment_id="'pay_2'"),
        lambda w: change(w.aside, order_id=f"{w.unpaid.pk}"),
        lambda w: change(w.aside, order_id="NULL"),
    ],
    "money_is_received_exactly_when_captured": [
        lambda w: change(w.pending, received_paise="1", aside_as="'short'"),
        lambda w: change(w.pending, captured_at="now()"),
        lambda w: change(w.pending, state="'captured'", gateway_payment_id="'pay_9'"),
    ],
    "captured_gateway_money_names_its_payment": [
        lambda w: change(w.pending, state="'captured'", captured_at="now()", received_paise="1", aside_as="'short'")
    ],
    "no_more_is_allocated_than_came": [lambda w: change(w.cash, allocated_paise="236001", aside_as="'review'")],
    "all_money_has_a_meaning": [lambda w: change(w.aside, aside_as="''")],
    "allocated_money_has_an_order": [lambda w: another(w.cash, order_id="NULL", aside_as="'unmatched'", **NEW_RECEIPT)],
    "money_without_an_order_is_unmatched": [
        lambda w: another(w.aside, order_id="NULL", gateway_payment_id="'pay_9'", **NEW_RECEIPT)
    ],
    "gateway_payment_is_there_once": [lambda w: another(w.aside, **NEW_RECEIPT)],
    "order_has_one_open_payment": [lambda w: another(w.pending, **NEW_RECEIPT)],
    "payment_reference_is_used_once": [
        lambda w: slip(w.aside, receipt="'HF-9-y'") + "; " + slip(w.aside, receipt="'HF-9-z'")
    ],
    # Refunds
    "refund_is_kept_as_asked": [
        lambda w: change(w.refund, amount_paise="1"),
        lambda w: change(w.refund, of_aside="false"),
        lambda w: change(w.refund, key="'another-key'"),
    ],
    "refund_state_is_known": [lambda w: change(w.refund, state="'odd'")],
    "refund_only_moves_forward": [
        lambda w: change(w.failed, state="'requested'"),
        lambda w: change(w.failed, state="'processed'"),
        lambda w: change(w.refund, state="'submitted'") + "; " + change(w.refund, state="'requested'"),
    ],
    "refund_is_of_something": [lambda w: another(w.refund, key="'another-key'", amount_paise="0")],
    "refund_says_why": [lambda w: another(w.refund, key="'another-key'", reason_code="''")],
    "refund_of_a_sale_names_its_order": [
        lambda w: another(w.refund, key="'another-key'", of_aside="false", order_id="NULL")
    ],
    "gateway_refund_is_there_once": [
        lambda w: (
            change(w.refund, gateway_refund_id="'rfnd_1'")
            + "; "
            + another(w.refund, key="'another-key'", amount_paise="1")
        )
    ],
    "refunds_stay_within_what_came": [
        lambda w: another(w.refund, key="'another-key'", amount_paise="100001"),
        lambda w: another(w.refund, key="'another-key'", payment_id=f"{w.pending.pk}", amount_paise="1"),
    ],
    "refund_stays_within_its_part": [
        lambda w: another(w.refund, key="'another-key'", of_aside="false", amount_paise="1"),
        lambda w: another(w.refund, key="'another-key'", payment_id=f"{w.cash.pk}", amount_paise="1"),
    ],
    "refunding_is_counted_by_the_trigger": [
        lambda w: change(w.aside, refunding_paise="0"),
        lambda w: another(w.aside, gateway_payment_id="'pay_9'", receipt="'HF-9-z'", refunding_paise="1"),
    ],
    # Tickets
    "ticket_is_kept_as_issued": [
        lambda w: change(w.live, place_id="place_id + 1"),
        lambda w: change(w.live, serial="2"),
    ],
    "void_ticket_stays_void": [
        lambda w: change(w.void, voided_at="NULL", void_reason="''"),
        lambda w: change(w.void, void_reason="'another'"),
    ],
    "void_ticket_says_why": [
        lambda w: change(w.live, voided_at="now()"),
        lambda w: change(w.live, void_reason="'spilt'"),
    ],
    "place_has_one_live_ticket": [lambda w: another(w.live, serial="2")],
    "ticket_is_of_a_sold_place": [
        lambda w: another(w.void, voided_at="NULL", void_reason="''"),  # its place is open again
        lambda w: another(w.live, sale_id="sale_id + 1000", voided_at="now()", void_reason="'odd'"),
        lambda w: another(w.live, line_id=f"{w.line.pk}", voided_at="now()", void_reason="'odd'"),
        lambda w: another(w.live, show_id="show_id + 1000", voided_at="now()", void_reason="'odd'"),
    ],
    "reseated_ticket_follows_a_void_one": [
        lambda w: another(w.live, serial="2", voided_at="now()", void_reason="'odd'"),
    ],
    "ticket_is_of_a_confirmed_order": [],
    # Prices
    "prices_never_change": [lambda w: change(w.price, paise="1")],
    "price_is_at_least_a_rupee": [lambda w: another(w.price, from_at="now()", paise="99")],
    "tier_has_one_price_at_a_time": [lambda w: another(w.price)],
    "price_between_bands_has_a_reason": [lambda w: another(w.price, from_at="now()", reading="'upper'")],
    "price_exception_only_ends": [
        lambda w: change(w.exception, paise="100"),
        lambda w: change(w.exception, ends_at="ends_at + interval '1 day'"),
    ],
    "price_exception_is_at_least_a_rupee": [lambda w: another(w.exception, paise="99")],
    "price_exception_says_why": [lambda w: another(w.exception, note="''")],
    "price_exception_ends_after_it_begins": [lambda w: another(w.exception, ends_at="begins_at - interval '1 second'")],
    "price_exception_between_bands_has_a_reason": [lambda w: another(w.exception, reading="'upper'")],
    # A show's life
    "show_change_says_why": [lambda w: another(w.change, reason_code="''")],
    "show_change_is_one": [lambda w: another(w.change, was="state")],
    "only_a_cancelled_show_gives_back": [lambda w: another(w.change, state="'paused'", gives_back="true")],
    "show_is_cancelled_once": [lambda w: another(w.change)],
    # Papers, letters, the inbox
    "documents_never_change": [lambda w: change(w.document, amount_paise="1")],
    "document_serial_follows_the_last": [
        lambda w: another(w.document, serial="2", number="'MUM/26-27/000002'", order_id=f"{w.unpaid.pk}"),
        lambda w: (
            change(w.series, last="3")
            + "; "
            + another(w.document, serial="3", number="'MUM/26-27/000003'", order_id=f"{w.unpaid.pk}")
        ),
    ],
    "document_serial_is_given_once": [
        lambda w: another(w.document, number="'MUM/26-27/000009'", order_id=f"{w.unpaid.pk}")
    ],
    "document_number_is_given_once": [lambda w: another(w.document, serial="2", order_id=f"{w.unpaid.pk}")],
    "document_number_is_lawful": [
        lambda w: another(w.document, serial="2", number="'mum 1'", order_id=f"{w.unpaid.pk}"),
    ],
    "order_has_one_document": [
        lambda w: change(w.series, last="2") + "; " + another(w.document, serial="2", number="'MUM/26-27/000002'")
    ],
    "credit_note_is_of_a_refund": [
        lambda w: another(w.document, serial="2", number="'MUM/2'", kind="'credit_note'", order_id=f"{w.unpaid.pk}"),
        lambda w: another(w.document, serial="2", number="'MUM/2'", refund_id=f"{w.refund.pk}"),
    ],
    "document_series_is_there_once": [lambda w: another(w.series)],
    "gateway_event_is_taken_once": [lambda w: another(w.event)],
    "letter_is_written_once": [lambda w: another(Letter.objects.all()[0])],
}
