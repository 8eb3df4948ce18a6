import assert from "node:assert/strict";
import { test } from "node:test";

import { age, told } from "../../static/js/lib/age.js";

const SAID = { asOf: "19:42:05", staleAfter: 6000 };

test("an age is told in seconds, then minutes, then hours", () => {
  assert.deepEqual([0, 3999, 65_000, 4_230_000].map(age), ["0 s ago", "3 s ago", "1 min 5 s ago", "1 h 10 min ago"]);
});

test("a clock set back makes nothing younger than now", () => {
  assert.equal(age(-5000), "0 s ago");
});

test("fresh numbers say their age and no warning", () => {
  assert.deepEqual(told({ ...SAID, old: 3000, failure: "" }), { line: "as of 19:42:05, 3 s ago", warning: "" });
});

test("one failure is no warning yet", () => {
  assert.equal(told({ ...SAID, old: 3000, failure: "No answer." }).warning, "");
});

test("numbers that could not be refreshed for too long say since when, and why", () => {
  assert.equal(
    told({ ...SAID, old: 72_000, failure: "No answer." }).warning,
    "Not refreshed since 19:42:05. No answer.",
  );
});

test("numbers that nobody asked for while the page was hidden are old, not stale", () => {
  assert.equal(told({ ...SAID, old: 600_000, failure: "" }).warning, "");
});
