import assert from "node:assert/strict";
import { test } from "node:test";

import { between, briefly, drawn, isOpen, readBack, rowOf, sectionOf, toggled, within, written } from "../../static/js/lib/choice.js";
import { houseOf } from "../../static/js/lib/house.js";

/** Stalls A 1-3 and B 1-2, and Balcony A 1 behind them. */
const HOUSE = houseOf({
  manifest_version: 1,
  sections: [{ code: "stalls", name: "Stalls", is_ga: false }, { code: "balcony", name: "Balcony", is_ga: false }],
  tiers: [{ code: "gold", name: "Gold", colour: "" }],
  id_steps: [11, 1, 1, 1, 1, 1],
  section: [0, 0, 0, 0, 0, 1],
  tier: [0, 0, 0, 0, 0, 0],
  row: ["A", "A", "A", "B", "B", "A"],
  number: ["1", "2", "3", "1", "2", "1"],
  x: [0, 1, 2, 0, 1, 0],
  y: [0, 0, 0, 1, 1, 5],
  flags: [0, 0, 0, 0, 0, 0],
});

test("whatever is open can be held, on sale or not, and nothing else", () => {
  assert.deepEqual([..."onlphesk"].filter(isOpen), ["o", "n"]);
  assert.equal(drawn("onlphesk"), "oollhesk");
});

test("a row is of its own section, and a section has all its rows", () => {
  assert.deepEqual(rowOf(HOUSE, 1), [0, 1, 2]);
  assert.deepEqual(rowOf(HOUSE, 5), [5]);
  assert.deepEqual(sectionOf(HOUSE, 4), [0, 1, 2, 3, 4]);
});

test("a rectangle has the seats in it, and two seats span one", () => {
  assert.deepEqual(within(HOUSE, { left: 0.5, top: -1, right: 9, bottom: 1.5 }), [1, 2, 4]);
  assert.deepEqual(within(HOUSE, between(HOUSE, 4, 0)), [0, 1, 3, 4]);
});

test("only what is open of many seats is chosen", () => {
  const { chosen, changed, shut, isGivingUp } = toggled(new Set([3]), [0, 1, 2], "onsooo");
  assert.deepEqual([[...chosen], changed, shut, isGivingUp], [[3, 0, 1], 2, 1, false]);
});

test("many seats that are all chosen are given up, and a part of them is made whole first", () => {
  assert.deepEqual([...toggled(new Set([0]), [0, 1], "oooooo").chosen], [0, 1]);
  assert.deepEqual([...toggled(new Set([0, 1, 4]), [0, 1], "oooooo").chosen], [4]);
  assert.deepEqual([...toggled(new Set([4]), [0, 1], "sssooo").chosen], [4]);
});

test("a choice goes into the form as ids and comes back from it", () => {
  assert.equal(written(HOUSE, new Set([5, 0])), "11 16");
  assert.deepEqual([...readBack(HOUSE, "16 11 99")], [5, 0]);
  assert.deepEqual([...readBack(HOUSE, "")], []);
});

test("the first few are named, and the others counted", () => {
  assert.equal(briefly(HOUSE, new Set([5, 0])), "Stalls A 1; Balcony A 1");
  assert.equal(briefly(HOUSE, new Set([0, 2, 3, 4, 5]), 2), "Stalls A 1, 3; and 3 more");
  assert.equal(briefly(HOUSE, new Set([0, 1, 3]), 2), "Stalls A 1-2, B 1");
  assert.equal(briefly(HOUSE, new Set()), "");
});

test("seats are named in the order of their numbers, whatever order the house has them in", () => {
  const number = ["7", "5", "3", "4", "6", "10", "2B"];
  const all = (value) => number.map(() => value);
  const best = houseOf({
    manifest_version: 1, sections: [{ code: "stalls", name: "Stalls", is_ga: false }], tiers: [],
    id_steps: all(1), section: all(0), tier: all(0), row: all("A"), number, x: all(null), y: all(null), flags: all(0),
  });
  assert.equal(briefly(best, new Set([0, 1, 2, 3, 4, 5, 6])), "Stalls A 3-7, 10, 2B");
});
