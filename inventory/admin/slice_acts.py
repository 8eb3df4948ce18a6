"""Ways back from a slice: places given to the pool again, the last slicing undone. Seen first, then done just so."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from inventory.acts import By, Seats
from inventory.admin import filters, outlooks, seat_names, words
from inventory.admin.form_page import demand, page
from inventory.admin.hold_giving import count_places
from inventory.admin.links import slices_page_of
from inventory.admin.slice_forms import SliceWhyForm
from inventory.admin.slicing import PERMISSION, show_or_404, slice_asked
from inventory.admin.stock import Stock
from inventory.models import Allocation, Movement, Show
from inventory.models.ledger import Verb
from inventory.queries.picking import Order
from inventory.queries.slicing import count_moved
from inventory.queries.stock import by_label, geometry
from inventory.services.slices import Pick
from inventory.services.slicing import give_slice_back, undo_slicing
from inventory.services.trials import Change

if TYPE_CHECKING:
    from django.forms import NumberInput, RadioSelect, Select, Textarea
else:
    from unfold.widgets import UnfoldAdminIntegerFieldWidget as NumberInput
    from unfold.widgets import UnfoldAdminRadioSelectWidget as RadioSelect
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea

ALL, NUMBER, NAMES = "all", "number", "names"


class BackForm(forms.Form):
    """Which places of a slice go back to the pool."""

    how = forms.ChoiceField(
        label="Give back",
        choices=[(ALL, "All of it"), (NUMBER, "So many open ones"), (NAMES, "By their names")],
        initial=ALL,
        widget=RadioSelect,
    )
    quantity = forms.IntegerField(
        label="How many", required=False, min_value=1, widget=NumberInput(attrs={"inputmode": "numeric"})
    )
    order = forms.ChoiceField(label="Which of them", choices=Order, initial=Order.WORST, required=False, widget=Select)
    names = forms.CharField(
        label="Seats",
        required=False,
        max_length=4000,
        widget=Textarea(attrs={"rows": 2, "placeholder": "Stalls A 1-12, B 3"}),
        help_text="Section, row, numbers; commas between.",
    )

    def __init__(self, slice_: Allocation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slice, self.named = slice_, list[int]()
        if not slice_.show.sections.filter(is_ga=False).exists():
            self.fields["how"].choices = self.fields["how"].choices[:2]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        how = cleaned.get("how")
        if how == NUMBER and not cleaned.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", "Say how many places to give back.")
        if how == NAMES and not cleaned.get("names") and "names" not in self.errors:
            self.add_error("names", "Name at least one seat, such as: Stalls A 1-12, B 3.")
        elif how == NAMES and "names" in cleaned:
            house = geometry(self.slice.show_id)
            assert house is not None
            try:
                self.named = seat_names.read(cleaned["names"], house)
            except seat_names.NotRead as error:
                self.add_error("names", str(error))
        return cleaned

    def wanted(self, seen_ids: list[int]) -> Seats | Pick | None:
        """As `give_slice_back` takes it."""
        given = self.cleaned_data
        if given["how"] == NUMBER:
            order = Order(given["order"] or Order.WORST)
            return Seats(seen_ids) if seen_ids else Pick(quantity=given["quantity"], order=order)
        return Seats(self.named) if given["how"] == NAMES else None


def back_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Give places of a slice back to the pool."""
    demand(request, PERMISSION)
    show = show_or_404(pk)
    slice_ = slice_asked(show, request)
    if slice_ is None:
        raise Http404
    left = Stock(by_label(show.pk).get(slice_.pk, {}))
    form = BackForm(slice_, request.POST if request.method == "POST" else None)

    def change_of(by: By, place_ids: list[int]) -> Change:
        def change(at: datetime) -> None:
            give_slice_back(allocation_id=slice_.pk, by=by, places=form.wanted(place_ids), now=at)

        return change

    return _act(
        model_admin,
        request,
        show,
        form=form,
        change_of=change_of,
        title=f"Give places back to the pool: {slice_}",
        told=[
            f"{slice_} has {left.in_words} now.",
            "What goes back is everybody's, from when the pool is on sale. What is locked or sold stays so, and is the "
            "pool's if it comes back.",
        ],
        verb="Give just these back",
        would="would go back to the pool",
        done="back in the pool now",
    )


def undo_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Put the places of one slicing back under the labels they had."""
    demand(request, PERMISSION)
    show = show_or_404(pk)
    cut = last_slicing(show)
    size = count_moved(cut.pk) if cut else 0
    if cut is None or not size or cut.pk != filters.whole(request.GET.get("movement", "")):
        messages.warning(request, "There is nothing to undo, or something else was sliced since: see below.")
        return HttpResponseRedirect(slices_page_of(show.pk))

    def change_of(by: By, place_ids: list[int]) -> Change:
        def change(at: datetime) -> None:
            undo_slicing(movement_id=cut.pk, by=by, now=at)

        return change

    return _act(
        model_admin,
        request,
        show,
        form=None,
        change_of=change_of,
        title="Undo the last slicing",
        told=[
            slicing_in_words(cut, size),
            "Its places go back where they were. What has moved on since, by a ladder or by hand, stays where it is. "
            "Channels, times and ladders stay as they are.",
        ],
        verb="Undo just this",
        would="would go back where it was" if size == 1 else "would go back where they were",
        done="back where they were",
        reason="mistake",
    )


def last_slicing(show: Show) -> Movement | None:
    """The last movement that gave places of this show another label by hand. Its act may have others beside it."""
    acts = Movement.objects.filter(show=show, verb=Verb.ALLOCATE_PLACES, quantity__gt=0)
    return acts.select_related("note").annotate(who=words.who("actor")).order_by("-pk").first()


def slicing_in_words(act: Movement, size: int) -> str:
    """`40 places, by asha, 12:03, demand: As agreed.` `size`: what all of the act moved, as `count_moved` says."""
    who = getattr(act, "who", None) or act.actor
    because = words.reason_in_line(act)
    return f"{count_places(size)}, by {who}, {words.clock(act.at)}{f', {because}' if because else ''}."


def _act(
    model_admin: Any,
    request: HttpRequest,
    show: Show,
    *,
    form: BackForm | None,
    change_of: Any,
    title: str,
    told: list[str],
    verb: str,
    would: str,
    done: str,
    reason: str = "",
) -> HttpResponse:
    """The page of one of these acts: seen, then done, and back to the slices."""
    is_post = request.method == "POST"
    is_save = is_post and "save" in request.POST
    why = SliceWhyForm(request.POST) if is_save else SliceWhyForm(initial={"reason": reason} | request.POST.dict())
    asked = outlooks.Asked()
    says_why = why.is_bound and why.is_valid()
    if is_post and (form is None or form.is_valid()):
        is_by_number = form is not None and form.cleaned_data["how"] == NUMBER
        by = why.by(request) if says_why else By(f"user:{request.user.pk}")
        asked = outlooks.look_or_do(
            request, show, lambda ids: change_of(by, ids), would, may_do=says_why, keeps_ids=is_by_number
        )
    elif is_post:
        asked.alert = "Nothing was changed. See what is marked below."
    if asked.done is not None:
        messages.success(request, f"{count_places(len(asked.done))} {'is' if len(asked.done) == 1 else 'are'} {done}.")
        return HttpResponseRedirect(slices_page_of(show.pk))
    return page(
        model_admin,
        request,
        "inventory/admin/slice_act.html",
        title=f"{title}: {show.title}",
        show=show,
        told=told,
        form=form,
        why=why,
        seen=asked.seen,
        alert=asked.alert,
        verb=verb,
        back=slices_page_of(show.pk),
    )
