import assert from "node:assert/strict";
import { test } from "node:test";

import { Axis, marks, nextDay } from "../../static/js/lib/split-axis.js";
import { Film, summed } from "../../static/js/lib/split-film.js";
import { ledgerOf } from "../../static/js/lib/split-history.js";
import { HELD, LOCKED, openTo, soldBy, EVERYBODY } from "../../static/js/lib/split-looks.js";
import { Player } from "../../static/js/lib/split-player.js";

const DAY = 86400;

/** Three places: all loaded, one locked, sold and brought back, another held. */
function ledger() {
  return {
    count: 3,
    acts: { count: 5, at: Float64Array.of(0, 10, 20, 20, 30), from: Int32Array.of(0, 3, 4, 5, 6, 7) },
    entries: { place: Int32Array.of(0, 1, 2, 1, 1, 2, 1), to: Uint8Array.of(9, 9, 9, LOCKED, soldBy(0), HELD, 9) },
  };
}

test("a film shows how every place looks after each act", () => {
  const film = new Film(ledger()), seen = [];
  for (let done = 0; done <= 5; done++) {
    film.goTo(done);
    seen.push([...film.look]);
  }
  assert.deepEqual(seen, [[0, 0, 0], [9, 9, 9], [9, LOCKED, 9], [9, soldBy(0), 9], [9, soldBy(0), HELD], [9, 9, HELD]]);
});

test("a film runs backwards as it ran forwards, from anywhere to anywhere, and counts on the way", () => {
  const film = new Film(ledger());
  for (const done of [5, 2, 4, 0, 3, 1, 5, 0]) {
    film.goTo(done);
    const fresh = new Film(ledger());
    fresh.goTo(done);
    assert.deepEqual([...film.look], [...fresh.look]);
    assert.deepEqual([...film.counts], [...fresh.counts]);
  }
});

test("only places that look otherwise are named", () => {
  const film = new Film(ledger()), named = [];
  film.goTo(2);
  film.goTo(4, (place) => named.push(place));
  assert.deepEqual(named, [1, 2]);
});

test("acts of the same moment happen together", () => {
  const film = new Film(ledger());
  assert.deepEqual([film.actsBy(-1), film.actsBy(0), film.actsBy(19.9), film.actsBy(20), film.actsBy(99)], [0, 1, 2, 4, 5]);
});

test("sums tell what has come together before each act", () => {
  assert.deepEqual([...summed(3, (act) => act + 1)], [0, 1, 3, 6]);
});

test("the axis leads there and back, and gives room to what happens", () => {
  const busy = [...Array(100).keys()].map((nth) => 9 * DAY + nth * 800);
  const axis = new Axis(busy, 10 * DAY);
  assert.deepEqual([axis.share(0), axis.share(10 * DAY), axis.moment(0), axis.moment(1)], [0, 1, 0, 10 * DAY]);
  for (const moment of [DAY, 5 * DAY, 9.4 * DAY]) assert.ok(Math.abs(axis.moment(axis.share(moment)) - moment) < 1);
  assert.ok(axis.share(9 * DAY) < 0.45);
});

test("an axis without acts is plain time", () => {
  const axis = new Axis([], 10 * DAY);
  assert.ok(Math.abs(axis.share(5 * DAY) - 0.5) < 1e-6);
});

test("marks say how long before the show, and none stands upon another", () => {
  const axis = new Axis([], 14 * DAY), found = marks(axis, 14 * DAY, 0.05);
  assert.deepEqual([found[0].text, found.at(-1).text], ["14 d", "show"]);
  found.slice(1).forEach(({ share }, nth) => assert.ok(share - found[nth].share >= 0.05));
});

test("a day on and a day back are counted from the show, and end at the ends", () => {
  const end = 3.5 * DAY;
  assert.deepEqual([0, 0.5, 1, 3.5].map((days) => nextDay(days * DAY, 1, end, end) / DAY), [0.5, 1.5, 1.5, 3.5]);
  assert.deepEqual([3.5, 1, 0.5, 0.2].map((days) => nextDay(days * DAY, -1, end, end) / DAY), [2.5, 0.5, 0, 0]);
});

