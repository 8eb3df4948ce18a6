// What is still to be had in the model, and the best of it: n neighbours, else the best there are (ADR 0010, simplified:
// the house's ranks decide, not the tiers' order, and a single seat may be left behind).

const NOWHERE = -1;

export class Shelf {
  /**
   * `house` has count, rank, run (-1: standing), position and tier, by place; `label` says under which label each lies,
   * 0 to `labels` - 1, and -1 for what is not for sale. The shelf keeps that array and changes it.
   */
  constructor(house, label, labels) {
    Object.assign(this, { house, label, labels });
    this.left = new Int32Array(labels);
    const there = [];
    for (let place = 0; place < house.count; place++) {
      if (label[place] < 0) continue;
      there.push(place);
      this.left[label[place]]++;
    }
    this.byRank = Int32Array.from(there.sort((one, other) => house.rank[one] - house.rank[other] || one - other));
    this.begins = new Int32Array(labels); // before this point of byRank nothing of the label is left
    this.addRuns();
  }

  addRuns() {
    const runs = new Map();
    for (const place of this.byRank) {
      const run = this.house.run[place];
      if (run < 0) continue;
      if (!runs.has(run)) runs.set(run, { best: this.house.rank[place], places: [], left: new Int32Array(this.labels) });
      runs.get(run).places.push(place);
      runs.get(run).left[this.label[place]]++;
    }
    for (const run of runs.values()) run.places.sort((one, other) => this.house.position[one] - this.house.position[other]);
    this.runs = [...runs.values()];
    this.runOf = runs;
  }

  /** How much is left under these labels together. */
  count(labels) {
    return labels.reduce((sum, label) => sum + this.left[label], 0);
  }

  /** Take `size` places, a channel's own labels before the others; null where there are not so many. */
  take(size, labels) {
    if (this.count(labels) < size) return null;
    const found = this.find(size, labels);
    for (const place of found) this.remove(place);
    return found;
  }

  find(size, labels) {
    for (const some of labels.length > 1 ? [...labels.map((label) => [label]), labels] : [labels]) {
      if (this.count(some) < size) continue;
      const best = this.first(some);
      const found = this.house.run[best] < 0 ? this.standing(size, some) : this.window(size, some);
      if (found) return found;
    }
    return this.singles(size, labels);
  }

  /** The best place that is left under these labels. */
  first(labels) {
    const at = Math.min(...labels.map((label) => this.begin(label)));
    return this.byRank[at];
  }

  begin(label) {
    let at = this.begins[label];
    while (at < this.byRank.length && this.label[this.byRank[at]] !== label) at++;
    return (this.begins[label] = at);
  }

  standing(size, labels) {
    const found = this.singles(size, labels, (place) => this.house.run[place] < 0);
    return found.length === size ? found : null;
  }

  /** The best places one by one, label after label. */
  singles(size, labels, fits = () => true) {
    const found = [];
    for (const label of labels) {
      for (let at = this.begin(label); at < this.byRank.length && found.length < size; at++) {
        const place = this.byRank[at];
        if (this.label[place] === label && fits(place)) found.push(place);
      }
    }
    return found;
  }

  /** So many neighbours of one tier whose worst seat is the best; null where nobody can sit together. */
  window(size, labels) {
    const allowed = new Uint8Array(this.labels + 1); // the last one is for what is gone
    for (const label of labels) allowed[label] = 1;
    let best = null, worst = Infinity, sum = Infinity;
    for (const run of this.runs) {
      if (run.best >= worst) break;
      if (labels.reduce((left, label) => left + run.left[label], 0) < size) continue;
      const { places } = run;
      for (let at = 0, streak = 0; at < places.length; at++) {
        streak = !allowed[this.slot(places[at])] ? 0 : streak && this.isBeside(places[at - 1], places[at]) ? streak + 1 : 1;
        if (streak < size) continue;
        const [itsWorst, itsSum] = this.measure(places, at - size + 1, size);
        if (itsWorst < worst || (itsWorst === worst && itsSum < sum)) {
          [worst, sum, best] = [itsWorst, itsSum, places.slice(at - size + 1, at + 1)];
        }
      }
    }
    return best;
  }

  slot(place) {
    const label = this.label[place];
    return label < 0 ? this.labels : label;
  }

  isBeside(one, other) {
    const { position, tier } = this.house;
    return position[other] - position[one] === 1 && tier[one] === tier[other];
  }

  measure(places, from, size) {
    let worst = 0, sum = 0;
    for (let at = from; at < from + size; at++) {
      const rank = this.house.rank[places[at]];
      sum += rank;
      if (rank > worst) worst = rank;
    }
    return [worst, sum];
  }

  remove(place) {
    const label = this.label[place];
    this.left[label]--;
    const run = this.runOf.get(this.house.run[place]);
    if (run) run.left[label]--;
    this.label[place] = NOWHERE;
  }

  /** Give a share of what is left under one label to another, the worst first; the places. */
  give(from, to, percent) {
    const many = Math.ceil((this.left[from] * percent) / 100), given = [];
    for (let at = this.byRank.length - 1; at >= 0 && given.length < many; at--) {
      const place = this.byRank[at];
      if (this.label[place] === from) given.push(place);
    }
    for (const place of given) {
      this.remove(place);
      this.put(place, to);
    }
    this.begins[to] = 0;
    return given;
  }

  put(place, label) {
    this.label[place] = label;
    this.left[label]++;
    const run = this.runOf.get(this.house.run[place]);
    if (run) run.left[label]++;
  }
}
