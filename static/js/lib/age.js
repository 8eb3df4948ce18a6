/** How long ago, in words: `3 s ago`, `2 min 5 s ago`, `1 h 10 min ago`. */
export function age(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s ago`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min ago`;
}

/** What to say of numbers `old` milliseconds old: their age, and a warning once asking has failed for too long. */
export function told({ asOf, old, failure, staleAfter }) {
  const warning = failure && old >= staleAfter ? `Not refreshed since ${asOf}. ${failure}` : "";
  return { line: `as of ${asOf}, ${age(old)}`, warning };
}
