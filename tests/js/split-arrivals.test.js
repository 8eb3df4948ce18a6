import assert from "node:assert/strict";
import { test } from "node:test";

import { arrivals } from "../../static/js/lib/split-arrivals.js";
import { picked, seeded } from "../../static/js/lib/split-random.js";
import { CHANNELS } from "./split.js";

const DAY = 86400, HOUR = 3600;

function crowd(more = {}) {
  const channels = CHANNELS.map((channel, nth) => ({ ...channel, demand: [80, 30][nth], ...more.channels?.[nth] }));
  return arrivals({ seed: 7, capacity: 1000, saleFor: 14 * DAY, startsIntoDay: 19.5 * HOUR, ...more, channels });
}

function of(channel, { count, at, size, channel: who }) {
  return [...Array(count).keys()].filter((nth) => who[nth] === channel).map((nth) => [at[nth], size[nth]]);
}

test("the same seed gives the same crowd, and another seed another", () => {
  assert.deepEqual(crowd(), crowd());
  assert.notDeepEqual(crowd(), crowd({ seed: 8 }));
});

test("chance is even enough, and stays below one", () => {
  const random = seeded("a house", 3), drawn = Array.from({ length: 4000 }, random);
  assert.ok(drawn.every((number) => number >= 0 && number < 1));
  const tenths = Array(10).fill(0);
  drawn.forEach((number) => tenths[Math.floor(number * 10)]++);
  assert.ok(tenths.every((many) => many > 320 && many < 480), tenths.join());
});

test("one of several is taken by its weight", () => {
  assert.deepEqual([0, 0.49, 0.5, 0.79, 0.8, 0.999].map((at) => picked(at, [5, 3, 2])), [0, 0, 1, 1, 2, 2]);
});

test("as many places are asked for as was said, in parties of one to six", () => {
  const all = crowd();
  const asked = (channel) => of(channel, all).reduce((sum, [, size]) => sum + size, 0);
  assert.deepEqual([asked(0), asked(1)], [800, 300]);
  assert.ok(all.size.every((size) => size >= 1 && size <= 6));
  assert.ok(new Set(all.size).size === 6);
});

test("they come in order, from the beginning of the sale to the show", () => {
  const { at } = crowd();
  assert.ok(at.every((moment, nth) => moment >= 0 && moment < 14 * DAY && (!nth || at[nth - 1] <= moment)));
});

test("more on one channel changes nothing on another, and only adds to its own", () => {
  const some = crowd(), more = crowd({ channels: [{}, { demand: 60 }] });
  assert.deepEqual(of(0, some), of(0, more));
  const known = of(1, more).map(String);
  const missing = of(1, some).map(String).filter((party) => !known.includes(party));
  assert.ok(missing.length <= 1); // but for the last party, which is cut to what was left to ask
});

test("walk-ins come mostly on the last day, and the web mostly before it", () => {
  const all = crowd();
  const last = (channel) => of(channel, all).filter(([at]) => at > 13 * DAY).length / of(channel, all).length;
  assert.ok(last(1) > 0.6, `counter ${last(1)}`);
  assert.ok(last(0) < 0.5, `web ${last(0)}`);
});

test("the web rushes as the sale begins, and again before the show", () => {
  const web = of(0, crowd()), within = (from, to) => web.filter(([at]) => at >= from * DAY && at < to * DAY).length / (to - from);
  assert.ok(within(0, 1) > 2 * within(4, 7));
  assert.ok(within(12, 14) > 2 * within(4, 7));
});

test("hardly anybody comes at night", () => {
  const at = of(1, crowd()).map(([moment]) => (19.5 * HOUR + moment) % DAY);
  assert.ok(at.filter((second) => second < 8 * HOUR).length < at.length * 0.05);
});
