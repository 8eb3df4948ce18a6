import assert from "node:assert/strict";
import { test } from "node:test";

import { channelRows, momentRows } from "../../static/js/lib/split-tables.js";
import { HELD, openTo, soldBy } from "../../static/js/lib/split-looks.js";
import { actInWords, ahead, historyInWords, placeInWords, verdict } from "../../static/js/lib/split-words.js";
import { changesOf, played } from "../../static/js/lib/split-model.js";
import { CHANNELS, parties, seated } from "./split.js";

const house = seated(1, 6);
const slices = [{ channel: 1, places: Int32Array.of(2, 3, 4, 5), steps: [{ at: 500, percent: 100 }] }];
const common = { house, channels: CHANNELS, first: null, saleFor: 1000, parties: parties([1, 0, 2], [2, 0, 2], [600, 1, 1]) };
const split = played({ ...common, slices }), open = played({ ...common, slices: [] });

test("the model's acts are told in words", () => {
  const said = [...Array(split.acts.count).keys()].map((act) => actInWords(split.acts, split.acts, act, CHANNELS));
  assert.deepEqual(said, [
    "The sale begins with 6 places.",
    "Web: a party of 2 has bought.",
    "Web: a party of 2 is turned away while 4 places stood open for Counter.",
    "Counter’s slice gives 4 places back to the pool.",
    "Counter: somebody alone has bought.",
  ]);
});

test("the verdict names the lesson, what was in vain, who gained and what was left", () => {
  assert.deepEqual(verdict(split, open, CHANNELS), {
    lesson: "Web turned a party of 2 away while 4 places stood open for Counter.",
    rest: "2 places asked for in vain, 2 of them while others stood open; with one open pool 0. The split sold 2 fewer on Web. Unsold at the end: 3; with one open pool 1.",
  });
  assert.equal(verdict(open, open, CHANNELS).lesson, "Nobody was turned away while places stood open elsewhere.");
});

test("the table has every channel beside one open pool, and all of them together", () => {
  assert.deepEqual(channelRows(split, open, CHANNELS), [
    ["Web", "4", "2", "2", "2", "4", "0"],
    ["Counter", "1", "1", "0", "0", "1", "0"],
    ["Together", "5", "3", "2", "2", "5", "0"],
  ]);
});

test("the table of moments tells how it stands whenever the rules change", () => {
  const rows = momentRows(split, 6, changesOf(slices, null, 1000), 1000, CHANNELS, (at) => `at ${at}`);
  assert.deepEqual(rows, [
    ["at 0", "The sale begins", "0 sold, 0 away", "0 sold, 0 away", "2", "4"],
    ["at 500", "Counter gives back the rest", "2 sold, 2 away", "0 sold, 0 away", "4", "0"],
    ["at 1000", "The show begins", "2 sold, 2 away", "1 sold, 0 away", "3", "0"],
  ]);
});

test("the real ledger's acts are told in words, with whom they are for", () => {
  const acts = {
    verb: ["place_hold", "commit_lock", "allocate_places", "freeze", "kill_places", "stranger_things"],
    channel: [-1, 0, -1, -1, -1, -1], size: [4, 1, 60, 0, 2, 3], label: [0, 0, 1, -1, 0, 0],
    about: ["Chai Co", "", "", "a till is behind", "sound desk", ""],
  };
  const labels = [{ name: "Pool", is_pool: true }, { name: "Counter slice", is_pool: false }];
  assert.deepEqual(acts.verb.map((_, act) => historyInWords(acts, act, CHANNELS, labels)), [
    "4 places held for Chai Co.", "Web: 1 place sold.", "60 places put under Counter slice.", "Selling is frozen: a till is behind.",
    "2 places not for sale: sound desk.", "stranger things: 3 places.",
  ]);
});

test("how long before the show is said shortly", () => {
  assert.deepEqual([2 * 86400 + 5 * 3600, 86400, 3 * 3600 + 1200, 12 * 3600 + 60, 20, 0, -900].map(ahead), [
    "2 days 5 h before the show", "1 day before the show", "3 h 20 min before the show", "12 h before the show",
    "less than a minute before the show", "the show begins", "the show has begun",
  ]);
});

test("a place says its name and how it stands", () => {
  const layout = { seats: 1, house: { sections: [{ name: "Stalls" }], section: [0], row: ["C"], number: ["12"] } };
  assert.deepEqual([soldBy(0), openTo(1), openTo(-1), HELD].map((look) => placeInWords(layout, 0, look, CHANNELS)), [
    "Stalls, C 12: sold on Web", "Stalls, C 12: open to Counter alone", "Stalls, C 12: open to all", "Stalls, C 12: held",
  ]);
  assert.equal(placeInWords(layout, 5, soldBy(-1), CHANNELS), "A standing place: sold");
});
