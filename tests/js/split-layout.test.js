import assert from "node:assert/strict";
import { test } from "node:test";

import { fit, heightFor, laidOut } from "../../static/js/lib/split-layout.js";
import { modelled } from "../../static/js/lib/split-told.js";
import { HELD, openTo, soldBy } from "../../static/js/lib/split-looks.js";

/** Two rows of two seats, and so many standing places in each of these sections. */
function told({ standing = [], seats = 4 } = {}) {
  const nth = [...Array(seats).keys()], section = standing.flatMap((many, field) => Array(many).fill(field + 1));
  return {
    manifest_version: 1,
    sections: [{ name: "Stalls", is_ga: false }, { name: "Floor", is_ga: true }, { name: "Pit", is_ga: true }],
    tiers: [{ name: "Gold", colour: "" }],
    id_steps: nth.map(() => 1), section: nth.map(() => 0), tier: nth.map(() => 0), flags: nth.map(() => 0),
    row: nth.map((place) => "AB"[place >> 1]), number: nth.map((place) => String((place % 2) + 1)),
    x: nth.map((place) => place % 2), y: nth.map((place) => place >> 1),
    standing: { section },
    rank: [...Array(seats + section.length).keys()], run: [...Array(seats + section.length).keys()], position: [...Array(seats + section.length).keys()],
  };
}

test("seats are where the house has them", () => {
  const layout = laidOut(told());
  assert.deepEqual([[...layout.x], [...layout.y]], [[0, 1, 0, 1], [0, 0, 1, 1]]);
  assert.equal(layout.pitch, 1);
});

test("standing room lies below, in a field for each section, every place apart from every other", () => {
  const layout = laidOut(told({ standing: [40, 9] }));
  assert.deepEqual(layout.fields.map((field) => field.text), ["Floor", "Pit"]);
  const points = new Set([...layout.x].map((x, nth) => `${x.toFixed(3)} ${layout.y[nth].toFixed(3)}`));
  assert.equal(points.size, 53);
  const top = (from, to) => Math.min(...layout.y.slice(from, to)), bottom = (from, to) => Math.max(...layout.y.slice(from, to));
  assert.ok(top(4, 44) > 1 && top(44, 53) > bottom(4, 44));
});

test("a house of standing room alone is a field wider than deep, the best places nearest to the stage", () => {
  const layout = laidOut(told({ seats: 0, standing: [5000] })), { left, right, top, bottom } = layout.bounds;
  assert.ok((right - left) / (bottom - top) > 1.8);
  assert.ok(layout.y[0] < layout.y[4999]);
});

test("the bounds hold every place, and on a canvas all of them are within its margin", () => {
  for (const house of [told(), told({ standing: [700, 90] }), told({ seats: 0, standing: [60] })]) {
    const layout = laidOut(house), height = heightFor(layout, 900, 14, [200, 400]);
    const { scale, dx, dy, radius } = fit(layout, 900, height, 14);
    assert.ok(height >= 200 && height <= 400 && radius > 0);
    layout.x.forEach((x, nth) => {
      assert.ok(x * scale + dx >= 14 && x * scale + dx <= 886);
      assert.ok(layout.y[nth] * scale + dy >= 14 && layout.y[nth] * scale + dy <= height - 14 + 1e-3);
    });
  }
});

test("the model begins with the whole house but for what is held and killed, or with what is open now", () => {
  const house = { ...told(), letters: "oshk", seller: [-1, 0, -1, -1], kept: [] };
  assert.deepEqual([[...modelled(house, 4, false).isIn], [...modelled(house, 4, true).isIn]], [[1, 1, 0, 0], [1, 0, 0, 0]]);
  assert.deepEqual([...modelled(house, 4, true).look], [openTo(-1), soldBy(-1), HELD, 1]);
});

test("wheelchair places are kept: nobody in the model asks for them", () => {
  const house = { ...told(), letters: "oooh", seller: [-1, -1, -1, -1], kept: [0, 3] };
  const { isIn, isKept } = modelled(house, 4, false);
  assert.deepEqual([[...isIn], [...isKept]], [[0, 1, 1, 0], [1, 0, 0, 0]]);
});
