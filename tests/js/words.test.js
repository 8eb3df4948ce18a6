import assert from "node:assert/strict";
import { test } from "node:test";

import { isLight } from "../../static/js/lib/draw.js";
import { rupees } from "../../static/js/lib/money.js";
import { leftWords, whatToDo } from "../../static/js/lib/words.js";

const LEFT = { left: 0, in_baskets: 0, next_release: null };

test("money is grouped by lakh, and paise are shown where there are some", () => {
  assert.deepEqual([118_000, 123_456_700, 118_050].map(rupees), ["₹1,180", "₹12,34,567", "₹1,180.50"]);
});

test("what is left is counted", () => {
  assert.equal(leftWords({ ...LEFT, state: "available", left: 1234 }), "1,234 left");
  assert.equal(leftWords({ ...LEFT, state: "few_left", left: 3 }), "3 left");
});

test("a basket is not a sale, and a stop is not the end", () => {
  assert.equal(leftWords({ ...LEFT, state: "in_baskets", in_baskets: 4 }), "All in baskets: 4 may come back");
  assert.equal(leftWords({ ...LEFT, state: "sold_out" }), "House full");
  assert.equal(leftWords({ ...LEFT, state: "paused" }), "Stopped for the moment");
});

test("when more comes on sale is told in India's time", () => {
  const words = leftWords({ ...LEFT, state: "not_on_sale", next_release: "2026-12-01T04:30:00Z" });
  assert.match(words, /^Not on sale, more from Tue,? 1 Dec,? (at )?10:00 am$/i);
});

test("a refusal says what to do, and which places were taken", () => {
  const names = { 7: "Stalls, A 1" };
  const taken = { code: "places_taken", message: "", facts: { place_ids: [7, 8] } };
  assert.equal(whatToDo(taken, (id) => names[id] ?? ""), "Somebody was quicker with Stalls, A 1. Choose others.");
  assert.equal(whatToDo({ code: "not_enough_places", facts: { open: 1 } }), "Only 1 place of this kind is left. Ask for fewer.");
  assert.match(whatToDo({ code: "busy", message: "", facts: {} }), /Try again/);
});

test("a refusal that nobody foresaw is told in its own words", () => {
  assert.equal(whatToDo({ code: "something_new", message: "That cannot be done.", facts: {} }), "That cannot be done.");
});

test("numbers on seats are black or white, whichever is read better", () => {
  assert.deepEqual(["#ffffff", "#000000", "#c8961e", "#6d5bd0"].map(isLight), [true, false, true, false]);
});
