"""What there is to do before a show is sold, in the order in which one does it, with the way to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from core.words import counted
from inventory.admin.of_a_show import has_house
from inventory.admin.words import clock
from inventory.models import AllocationChannel, Show
from inventory.queries.moves import database_now
from ticketing.models import Terms
from ticketing.queries.quotes import prices_at


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what, whether it is done, what is so now, and where it is done ('' for who may not)."""

    name: str
    is_done: bool
    says: str
    url: str


def steps_of(show: Show, has_perm: Callable[[str], bool]) -> SafeString:
    """The list, for a draft; '' for a show that is sold, or was."""
    if show.state != Show.State.DRAFT:
        return SafeString("")
    return render_to_string("ticketing/admin/show_steps.html", {"steps": list(_steps(show, has_perm))})


def _steps(show: Show, has_perm: Callable[[str], bool]) -> Iterator[Step]:
    def way(permission: str, name: str) -> str:
        return reverse(f"admin:inventory_show_{name}", args=[show.pk]) if has_perm(permission) else ""

    if has_house(show):
        tiers, sections = show.tiers.count(), show.sections.count()
        says = f"{counted(sections, 'section')}, {counted(tiers, 'tier')}."
        yield Step("House", True, says, reverse("admin:inventory_show_stock", args=[show.pk]))
    else:
        yield Step(
            "House", False, "From a file, or as another show here has it.", way("inventory.change_show", "house")
        )
    yield _terms(show, has_perm)
    missing = [tier.name for tier in prices_at(show.pk, None, database_now()) if tier.price is None]
    is_priced = has_house(show) and not missing
    says = (
        "Every tier has one." if is_priced else f"None yet for {', '.join(missing)}." if missing else "After the house."
    )
    yield Step("Prices", is_priced, says, way("ticketing.set_price", "prices") if has_house(show) else "")
    yield _times(show, way("inventory.slice_pool", "on_sale") if has_house(show) else "")
    yield Step("On sale", False, "When all of that is done.", way("ticketing.publish_show", "publish"))


def _times(show: Show, url: str) -> Step:
    """From when each channel sells: done without anybody's doing, since no time is from the start."""
    opens = AllocationChannel.objects.filter(allocation__show=show, opens_at__isnull=False)
    timed = opens.select_related("allocation", "channel")
    said = [f"{one.channel} from {clock(one.opens_at)} ({one.allocation})" for one in timed]
    return Step("On-sale times", True, f"{'; '.join(said) or 'Every channel as soon as it is on sale'}.", url)


def _terms(show: Show, has_perm: Callable[[str], bool]) -> Step:
    terms = Terms.objects.select_related("seller", "category").filter(show=show).first()
    if terms is None:
        url = f"{reverse('admin:ticketing_terms_add')}?show={show.pk}" if has_perm("ticketing.add_terms") else ""
        return Step(
            "Terms", False, "Who sells it, how it is taxed, how long paying may take, how many one may buy.", url
        )
    most = f"at most {terms.tickets_per_contact} a buyer" if terms.tickets_per_contact else "no limit for a buyer"
    says = f"Sold by {terms.seller}, as {str(terms.category).lower()}; {terms.pay_for_s // 60} min to pay, {most}."
    return Step("Terms", True, says, reverse("admin:ticketing_terms_change", args=[show.pk]))
