import assert from "node:assert/strict";
import { test } from "node:test";

import { clockFace, deadline, secondsUntil, spoken, warningDue } from "../../static/js/lib/clock.js";

test("what is left is counted from when the server was asked, so that it is never too much", () => {
  const ends = deadline(1000, 480);
  assert.equal(secondsUntil(ends, 1000), 480);
  assert.equal(secondsUntil(ends, 3500), 478);
  assert.equal(secondsUntil(ends, 999_000), 0);
});

test("a clock shows minutes and seconds, and hours where there are some", () => {
  assert.deepEqual([0, 9, 65, 480, 3729].map(clockFace), ["0:00", "0:09", "1:05", "8:00", "1:02:09"]);
});

test("times are read out in words", () => {
  assert.deepEqual([120, 60, 90, 15, 61].map(spoken), [
    "2 minutes", "1 minute", "1 minute 30 seconds", "15 seconds", "1 minute 1 second",
  ]);
});

test("each warning is due once, when its second is passed", () => {
  assert.equal(warningDue(122, 121), null);
  assert.equal(warningDue(121, 120), 120);
  assert.equal(warningDue(120, 119), null);
  assert.equal(warningDue(16, 15), 15);
  assert.equal(warningDue(15, 14), null);
});

test("a device that slept over two warnings gives the nearer one", () => {
  assert.equal(warningDue(200, 40), 60);
  assert.equal(warningDue(200, 5), 15);
});

test("when it is over there is nothing left to warn of", () => {
  assert.equal(warningDue(20, 0), null);
});
