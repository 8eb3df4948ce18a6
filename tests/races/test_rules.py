"""A change of rules against sales: what is decided and what is locked never slip past each other."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from inventory.acts import Admissions, By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Entry, Movement
from inventory.queries.verify import verify
from inventory.services.allocations import allocate_places
from inventory.services.locking import lock_places
from inventory.services.refusals import Busy, NotEnoughPlaces
from tests.houses import MANAGER, make_show, standing
from tests.races.together import naive_stock, refused, run, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_after_a_slice_is_cut_no_other_channel_sells_a_place_of_it(web: Channel, counter: Channel) -> None:
    show = make_show(standing(200))
    tier = show.tiers.get().pk
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    AllocationChannel.objects.create(allocation=slice_, channel=counter)
    everything = Seats(list(show.places.values_list("pk", flat=True)))

    def act(number: int) -> int:
        if number == 0:
            threading.Event().wait(0.05)
            return len(allocate_places(allocation_id=slice_.pk, wanted=everything, by=MANAGER))
        sold = 0
        while sold < 100:
            try:
                lock_places(
                    show_id=show.pk, channel_id=web.pk, wanted=Admissions(tier, 1), by=By(actor=f"session:{number}")
                )
                sold += 1
            except Busy:
                continue
            except NotEnoughPlaces:
                break
        return sold

    relabelled, *sold = together(6, act)

    assert refused([relabelled, *sold]) == []
    assert relabelled == 200
    assert sum(count for count in sold if isinstance(count, int)) < 200
    # Every entry of a web lock shows the pool's label: none was written after the slice was cut.
    cut = Movement.objects.get(verb="allocate_places")
    web_locks = Entry.objects.filter(movement__verb="lock_places", movement__channel=web)
    assert set(web_locks.values_list("to_allocation", flat=True)) <= {show.allocations.get(is_pool=True).pk}
    assert not web_locks.filter(pk__gt=min(cut.entries.values_list("pk", flat=True))).exists()
    assert verify(show).is_sound


def test_control_a_rule_read_before_the_sale_is_broken_by_it(transactional_db: None) -> None:
    rule_read, rule_changed = threading.Event(), threading.Event()

    def act(number: int) -> bool:
        if number:
            rule_read.wait()
            run("UPDATE naive_place SET rule = 'counter'")
            rule_changed.set()
            return True
        with transaction.atomic():
            mine_to_sell = run("SELECT rule FROM naive_place WHERE id = 1") == [("pool",)]
            rule_read.set()
            rule_changed.wait()
            if mine_to_sell:
                run("UPDATE naive_place SET owner = 'web' WHERE id = 1")
        return mine_to_sell

    with naive_stock(1):
        assert together(2, act) == [True, True]
        assert run("SELECT owner, rule FROM naive_place") == [("web", "counter")]
