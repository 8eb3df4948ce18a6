"""The one form of every figure: `{"bench", "case", "figure", "value", "unit", "floor", "ratio"}`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `floor` is the same work done bare in the same run; `ratio` is value over floor."""

    bench: str
    case: str
    figure: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None


class Report:
    """Prints figures as they come: a line each for people, or one JSON object each for programs."""

    def __init__(self, bench: str, as_json: bool) -> None:
        self.bench = bench
        self.as_json = as_json

    def figure(self, case: str, figure: str, value: float, unit: str, floor: float | None = None) -> None:
        self._print(case, figure, value, unit, floor, value / floor if floor else None)

    def _print(self, case: str, figure: str, value: float, unit: str, floor: float | None, ratio: float | None) -> None:
        shown = [None if number is None else round(number, 3) for number in (floor, ratio)]
        row = Figure(self.bench, case, figure, round(value, 3), unit, *shown)
        if self.as_json:
            print(json.dumps(asdict(row)), flush=True)
        else:
            beside = "" if row.floor is None else f"   floor {row.floor:,} {unit}, ratio {row.ratio}"
            print(f"{self.bench:8} {case:44} {figure:14} {row.value:>12,} {unit:8}{beside}", flush=True)

    def compare(
        self, case: str, figure: str, values: Sequence[float], unit: str, floors: Sequence[float] | None
    ) -> None:
        """The median over rounds, and the median of the rounds' own ratios: a slow minute slows both sides."""
        if floors is None:
            self.figure(case, figure, median(values), unit)
            return
        ratio = median(value / floor for value, floor in zip(values, floors, strict=True))
        self._print(case, figure, median(values), unit, median(floors), ratio)

    def say(self, text: str) -> None:
        """A remark: not a figure, so to standard error."""
        print(text, file=sys.stderr, flush=True)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie; 0.5 is the median."""
    if len(values) == 1:
        return values[0]
    return quantiles(sorted(values), n=1000, method="inclusive")[round(share * 1000) - 1]
