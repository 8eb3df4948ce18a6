// A house as the map and the list see it: the API's columns of seats, each seat known by its index in them.

export const WHEELCHAIR = 1, COMPANION = 2, RESTRICTED = 4;
const ROW_GAP = 1.25, SECTION_GAP = 2;

/**
 * What `GET …/seats` answers, made ready: ids as they are, coordinates for every seat, the space that one seat has
 * (`pitch`), the bounds of the whole. Seats without coordinates are laid out in their rows, section below section.
 */
export function houseOf(columns) {
  const count = columns.id_steps.length;
  const ids = new Array(count);
  for (let index = 0, id = 0; index < count; index++) ids[index] = id += columns.id_steps[index];
  const { section, tier, row, number, flags, sections, tiers } = columns;
  const hasPoints = count > 0 && columns.x.every((x) => x !== null) && columns.y.every((y) => y !== null);
  const house = { version: columns.manifest_version, count, ids, section, tier, row, number, flags, sections, tiers };
  house.rows = rowsOf(house);
  const [x, y] = hasPoints ? [columns.x, columns.y] : laidOut(house);
  Object.assign(house, { x, y, hasPoints, bounds: boundsOf(x, y) });
  house.pitch = pitchOf(house);
  house.indexOf = new Map(ids.map((id, index) => [id, index]));
  return house;
}

/** The rows in the order of the manifest, each with its seats from left to right: `[{section, row, seats}]`. */
function rowsOf({ count, section, row }) {
  const rows = new Map();
  for (let index = 0; index < count; index++) {
    const key = `${section[index]}\n${row[index]}`;
    if (!rows.has(key)) rows.set(key, { section: section[index], row: row[index], seats: [] });
    rows.get(key).seats.push(index);
  }
  return [...rows.values()].sort((one, other) => one.section - other.section);
}

function laidOut({ rows, count }) {
  const [x, y] = [new Array(count), new Array(count)];
  let depth = 0, before = null;
  for (const { section, seats } of rows) {
    depth += before === null || before === section ? ROW_GAP : ROW_GAP + SECTION_GAP;
    before = section;
    seats.forEach((seat, nth) => {
      x[seat] = nth - (seats.length - 1) / 2;
      y[seat] = depth;
    });
  }
  return [x, y];
}

function boundsOf(x, y) {
  if (!x.length) return { left: 0, top: 0, right: 1, bottom: 1 };
  const least = (numbers) => numbers.reduce((a, b) => Math.min(a, b));
  const most = (numbers) => numbers.reduce((a, b) => Math.max(a, b));
  return { left: least(x), top: least(y), right: most(x), bottom: most(y) };
}

/** How far neighbours in a row usually are from each other: the middle of all their distances. */
function pitchOf({ rows, x, y }) {
  const gaps = [];
  for (const { seats } of rows) {
    const along = [...seats].sort((a, b) => x[a] - x[b] || y[a] - y[b]);
    for (let nth = 1; nth < along.length; nth++) {
      gaps.push(Math.hypot(x[along[nth]] - x[along[nth - 1]], y[along[nth]] - y[along[nth - 1]]));
    }
  }
  const real = gaps.filter((gap) => gap > 0).sort((a, b) => a - b);
  return real[Math.floor(real.length / 2)] ?? 1;
}

/** `Stalls, C 12`: how a seat is called. */
export function nameOf(house, index) {
  return `${house.sections[house.section[index]].name}, ${house.row[index]} ${house.number[index]}`;
}

/** `["wheelchair place", "restricted view"]`: what is special about a seat. */
export function traitsOf(house, index) {
  const flags = house.flags[index];
  const named = [[WHEELCHAIR, "wheelchair place"], [COMPANION, "companion place"], [RESTRICTED, "restricted view"]];
  return named.filter(([flag]) => flags & flag).map(([, name]) => name);
}

/** Whether a seat is kept for those who ask for a wheelchair place, or for whoever comes with them. */
export function isKept(house, index) {
  return (house.flags[index] & (WHEELCHAIR | COMPANION)) !== 0;
}

/** The seat nearest to a point, within a distance; -1 where there is none. */
export function nearest(house, x, y, within) {
  let found = -1, best = within * within;
  for (let index = 0; index < house.count; index++) {
    const distance = (house.x[index] - x) ** 2 + (house.y[index] - y) ** 2;
    if (distance <= best) [found, best] = [index, distance];
  }
  return found;
}

/**
 * The next seat in a direction, (1, 0) to the right and (0, 1) away from the stage; the same one at the edge. Rows may be
 * curved, so it looks straight ahead first and then farther to the sides.
 */
export function neighbour(house, from, dx, dy) {
  for (const spread of [0.9, 2]) {
    const found = ahead(house, from, dx, dy, spread);
    if (found !== from) return found;
  }
  return from;
}

function ahead(house, from, dx, dy, spread) {
  let found = from, best = Infinity;
  for (let index = 0; index < house.count; index++) {
    const [x, y] = [house.x[index] - house.x[from], house.y[index] - house.y[from]];
    const along = x * dx + y * dy, aside = Math.abs(x * dy - y * dx);
    if (along <= house.pitch / 4 || aside > along * spread) continue;
    const cost = along + 2 * aside; // nearness counts, and straightness twice
    if (cost < best) [found, best] = [index, cost];
  }
  return found;
}
