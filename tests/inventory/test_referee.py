"""The database refuses, by name, whatever code writes: plain SQL under the program's role, and the ORM's updates."""

from __future__ import annotations

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from inventory.acts import Seats
from inventory.models import Allocation, Channel, Entry, Place, Section, Show, Tier
from inventory.services.holds import place_hold
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from inventory.transitions import LEGAL
from tests.database import program
from tests.houses import MANAGER, make_show, rows, seat, statuses
from tests.inventory.plain_sql import claim, movement, rule_of, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 6))


def test_a_lawful_move_in_plain_sql_is_let_through_and_written_down(show: Show) -> None:
    place = seat(show, "A-1")
    with transaction.atomic():
        hold = claim(show)
        act = movement(show, claim=hold)
        Place.objects.filter(pk=place.pk).update(status="held", claim=hold, movement=act)

    assert Entry.objects.filter(movement=act).values_list("place_id", "from_status", "to_status").get() == (
        place.pk, "open", "held",
    )  # fmt: skip


def test_a_place_moves_only_under_a_movement(show: Show) -> None:
    def act() -> None:
        Place.objects.filter(pk=seat(show, "A-1").pk).update(status="held", claim=claim(show))

    assert rule_of(act) == "place_change_names_a_movement"


def test_an_old_movement_is_not_used_again(show: Show) -> None:
    hold = claim(show)
    old = movement(show, claim=hold)

    def act() -> None:
        Place.objects.filter(pk=seat(show, "A-1").pk).update(status="held", claim=hold, movement=old)

    assert rule_of(act) == "place_movement_is_of_this_transaction"


def test_the_program_cannot_date_a_movement_into_this_transaction(show: Show) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for table inventory_movement"):
        run(
            "INSERT INTO inventory_movement (show_id, verb, actor, reason_code, quantity, at, xact)"
            " VALUES (%s, 'place_hold', 'user:1', '', 1, now(), '1')",
            show.pk,
        )


def test_a_place_moves_once_under_a_movement(show: Show) -> None:
    def act() -> None:
        hold = claim(show)
        once = movement(show, claim=hold)
        place = Place.objects.filter(pk=seat(show, "A-1").pk)
        place.update(status="held", claim=hold, movement=once)
        place.update(status="open", claim=None, movement=once)

    assert rule_of(act) == "place_change_names_a_movement"


def test_a_movement_is_written_in_one_statement(show: Show) -> None:
    def act() -> None:
        hold = claim(show)
        once = movement(show, claim=hold)
        Place.objects.filter(pk=seat(show, "A-1").pk).update(status="held", claim=hold, movement=once)
        Place.objects.filter(pk=seat(show, "A-2").pk).update(status="held", claim=hold, movement=once)

    assert rule_of(act) == "place_moves_once_under_a_movement"


def test_a_movement_moves_as_many_places_as_it_says(show: Show) -> None:
    def act() -> None:
        hold = claim(show)
        Place.objects.filter(show=show).update(
            status="held", claim=hold, movement=movement(show, claim=hold, quantity=5)
        )

    assert rule_of(act) == "movement_moves_its_quantity"


def insert_place(show: Show, status: str = "open", verb: str = "add_places", claim_id: int | None = None) -> None:
    run(
        """INSERT INTO inventory_place (show_id, section_id, tier_id, allocation_id, movement_id, "row", number, run,
               position, rank, is_accessible, is_companion, is_restricted_view, status, claim_id)
           VALUES (%s, %s, %s, %s, %s, 'Z', '1', 1, 1, 99, false, false, false, %s, %s)""",
        show.pk,
        Section.objects.get(show=show).pk,
        Tier.objects.get(show=show).pk,
        Allocation.objects.get(show=show).pk,
        movement(show, verb).pk,
        status,
        claim_id,
    )


def test_a_place_is_not_inserted_as_sold(show: Show, web: Channel) -> None:
    def act() -> None:
        insert_place(show, "sold", claim_id=claim(show, "sale", channel=web).pk)

    assert rule_of(act) == "place_arrives_open_by_a_manifest"


def test_a_place_is_not_inserted_by_a_verb_that_brings_none(show: Show) -> None:
    assert rule_of(lambda: insert_place(show, verb="place_hold")) == "place_arrives_open_by_a_manifest"


