// Where every place is drawn: numbered seats where the house has them, standing room as fields of dots below.
import { houseOf } from "./house.js";

const WIDE = 2.6; // how much wider than deep all standing room is
const LABEL = 0.065; // room for a field's name, of the depth of all

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
  const standingRows = Math.sqrt((count - seats) / WIDE), gap = Math.max(2.5, LABEL * standingRows);
  let top = seats ? house.bounds.bottom + pitch : 0;
  const fields = [];
  let most = seats ? house.bounds : { left: 0, right: 0, top: 0, bottom: 0 };
  for (const { section, places } of bySection(standing.section, seats)) {
    const columns = columnsOf(places.length, count - seats, seats ? (right - left) / pitch : 0);
    const middle = (left + right) / 2;
    top += gap * pitch;
    const rows = Math.ceil(places.length / columns);
    places.forEach((place, nth) => {
      const row = Math.floor(nth / columns), inRow = Math.min(columns, places.length - row * columns);
      x[place] = middle + ((nth % columns) - (inRow - 1) / 2) * pitch;
      y[place] = top + row * pitch;
    });
    const half = ((columns - 1) / 2) * pitch;
    fields.push({ text: told.sections[section].name, x: middle, y: top - gap * 0.5 * pitch });
    most = { left: Math.min(most.left, middle - half), right: Math.max(most.right, middle + half), top: most.top, bottom: top + (rows - 1) * pitch };
    top += rows * pitch;
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

/** Fields have one width, that of the seats if there are any, and are as deep as they must. */
function columnsOf(count, standing, wide) {
  return Math.max(1, Math.min(count, Math.round(Math.max(Math.sqrt(standing * WIDE), wide))));
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
