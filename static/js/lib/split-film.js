// A ledger as a film: how every place looks at a moment, forwards and backwards, act by act.
import { ABSENT } from "./split-looks.js";

export class Film {
  /**
   * `acts` has `count`, `at` (ascending) and `from`, the first entry of each act and after the last one their number;
   * `entries` has `place` and `to`, as split-looks.js has looks. `count` is how many places there are.
   */
  constructor({ acts, entries, count }) {
    Object.assign(this, { acts, entries, count });
    this.was = new Uint8Array(entries.place.length);
    this.look = new Uint8Array(count); // now
    this.counts = new Int32Array(256); // how many places look so now
    this.counts[ABSENT] = count;
    const { place, to } = entries;
    const look = new Uint8Array(count);
    for (let at = 0; at < place.length; at++) {
      this.was[at] = look[place[at]];
      look[place[at]] = to[at];
    }
    this.done = 0; // so many acts lie behind
  }

  /** How many acts have happened by this moment. */
  actsBy(moment) {
    const { at } = this.acts;
    let low = 0, high = this.acts.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at[middle] <= moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Go to the moment after so many acts. `changed(place)` hears every place whose look is not what it was. */
  goTo(done, changed = () => {}) {
    const { place, to } = this.entries, { from } = this.acts;
    const end = from[Math.max(0, Math.min(done, this.acts.count))];
    let at = from[this.done];
    for (; at < end; at++) this.turn(place[at], to[at], changed);
    for (; at > end; at--) this.turn(place[at - 1], this.was[at - 1], changed);
    this.done = Math.max(0, Math.min(done, this.acts.count));
  }

  turn(place, look, changed) {
    const before = this.look[place];
    if (before === look) return;
    this.counts[before]--;
    this.counts[look]++;
    this.look[place] = look;
    changed(place);
  }
}

/** A number of each act summed up to every point: `[0, first, first + second, …]`. */
export function summed(count, numberOf) {
  const sums = new Float64Array(count + 1);
  for (let act = 0; act < count; act++) sums[act + 1] = sums[act] + numberOf(act);
  return sums;
}