def test_a_place_with_a_history_is_not_deleted(show: Show) -> None:
    assert (
        rule_of(lambda: run("DELETE FROM inventory_place WHERE show_id = %s", show.pk))
        == "place_with_a_history_is_never_deleted"
    )


@pytest.mark.parametrize("column", ["id", "show_id", "section_id", '"row"', "number"])
def test_a_place_keeps_its_identity(show: Show, column: str) -> None:
    other = make_show(rows("B", 1), slug="othello")
    value = {"show_id": other.pk, "section_id": other.sections.get().pk}.get(column, 999)

    def act() -> None:
        run(f"UPDATE inventory_place SET {column} = %s WHERE id = %s", value, seat(show, "A-1").pk)

    assert rule_of(act) == "place_identity_never_changes"


def test_a_tier_changes_only_by_retiering(show: Show) -> None:
    silver = Tier.objects.create(show=show, code="silver", name="Silver")

    def act() -> None:
        act = movement(show, "allocate_places")
        Place.objects.filter(pk=seat(show, "A-1").pk).update(tier=silver, movement=act)

    assert rule_of(act) == "place_tier_changes_only_by_retiering"


def test_an_allocation_changes_only_by_a_rule(show: Show) -> None:
    slice_ = Allocation.objects.create(show=show, name="Slice")

    def act() -> None:
        hold = claim(show)
        Place.objects.filter(pk=seat(show, "A-1").pk).update(
            status="held", claim=hold, allocation=slice_, movement=movement(show, claim=hold)
        )

    assert rule_of(act) == "place_allocation_changes_only_by_rule"


def test_an_illegal_transition_is_refused(show: Show, web: Channel) -> None:
    def act() -> None:
        sale = claim(show, "sale", channel=web)
        act = movement(show, "commit_lock", claim=sale)
        Place.objects.filter(pk=seat(show, "A-1").pk).update(status="sold", claim=sale, movement=act)

    assert rule_of(act) == "place_transition_is_legal"


def test_a_sold_place_is_not_sold_again(show: Show, web: Channel) -> None:
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=MANAGER)
    commit_lock(claim_id=lock.claim_id, by=MANAGER)

    def act() -> None:
        sale = claim(show, "sale", channel=web)
        act = movement(show, "commit_lock", claim=sale)
        Place.objects.filter(pk=lock.place_ids[0]).update(status="sold", claim=sale, movement=act)

    assert rule_of(act) == "place_transition_is_legal"


