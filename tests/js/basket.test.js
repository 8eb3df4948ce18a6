import assert from "node:assert/strict";
import { test } from "node:test";

import { total, whyNot, wish } from "../../static/js/lib/basket.js";
import { changed, lost } from "../../static/js/lib/states.js";

const HOUSE = {
  ids: [11, 12, 13, 14],
  tier: [0, 0, 1, 0],
  tiers: [{ code: "gold" }, { code: "silver" }],
  flags: [0, 0, 0, 1],
};
const PRICES = { gold: 118_000, silver: 50_000 };
const ASK = { chosen: new Set(), most: 2, wheelchairs: false };

test("an open seat can be chosen", () => {
  assert.equal(whyNot(HOUSE, "oooo", PRICES, { ...ASK, index: 0 }), "");
});

test("a seat in a basket may come back, one that is gone does not", () => {
  assert.match(whyNot(HOUSE, "looo", PRICES, { ...ASK, index: 0 }), /may come back/);
  assert.match(whyNot(HOUSE, "xooo", PRICES, { ...ASK, index: 0 }), /not available/);
});

test("a seat without a price cannot be chosen", () => {
  assert.match(whyNot(HOUSE, "oooo", { gold: 1, silver: null }, { ...ASK, index: 2 }), /no price/);
});

test("a wheelchair place is for those who ask for one", () => {
  assert.match(whyNot(HOUSE, "oooo", PRICES, { ...ASK, index: 3 }), /wheelchair/);
  assert.equal(whyNot(HOUSE, "oooo", PRICES, { ...ASK, index: 3, wheelchairs: true }), "");
});

test("nobody chooses more than they may have, and anybody takes back a choice", () => {
  const chosen = new Set([0, 1]);
  assert.match(whyNot(HOUSE, "oooo", PRICES, { ...ASK, chosen, index: 2 }), /2 places at a time/);
  assert.equal(whyNot(HOUSE, "oxoo", PRICES, { ...ASK, chosen, index: 1 }), "");
});

test("the basket adds up by each seat's own price", () => {
  assert.equal(total(HOUSE, PRICES, new Set([0, 2])), 168_000);
});

test("places are asked for by id, and wheelchair places with a word about them", () => {
  assert.deepEqual(wish(HOUSE, new Set([2, 0])), { places: [11, 13] });
  assert.deepEqual(wish(HOUSE, new Set([3])), { places: [14], accessible: true });
});

test("a difference changes the letters it names, and nothing changes nothing", () => {
  assert.equal(changed("ooox", { 1: "l", 3: "o" }), "oloo");
  const same = "ooox";
  assert.equal(changed(same, { 1: "o" }), same);
});

test("what was chosen and is open no more is lost", () => {
  assert.deepEqual(lost(new Set([0, 1, 2]), "olxo"), [1, 2]);
});
