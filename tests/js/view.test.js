import assert from "node:assert/strict";
import { test } from "node:test";

import { fitted, kept, moved, showing, zoomed } from "../../static/js/lib/view.js";

const HOUSE = { left: 0, top: 0, right: 100, bottom: 50 };
const LIMITS = [1, 20];

test("the whole house stands in the middle of the screen", () => {
  assert.deepEqual(fitted(HOUSE, 220, 220, 10), { scale: 2, left: -5, top: -30 });
});

test("zooming leaves what is under the finger where it is", () => {
  const view = { scale: 2, left: 10, top: 5 };
  const near = zoomed(view, 3, 40, 60, LIMITS);
  assert.equal(near.scale, 6);
  assert.equal(near.left + 40 / near.scale, view.left + 40 / view.scale);
  assert.equal(near.top + 60 / near.scale, view.top + 60 / view.scale);
});

test("zooming ends at the nearest and at the farthest", () => {
  assert.equal(zoomed({ scale: 2, left: 0, top: 0 }, 100, 0, 0, LIMITS).scale, 20);
  assert.equal(zoomed({ scale: 2, left: 0, top: 0 }, 0.001, 0, 0, LIMITS).scale, 1);
});

test("the house follows the finger", () => {
  assert.deepEqual(moved({ scale: 2, left: 10, top: 5 }, 20, -10), { scale: 2, left: 0, top: 10 });
});

test("the house cannot be lost from the screen", () => {
  const away = kept({ scale: 2, left: 5000, top: -5000 }, HOUSE, 200, 200);
  assert.deepEqual([away.left, away.top], [50, -50]);
});

test("a seat outside is brought onto the screen, and one inside moves nothing", () => {
  const view = { scale: 2, left: 0, top: 0 };
  assert.deepEqual(showing(view, 30, 30, 200, 200, 20), view);
  const brought = showing(view, 150, 30, 200, 200, 20);
  assert.equal((150 - brought.left) * 2, 180);
});
