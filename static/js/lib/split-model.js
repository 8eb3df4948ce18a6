// A sale played on a copy in memory, by the ledger's rules: a channel sells from its own slice, then from the pool; a slice
// gives back by its ladder, the worst places first. What happens is written down as acts, like the real ledger's.
import { KEPT, openTo, soldBy, EVERYBODY } from "./split-looks.js";
import { Shelf } from "./split-shelf.js";

export const BEGIN = 0, SOLD = 1, AWAY = 2, AWAY_THOUGH = 3, GIVES = 4, OPENS = 5;
const POOL = 0;

/**
 * Play the parties of `arrivals` (in `parties`) on a house.
 *
 * `house` is as Shelf wants it, with `look`, how each place looks before, and `isIn`, a 1 for what is for sale in the model.
 * `slices`: `{channel, places, steps: [{at, percent}]}`. `first`: `{channel, until}`, who alone sells the pool until then.
 * Answers acts as columns (`at`, `kind`, `channel`, `size`, `stood`, `standsAt`, and `from`: the first of its entries), the
 * entries (`place`, `to`), and of each channel in places: asked, sold, away, and though, those of `away` who were sent off
 * while as many stood open elsewhere.
 */
export function played({ house, channels, slices, first, parties, saleFor }) {
  const sale = new Sale(house, channels, slices, first);
  const changes = changesOf(slices, first, saleFor);
  let next = 0;
  const upTo = (at) => {
    while (next < changes.length && changes[next].at <= at) sale.change(changes[next++]);
  };
  for (let nth = 0; nth < parties.count; nth++) {
    upTo(parties.at[nth]);
    sale.serve(parties.at[nth], parties.channel[nth], parties.size[nth]);
  }
  upTo(saleFor);
  return sale.told();
}

/** What will change by itself, in order: openings and steps of ladders. */
export function changesOf(slices, first, saleFor) {
  const steps = slices.flatMap(({ channel, steps }, nth) =>
    steps.map(({ at, percent }) => ({ at: Math.max(0, at), kind: GIVES, slice: nth + 1, channel, percent })));
  const opens = first && first.until > 0 ? [{ at: Math.min(first.until, saleFor), kind: OPENS, channel: first.channel }] : [];
  return [...opens, ...steps].sort((one, other) => one.at - other.at);
}

class Sale {
  constructor(house, channels, slices, first) {
    const label = Int8Array.from(house.isIn, (isIn) => (isIn ? POOL : -1));
    slices.forEach(({ places }, nth) => places.forEach((place) => (label[place] = nth + 1)));
    this.shelf = new Shelf(house, label, slices.length + 1);
    this.own = channels.map((_, channel) => slices.findIndex((slice) => slice.channel === channel) + 1);
    this.poolFor = first && first.until > 0 ? first.channel : EVERYBODY;
    this.slices = slices;
    this.acts = { at: [], kind: [], channel: [], size: [], stood: [], standsAt: [], from: [] };
    this.entries = { place: [], to: [] };
    this.sums = channels.map(() => ({ parties: 0, asked: 0, sold: 0, away: 0, though: 0 }));
    this.worst = null;
    this.capacity = this.shelf.count([...this.shelf.left.keys()]);
    this.begin(house, label);
  }

  begin({ look, isIn, isKept }, label) {
    this.act(0, BEGIN, EVERYBODY, this.capacity);
    look.forEach((before, place) => this.enter(place, !isIn[place] ? (isKept?.[place] ? KEPT : before) : openTo(this.ownerOf(label[place]))));
  }

  ownerOf(label) {
    return label === POOL ? this.poolFor : this.slices[label - 1].channel;
  }

  labelsFor(channel) {
    const own = this.own[channel] ? [this.own[channel]] : [];
    return this.poolFor === EVERYBODY || this.poolFor === channel ? [...own, POOL] : own;
  }

  serve(at, channel, size) {
    const labels = this.labelsFor(channel), sums = this.sums[channel];
    sums.parties++;
    sums.asked += size;
    const places = labels.length ? this.shelf.take(size, labels) : null;
    if (!places) return this.send(at, channel, size, labels);
    sums.sold += size;
    this.act(at, SOLD, channel, size);
    for (const place of places) this.enter(place, soldBy(channel));
  }

  /** Turned away. What stands open elsewhere is what this channel may not sell now. */
  send(at, channel, size, labels) {
    const others = [...this.shelf.left.keys()].filter((label) => !labels.includes(label));
    const stood = this.shelf.count(others), isThough = stood >= size;
    const most = others.reduce((best, label) => (this.shelf.left[label] > (this.shelf.left[best] ?? 0) ? label : best), -1);
    const standsAt = most < 0 ? EVERYBODY : this.ownerOf(most);
    this.sums[channel].away += size;
    if (isThough) this.sums[channel].though += size;
    if (isThough && stood > (this.worst?.stood ?? 0)) this.worst = { at, channel, size, stood, standsAt };
    this.act(at, isThough ? AWAY_THOUGH : AWAY, channel, size, stood, standsAt);
  }

  change({ at, kind, slice, channel, percent }) {
    if (kind === OPENS) {
      this.poolFor = EVERYBODY;
      this.act(at, OPENS, channel, this.shelf.left[POOL]);
      for (const place of this.shelf.byRank) if (this.shelf.label[place] === POOL) this.enter(place, openTo(EVERYBODY));
      return;
    }
    const given = this.shelf.give(slice, POOL, percent);
    this.act(at, GIVES, channel, given.length);
    for (const place of given) this.enter(place, openTo(this.poolFor));
  }

  act(at, kind, channel, size, stood = 0, standsAt = EVERYBODY) {
    const { acts } = this;
    acts.from.push(this.entries.place.length);
    [["at", at], ["kind", kind], ["channel", channel], ["size", size], ["stood", stood], ["standsAt", standsAt]]
      .forEach(([name, value]) => acts[name].push(value));
  }

  enter(place, to) {
    this.entries.place.push(place);
    this.entries.to.push(to);
  }

  told() {
    const { acts, entries } = this;
    return {
      acts: {
        count: acts.at.length,
        at: Float64Array.from(acts.at),
        kind: Uint8Array.from(acts.kind),
        channel: Int8Array.from(acts.channel),
        size: Int32Array.from(acts.size),
        stood: Int32Array.from(acts.stood),
        standsAt: Int8Array.from(acts.standsAt),
        from: Int32Array.from([...acts.from, entries.place.length]),
      },
      entries: { place: Int32Array.from(entries.place), to: Uint8Array.from(entries.to) },
      sums: this.sums,
      capacity: this.capacity,
      unsold: this.capacity - this.sums.reduce((sum, { sold }) => sum + sold, 0),
      worst: this.worst,
    };
  }
}
