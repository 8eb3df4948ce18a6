// A clock that runs by the server's time: what is left is counted from when the server was asked, so never too much.

/** At which moment of this device's own clock it is over, when `secondsLeft` was told to a question sent `askedAt`. */
export function deadline(askedAt, secondsLeft) {
  return askedAt + secondsLeft * 1000;
}

/** Whole seconds until then; 0 once it is over. */
export function secondsUntil(then, now) {
  return Math.max(0, Math.ceil((then - now) / 1000));
}

/** `7:05`: minutes and seconds; `1:02:09` from an hour on. */
export function clockFace(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** The same as it is read out: `2 minutes`, `1 minute 30 seconds`, `15 seconds`. */
export function spoken(seconds) {
  const parts = [[Math.floor(seconds / 60), "minute"], [seconds % 60, "second"]];
  const said = parts.filter(([count]) => count).map(([count, noun]) => `${count} ${noun}${count === 1 ? "" : "s"}`);
  return said.join(" ") || "0 seconds";
}

export const WARN_AT = [120, 60, 15];

/** Which of the warnings is due on the way from `before` to `now` seconds left; null where none is. */
export function warningDue(before, now) {
  const passed = WARN_AT.filter((at) => now <= at && at < before);
  return now > 0 && passed.length ? Math.min(...passed) : null;
}
