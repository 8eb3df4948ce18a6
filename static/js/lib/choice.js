// Choosing many seats at once to hold them: whole rows and sections, rectangles, and what of it is open.
export const STAFF_WORDS = {
  o: "open", n: "open, though not on sale now", l: "in a basket", p: "being paid for", h: "held", e: "lent to a till",
  s: "sold", k: "not for sale at this show", x: "open already",
};

/** Whether a seat can be held. What is open can, on sale or not. */
export function isOpen(letter) {
  return letter === "o" || letter === "n";
}

/** Staff's letters as the map draws them: all that is open alike, and all that is in baskets. */
export function drawn(letters) {
  return letters.replaceAll("n", "o").replaceAll("p", "l");
}

/** The seats of the row that a seat stands in. */
export function rowOf(house, index) {
  return house.rows.find(({ section, row }) => section === house.section[index] && row === house.row[index]).seats;
}

/** The seats of the section that a seat stands in. */
export function sectionOf(house, index) {
  return house.rows.filter(({ section }) => section === house.section[index]).flatMap(({ seats }) => seats);
}

/** The seats whose middles lie within a box, in the house's own units. */
export function within(house, { left, top, right, bottom }) {
  const found = [];
  for (let index = 0; index < house.count; index++) {
    const [x, y] = [house.x[index], house.y[index]];
    if (x >= left && x <= right && y >= top && y <= bottom) found.push(index);
  }
  return found;
}

/** The box between two seats, both of them in it. */
export function between(house, one, other) {
  const [xs, ys] = [[house.x[one], house.x[other]], [house.y[one], house.y[other]]];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/**
 * Some seats more, or fewer: where all that is open of them was chosen already, they are given up; otherwise whatever
 * is open of them is chosen. `changed` counts them, `shut` those that cannot be chosen.
 */
export function toggled(chosen, seats, letters) {
  const open = seats.filter((index) => isOpen(letters[index]));
  const next = new Set(chosen);
  const isGivingUp = open.length > 0 && open.every((index) => chosen.has(index));
  for (const index of open) isGivingUp ? next.delete(index) : next.add(index);
  return { chosen: next, isGivingUp, changed: Math.abs(next.size - chosen.size), shut: seats.length - open.length };
}

/** The ids of the chosen seats for a form, ascending, with blanks between. */
export function written(house, chosen) {
  return [...chosen].map((index) => house.ids[index]).sort((a, b) => a - b).join(" ");
}

/** The seats that a form's ids name, as far as the house has them. */
export function readBack(house, text) {
  return new Set(text.split(/\s+/).map((id) => house.indexOf.get(Number(id))).filter((index) => index !== undefined));
}

/**
 * The first few of the chosen seats, neighbours by number drawn together as the server says them, and how many more
 * there are: `Stalls A 3-7, B 2; Balcony A 1; and 40 more`. `most` counts the stretches.
 */
export function briefly(house, chosen, most = 6) {
  const sections = new Map();
  let [stretches, named] = [0, 0];
  for (const { section, row, seats } of house.rows) {
    const its = drawnTogether(seats.filter((index) => chosen.has(index)).map((index) => house.number[index]));
    const told = its.slice(0, most - stretches);
    if (!told.length) continue;
    stretches += told.length;
    named += told.reduce((sum, { count }) => sum + count, 0);
    const words = told.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(", ");
    sections.set(section, [...(sections.get(section) ?? []), `${row} ${words}`]);
  }
  const said = [...sections].map(([section, rows]) => `${house.sections[section].name} ${rows.join(", ")}`);
  const more = chosen.size - named;
  return [...said, ...(more ? [`and ${more.toLocaleString("en-IN")} more`] : [])].join("; ");
}

/** Numbers of seats in their order, in stretches without a gap: `[{first, last, count}]`. What is no number stands last. */
function drawnTogether(numbers) {
  const isNumber = (text) => /^\d+$/.test(text);
  const plain = numbers.filter(isNumber).sort((a, b) => a - b);
  const others = numbers.filter((number) => !isNumber(number)).sort();
  const found = [];
  for (const number of [...plain, ...others]) {
    const before = found.at(-1);
    if (before && isNumber(number) && Number(number) === Number(before.last) + 1) {
      Object.assign(before, { last: number, count: before.count + 1 });
    } else found.push({ first: number, last: number, count: 1 });
  }
  return found;
}
