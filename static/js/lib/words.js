// What the shop says in words, as ticketing/storefront/words.py does on the server.

export function counted(count, noun) {
  return `${count.toLocaleString("en-IN")} ${noun}${count === 1 ? "" : "s"}`;
}

export const STATES = {
  available: "Available",
  few_left: "Last few",
  in_baskets: "All in baskets",
  sold_out: "House full",
  not_on_sale: "Not on sale",
  paused: "Stopped for the moment",
};

const MOMENT = new Intl.DateTimeFormat("en-IN", {
  timeZone: "Asia/Kolkata", weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit",
});

/** What there is of a section or a tier: `214 left`, `House full`, `All in baskets: 4 may come back`. */
export function leftWords({ state, left, in_baskets: inBaskets, next_release: next }) {
  if (state === "available" || state === "few_left") return `${left.toLocaleString("en-IN")} left`;
  if (state === "in_baskets") return `${STATES[state]}: ${inBaskets.toLocaleString("en-IN")} may come back`;
  if (next && state !== "paused") return `${STATES[state]}, more from ${MOMENT.format(new Date(next))}`;
  return STATES[state] ?? state;
}

const TO_DO = {
  over_cap: "You have as many places in baskets as one buyer may. Finish or give back the others first.",
  busy: "Other buyers have these places in hand at this very moment. Try again in a few seconds.",
  not_together: "There are enough places, but not so many beside each other. Allow a split, or ask for fewer.",
  places_stranded: "This would leave a single seat alone beside yours. Move along by one seat.",
  frozen: "Selling is stopped here for the moment. It is not sold out: try again later.",
  show_not_on_sale: "This show is not on sale at the moment.",
  places_not_on_sale_here: "Some of these places are not on sale here now. Choose others.",
  places_kept_accessible: "Some of these are wheelchair or companion places. Say that you need them, or choose others.",
  quantity_invalid: "Choose at least one place.",
  throttled: "Too many requests came from you. Wait a minute.",
};

/** A refusal as a buyer should read it. `nameOf` gives a place's name by its id, '' where it is not known. */
export function whatToDo({ code, message, facts = {} }, nameOf = () => "") {
  if (code === "not_enough_places") {
    if (!facts.open) return "Nothing of this kind is left now. Choose another price, or look again: baskets come back.";
    return `Only ${counted(facts.open, "place")} of this kind ${facts.open === 1 ? "is" : "are"} left. Ask for fewer.`;
  }
  if (code === "places_taken") {
    const names = (facts.place_ids ?? []).map(nameOf).filter(Boolean);
    return `Somebody was quicker with ${names.length ? names.join(", ") : "some of these places"}. Choose others.`;
  }
  return TO_DO[code] ?? message;
}
