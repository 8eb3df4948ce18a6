// How a place looks in the split: a small number each, so that a whole house is one array of bytes.

export const ABSENT = 0, KILLED = 1, HELD = 2, LEASED = 3, LOCKED = 4, KEPT = 5;
const OPEN = 8, SOLD = 128;
export const EVERYBODY = -1;

/** Open: for everybody, or for one channel alone. */
export function openTo(channel) {
  return OPEN + 1 + channel;
}

/** Sold on a channel; on EVERYBODY where nobody knows which. */
export function soldBy(channel) {
  return SOLD + 1 + channel;
}

export function isOpen(look) {
  return look >= OPEN && look < SOLD;
}

export function isSold(look) {
  return look >= SOLD;
}

/** Whose an open or a sold place is: a channel, or EVERYBODY. */
export function whose(look) {
  return look - 1 - (look >= SOLD ? SOLD : OPEN);
}

const LETTERS = { k: KILLED, h: HELD, e: LEASED, l: LOCKED, p: LOCKED };

/** The look of a state as the server tells it: a letter, for whom it is open, who sold it. */
export function lookOf(letter, owner, seller) {
  if (letter === "o") return openTo(owner);
  return letter === "s" ? soldBy(seller) : LETTERS[letter] ?? ABSENT;
}
