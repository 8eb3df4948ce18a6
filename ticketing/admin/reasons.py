"""In words, the reason codes that the program itself writes where money comes, goes back, or does not come."""

from __future__ import annotations

from inventory.admin.reasons import know
from ticketing.models.payments import Payment

Aside = Payment.Aside
# Without REVIEW: nothing goes back as that, and a guest's form has the same code.
SET_ASIDE = (Aside.SURPLUS, Aside.EXCESS, Aside.SHORT, Aside.LATE, Aside.CANCELLED, Aside.UNMATCHED)

know(
    {
        **{kind.value: str(kind.label) for kind in SET_ASIDE},
        "asked_by_buyer": "The buyer asks for it",
        "by_buyer": "By the buyer",
        "by_gateway": "Given back at the gateway",
        "late_money": "Paid late, and the places were still open",
        "paid_too_late": "The money came too late",
        "paid_too_little": "Too little was paid",
        "payment_lapsed": "The payment did not come in time",
        "refunded_by_gateway": "Its money went back at the gateway",
        "reseated": "Other seats were given",
        "show_cancelled": "The show is cancelled",
        "time_ran_out": "The time to pay ran out",
    }
)
