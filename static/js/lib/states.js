// How the seats stand, a letter each: o can be had, l is in somebody's basket, x is not to be had.

/** The letters after a difference `{index: letter}` was taken in; the same text where nothing differs. */
export function changed(letters, changes) {
  const entries = Object.entries(changes).filter(([index, letter]) => letters[index] !== letter);
  if (!entries.length) return letters;
  const all = [...letters];
  for (const [index, letter] of entries) all[index] = letter;
  return all.join("");
}

/** Of the seats that somebody has chosen here, those that were open before and can be had no more. */
export function lost(chosen, letters) {
  return [...chosen].filter((index) => letters[index] !== "o");
}

export const SEAT_WORDS = { o: "available", l: "in somebody's basket, may come back", x: "not available" };
