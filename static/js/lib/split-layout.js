// Where every place is drawn: numbered seats where the house has them, standing room as fields of dots below.
import { houseOf } from "./house.js";

const GAP = 3, LABEL = 2.2; // between fields and above each, in pitches
const WIDE = 2.6; // how much wider than deep a field is

/**
 * What `…/split/house/` answers, laid out: x, y and bounds of all places, numbered seats first; `pitch`, the room of one;
 * `fields` with the names to write above standing room; `names` by section. `house` is as the seat map has it.
 */
export function laidOut(told) {
  const house = houseOf(told), { standing } = told;
  const seats = house.count, count = seats + standing.section.length;
  const [x, y] = [new Float32Array(count), new Float32Array(count)];
  x.set(house.x);
  y.set(house.y);
  const pitch = seats ? house.pitch : 1;
  const left = seats ? house.bounds.left : 0, right = seats ? house.bounds.right : 0;
  let top = seats ? house.bounds.bottom + GAP * pitch : 0;
  const fields = [];
  let most = seats ? house.bounds : { left: 0, right: 0, top: 0, bottom: 0 };
  for (const { section, places } of bySection(standing.section, seats)) {
    const columns = columnsOf(places.length, seats ? (right - left) / pitch : 0);
    const middle = (left + right) / 2;
    top += LABEL * pitch;
    const rows = Math.ceil(places.length / columns);
    places.forEach((place, nth) => {
      const row = Math.floor(nth / columns), inRow = Math.min(columns, places.length - row * columns);
      x[place] = middle + ((nth % columns) - (inRow - 1) / 2) * pitch;
      y[place] = top + row * pitch;
    });
    const half = ((columns - 1) / 2) * pitch;
    fields.push({ text: told.sections[section].name, x: middle, y: top - LABEL * 0.6 * pitch });
    most = { left: Math.min(most.left, middle - half), right: Math.max(most.right, middle + half), top: most.top, bottom: top + (rows - 1) * pitch };
    top += (rows - 1 + GAP) * pitch;
  }
  return { house, count, seats, x, y, pitch, bounds: most, fields, hasStage: house.hasPoints || !seats };
}

function bySection(section, first) {
  const fields = new Map();
  section.forEach((of, nth) => {
    if (!fields.has(of)) fields.set(of, { section: of, places: [] });
    fields.get(of).places.push(first + nth);
  });
  return [...fields.values()].sort((one, other) => one.section - other.section);
}

function columnsOf(count, wide) {
  return Math.max(1, Math.min(count, Math.round(Math.max(Math.sqrt(count * WIDE), Math.min(wide, count / 3)))));
}

/** Scale and shift by which the bounds fill a canvas, within a margin in pixels, and how wide a place is then. */
export function fit({ bounds, pitch, hasStage }, width, height, margin) {
  const above = hasStage ? 26 : 0; // pixels for the stage
  const wide = Math.max(bounds.right - bounds.left + pitch, 1e-6), deep = Math.max(bounds.bottom - bounds.top + pitch, 1e-6);
  const scale = Math.min((width - 2 * margin) / wide, (height - 2 * margin - above) / deep, 34 / pitch);
  return {
    scale,
    dx: width / 2 - ((bounds.left + bounds.right) / 2) * scale,
    dy: margin + above + (height - 2 * margin - above) / 2 - ((bounds.top + bounds.bottom) / 2) * scale,
    radius: (pitch * scale) / 2,
  };
}

/** How high a canvas of this width should be, so that the house fills it. */
export function heightFor({ bounds, pitch, hasStage }, width, margin, [least, most]) {
  const wide = bounds.right - bounds.left + pitch, deep = bounds.bottom - bounds.top + pitch;
  const high = ((width - 2 * margin) / wide) * deep + 2 * margin + (hasStage ? 26 : 0);
  return Math.round(Math.max(least, Math.min(most, high)));
}
