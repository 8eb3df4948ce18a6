import assert from "node:assert/strict";
import { test } from "node:test";

import { cut, share } from "../../static/js/lib/split-slices.js";
import { seated } from "./split.js";

const all = (house) => new Uint8Array(house.count).fill(1);

test("the best and the worst are taken by their ranks", () => {
  const house = seated(2, 4);
  assert.deepEqual([...cut(house, all(house), 3, "best")], [0, 1, 2]);
  assert.deepEqual([...cut(house, all(house), 3, "worst")], [5, 6, 7]);
});

test("a spread slice takes from every row alike, and in each row its best", () => {
  const house = seated(2, 4);
  assert.deepEqual([...cut(house, all(house), 4, "spread")], [0, 1, 4, 5]);
  assert.deepEqual([...cut(seated(4, 4), all(seated(4, 4)), 4, "spread")], [0, 4, 8, 12]);
});

test("a slice has as many places as were asked for, or all that there are", () => {
  const house = seated(7, 9, 20);
  for (const order of ["spread", "best", "worst"]) {
    for (const quantity of [0, 1, 10, 37, 83]) assert.equal(cut(house, all(house), quantity, order).length, quantity);
    assert.equal(cut(house, all(house), 999, order).length, 83);
  }
});

test("what is not offered is not taken", () => {
  const house = seated(2, 4), offered = all(house);
  offered[0] = offered[5] = 0;
  assert.deepEqual([...cut(house, offered, 9, "best")], [1, 2, 3, 4, 6, 7]);
});

test("half a place is a place", () => {
  assert.deepEqual([share(10, 25), share(10, 24), share(0, 500)], [3, 2, 0]);
});
