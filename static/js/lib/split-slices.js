// Which places a slice is cut from: as inventory/queries/picking.py takes a number of them out of the pool.

export const ORDERS = ["spread", "best", "worst"];

/**
 * `quantity` of the places that `isOffered` has a 1 for, or all if there are fewer, as indexes, ascending. `spread` walks
 * through the house row by row: every so manieth place says in which row one more is taken, and each row gives its best.
 */
export function cut({ rank, row }, isOffered, quantity, order) {
  const offered = [];
  for (let index = 0; index < isOffered.length; index++) if (isOffered[index]) offered.push(index);
  const many = Math.min(quantity, offered.length);
  const byRank = offered.sort((one, other) => rank[one] - rank[other] || one - other);
  const found = order === "best" ? byRank.slice(0, many)
    : order === "worst" ? byRank.slice(byRank.length - many)
    : spread(byRank, row, many);
  return Int32Array.from(found).sort();
}

function spread(byRank, row, many) {
  const rows = new Map(); // in the order of their best places, since that is how the places come
  for (const place of byRank) {
    if (!rows.has(row[place])) rows.set(row[place], []);
    rows.get(row[place]).push(place);
  }
  const found = [];
  let before = 0;
  for (const places of rows.values()) {
    // So many of the numbers floor(i * all / many) lie within this row's stretch of the walk.
    const upTo = (nth) => Math.ceil((nth * many) / byRank.length);
    found.push(...places.slice(0, upTo(before + places.length) - upTo(before)));
    before += places.length;
  }
  return found;
}

/** How many places so many per cent are. */
export function share(percent, of) {
  return Math.round((percent * of) / 100);
}