// The real ledger ------------------------------------------------------------------------------------------------------

const ALLOCATIONS = [{ name: "Pool", is_pool: true, channel: -1 }, { name: "Counter slice", is_pool: false, channel: 1 }];

function chapter(more = {}) {
  return {
    verbs: ["load_manifest", "allocate_places", "commit_lock"],
    id: [5, 1, 4], at: [1000, 1010, 1050], verb: [0, 1, 2], channel: [-1, -1, 0], quantity: [2, 1, 1], about: { 0: "x" },
    place: [70, 1, 0, -1], status: "ooos", label: [0, 0, 1, 0], taken_by: [-1, -1, -1, 0], after: "", ...more,
  };
}

test("the real ledger is read as a film: whose a place is, who sold it, in seconds from the first act", () => {
  const told = ledgerOf([chapter()], [70, 71], ALLOCATIONS), film = new Film({ ...told, count: 2 });
  assert.deepEqual([told.begins, [...told.acts.at]], [1000, [0, 10, 50]]);
  film.goTo(2);
  assert.deepEqual([...film.look], [openTo(EVERYBODY), openTo(1)]);
  film.goTo(3);
  assert.deepEqual([...film.look], [soldBy(0), openTo(1)]);
  assert.deepEqual([told.acts.about[0], told.acts.verb[2], told.acts.label[1]], ["x", "commit_lock", 1]);
});

test("chapters come in any order, and a place's acts in that of their ids, whatever their clocks say", () => {
  const later = chapter({ id: [20], at: [990], verb: [2], channel: [0], quantity: [1], about: {}, place: [71], status: "s", label: [0], taken_by: [0] });
  const told = ledgerOf([later, chapter()], [70, 71], ALLOCATIONS);
  assert.deepEqual([...told.acts.at], [0, 10, 10, 50]);
  const film = new Film({ ...told, count: 2 });
  film.goTo(4);
  assert.deepEqual([...film.look], [soldBy(0), soldBy(0)]);
});

test("a ledger without an act is an empty film", () => {
  const told = ledgerOf([], [70], ALLOCATIONS);
  assert.deepEqual([told.acts.count, [...told.acts.from]], [0, [0]]);
});

// The clock ------------------------------------------------------------------------------------------------------------

function player(more = {}) {
  const frames = [], seen = [];
  const one = new Player({ later: (frame) => frames.push(frame), draw: (now, isPlaying) => void seen.push([one.share, isPlaying]), rest: () => seen.push("rest"), ...more });
  one.load(new Axis([], 10 * DAY), 10 * DAY);
  return { one, seen, frame: (now) => frames.splice(0).forEach((draw) => draw(now)) };
}

test("it plays from frame to frame, stops at the end, and begins anew from there", () => {
  const { one, seen, frame } = player();
  one.lasts = 0.2;
  one.toggle();
  [1000, 1100, 1200, 1300].forEach(frame);
  assert.deepEqual([one.share, one.isPlaying, seen.includes("rest")], [1, false, true]);
  one.toggle();
  assert.deepEqual([one.share, one.isPlaying], [0, true]);
});

test("a page that was away for long does not jump", () => {
  const { one, frame } = player();
  one.lasts = 10;
  one.toggle();
  frame(1000);
  frame(60_000);
  assert.ok(one.share <= 0.011);
});

test("whoever wants no motion goes day by day", () => {
  const { one } = player({ isStill: () => true });
  one.toggle();
  assert.deepEqual([one.isPlaying, Math.round(one.moment)], [false, DAY]);
});

test("keys play, step and jump; others are not its own", () => {
  const { one } = player();
  assert.deepEqual(["End", "ArrowLeft", "PageDown", "Home", "x"].map((key) => [one.key(key), Number(one.share.toFixed(2))]),
    [[true, 1], [true, 0.99], [true, 0.9], [true, 0], [false, 0]]);
  one.key(" ");
  assert.equal(one.isPlaying, true);
});
