// Little houses and sales for the tests of the split.
export const CHANNELS = [
  { id: 1, code: "web", name: "Web", kind: "web", is_active: true },
  { id: 2, code: "counter", name: "Counter", kind: "counter", is_active: true },
];

/** Rows of so many seats each, ranked row by row; with `standing`, so many places of standing room behind them. */
export function seated(rows, each, standing = 0) {
  const count = rows * each + standing, nth = [...Array(count).keys()];
  const isSeat = (place) => place < rows * each;
  return {
    count,
    rank: Int32Array.from(nth, (place) => place + 1),
    run: Int32Array.from(nth, (place) => (isSeat(place) ? Math.floor(place / each) : -1)),
    row: Int32Array.from(nth, (place) => (isSeat(place) ? Math.floor(place / each) : rows)),
    position: Int32Array.from(nth, (place) => (isSeat(place) ? place % each : 0)),
    tier: new Int16Array(count),
    look: new Uint8Array(count),
    isIn: new Uint8Array(count).fill(1),
    isKept: new Uint8Array(count),
  };
}

/** Parties that come one after the other: `[at, channel, size]` each. */
export function parties(...all) {
  return {
    count: all.length,
    at: Float64Array.from(all, ([at]) => at),
    channel: Uint8Array.from(all, ([, channel]) => channel),
    size: Uint8Array.from(all, ([, , size]) => size),
  };
}
