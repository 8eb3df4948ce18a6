"""The house a manifest describes: sections, tiers and one `Spot` for each place to be."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a manifest: where (a line, or a path inside JSON), a code, and what to do about it."""

    where: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message} [{self.code}]"


class ManifestRefused(Exception):
    """A manifest with at least one fault. Nothing of it is loaded; `faults` names every one of them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} fault{'s' if len(faults) != 1 else ''} in the manifest")


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """A block of the house. `is_ga` is general admission: places without rows."""

    code: str
    name: str
    is_ga: bool = False


@dataclass(frozen=True, slots=True)
class TierSpec:
    """A price level. `colour` is `#rrggbb` or empty."""

    code: str
    name: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place to be: a numbered seat, or one general-admission admission (`row` empty, `number` 1, 2, 3 …).

    `run` numbers the unbroken stretches of neighbours within the section, and `position` counts 1, 2, 3 … along
    one; general admission has run 0 and position 0. `rank` orders the whole house, 1 the best. `x` grows to the
    right and `y` away from the stage, in the file's own unit; both None where the file gives none.
    """

    section: str
    tier: str
    row: str
    number: str
    run: int
    position: int
    rank: int
    x: float | None = None
    y: float | None = None
    is_accessible: bool = False
    is_companion: bool = False
    is_restricted_view: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """A whole manifest, valid: codes unique, every spot's section and tier named, no seat twice."""

    sections: list[SectionSpec] = field(default_factory=list)
    tiers: list[TierSpec] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
