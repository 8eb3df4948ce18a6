"""Building a show in the admin: its house from a file or from another show, and a copy of a whole show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.models import Movement, Place, Show
from tests.houses import make_show, rows, two_tiers
from tests.inventory.admin import pages
from tests.ticketing.books import make_priced_show

CSV = b"section,row,seat,tier\nStalls,A,1,Gold\nStalls,A,2,Gold\nBalcony,B,1,Silver\n"

WHY = {"note": "As the organiser asks."}


def house(show: Show) -> str:
    return reverse("admin:inventory_show_house", args=[show.pk])


def file(raw: bytes = CSV, name: str = "house.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw)


def test_a_file_is_looked_at_first_and_loads_nothing(manager: Client) -> None:
    show = make_show(slug="empty")

    answer = manager.post(house(show), {"file": file(), "only_look": "on"})

    assert "3 places in 2 sections and 2 tiers; 0 wheelchair places." in pages.words(answer)
    assert "Stalls (numbered), Gold: 2 places" in pages.words(answer)
    assert "Nothing is loaded yet." in pages.words(answer)
    assert Place.objects.count() == 0


def test_what_was_looked_at_is_loaded_without_giving_the_file_again(manager: Client) -> None:
    show = make_show(slug="empty")
    looked = manager.post(house(show), {"file": file(), "only_look": "on"})
    word = looked.context["form"]["looked_at"].value()

    answer = manager.post(house(show), {"looked_at": word} | WHY, follow=True)

    assert "house.csv is kept for half an hour." in pages.words(looked)
    assert "has its house: 3 places" in pages.words(answer)
    assert show.places.count() == 3


def test_another_file_given_after_the_look_is_the_one_that_counts(manager: Client) -> None:
    show = make_show(slug="empty")
    looked = manager.post(house(show), {"file": file(), "only_look": "on"})
    word = looked.context["form"]["looked_at"].value()

    manager.post(house(show), {"looked_at": word, "file": file(b"section,row,seat,tier\nStalls,A,1,Gold\n")} | WHY)

    assert show.places.count() == 1


def test_a_look_is_ones_own_and_ends(manager: Client, may: Callable[..., Client]) -> None:
    show = make_show(slug="empty")
    looked = manager.post(house(show), {"file": file(), "only_look": "on"})
    word = looked.context["form"]["looked_at"].value()
    colleague = may("inventory.change_show")

    answers = [
        colleague.post(house(show), {"looked_at": word} | WHY),
        colleague.post(house(show), {"looked_at": "nonsense"} | WHY),
    ]

    assert ["too long ago" in pages.words(answer) for answer in answers] == [True, True]
    assert Place.objects.count() == 0


def test_then_it_is_loaded_and_the_stock_is_there(manager: Client) -> None:
    show = make_show(slug="empty")

    answer = manager.post(house(show), {"file": file()} | WHY, follow=True)

    assert "has its house: 3 places" in pages.words(answer)
    assert answer.redirect_chain[-1][0] == pages.of(show)  # where what is next to do is listed
    assert show.places.filter(status="open").count() == 3


def test_every_fault_of_a_file_is_named_by_its_line_and_nothing_is_loaded(manager: Client) -> None:
    show = make_show(slug="empty")

    answer = manager.post(
        house(show), {"file": file(b"section,row,seat,tier\nStalls,A,1,Gold\nStalls,A,1,Gold\n")} | WHY
    )

    assert "nothing was loaded" in pages.words(answer)
    assert "line 3" in pages.words(answer)
    assert Place.objects.count() == 0


@pytest.mark.parametrize("sent", [{}, {"file": "a file", "like": "a show"}])
def test_neither_and_both_are_refused(manager: Client, sent: dict[str, str]) -> None:
    show = make_show(slug="empty")
    other = make_show(rows("A", 2), slug="other")
    given = {"file": file(), "like": other.pk}

    answer = manager.post(house(show), {name: given[name] for name in sent} | WHY)

    assert "Give a file, or choose a show: one of the two." in pages.words(answer)
    assert show.places.count() == 0


def test_whoever_loads_a_house_says_why(manager: Client) -> None:
    show = make_show(slug="empty")

    asked = manager.post(house(show), {"file": file()})

    assert "Nothing is loaded yet. Say why it is loaded, and load it." in pages.words(asked)
    assert asked.context["form"].fields["note"].required
    assert not show.places.exists()
    manager.post(house(show), {"looked_at": asked.context["form"]["looked_at"].value()} | WHY)
    assert Movement.objects.get(show=show).note.text == WHY["note"]


def test_the_house_of_another_show_of_the_venue_is_taken(manager: Client) -> None:
    show = make_show(slug="empty")
    other = make_show(rows("A", 2), slug="other")

    manager.post(house(show), {"like": other.pk} | WHY)

    labels = [str(place) for place in show.places.order_by("rank")]
    assert labels == [str(place) for place in other.places.order_by("rank")] == ["A-1", "A-2"]


def test_a_show_that_has_a_house_gets_no_other(manager: Client) -> None:
    show = make_priced_show()

    answer = manager.post(house(show), {"file": file()} | WHY, follow=True)

    assert "has its house already" in pages.words(answer)
    assert show.places.count() == Place.objects.count()


def test_a_show_is_copied_for_the_next_evening(manager: Client) -> None:
    show = make_priced_show()
    address = pages.of(show, "copy")
    form = manager.get(address).context["form"]
    sent = {name: form[name].value() for name in ("title", "slug")} | WHY

    answer = manager.post(address, sent | {"starts_at": f"{show.starts_at + timedelta(days=1):%Y-%m-%dT%H:%M}"})

    copy = Show.objects.exclude(pk=show.pk).get()
    assert answer["Location"] == pages.of(copy)
    assert (copy.state, copy.places.count()) == ("draft", show.places.count())
    assert Movement.objects.get(show=copy).note.text == WHY["note"]
    assert f"Copied from {show}: {WHY['note']}" in pages.words(manager.get(pages.of(copy, "history")))
    assert f"{timezone.localtime(copy.starts_at):%d %H:%M}" == f"{show.starts_at + timedelta(days=1):%d %H:%M}"


def test_an_address_that_is_taken_is_said_beside_the_field(manager: Client) -> None:
    show = make_priced_show()

    answer = manager.post(
        pages.of(show, "copy"), {"title": "x", "slug": "hamlet", "starts_at": "2036-01-01T19:00"} | WHY
    )

    assert "Another show has this address already." in pages.words(answer)
    assert answer.context["form"].errors["slug"]
    assert Show.objects.count() == 1


def test_building_is_for_whoever_may(may: Callable[..., Client]) -> None:
    show = make_show(slug="empty")
    clerk = may("inventory.view_show")

    assert clerk.get(house(show)).status_code == clerk.post(house(show), {"file": file()} | WHY).status_code == 403
    assert clerk.get(pages.of(show, "copy")).status_code == 403
    assert f'href="{house(show)}"' not in clerk.get(pages.of(show)).content.decode()
    assert (Place.objects.count(), Show.objects.count()) == (0, 1)


# The steps before it is sold, and all prices at once ------------------------------------------------------------------


def test_a_draft_says_what_is_to_be_done_and_leads_there(manager: Client) -> None:
    show = make_show(slug="empty", state=Show.State.DRAFT)
    page = manager.get(pages.of(show))

    said = pages.words(page)
    assert "To do: House From a file, or as another show here has it." in said
    assert "To do: Terms Who sells it" in said
    assert "To do: Prices After the house." in said
    assert house(show) in page.content.decode()
    assert f"{reverse('admin:ticketing_terms_add')}?show={show.pk}" in page.content.decode()


def test_what_is_done_is_ticked_off(manager: Client) -> None:
    show = make_priced_show(rows("A", 2), state=Show.State.DRAFT)

    said = pages.words(manager.get(pages.of(show)))

    assert "Done: House 1 section, 1 tier." in said
    assert "Done: Terms Sold by Curtain Call Productions" in said
    assert "Done: Prices Every tier has one." in said
    assert "Done: On-sale times Every channel as soon as it is on sale." in said
    assert "To do: On sale When all of that is done." in said


def test_a_show_on_sale_has_no_such_list(manager: Client) -> None:
    assert "before it is sold" not in pages.words(manager.get(pages.of(make_priced_show()))).lower()


def prices(show: Show) -> str:
    return reverse("admin:inventory_show_prices", args=[show.pk])


def test_all_prices_are_set_in_one_form(manager: Client) -> None:
    show = make_priced_show(two_tiers(2, 2))
    gold, silver = show.tiers.order_by("ordinal", "pk")
    page = manager.get(prices(show))
    assert 'value="1180"' in page.content.decode() or 'value="1180.00"' in page.content.decode()

    at = timezone.localtime(timezone.now() + timedelta(days=1))
    sent = {f"tier_{gold.pk}": "2,360", f"tier_{silver.pk}": "1180", "from_at": f"{at:%Y-%m-%dT%H:%M}"} | WHY
    answer = manager.post(prices(show), sent, follow=True)

    assert "Gold ₹2,360.00 from" in pages.words(answer)
    assert WHY["note"] in pages.words(manager.get(pages.of(show, "history")))
    assert [price.paise for price in gold.prices.order_by("from_at")] == [118_000, 236_000]
    assert silver.prices.count() == 1


def test_one_price_that_is_refused_sets_none_and_is_named(manager: Client) -> None:
    show = make_priced_show(two_tiers(2, 2))
    gold, silver = show.tiers.order_by("ordinal", "pk")

    answer = manager.post(prices(show), {f"tier_{gold.pk}": "2360", f"tier_{silver.pk}": "0.50", "from_at": ""} | WHY)

    assert answer.context["form"].errors == {f"tier_{silver.pk}": ["A price is one rupee at least."]}
    assert (gold.prices.count(), silver.prices.count()) == (1, 1)


def test_without_terms_nothing_is_priced_and_the_page_says_so(manager: Client) -> None:
    show = make_show(rows("A", 2), slug="bare")
    tier = show.tiers.get()

    page = manager.get(prices(show))
    answer = manager.post(prices(show), {f"tier_{tier.pk}": "500", "from_at": ""} | WHY)

    assert "Before that the show needs its terms" in pages.words(page)
    assert "Say who sells this show and how it is taxed before you price it." in pages.words(answer)
    assert not tier.prices.exists()


def test_a_show_without_tiers_leads_back_to_what_comes_first(manager: Client) -> None:
    show = make_show(slug="empty")

    answer = manager.get(prices(show), follow=True)

    assert "no tiers to price yet: load its house first." in pages.words(answer)


def test_the_latest_look_alone_is_kept(manager: Client) -> None:
    show = make_show(slug="empty")
    words = [
        manager.post(house(show), {"file": file(), "only_look": "on"}).context["form"]["looked_at"].value()
        for _ in range(2)
    ]

    assert "too long ago" in pages.words(manager.post(house(show), {"looked_at": words[0]} | WHY))
    manager.post(house(show), {"looked_at": words[1]} | WHY)
    assert show.places.count() == 3


def test_a_slip_among_all_prices_is_asked_about_once_more(manager: Client) -> None:
    show = make_priced_show(two_tiers(2, 2))
    gold, silver = show.tiers.order_by("ordinal", "pk")
    sent = {f"tier_{gold.pk}": "11800", f"tier_{silver.pk}": "1200", "from_at": ""} | WHY

    asked = pages.words(manager.post(prices(show), sent))

    assert "Gold costs ₹1,180.00 now, and you say ₹11,800.00. Is that meant?" in asked
    assert "Silver costs" not in asked
    assert (gold.prices.count(), silver.prices.count()) == (1, 1)
    manager.post(prices(show), sent | {"sure": "on"})
    assert gold.prices.latest("from_at").paise == 1_180_000