def test_the_database_knows_the_same_transitions_as_python(transactional_db: None) -> None:
    statuses = ["open", "locked", "held", "leased", "sold", "killed"]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT v, a, b FROM unnest(%s::text[]) v, unnest(%s::text[]) a, unnest(%s::text[]) b
               WHERE inventory_is_legal(v, a, b)""",
            [[*LEGAL, "load_manifest", "extend_lock", "nonsense"], statuses, statuses],
        )
        legal = set(cursor.fetchall())

    assert legal == {(str(verb), str(was), str(is_)) for verb, pairs in LEGAL.items() for was, is_ in pairs}


def test_a_status_matches_its_claims_kind(show: Show) -> None:
    def act() -> None:
        kill = claim(show, "kill")
        Place.objects.filter(pk=seat(show, "A-1").pk).update(
            status="held", claim=kill, movement=movement(show, claim=kill)
        )

    assert rule_of(act) == "place_claim_is_of_its_show_and_matches_its_status"


def test_another_shows_claim_does_not_fit(show: Show) -> None:
    foreign = claim(make_show(rows("B", 1), slug="othello"))

    def act() -> None:
        Place.objects.filter(pk=seat(show, "A-1").pk).update(
            status="held", claim=foreign, movement=movement(show, claim=foreign)
        )

    assert rule_of(act) == "place_claim_is_of_its_show_and_matches_its_status"


def test_another_shows_movement_does_not_fit(show: Show) -> None:
    other = make_show(rows("B", 1), slug="othello")

    def act() -> None:
        hold = claim(show)
        Place.objects.filter(pk=seat(show, "A-1").pk).update(
            status="held", claim=hold, movement=movement(other, claim=hold)
        )

    assert rule_of(act) == "place_movement_is_of_its_show"


def test_a_movement_does_not_give_back_under_another_shows_claim(show: Show) -> None:
    foreign = claim(make_show(rows("B", 1), slug="othello"))
    hold = place_hold(show_id=show.pk, wanted=Seats([seat(show, "A-1").pk]), purpose="press", party="Daily", by=MANAGER)

    def act() -> None:
        Place.objects.filter(claim_id=hold.pk).update(
            status="open", claim=None, movement=movement(show, "release_hold", claim=foreign)
        )

    assert rule_of(act) == "movement_claim_is_of_its_show"


def test_an_upsert_is_an_update_like_any_other(show: Show) -> None:
    def act() -> None:
        run(
            """INSERT INTO inventory_place (show_id, section_id, tier_id, allocation_id, movement_id, "row", number,
                   run, position, rank, is_accessible, is_companion, is_restricted_view, status)
               SELECT show_id, section_id, tier_id, allocation_id, movement_id, "row", number, 1, 1, 1, false, false,
                      false, 'open' FROM inventory_place WHERE id = %s
               ON CONFLICT (show_id, section_id, "row", number) DO UPDATE SET status = 'held', claim_id = %s""",
            seat(show, "A-1").pk,
            claim(show).pk,
        )

    assert rule_of(act) == "place_change_names_a_movement"


def test_a_merge_is_an_update_like_any_other(show: Show) -> None:
    def act() -> None:
        run(
            """MERGE INTO inventory_place p USING (SELECT %s::bigint AS id, %s::bigint AS claim) n ON p.id = n.id
               WHEN MATCHED THEN UPDATE SET status = 'held', claim_id = n.claim""",
            seat(show, "A-1").pk,
            claim(show).pk,
        )

    assert rule_of(act) == "place_change_names_a_movement"


def test_another_shows_allocation_does_not_fit(show: Show) -> None:
    foreign = Allocation.objects.get(show=make_show(rows("B", 1), slug="othello"))

    def act() -> None:
        Place.objects.filter(pk=seat(show, "A-1").pk).update(
            allocation=foreign, movement=movement(show, "allocate_places")
        )

    assert rule_of(act) == "place_allocation_is_of_its_show"


def test_an_open_place_has_no_claim_and_every_other_has_one(show: Show) -> None:
    def without() -> None:
        Place.objects.filter(pk=seat(show, "A-1").pk).update(status="held", movement=movement(show))

    def with_one() -> None:
        hold = claim(show)
        Place.objects.filter(pk=seat(show, "A-1").pk).update(claim=hold, movement=movement(show, claim=hold))

    assert (rule_of(without), rule_of(with_one)) == (
        "place_open_exactly_without_claim", "place_open_exactly_without_claim",
    )  # fmt: skip


def test_a_place_goes_to_the_claim_its_movement_names(show: Show) -> None:
    def act() -> None:
        Place.objects.filter(pk=seat(show, "A-1").pk).update(
            status="held", claim=claim(show), movement=movement(show, claim=claim(show))
        )

    assert rule_of(act) == "place_claim_is_the_movements"


def test_a_place_does_not_go_to_a_claim_that_has_ended(show: Show) -> None:
    def act() -> None:
        ended = claim(show, ended_at=timezone.now())
        Place.objects.filter(pk=seat(show, "A-1").pk).update(
            status="held", claim=ended, movement=movement(show, claim=ended)
        )

    assert rule_of(act) == "place_claim_is_the_movements"


def test_a_sale_names_the_lock_it_came_from(show: Show, web: Channel) -> None:
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=MANAGER)

    def act() -> None:
        sale = claim(show, "sale", channel=web)
        act = movement(show, "commit_lock", claim=sale)
        Place.objects.filter(pk=lock.place_ids[0]).update(status="sold", claim=sale, movement=act)

    assert rule_of(act) == "sale_names_its_origin"


def test_places_do_not_move_on_an_old_snapshot(show: Show) -> None:
    hold = claim(show)
    with program() as connected:
        connected.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            connected.execute(
                "UPDATE inventory_place SET status = 'held', claim_id = %s WHERE show_id = %s", [hold.pk, show.pk]
            )

    assert refused.value.diag.constraint_name == "places_move_at_read_committed"


def test_changing_what_is_not_state_needs_no_movement(show: Show) -> None:
    Place.objects.filter(show=show).update(rank=7)

    assert statuses(show) == {"open": 6}
    assert Entry.objects.filter(movement__verb="load_manifest").count() == Entry.objects.count() == 6
