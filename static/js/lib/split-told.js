// What the server tells of a show, made ready to model: who sells, which places are for sale in the model, how they look.
import { EVERYBODY, lookOf } from "./split-looks.js";

/** Ids out of their steps. */
export function summedUp(steps) {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

/**
 * The house of the model, as Shelf and cut want it. From the empty house everything is for sale but what is killed, held
 * or lent; from what is there now (`isNow`) only what is open, and what was sold before is nobody's sale of the model. Wheelchair and companion places are asked for by name and
 * never by the model.
 */
export function modelled(told, count, isNow) {
  const byName = new Set(told.kept);
  const house = {
    count,
    rank: Int32Array.from(told.rank),
    run: Int32Array.from(told.run),
    position: Int32Array.from(told.position),
    tier: Int16Array.from({ length: count }, (_, place) => told.tier[place] ?? -1), // standing room needs none
    row: rowsOf(told, count),
    isIn: new Uint8Array(count),
    isKept: new Uint8Array(count),
    look: Uint8Array.from({ length: count }, (_, place) => lookOf(told.letters[place], EVERYBODY, EVERYBODY)),
  };
  for (let place = 0; place < count; place++) {
    const isForSale = isNow ? told.letters[place] === "o" : !"khe".includes(told.letters[place]);
    (byName.has(place) ? house.isKept : house.isIn)[place] = isForSale ? 1 : 0;
  }
  return house;
}

/** Each row by a number of its own, for spreading a slice over them; standing room is one row a section. */
function rowsOf({ section, row, standing }, count) {
  const rows = new Int32Array(count), known = new Map();
  const numbered = (key) => known.get(key) ?? known.set(key, known.size).get(key);
  row.forEach((name, place) => (rows[place] = numbered(`${section[place]}\n${name}`)));
  standing.section.forEach((of, nth) => (rows[row.length + nth] = numbered(`${of}\n`)));
  return rows;
}
