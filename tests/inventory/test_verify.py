"""`verify` finds every kind of damage: each test corrupts the ledger as nobody but a superuser could, and is told."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inventory.acts import Seats
from inventory.models import Channel, Show
from inventory.queries.verify import CHECKS, verify
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from tests.database import superuser
from tests.houses import MANAGER, make_show, rows, seat

DAMAGE: dict[str, list[str]] = {
    "entries_folded_equal_the_places": [
        "UPDATE inventory_place SET allocation_id = allocation_id + 1 WHERE id = {place}",
        "DELETE FROM inventory_entry WHERE place_id = {place}",
    ],
    "every_entry_starts_where_the_last_one_ended": [
        "UPDATE inventory_entry SET from_status = 'killed' WHERE place_id = {sold} AND to_status = 'sold'",
        "UPDATE inventory_entry SET from_status = 'killed' WHERE place_id = {place}",
    ],
    "states_add_up_to_the_declared_capacity": [
        "DELETE FROM inventory_place WHERE id = {place}",
        "UPDATE inventory_movement SET quantity = 7 WHERE verb = 'load_manifest'",
    ],
    "status_and_claim_are_a_legal_pair": [
        "UPDATE inventory_claim SET kind = 'kill', origin_id = NULL WHERE id = {claim}",
        "UPDATE inventory_claim SET ended_at = now() WHERE id = {claim}",
        "DELETE FROM inventory_claim WHERE id = {claim}",
    ],
    "every_live_claim_owns_a_place": [
        "UPDATE inventory_place SET status = 'open', claim_id = NULL WHERE id = {sold}",
    ],
    "every_movement_moved_its_quantity": [
        "UPDATE inventory_movement SET quantity = 2 WHERE verb = 'commit_lock'",
        "DELETE FROM inventory_entry WHERE place_id = {sold} AND to_status = 'sold'",
    ],
    "every_entry_is_of_a_place_of_its_show": ["DELETE FROM inventory_place WHERE id = {sold}"],
}


@pytest.fixture
def show(web: Channel) -> Show:
    show = make_show(rows("A", 4))
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-2").pk]), by=MANAGER)
    commit_lock(claim_id=lock.claim_id, by=MANAGER)
    return show


def damage(show: Show, statement: str) -> None:
    """What only a superuser with the triggers off could do."""
    sold = seat(show, "A-2")
    with superuser() as free:
        free.execute("SET session_replication_role = replica")
        free.execute(statement.format(place=seat(show, "A-1").pk, sold=sold.pk, claim=sold.claim_id))


def test_an_untouched_ledger_has_no_difference(show: Show) -> None:
    report = verify(show)

    assert report.differences == []
    assert (report.capacity, report.by_status, report.movements, report.entries) == (4, {"open": 3, "sold": 1}, 3, 6)


def test_every_check_is_shown_to_fail(show: Show) -> None:
    assert set(DAMAGE) == set(CHECKS)


@pytest.mark.parametrize(("check", "statement"), [(check, s) for check, all_ in DAMAGE.items() for s in all_])
def test_damage_is_found_and_named(show: Show, check: str, statement: str) -> None:
    damage(show, statement)

    report = verify(show)

    assert check in {difference.check for difference in report.differences}
    assert all(difference.about and difference.says for difference in report.differences)


def test_damage_in_one_show_is_not_blamed_on_another(show: Show) -> None:
    other = make_show(rows("A", 2), slug="othello")
    damage(show, "UPDATE inventory_movement SET quantity = 2 WHERE verb = 'commit_lock'")

    assert (verify(show).is_sound, verify(other).is_sound) == (False, True)


# The command -------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_stock", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_what_adds_up(show: Show) -> None:
    assert run().splitlines() == [
        "hamlet: sound; capacity 4 = 3 open, 1 sold; 3 movements",
        "1 show checked, no difference",
    ]


def test_the_command_prints_one_json_object_for_each_show(show: Show) -> None:
    make_show(slug="othello")

    lines = [json.loads(line) for line in run("--json").splitlines()]

    assert [(line["show"], line["capacity"], line["differences"]) for line in lines] == [
        ("hamlet", 4, []), ("othello", 0, []),
    ]  # fmt: skip


def test_the_command_fails_on_any_difference_and_names_it(show: Show) -> None:
    damage(show, "UPDATE inventory_movement SET quantity = 2 WHERE verb = 'commit_lock'")
    out = StringIO()

    with pytest.raises(CommandError) as failed:
        call_command("verify_stock", "hamlet", stdout=out)

    assert failed.value.returncode == 1
    assert "every_movement_moved_its_quantity: movement" in out.getvalue()


def test_the_command_does_not_know_a_show_that_is_not_there(transactional_db: None) -> None:
    with pytest.raises(CommandError, match="no show 'macbeth'") as failed:
        run("macbeth")
    assert failed.value.returncode == 2
