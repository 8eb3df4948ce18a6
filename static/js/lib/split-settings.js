// What the controls of the split say, as the model takes it.
import { arrivals } from "./split-arrivals.js";
import { changesOf, played } from "./split-model.js";
import { cut, share } from "./split-slices.js";
import { modelled } from "./split-told.js";

const DAY = 86400, HOUR = 3600;

/** The numbers of a form by the names of its fields; what is empty or no number is 0. */
export function numbersOf(form) {
  return (name) => Number(form.elements[name]?.value) || 0;
}

/**
 * The model that the settings describe, played with its split and, beside it, as one open pool. `of(name)` is a setting's
 * number, `order` how slices are cut; `isNow` begins with what is open at `told.at` and ends, as every sale, with the show.
 * `known` is an object to keep what does not depend on the split: with the same one, a slider moved costs half.
 */
export function playedBy({ of, order, isNow, channels, told, count, known = {} }) {
  const saleFor = Math.max(HOUR, isNow ? told.starts_at - told.at : of("sale_for_d") * DAY);
  const crowd = [of("seed"), isNow, saleFor, ...channels.map(({ id }) => of(`demand_${id}`))].join();
  if (known.crowd !== crowd) Object.assign(known, { crowd }, withoutSplit({ of, isNow, saleFor, channels, told, count }));
  const { house, parties, open } = known;
  const slices = slicesOf({ of, order, house, channels, capacity: open.capacity, saleFor });
  const web = channels.findIndex(({ kind, is_active: isActive }) => kind === "web" && isActive);
  const first = web >= 0 && of("first_h") ? { channel: web, until: of("first_h") * HOUR } : null;
  return {
    saleFor,
    begins: told.starts_at - saleFor,
    changes: changesOf(slices, first, saleFor),
    split: played({ house, channels, parties, saleFor, slices, first }),
    open,
  };
}

function withoutSplit({ of, isNow, saleFor, channels, told, count }) {
  const house = modelled(told, count, isNow);
  const parties = arrivals({
    seed: of("seed"),
    channels: channels.map((channel) => ({ ...channel, demand: of(`demand_${channel.id}`) })),
    capacity: house.isIn.reduce((sum, isIn) => sum + isIn, 0),
    saleFor,
    startsIntoDay: intoDay(told.starts_at, told.zone),
  });
  return { house, parties, open: played({ house, channels, parties, saleFor, slices: [], first: null }) };
}

function slicesOf({ of, order, house, channels, capacity, saleFor }) {
  const isOffered = Uint8Array.from(house.isIn);
  const slices = [];
  channels.forEach(({ id, kind }, channel) => {
    const quantity = kind === "web" ? 0 : share(of(`share_${id}`), capacity);
    if (!quantity) return;
    const places = cut(house, isOffered, quantity, order);
    places.forEach((place) => (isOffered[place] = 0));
    slices.push({ channel, places, steps: ladder(kind, of, saleFor) });
  });
  return slices;
}

/** Steps that would lie before the sale begins are left out, as they are when the split is applied. */
function ladder(kind, of, saleFor) {
  const steps = kind === "partner" ? [[of("partner_h"), 100]] : [[of("gives_h"), of("gives_percent")], [of("rest_h"), 100]];
  return steps.filter(([hours, percent]) => hours && percent)
    .map(([hours, percent]) => ({ at: saleFor - hours * HOUR, percent }))
    .filter(({ at }) => at > 0)
    .sort((one, other) => one.at - other.at);
}

/** How many seconds into its day a moment lies, where the house is. */
function intoDay(seconds, zone) {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const [hours, minutes] = clock.format(new Date(seconds * 1000)).split(":").map(Number);
  return hours * HOUR + minutes * 60;
}
