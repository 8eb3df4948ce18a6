// The colours of the split as the page has them, and the signs beside its words, drawn as the places are.
import { EVERYBODY, HELD, KILLED, LOCKED, openTo, soldBy } from "./split-looks.js";
import { Stamps } from "./split-draw.js";

const MOST = 6;
const NAMED = {
  ink: "ink", quiet: "quiet", line: "line", stage: "stage", ground: "ground", open: "seat-open", gone: "seat-gone",
  held: "seat-held", killed: "seat-killed", locked: "seat-locked", away: "away", awayPale: "away-pale", onChannel: "on-channel",
};

export function readColours(element) {
  const style = getComputedStyle(element), of = (token) => style.getPropertyValue(`--${token}`).trim();
  const colours = Object.fromEntries(Object.entries(NAMED).map(([name, token]) => [name, of(token)]));
  colours.font = style.fontFamily;
  colours.channels = Array.from({ length: MOST }, (_, nth) => of(`channel-${nth + 1}`));
  return colours;
}

const LOOKS = { sold: soldBy, slice: openTo, open: () => openTo(EVERYBODY), locked: () => LOCKED, held: () => HELD, off: () => KILLED };

/** The look that a sign stands for: `sold 2`, `slice 0`, `locked`. */
export function lookNamed(said) {
  const [name, channel] = said.split(" ");
  return LOOKS[name](Number(channel));
}

/** Paint every `<canvas data-look="sold 2">` of an element as a place that looks so. */
export function paintSwatches(element, colours, channels) {
  const ratio = Math.min(devicePixelRatio || 1, 2);
  const newCanvas = (width, height) => Object.assign(document.createElement("canvas"), { width, height });
  for (const canvas of element.querySelectorAll("canvas[data-look]")) {
    const size = Number(canvas.dataset.size ?? 16);
    [canvas.width, canvas.height] = [size * ratio, size * ratio];
    const stamps = new Stamps(size / 2.2, ratio, colours, channels, newCanvas);
    const sign = stamps.of(lookNamed(canvas.dataset.look));
    canvas.getContext("2d").drawImage(sign, (canvas.width - sign.width) / 2, (canvas.height - sign.height) / 2);
  }
}
