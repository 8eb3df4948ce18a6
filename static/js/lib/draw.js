// The house on a canvas. Seats of a kind are one path each, so that thousands are drawn within a frame.
import { COMPANION, RESTRICTED, WHEELCHAIR } from "./house.js";
import { mark } from "./marks.js";

const DETAIL = 7; // from this radius in pixels on a seat shows its number, and its row its letter
const EDGE = 3.2;
const MANY = 200; // from so many chosen seats on, far away, they are plain: their edges and ticks cost ten frames
const PLAIN = "#6b7280";

/**
 * Draw what `view` shows. `chosen` and `mine` are sets of seats' indexes (chosen here; in one's own basket), `dimmed` one
 * of tiers'; `cursor` is the seat that the keyboard is on, or -1, `area` a rectangle that is being dragged. `colours` are the page's
 * own. Where letters tell staff more (h held, e leased, s sold, k killed), each has its own sign.
 */
export function draw(context, scene) {
  const { width, height, ratio, house, view } = scene;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (!house) return;
  const r = (house.pitch * view.scale) / 2 * 0.86;
  const at = (index) => [(house.x[index] - view.left) * view.scale, (house.y[index] - view.top) * view.scale];
  const seen = visible(house, view, width, height, r);
  stage(context, scene, r);
  seats(context, scene, seen, r);
  if (r >= DETAIL) {
    numbers(context, scene, seen, at, r);
    rowNames(context, scene, at, r);
  } else sectionNames(context, scene);
  if (scene.area) rectangle(context, scene.area, scene.colours.focus);
  if (scene.cursor >= 0) ring(context, at(scene.cursor), r + 4, scene.colours.focus);
}

/** The seats on the screen. Written for speed: it looks at every seat of the house in every frame. */
function visible({ count, x, y }, { scale, left, top }, width, height, r) {
  const seen = [];
  const [least, most] = [left - r / scale, left + (width + r) / scale];
  const [first, last] = [top - r / scale, top + (height + r) / scale];
  for (let index = 0; index < count; index++) {
    if (x[index] > least && x[index] < most && y[index] > first && y[index] < last) seen.push(index);
  }
  return seen;
}

function seats(context, { house, view, letters, chosen, mine, dimmed, colours }, seen, r) {
  const open = house.tiers.map(() => new Path2D());
  const held = new Path2D(), sold = new Path2D(), killed = new Path2D();
  const baskets = new Path2D(), gone = new Path2D(), own = new Path2D(), ticks = new Path2D(), views = new Path2D();
  const isPlain = r < DETAIL && chosen.size > MANY;
  for (const index of seen) {
    const x = (house.x[index] - view.left) * view.scale, y = (house.y[index] - view.top) * view.scale;
    const tier = house.tier[index];
    if (isPlain && chosen.has(index)) own.rect(x - r * 1.1, y - r * 1.1, r * 2.2, r * 2.2);
    else if (chosen.has(index) || mine.has(index)) {
      mark(own, tier, x, y, r * 1.12);
      ticks.moveTo(x - r * 0.5, y + r * 0.02);
      ticks.lineTo(x - r * 0.1, y + r * 0.42);
      ticks.lineTo(x + r * 0.52, y - r * 0.42);
    } else if (letters[index] === "o") {
      if (r < EDGE) open[tier].rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8); // too small to have a shape
      else mark(open[tier], tier, x, y, r);
      if (r >= EDGE && house.flags[index] & RESTRICTED) slash(views, x, y, r);
    } else if (letters[index] === "l") mark(baskets, tier, x, y, r * 0.78);
    else if (letters[index] === "s") sold.rect(x - r * 0.45, y - r * 0.45, r * 0.9, r * 0.9);
    else if (letters[index] === "h" || letters[index] === "e") {
      held.moveTo(x + r * 0.6, y);
      held.arc(x, y, r * 0.6, 0, 2 * Math.PI);
    } else if (letters[index] === "k") cross(killed, x, y, r);
    else gone.rect(x - r * 0.3, y - r * 0.3, r * 0.6, r * 0.6);
  }
  context.lineJoin = context.lineCap = "round";
  context.fillStyle = colours.gone;
  context.fill(gone);
  context.fillStyle = colours.sold || colours.gone;
  context.fill(sold);
  context.lineWidth = Math.max(1, r * 0.26);
  context.strokeStyle = colours.held || colours.gone;
  context.stroke(held);
  context.strokeStyle = colours.killed || colours.gone;
  context.stroke(killed);
  context.lineWidth = Math.max(1, r * 0.22);
  context.strokeStyle = colours.quiet;
  context.setLineDash(r > EDGE ? [r * 0.5, r * 0.45] : []);
  context.stroke(baskets);
  context.setLineDash([]);
  open.forEach((path, tier) => {
    context.globalAlpha = dimmed.has(tier) ? 0.16 : 1;
    context.fillStyle = house.tiers[tier].colour || PLAIN;
    context.fill(path);
    if (r < EDGE) return;
    context.lineWidth = 1;
    context.strokeStyle = colours.edge;
    context.stroke(path);
  });
  context.globalAlpha = 1;
  context.lineWidth = Math.max(1, r * 0.2);
  context.strokeStyle = colours.paper;
  context.stroke(views);
  context.fillStyle = context.strokeStyle = colours.accent;
  context.fill(own);
  if (isPlain) return;
  context.lineWidth = Math.max(2, r * 0.3);
  context.stroke(own);
  context.strokeStyle = colours.onAccent;
  context.lineWidth = Math.max(1, r * 0.28);
  context.stroke(ticks);
}

