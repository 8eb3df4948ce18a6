// The house of the split on a canvas: a stamp for each look, so that thousands of places are drawn in a few milliseconds,
// and afterwards only those that changed.
import { isOpen, isSold, whose, HELD, KEPT, KILLED, LEASED, LOCKED, EVERYBODY } from "./split-looks.js";
import { mark } from "./marks.js";

const LETTERED = 5.8; // from this radius in pixels on a sold place shows its channel's letter
const TINY = 3.2; // below this radius in the canvas's own pixels a line about a shape is all that is seen of it
const FULL = 0.86; // of the room that a place has
const FIT = [1, 0.9, 0.98, 1, 0.88, 1]; // of the shapes of marks.js, so that their corners stay within a place's own room

/** Stamps for one size and one set of colours; each is drawn when it is first wanted. Sizes in the screen's own pixels. */
export class Stamps {
  constructor(radius, ratio, colours, channels, newCanvas) {
    Object.assign(this, { colours, channels, newCanvas, lettered: radius >= LETTERED });
    this.r = radius * ratio * FULL;
    this.half = Math.ceil(radius * ratio * 1.25) + 1;
    this.made = new Map();
  }

  of(look) {
    if (!this.made.has(look)) this.made.set(look, this.make((path) => this.draw(path, look)));
    return this.made.get(look);
  }

  wiper() {
    if (!this.made.has(-1)) {
      this.made.set(-1, this.make((context) => {
        context.arc(0, 0, this.r / FULL + 0.6, 0, 2 * Math.PI);
        context.fill();
      }));
    }
    return this.made.get(-1);
  }

  make(drawn) {
    const canvas = this.newCanvas(this.half * 2, this.half * 2), context = canvas.getContext("2d");
    context.translate(this.half, this.half);
    context.beginPath();
    drawn(context);
    return canvas;
  }

  draw(context, look) {
    const { r, colours } = this, channel = isOpen(look) || isSold(look) ? whose(look) : EVERYBODY;
    const colour = channel === EVERYBODY ? colours.gone : colours.channels[channel % colours.channels.length];
    context.fillStyle = context.strokeStyle = colour;
    context.lineWidth = Math.max(1, r * 0.3);
    context.lineCap = "round";
    if (isSold(look)) this.sold(context, channel);
    else if (isOpen(look) && channel === EVERYBODY) this.dot(context, Math.max(r * 0.58, 0.9), colours.open);
    else if (isOpen(look)) this.promised(context, channel); else if (look === LOCKED) this.dot(context, r * 0.8, colours.locked);
    else if (look === KEPT) this.ring(context, r * 0.5, colours.gone);
    else if (look === HELD) this.ring(context, r * 0.66, colours.held);
    else if (look === LEASED) this.ring(context, r * 0.66, colours.locked);
    else if (look === KILLED) this.cross(context, r * 0.5, colours.killed);
  }

  sold(context, channel) {
    this.shape(context, Math.max(channel, 0), this.r);
    context.fill();
    if (!this.lettered || channel === EVERYBODY) return;
    context.fillStyle = this.colours.onChannel;
    context.font = `700 ${this.r * 1.05}px ${this.colours.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(this.channels[channel].letter, 0, this.r * 0.06);
  }

  /** Open to one channel alone: its shape, hollow; where that would look full, pale. */
  promised(context, channel) {
    const isTiny = this.r < TINY;
    this.shape(context, channel, this.r * (isTiny ? 0.85 : 0.78));
    context.globalAlpha = isTiny ? 0.42 : 0.2;
    context.fill();
    context.globalAlpha = 1;
    if (!isTiny) context.stroke();
  }

  shape(context, channel, r) {
    mark(context, channel, 0, 0, r * FIT[channel % FIT.length]);
  }

  dot(context, r, colour) {
    context.fillStyle = colour;
    context.arc(0, 0, r, 0, 2 * Math.PI);
    context.fill();
  }

  ring(context, r, colour) {
    context.strokeStyle = colour;
    context.arc(0, 0, r, 0, 2 * Math.PI);
    context.stroke();
  }

  cross(context, arm, colour) {
    context.strokeStyle = colour;
    context.moveTo(-arm, -arm);
    context.lineTo(arm, arm);
    context.moveTo(-arm, arm);
    context.lineTo(arm, -arm);
    context.stroke();
  }
}

/** Where every place is on the canvas, in its own pixels. */
export function points({ x, y, count }, { scale, dx, dy }, ratio) {
  const [across, down] = [new Float32Array(count), new Float32Array(count)];
  for (let place = 0; place < count; place++) {
    across[place] = Math.round((x[place] * scale + dx) * ratio * 2) / 2;
    down[place] = Math.round((y[place] * scale + dy) * ratio * 2) / 2;
  }
  return { across, down };
}

/** All places afresh. */
export function paintAll(context, { across, down }, look, stamps) {
  const half = stamps.half;
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  for (let place = 0; place < look.length; place++) {
    if (look[place]) context.drawImage(stamps.of(look[place]), across[place] - half, down[place] - half);
  }
}

/** Only these places: what was there is wiped off, and the new look stamped on. */
export function paintSome(context, { across, down }, look, stamps, places) {
  const half = stamps.half, wiper = stamps.wiper();
  context.globalCompositeOperation = "destination-out";
  for (const place of places) context.drawImage(wiper, across[place] - half, down[place] - half);
  context.globalCompositeOperation = "source-over";
  for (const place of places) {
    if (look[place]) context.drawImage(stamps.of(look[place]), across[place] - half, down[place] - half);
  }
}

/** Places that have just changed hands: a ring that closes in on each and fades, `ages` from 0 to 1. */
export function paintFlashes(context, { across, down }, look, stamps, flashes) {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  const { colours, r } = stamps, wide = Math.min(r * 1.6, 12);
  for (const [place, age] of flashes) {
    const gone = 1 - (1 - age) ** 3;
    context.globalAlpha = (1 - age) * 0.85;
    context.strokeStyle = flashOf(look[place], colours);
    context.lineWidth = Math.max(1.2, Math.min(r * 0.4, 5));
    context.beginPath();
    context.arc(across[place], down[place], r * 1.1 + wide * (1 - gone), 0, 2 * Math.PI);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function flashOf(look, colours) {
  const channel = isOpen(look) || isSold(look) ? whose(look) : EVERYBODY;
  if (channel !== EVERYBODY) return colours.channels[channel % colours.channels.length];
  return look === LOCKED ? colours.locked : colours.quiet;
}

/** The stage, and the names of standing fields: below the places, drawn with them. */
export function paintNames(context, layout, { scale, dx, dy, radius }, ratio, colours) {
  context.save();
  context.scale(ratio, ratio);
  context.textAlign = "center";
  context.textBaseline = "middle";
  const { bounds, hasStage, fields } = layout;
  const middle = ((bounds.left + bounds.right) / 2) * scale + dx;
  if (hasStage) {
    const wide = Math.max(90, (bounds.right - bounds.left) * scale * 0.28);
    const first = fields.length && !layout.seats ? fields[0].y : bounds.top;
    const top = first * scale + dy - radius - 30;
    context.fillStyle = colours.stage;
    context.beginPath();
    context.roundRect(middle - wide / 2, top, wide, 18, 5);
    context.fill();
    context.fillStyle = colours.quiet;
    context.font = `600 11px ${colours.font}`;
    context.fillText("Stage", middle, top + 9.5);
  }
  context.fillStyle = colours.quiet;
  context.font = `600 12px ${colours.font}`;
  for (const { text, x, y } of fields) context.fillText(text, x * scale + dx, y * scale + dy);
  context.restore();
}
