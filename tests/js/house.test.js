import assert from "node:assert/strict";
import { test } from "node:test";

import { houseOf, isKept, nameOf, nearest, neighbour, traitsOf } from "../../static/js/lib/house.js";

/** Two rows of three seats a unit apart, B behind A; B-3 stands alone, far to the right. */
function columns(more = {}) {
  return {
    manifest_version: 4,
    sections: [{ code: "stalls", name: "Stalls", is_ga: false }],
    tiers: [{ code: "gold", name: "Gold", colour: "#c8961e" }, { code: "silver", name: "Silver", colour: "" }],
    id_steps: [101, 1, 1, 4, 1, 1],
    section: [0, 0, 0, 0, 0, 0],
    tier: [0, 0, 0, 1, 1, 1],
    row: ["A", "A", "A", "B", "B", "B"],
    number: ["1", "2", "3", "1", "2", "3"],
    x: [0, 1, 2, 0, 1, 9],
    y: [0, 0, 0, 1, 1, 1],
    flags: [1, 2, 0, 0, 4, 0],
    ...more,
  };
}

test("ids are told by their steps", () => {
  const house = houseOf(columns());
  assert.deepEqual(house.ids, [101, 102, 103, 107, 108, 109]);
  assert.equal(house.indexOf.get(107), 3);
});

test("a seat has as much room as neighbours usually have", () => {
  assert.equal(houseOf(columns()).pitch, 1);
  assert.deepEqual(houseOf(columns()).bounds, { left: 0, top: 0, right: 9, bottom: 1 });
});

test("seats without coordinates are laid out in their rows", () => {
  const nowhere = new Array(6).fill(null);
  const house = houseOf(columns({ x: nowhere, y: nowhere }));
  assert.equal(house.hasPoints, false);
  assert.deepEqual(house.x, [-1, 0, 1, -1, 0, 1]);
  assert.ok(house.y[3] > house.y[0]);
});

test("a house without numbered seats is an empty one", () => {
  const empty = Object.fromEntries(["id_steps", "section", "tier", "row", "number", "x", "y", "flags"].map((name) => [name, []]));
  const house = houseOf({ ...columns(), ...empty });
  assert.equal(house.count, 0);
  assert.equal(nearest(house, 0, 0, 10), -1);
});

test("rows keep the order of the manifest", () => {
  assert.deepEqual(houseOf(columns()).rows, [
    { section: 0, row: "A", seats: [0, 1, 2] },
    { section: 0, row: "B", seats: [3, 4, 5] },
  ]);
});

test("a seat is called by section, row and number, and what is special about it is said", () => {
  const house = houseOf(columns());
  assert.equal(nameOf(house, 4), "Stalls, B 2");
  assert.deepEqual([0, 1, 2, 4].map((index) => traitsOf(house, index)), [
    ["wheelchair place"], ["companion place"], [], ["restricted view"],
  ]);
  assert.deepEqual([0, 1, 2, 4].map((index) => isKept(house, index)), [true, true, false, false]);
});

test("a tap finds the seat under it, and none beside the seats", () => {
  const house = houseOf(columns());
  assert.equal(nearest(house, 1.2, 0.1, 0.5), 1);
  assert.equal(nearest(house, 5, 0, 0.5), -1);
});

test("arrow keys go to the next seat in their direction, and stay at the edge", () => {
  const house = houseOf(columns());
  const [left, right, up, down] = [[-1, 0], [1, 0], [0, -1], [0, 1]];
  assert.equal(neighbour(house, 1, ...right), 2);
  assert.equal(neighbour(house, 1, ...left), 0);
  assert.equal(neighbour(house, 1, ...down), 4);
  assert.equal(neighbour(house, 4, ...up), 1);
  assert.equal(neighbour(house, 4, ...right), 5);
  assert.equal(neighbour(house, 0, ...left), 0);
  assert.equal(neighbour(house, 0, ...up), 0);
});
