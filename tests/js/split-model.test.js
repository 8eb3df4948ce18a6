import assert from "node:assert/strict";
import { test } from "node:test";

import { KEPT, openTo, soldBy, EVERYBODY } from "../../static/js/lib/split-looks.js";
import { AWAY, AWAY_THOUGH, BEGIN, GIVES, OPENS, SOLD, played } from "../../static/js/lib/split-model.js";
import { Film } from "../../static/js/lib/split-film.js";
import { arrivals } from "../../static/js/lib/split-arrivals.js";
import { cut } from "../../static/js/lib/split-slices.js";
import { CHANNELS, parties, seated } from "./split.js";

const [WEB, COUNTER] = [0, 1];
const SALE = 1000;

function play(house, coming, { slices = [], first = null } = {}) {
  return played({ house, channels: CHANNELS, slices, first, parties: coming, saleFor: SALE });
}

function slice(places, ...steps) {
  return { channel: COUNTER, places: Int32Array.from(places), steps: steps.map(([at, percent]) => ({ at, percent })) };
}

function looksAt(house, told, moment) {
  const film = new Film({ ...told, count: house.count });
  film.goTo(film.actsBy(moment));
  return [...film.look];
}

test("a party gets neighbours, the best there are", () => {
  const house = seated(2, 4), told = play(house, parties([1, WEB, 3], [2, WEB, 2], [3, WEB, 1]));
  const sold = looksAt(house, told, 3).map((look) => look === soldBy(WEB));
  assert.deepEqual(sold, [true, true, true, true, true, true, false, false]);
  assert.deepEqual(told.sums[WEB], { parties: 3, asked: 6, sold: 6, away: 0, though: 0 });
});

test("who cannot sit together is split rather than sent away", () => {
  const house = seated(1, 5);
  house.position[2] = 9; // an aisle
  house.position[3] = 10;
  house.position[4] = 11;
  const told = play(house, parties([1, WEB, 4]));
  assert.equal(told.sums[WEB].sold, 4);
});

test("standing room is sold in its order", () => {
  const house = seated(0, 0, 5), told = play(house, parties([1, WEB, 2], [2, COUNTER, 2]));
  assert.deepEqual(looksAt(house, told, 9), [soldBy(0), soldBy(0), soldBy(1), soldBy(1), openTo(EVERYBODY)]);
});

test("a channel sells from its own slice first, then from the pool", () => {
  const house = seated(1, 6), told = play(house, parties([1, COUNTER, 2], [2, COUNTER, 2]), { slices: [slice([4, 5])] });
  assert.deepEqual(looksAt(house, told, 1).slice(4), [soldBy(COUNTER), soldBy(COUNTER)]);
  assert.equal(told.sums[COUNTER].sold, 4);
});

test("the web is turned away while the counter's places stand open, and that is told", () => {
  const house = seated(1, 6), told = play(house, parties([1, WEB, 2], [2, WEB, 2]), { slices: [slice([2, 3, 4, 5])] });
  assert.deepEqual(told.sums[WEB], { parties: 2, asked: 4, sold: 2, away: 2, though: 2 });
  assert.deepEqual(told.worst, { at: 2, channel: WEB, size: 2, stood: 4, standsAt: COUNTER });
  assert.deepEqual([...told.acts.kind], [BEGIN, SOLD, AWAY_THOUGH]);
  assert.equal(told.unsold, 4);
});

test("who is turned away when fewer are left anywhere is no fault of the split", () => {
  const told = play(seated(1, 3), parties([1, WEB, 2], [2, WEB, 3]));
  assert.deepEqual([told.acts.kind.at(-1), told.sums[WEB].though, told.worst], [AWAY, 0, null]);
});

test("a ladder gives back, the worst places first, a share of what is left then", () => {
  const house = seated(1, 8), slices = [slice([0, 1, 2, 3, 4], [500, 50], [800, 100])];
  const told = play(house, parties([1, COUNTER, 1]), { slices });
  const forCounter = (at) => looksAt(house, told, at).flatMap((look, place) => (look === openTo(COUNTER) ? [place] : []));
  assert.deepEqual([forCounter(0), forCounter(499), forCounter(500), forCounter(800)], [[0, 1, 2, 3, 4], [1, 2, 3, 4], [1, 2], []]);
  const gives = [...told.acts.kind].flatMap((kind, act) => (kind === GIVES ? [told.acts.size[act]] : []));
  assert.deepEqual(gives, [2, 2]);
});

test("at the very second of a step what it gives is everybody's", () => {
  const slices = [slice([0, 1], [500, 100])];
  const told = play(seated(1, 2), parties([500, WEB, 2]), { slices });
  assert.equal(told.sums[WEB].sold, 2);
});

test("whoever sells first has the pool alone until its time is over", () => {
  const house = seated(1, 4), first = { channel: WEB, until: 100 };
  const told = play(house, parties([50, COUNTER, 1], [60, WEB, 1], [100, COUNTER, 1]), { first });
  assert.deepEqual(looksAt(house, told, 60), [soldBy(WEB), openTo(WEB), openTo(WEB), openTo(WEB)]);
  assert.deepEqual(looksAt(house, told, 100), [soldBy(WEB), soldBy(COUNTER), openTo(EVERYBODY), openTo(EVERYBODY)]);
  assert.deepEqual([told.sums[COUNTER].though, [...told.acts.kind].includes(OPENS)], [1, true]);
});

test("what is not for sale in the model stays as it is", () => {
  const house = seated(1, 3);
  house.isIn[0] = house.isIn[1] = 0;
  house.isKept[1] = 1;
  house.look[0] = 1;
  const told = play(house, parties([1, WEB, 1], [2, WEB, 1]));
  assert.deepEqual(looksAt(house, told, 5), [1, KEPT, soldBy(WEB)]);
  assert.equal(told.capacity, 1);
});

test("played again with the same seed it comes to the same, place by place, and every place is accounted for", () => {
  const house = seated(20, 30, 100), channels = CHANNELS.map((channel, nth) => ({ ...channel, demand: [90, 40][nth] }));
  const coming = arrivals({ seed: 3, channels, capacity: house.count, saleFor: SALE * 400, startsIntoDay: 68400 });
  const places = cut(house, house.isIn, 140, "spread");
  const once = () => played({ house, channels, slices: [slice(places, [3e5, 50])], first: null, parties: coming, saleFor: SALE * 400 });
  const told = once();
  assert.deepEqual(told, once());
  const film = new Film({ ...told, count: house.count });
  film.goTo(told.acts.count);
  const sold = [...film.look].filter((look) => look >= 128).length;
  assert.equal(sold + told.unsold, house.count);
  assert.equal(sold, told.sums[0].sold + told.sums[1].sold);
  for (const { asked, sold: got, away } of told.sums) assert.equal(asked, got + away);
});
