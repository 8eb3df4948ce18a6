import assert from "node:assert/strict";
import { test } from "node:test";

import { playedBy } from "../../static/js/lib/split-settings.js";
import { GIVES } from "../../static/js/lib/split-model.js";
import { CHANNELS } from "./split.js";

const HOUR = 3600, DAY = 24 * HOUR, STARTS = Date.UTC(2026, 11, 1, 14, 0) / 1000;

/** Ten rows of ten seats, of which the first two are sold. */
function told() {
  const nth = [...Array(100).keys()], zero = nth.map(() => 0);
  return {
    at: STARTS - 2 * DAY, starts_at: STARTS, zone: "Asia/Kolkata", section: zero, tier: zero, standing: { section: [] },
    row: nth.map((place) => String(Math.floor(place / 10))), rank: nth.map((place) => place + 1),
    run: nth.map((place) => Math.floor(place / 10)), position: nth.map((place) => place % 10),
    letters: "ss" + "o".repeat(98), seller: [0, 0, ...Array(98).fill(-1)], kept: [],
  };
}

const SETTINGS = { seed: 7, sale_for_d: 14, demand_1: 90, demand_2: 30, share_2: 20, gives_h: 48, gives_percent: 50, rest_h: 2 };

function play(settings = {}, more = {}) {
  const all = { ...SETTINGS, ...settings };
  return playedBy({ of: (name) => all[name] ?? 0, order: "spread", isNow: false, channels: CHANNELS, told: told(), count: 100, ...more });
}

test("shares become slices of the house, with the ladder in seconds of the sale", () => {
  const { split, changes, saleFor, begins } = play();
  assert.deepEqual([split.capacity, saleFor, begins], [100, 14 * DAY, STARTS - 14 * DAY]);
  assert.deepEqual(changes.map(({ kind, at, percent }) => [kind, at, percent]), [[GIVES, 12 * DAY, 50], [GIVES, 14 * DAY - 2 * HOUR, 100]]);
  const promised = [...split.entries.to.slice(0, 100)].filter((look) => look === split.entries.to[0]).length;
  assert.deepEqual([promised, new Set(split.entries.to.slice(0, 100)).size], [20, 2]);
});

test("what is open now is what the model may begin with, and then it ends with the show as well", () => {
  const { split, saleFor, changes } = play({}, { isNow: true });
  assert.deepEqual([split.capacity, saleFor], [98, 2 * DAY]);
  assert.deepEqual(changes.map(({ percent }) => percent), [100]); // the first step would lie in the past
});

test("without shares the split is one open pool", () => {
  const { split, open } = play({ share_2: 0 });
  assert.deepEqual(split, open);
});

test("what is kept from one play to the next makes no difference", () => {
  const known = {};
  play({}, { known });
  for (const settings of [{ share_2: 40 }, { seed: 8 }, { demand_1: 50 }, { first_h: 6 }]) {
    assert.deepEqual(play(settings, { known }), play(settings));
  }
});
