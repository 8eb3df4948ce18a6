// How the house fills: what each channel has sold, one upon the other over the axis of time, and below it who was sent away.
import { Film } from "./split-film.js";
import { HELD, KILLED, LEASED, soldBy } from "./split-looks.js";
import { marks } from "./split-axis.js";

const POINTS = 240;
const BELOW = 34; // pixels for the marks and for who was turned away
const AWAY = 16;

/** At each point of the axis: what each channel has sold by then, and what is off the market. Plays a film of its own. */
export function series(ledger, axis, channels) {
  const film = new Film(ledger);
  const sold = Array.from({ length: channels }, () => new Int32Array(POINTS + 1));
  const off = new Int32Array(POINTS + 1);
  for (let point = 0; point <= POINTS; point++) {
    film.goTo(film.actsBy(axis.moment(point / POINTS)));
    for (let channel = 0; channel < channels; channel++) sold[channel][point] = film.counts[soldBy(channel)];
    off[point] = film.counts[HELD] + film.counts[KILLED] + film.counts[LEASED];
  }
  return { sold, off };
}

/** How many places high a graph is: the whole house, or a round number above what is sold where that is little of it. */
export function heightOf(sold, count) {
  const most = Math.max(...sold[0].map((_, point) => sold.reduce((sum, of) => sum + of[point], 0)));
  const steps = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
  return Math.min(count, steps.find((step) => step >= most * 1.25) ?? count) || 1;
}

/** What is turned away at each stretch of the axis, in places: in all, and while as many stood open elsewhere. */
export function turnedAway({ acts }, axis, isAway, isThough) {
  const all = new Int32Array(POINTS + 1), though = new Int32Array(POINTS + 1);
  for (let act = 0; act < acts.count; act++) {
    if (!isAway(act)) continue;
    const point = Math.min(POINTS, Math.floor(axis.share(acts.at[act]) * POINTS));
    all[point] += acts.size[act];
    if (isThough(act)) though[point] += acts.size[act];
  }
  return { all, though };
}

/** Draw it. `capacity` is the whole height; `other` a line to compare with, of the same points. */
export function paintGraph(context, { width, height, ratio, axis, showAt, sold, capacity, away, other, colours }) {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const high = height - BELOW, x = (point) => (point / POINTS) * width, y = (many) => high - (many / capacity) * (high - 6);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, high);
  const floor = new Float64Array(POINTS + 1);
  sold.forEach((of, channel) => {
    context.beginPath();
    for (let point = 0; point <= POINTS; point++) context.lineTo(x(point), y(floor[point]));
    for (let point = POINTS; point >= 0; point--) context.lineTo(x(point), y((floor[point] += of[point])));
    context.fillStyle = colours.channels[channel % colours.channels.length];
    context.fill();
  });
  if (other) line(context, other, x, y, colours);
  if (away) bars(context, away, x, high, colours);
  scale(context, axis, showAt, width, height, high, colours);
  context.textAlign = "left";
  context.fillText(`${capacity.toLocaleString("en-IN")} places high`, 6, 14);
}

function line(context, other, x, y, colours) {
  context.setLineDash([5, 4]);
  context.lineWidth = 1.5;
  context.strokeStyle = colours.ink;
  context.beginPath();
  other.forEach((many, point) => context.lineTo(x(point), y(many)));
  context.stroke();
  context.setLineDash([]);
}

function bars(context, { all, though }, x, high, colours) {
  const most = Math.max(8, ...all), wide = Math.max(1, x(1) - 0.6);
  for (let point = 0; point <= POINTS; point++) {
    if (!all[point]) continue;
    const deep = Math.max(2, (all[point] / most) * AWAY);
    context.fillStyle = colours.awayPale;
    context.fillRect(x(point), high + 1, wide, deep);
    context.fillStyle = colours.away;
    context.fillRect(x(point), high + 1, wide, (though[point] / all[point]) * deep);
  }
}

function scale(context, axis, showAt, width, height, high, colours) {
  context.fillStyle = colours.line;
  context.fillRect(0, high, width, 1);
  context.font = `11px ${colours.font}`;
  context.textBaseline = "alphabetic";
  for (const { share, text } of marks(axis, showAt, 44 / width)) {
    const at = share * width;
    context.fillStyle = colours.line;
    context.fillRect(Math.min(at, width - 1), high, 1, AWAY + 3);
    context.fillStyle = colours.quiet;
    context.textAlign = at > width - 18 ? "right" : at < 18 ? "left" : "center";
    context.fillText(text, Math.min(at, width), height - 3);
  }
}

export { POINTS };
