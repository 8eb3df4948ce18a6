// Chance that can be had again: the same seed gives the same numbers on every machine.

/** A source of numbers from 0 to below 1 (mulberry32), begun from any words and numbers. */
export function seeded(...from) {
  let state = hashed(from.join("\n"));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One of several by their weights: `picked(0.3, [5, 3, 2])` is 0, the place of the 5. */
export function picked(random, weights) {
  let left = random * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => (left -= weight) < 0);
  return found < 0 ? weights.length - 1 : found;
}

// FNV-1a over the text's code units.
function hashed(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}
