"""What is on in the demo: fictional venues, shows and parties, and how much has happened to each show so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta

from inventory.demo.auditorium import auditorium_csv, small_hall_csv, standing_csv
from inventory.models import Channel, Hold, Show


@dataclass(frozen=True, slots=True)
class Block:
    """Named seats: these numbers of these rows of a section. Numbers that a row does not have are left out."""

    section: str
    rows: Sequence[str]
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class Room:
    """This many admissions of a tier."""

    tier: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Held:
    purpose: str
    party: str
    what: Block | Room
    contact: str = ""
    breakable_by: str = ""
    ends_before_start: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Killed:
    reason_code: str
    note: str
    what: Block | Room


@dataclass(frozen=True, slots=True)
class Slice:
    """An allocation, and the channels that sell it: each from the start, or from so long before the show.

    `ladder`: so long before the show, it gives so many per cent of what it has left back to the pool.
    """

    name: str
    what: Sequence[Block | Room]
    opens: dict[str, timedelta | None]
    closes_before_start: timedelta | None = None
    ladder: Sequence[tuple[timedelta, int]] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Selling stops by itself at so many open places of a tier, or of the whole show; on one channel, or on all."""

    margin: int
    tier: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A section that the manager has stopped selling on a channel, so long ago; and how many have tried since."""

    section: str
    channel: str
    reason_code: str
    note: str
    ago: timedelta
    refused: int


@dataclass(frozen=True, slots=True)
class Hanging:
    """The locks that the demo opens on: in somebody's cart, with a payment pending, run out and not yet swept."""

    browsing: int
    paying: int
    run_out: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens to a show before the demo begins. `party_of` are the sizes in which people come."""

    killed: Sequence[Killed] = ()
    held: Sequence[Held] = ()
    slices: Sequence[Slice] = ()
    rules: Sequence[Rule] = ()
    frozen: Sequence[Frozen] = ()
    sales: int = 0
    party_of: Sequence[int] = (1, 2, 2, 2, 3, 4)
    shares: dict[str, int] = field(default_factory=lambda: {"web": 7, "counter": 2, "partner": 1})
    hanging: Hanging = Hanging(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Performance:
    """One show of the demo: when, where, which house, and its plan."""

    title: str
    slug: str
    venue: str
    in_days: int
    at: time
    state: str
    csv: Callable[[], str] | None = None
    plan: Plan = field(default_factory=Plan)


VENUES: dict[str, dict[str, str]] = {
    "samudra": {"name": "Samudra Auditorium", "city": "Mumbai", "state_code": "27"},
    "lakeside": {"name": "Lakeside Grounds", "city": "Bengaluru", "state_code": "29"},
    "tin-box": {"name": "The Tin Box", "city": "Pune", "state_code": "27"},
}
PARTNER = {"code": "partner", "name": "Tiffin Tickets (partner)", "kind": Channel.Kind.PARTNER, "is_capped": False}

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
# Half of what the counter has not sold goes back two days before the show, the rest two hours before it.
COUNTER_LADDER = ((2 * DAY, 50), (2 * HOUR, 100))
# A third of what the partner has not sold goes back two days before the show; a day before it the slice closes.
PARTNER_LADDER = ((2 * DAY, 33),)
SPONSOR, PRESS = Hold.Purpose.SPONSOR, Hold.Purpose.PRESS


def _auditorium(sales: int, hanging: Hanging, frozen: Sequence[Frozen] = ()) -> Plan:
    return Plan(
        killed=[
            Killed("sound_desk", "The touring company's desk needs two rows.", Block("stalls", "TU", range(1, 11))),
            Killed("pillar", "Nobody sees the left wing from here.", Block("stalls", "S", range(47, 51))),
        ],
        held=[
            Held(SPONSOR, "Peacock Paints", Block("stalls", "AB", range(1, 13)), "events@peacock.example",
                 "the producer"),
            Held(Hold.Purpose.CORPORATE, "Banyan Mutual, staff evening", Block("balcony", ["AA", "BB"], range(1, 21)),
                 "office@banyan.example", "", 6 * HOUR),
            Held(Hold.Purpose.INFLUENCER, "Stagefright Diaries", Block("stalls", "C", range(1, 5)),
                 "hello@stagefright.example"),
            Held(PRESS, "The Evening Ferry", Block("stalls", "D", range(2, 10, 2)), "desk@ferry.example", "", HOUR),
            Held(Hold.Purpose.ARTIST, "The company's families", Block("boxes", ["R1", "R2"], range(1, 7))),
            Held(Hold.Purpose.HOUSE, "House seats", Block("stalls", "G", range(1, 5)), "", "the duty manager", HOUR),
        ],
        slices=[
            Slice("Counter slice", [Block("stalls", "KL", range(1, 60)), Block("boxes", ["L3", "L4"], range(1, 7))],
                  {"counter": None}, ladder=COUNTER_LADDER),
            Slice("Web first", [Block("stalls", "EF", range(1, 60))], {"web": None, "counter": 4 * HOUR}),
            Slice("Tiffin Tickets", [Block("balcony", ["FF", "GG"], range(1, 100))], {"partner": None}, DAY,
                  PARTNER_LADDER),
        ],
        rules=[Rule(20, "platinum", "web")],
        frozen=frozen,
        sales=sales,
        hanging=hanging,
    )  # fmt: skip


def _standing(sales: int, hanging: Hanging) -> Plan:
    return Plan(
        killed=[
            Killed("sound_desk", "Front-of-house desk and its barrier.", Room("general", 120)),
            Killed("camera_track", "", Room("pit", 40)),
        ],
        held=[
            Held(SPONSOR, "Nimbu Fizz", Room("pit", 120), "brand@nimbu.example", "the promoter"),
            Held(Hold.Purpose.CORPORATE, "Kite Telecom, hospitality", Room("terrace", 200), "guests@kite.example"),
            Held(Hold.Purpose.INFLUENCER, "Creators' list", Room("pit", 24), "list@creators.example", "", 3 * HOUR),
            Held(PRESS, "Photographers", Room("pit", 16)),
        ],
        slices=[
            Slice(
                "Counter slice", [Room("general", 800), Room("terrace", 200)], {"counter": None}, ladder=COUNTER_LADDER
            ),
            Slice("Web first", [Room("pit", 500)], {"web": None, "counter": 4 * HOUR}),
            Slice("Tiffin Tickets", [Room("general", 600)], {"partner": None}, DAY, PARTNER_LADDER),
        ],
        sales=sales,
        party_of=(1, 2, 2, 3, 4, 4, 5, 6, 8),
        hanging=hanging,
    )


def _small_hall(sales: int, hanging: Hanging) -> Plan:
    return Plan(
        killed=[Killed("sound_desk", "", Block("house", "P", range(9, 15)))],
        held=[
            Held(SPONSOR, "Marigold Stationers", Block("house", "A", range(5, 11)), "shop@marigold.example"),
            Held(PRESS, "The Evening Ferry", Block("house", "C", range(11, 13)), "desk@ferry.example", "", HOUR),
            Held(Hold.Purpose.HOUSE, "House seats", Block("house", "D", range(1, 3)), "", "the duty manager"),
        ],
        slices=[Slice("Counter slice", [Block("house", "MN", range(1, 23))], {"counter": None}, ladder=COUNTER_LADDER)],
        rules=[Rule(12)],
        sales=sales,
        hanging=hanging,
    )


ON_SALE = Show.State.ON_SALE
BALCONY_ON_PARTNER = Frozen("balcony", "partner", "sync_lag", "Their list has not come in since six.", 25 * MINUTE, 3)
PROGRAMME = [
    Performance("The Last Tonga", "the-last-tonga", "tin-box", 0, time(19, 0), ON_SALE, small_hall_csv,
                _small_hall(150, Hanging(3, 1, 2))),
    Performance("Seven Monsoons", "seven-monsoons", "samudra", 0, time(19, 30), ON_SALE, auditorium_csv,
                _auditorium(120, Hanging(9, 2, 3), [BALCONY_ON_PARTNER])),
    Performance("Kaleidoscope by the Lake", "kaleidoscope", "lakeside", 0, time(20, 0), ON_SALE, standing_csv,
                _standing(80, Hanging(8, 2, 3))),
    Performance("The Last Tonga, second night", "the-last-tonga-2", "tin-box", 1, time(19, 0), ON_SALE, small_hall_csv,
                _small_hall(25, Hanging(2, 1, 2))),
    Performance("Raga at the Harbour", "raga-at-the-harbour", "samudra", 3, time(18, 30), ON_SALE, auditorium_csv,
                _auditorium(30, Hanging(4, 1, 2))),
    Performance("Static & Rain Festival", "static-and-rain", "lakeside", 6, time(17, 0), ON_SALE, standing_csv,
                _standing(25, Hanging(4, 1, 2))),
    Performance("Paper Lanterns", "paper-lanterns", "samudra", 9, time(19, 30), Show.State.PAUSED, auditorium_csv,
                _auditorium(12, Hanging(0, 0, 0))),
    Performance("A House of Cards and Chai", "cards-and-chai", "tin-box", 12, time(19, 0), Show.State.DRAFT),
]  # fmt: skip
