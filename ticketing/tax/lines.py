"""The lines of a document, equal admissions in one, with the taxes in them; and what of them a refund takes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.money import round_half_up
from ticketing.tax.words import Band, Split


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """So many admissions that cost the same: what each costs, and what all of them do and are made of, in paise.

    `what` is printed; the tier's id tells lines apart, since a tier may be renamed. `quantity` is 0 for a part of a
    price that is no whole number of admissions.
    """

    tier_id: int
    what: str
    sac: str
    rate_bp: int
    is_exempt: bool
    each_paise: int
    quantity: int
    paise: int
    net_paise: int
    cgst_paise: int = 0
    sgst_paise: int = 0
    igst_paise: int = 0
    local_tax_paise: int = 0

    @property
    def taxable_paise(self) -> int:
        """The taxable value: local taxes on admission belong to it (CGST Act, s.15(2)(a))."""
        return self.net_paise + self.local_tax_paise

    @property
    def split(self) -> Split:
        """The same as a price taken apart, without its components."""
        band = Band(None, self.rate_bp, is_exempt=self.is_exempt)
        return Split(self.paise, self.net_paise, self.taxable_paise, (), self.is_exempt, band)


Lines = Sequence[TaxedLine]
_Key = tuple[int, str, int, bool, int]
_PARTS = ("cgst_paise", "sgst_paise", "igst_paise", "local_tax_paise")


def credited_lines(
    paise: int, *, sold: Lines, credited: Lines, returned_now: Lines, returned: Lines
) -> list[TaxedLine]:
    """What a refund of so much takes back of what was `sold`, of which `credited` was taken back before.

    Of the tickets that died when it was asked for (`returned_now`), where it is their price; else of all that died and
    was not credited, in proportion; else, where the gateway gave back more than died, of all that is left, and never
    more than that. Once everything is taken back, every tax is, to the paisa.
    """
    left = _less(sold, credited)
    now = {key: line.paise for key, line in _by_key(returned_now).items()}
    if sum(now.values()) == paise and all(most <= _paise(left, key) for key, most in now.items()):
        shares = now
    else:
        died = {key: min(line.paise, _paise(left, key)) for key, line in _less(returned, credited).items()}
        whole = {key: line.paise for key, line in left.items()}
        shares = _spread(paise, died if sum(died.values()) >= paise else whole)
    return [_part(left[key], share) for key, share in shares.items() if share]


def _spread(paise: int, over: Mapping[_Key, int]) -> dict[_Key, int]:
    """So much in proportion, each share rounded so that together they are exactly it, and at most all there is."""
    whole = sum(over.values())
    paise = min(paise, whole)
    shares, until, given = {}, 0, 0
    for key, most in over.items():
        until += most
        upto = round_half_up(paise * until, whole) if whole else 0
        shares[key], given = upto - given, upto
    return shares


def _part(line: TaxedLine, share: int) -> TaxedLine:
    """This share of a line's price, with the same share of each tax. Of whole admissions it is exact."""
    left = share
    parts: dict[str, Any] = {}
    for name in _PARTS:
        parts[name] = min(left, round_half_up(getattr(line, name) * share, line.paise))
        left -= parts[name]
    whole, rest = divmod(share, line.each_paise)
    return replace(line, quantity=0 if rest else whole, paise=share, net_paise=left, **parts)


def _less(lines: Lines, taken: Lines) -> dict[_Key, TaxedLine]:
    """What is left of some lines; nothing where more was taken than there was."""
    left = _by_key(lines)
    for key, line in _by_key(taken).items():
        if key in left:
            parts: dict[str, Any] = {
                name: getattr(left[key], name) - getattr(line, name) for name in ("paise", "net_paise", *_PARTS)
            }
            left[key] = replace(left[key], **parts)
    return {key: line for key, line in left.items() if line.paise > 0}


def _by_key(lines: Lines) -> dict[_Key, TaxedLine]:
    """Lines of the same thing at the same price in one."""
    found: dict[_Key, TaxedLine] = {}
    for line in lines:
        key = (line.tier_id, line.sac, line.rate_bp, line.is_exempt, line.each_paise)
        if before := found.get(key):
            names = ("quantity", "paise", "net_paise", *_PARTS)
            both: dict[str, Any] = {name: getattr(before, name) + getattr(line, name) for name in names}
            line = replace(line, **both)
        found[key] = line
    return found


def _paise(lines: Mapping[_Key, TaxedLine], key: _Key) -> int:
    return lines[key].paise if key in lines else 0
