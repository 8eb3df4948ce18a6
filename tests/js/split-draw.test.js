import assert from "node:assert/strict";
import { test } from "node:test";

import { House } from "../../static/js/lib/split-canvas.js";
import { paintAll, paintFlashes, paintSome, points, Stamps } from "../../static/js/lib/split-draw.js";
import { heightOf, paintGraph, series, turnedAway } from "../../static/js/lib/split-graph.js";
import { Axis } from "../../static/js/lib/split-axis.js";
import { HELD, KILLED, LOCKED, openTo, soldBy } from "../../static/js/lib/split-looks.js";

const COLOURS = { channels: ["blue", "orange"], gone: "grey", open: "silver", held: "slate", killed: "red", locked: "amber", ink: "black", quiet: "dim" };
const CHANNELS = [{ letter: "W" }, { letter: "C" }];

/** A canvas that only remembers what was asked of it. */
function canvas(width = 100, height = 50) {
  const asked = [];
  const context = new Proxy({}, {
    get: (held, name) => held[name] ?? ((...given) => void asked.push([name, ...given])),
    set: (held, name, value) => (asked.push(["set", name, value]), (held[name] = value), true),
  });
  const one = { width, height, asked, getContext: () => context };
  context.canvas = one;
  return one;
}

function stage(looks) {
  const stamps = new Stamps(5, 1, COLOURS, CHANNELS, canvas), one = canvas();
  const at = points({ x: Float32Array.from(looks, (_, nth) => nth), y: new Float32Array(looks.length), count: looks.length }, { scale: 10, dx: 5, dy: 5 }, 1);
  return { stamps, one, at, context: one.getContext(), look: Uint8Array.from(looks), drawn: () => one.asked.filter(([name]) => name === "drawImage") };
}

test("every place that there is is stamped with its look, and what is absent is not", () => {
  const { stamps, context, at, look, drawn } = stage([openTo(-1), 0, soldBy(1), soldBy(1)]);
  paintAll(context, at, look, stamps);
  assert.deepEqual(drawn().map(([, stamp]) => stamp), [stamps.of(look[0]), stamps.of(soldBy(1)), stamps.of(soldBy(1))]);
});

test("afterwards only what changed is wiped and stamped again", () => {
  const { stamps, context, at, look, drawn } = stage([openTo(-1), soldBy(0), openTo(1)]);
  paintSome(context, at, look, stamps, [1]);
  assert.deepEqual(drawn().map(([, stamp, x]) => [stamp === stamps.wiper(), x + stamps.half]), [[true, 15], [false, 15]]);
});

test("a channel is told by its shape and, where there is room, by its letter, not by its colour alone", () => {
  const small = new Stamps(4, 1, COLOURS, CHANNELS, canvas), large = new Stamps(12, 1, COLOURS, CHANNELS, canvas);
  const said = (stamp, name) => stamp.asked.filter(([asked]) => asked === name).length;
  assert.deepEqual([said(small.of(soldBy(0)), "arc"), said(small.of(soldBy(1)), "rect"), said(small.of(soldBy(0)), "fillText")], [1, 1, 0]);
  assert.deepEqual(large.of(soldBy(1)).asked.find(([asked]) => asked === "fillText")?.[1], "C");
  for (const look of [HELD, KILLED, LOCKED, openTo(1)]) assert.ok(large.of(look).asked.length > 3);
});

test("flashes are painted on a clean canvas, and gone when their time is over", () => {
  const { stamps, context, at, look, one } = stage([soldBy(0)]);
  paintFlashes(context, at, look, stamps, [[0, 0.5]]);
  assert.deepEqual([one.asked.filter(([name]) => name === "clearRect").length, one.asked.filter(([name]) => name === "arc").length], [1, 1]);
});

test("a house paints all at first, then what changes, and flashes no longer than it should", () => {
  const [below, above] = [canvas(), canvas()];
  globalThis.document = { createElement: () => canvas() };
  globalThis.devicePixelRatio = 1;
  globalThis.innerHeight = 800;
  const house = new House(below, above, { clientWidth: 400, style: {} });
  const layout = { count: 9, seats: 9, x: Float32Array.from({ length: 9 }, (_, nth) => nth), y: new Float32Array(9), pitch: 1, bounds: { left: 0, right: 8, top: 0, bottom: 0 }, fields: [], hasStage: false };
  house.set({ layout, channels: CHANNELS, colours: COLOURS });
  const stamped = () => below.asked.splice(0).filter(([name]) => name === "drawImage").length;
  const look = new Uint8Array(9).fill(openTo(-1));
  assert.deepEqual([house.paint(look, 1000), stamped()], [false, 9]);
  look[4] = soldBy(0);
  house.change(4, 1000);
  assert.deepEqual([house.paint(look, 1000), stamped()], [true, 2]);
  assert.deepEqual([house.paint(look, 1100), stamped()], [true, 0]);
  assert.deepEqual([house.paint(look, 2000), stamped()], [false, 0]);
});

test("the graph has what each channel sold by then, and where people were sent away", () => {
  const ledger = { count: 2, acts: { count: 3, at: Float64Array.of(0, 50, 100), from: Int32Array.of(0, 2, 3, 3), size: [2, 1, 4] }, entries: { place: Int32Array.of(0, 1, 0), to: Uint8Array.of(8, HELD, soldBy(1)) } };
  const axis = new Axis(ledger.acts.at, 100), { sold, off } = series(ledger, axis, 2);
  assert.deepEqual([sold[1][0], sold[1].at(-1), sold[0].at(-1), off.at(-1)], [0, 1, 0, 1]);
  const away = turnedAway(ledger, axis, (act) => act === 2, () => true);
  assert.deepEqual([away.all.at(-1), away.though.at(-1)], [4, 4]);
  const one = canvas();
  paintGraph(one.getContext(), { width: 300, height: 100, ratio: 1, axis, showAt: 100, sold, capacity: 2, away, other: sold[1], colours: COLOURS });
  assert.ok(one.asked.some(([name, text]) => name === "fillText" && text === "show"));
});

test("a graph is as high as the house, or a round number above what is sold of it", () => {
  const sold = (many) => [Int32Array.of(0, many), Int32Array.of(0, 10)];
  assert.deepEqual([heightOf(sold(50), 2700), heightOf(sold(2000), 2700), heightOf([Int32Array.of(0, 0)], 30), heightOf([Int32Array.of(0)], 0)], [100, 2700, 30, 1]);
});