function cross(path, x, y, r) {
  const arm = r * 0.5;
  path.moveTo(x - arm, y - arm);
  path.lineTo(x + arm, y + arm);
  path.moveTo(x - arm, y + arm);
  path.lineTo(x + arm, y - arm);
}

function slash(path, x, y, r) {
  path.moveTo(x - r * 0.75, y + r * 0.75);
  path.lineTo(x + r * 0.75, y - r * 0.75);
}

function numbers(context, { house, letters, chosen, mine, dimmed }, seen, at, r) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const index of seen) {
    if (letters[index] !== "o" || chosen.has(index) || mine.has(index) || dimmed.has(house.tier[index])) continue;
    const [x, y] = at(index), flags = house.flags[index];
    const text = flags & WHEELCHAIR ? "W" : flags & COMPANION ? "C" : house.number[index];
    context.font = `${flags & (WHEELCHAIR | COMPANION) ? 800 : 600} ${r * (text.length > 2 ? 0.78 : 0.98)}px system-ui, sans-serif`;
    context.fillStyle = isLight(house.tiers[house.tier[index]].colour || PLAIN) ? "#16110f" : "#ffffff";
    context.fillText(text, x, y + r * 0.06);
  }
}

function rowNames(context, { house, colours }, at, r) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `600 ${Math.min(r, 15)}px system-ui, sans-serif`;
  context.fillStyle = colours.quiet;
  house.ends ??= house.rows.map(({ row, seats: all }) => {
    const along = [...all].sort((one, other) => house.x[one] - house.x[other]);
    return { row, ends: [[along[0], -1], [along.at(-1), 1]] };
  });
  for (const { row, ends } of house.ends) {
    for (const [index, side] of ends) {
      const [x, y] = at(index);
      context.fillText(row, x + side * r * 2.4, y);
    }
  }
}

function sectionNames(context, { house, view, colours }) {
  if (house.sections.filter((section) => !section.is_ga).length < 2) return;
  house.middles ??= middlesOf(house);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = "650 13px system-ui, sans-serif";
  for (const [name, x, y] of house.middles) {
    const [sx, sy] = [(x - view.left) * view.scale, (y - view.top) * view.scale];
    const half = context.measureText(name).width / 2 + 7;
    context.globalAlpha = 0.9;
    context.fillStyle = colours.paper;
    context.beginPath();
    context.roundRect(sx - half, sy - 11, half * 2, 22, 11);
    context.fill();
    context.globalAlpha = 1;
    context.fillStyle = colours.ink;
    context.fillText(name, sx, sy);
  }
}

/** Where a section's name stands: the middle of its seats, or of each half where it has one on either side. */
function middlesOf(house) {
  const centre = (house.bounds.left + house.bounds.right) / 2;
  const middles = [];
  house.sections.forEach((section, number) => {
    const all = house.rows.filter((row) => row.section === number).flatMap((row) => row.seats);
    const halves = [all.filter((seat) => house.x[seat] < centre), all.filter((seat) => house.x[seat] >= centre)];
    const gap = Math.min(...halves.map((half) => Math.min(...half.map((seat) => Math.abs(house.x[seat] - centre)))));
    for (const part of gap > house.pitch * 8 ? halves : [all]) {
      if (part.length) middles.push([section.name, mean(part, house.x), mean(part, house.y)]);
    }
  });
  return middles;
}

function mean(seats, coordinate) {
  return seats.reduce((sum, seat) => sum + coordinate[seat], 0) / seats.length;
}

function stage(context, { house, view, colours }, r) {
  if (!house.hasPoints) return;
  const middle = ((house.bounds.left + house.bounds.right) / 2 - view.left) * view.scale;
  const wide = Math.max(90, (house.bounds.right - house.bounds.left) * view.scale * 0.3);
  const top = (house.bounds.top - view.top) * view.scale - r - 34;
  context.fillStyle = colours.stage;
  context.beginPath();
  context.roundRect(middle - wide / 2, top, wide, 22, 6);
  context.fill();
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = "600 12px system-ui, sans-serif";
  context.fillStyle = colours.ink;
  context.fillText("Stage", middle, top + 11.5);
}

function rectangle(context, { left, top, right, bottom }, colour) {
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 2;
  context.globalAlpha = 0.15;
  context.fillRect(left, top, right - left, bottom - top);
  context.globalAlpha = 1;
  context.strokeRect(left, top, right - left, bottom - top);
}

function ring(context, [x, y], r, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  context.stroke();
}

/** Whether black is read better on a colour than white (WCAG 2.2, relative luminance). */
export function isLight(colour) {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const part = parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179;
}
