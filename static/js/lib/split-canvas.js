// The house on two canvases, one upon the other: the places, of which only those that change are painted again, and the
// flashes of those that have just changed. One call a frame.
import { paintAll, paintFlashes, paintNames, paintSome, points, Stamps } from "./split-draw.js";
import { nearest } from "./house.js";
import { fit, heightFor } from "./split-layout.js";

const MARGIN = 14, FLASH_MS = 480, MOST_FLASHES = 400;

export class House {
  /** `below` and `above` are canvases in a box that gets its height from here. */
  constructor(below, above, box) {
    Object.assign(this, { box, canvases: [below, above] });
    [this.context, this.flashing] = this.canvases.map((canvas) => canvas.getContext("2d"));
    this.flashes = new Map();
    this.changed = new Set();
    this.isStale = true;
  }

  /** Another layout, size or set of colours. */
  set({ layout, channels, colours }) {
    Object.assign(this, { layout, channels, colours });
    this.resize();
  }

  resize() {
    const width = this.box.clientWidth;
    if (!width || !this.layout) return;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const height = heightFor(this.layout, width, MARGIN, [Math.min(220, width * 0.6), Math.max(280, Math.min(innerHeight * 0.41, 620))]);
    if (width !== this.width || height !== this.height || ratio !== this.ratio) {
      this.box.style.height = `${height}px`;
      for (const canvas of this.canvases) [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    }
    Object.assign(this, { width, height, ratio, view: fit(this.layout, width, height, MARGIN) });
    this.points = points(this.layout, this.view, ratio);
    this.stamps = new Stamps(this.view.radius, ratio, this.colours, this.channels, canvasOf);
    this.flashes.clear();
    this.isStale = true;
  }

  /** The place at a point of the canvas, or -1. */
  at(x, y) {
    if (!this.view) return -1;
    const { scale, dx, dy } = this.view, { pitch } = this.layout;
    return nearest(this.layout, (x - dx) / scale, (y - dy) / scale, pitch * 0.6);
  }

  /** A place looks otherwise than before; with `now`, it flashes from this moment on. */
  change(place, now) {
    this.changed.add(place);
    if (now && this.flashes.size < MOST_FLASHES) this.flashes.set(place, now);
  }

  /** Everything afresh at the next frame, and nothing flashes. */
  spoil() {
    this.isStale = true;
    this.flashes.clear();
  }

  /** Paint what has changed; whether anything goes on flashing. */
  paint(look, now) {
    if (!this.points) return false;
    if (this.isStale || this.changed.size > look.length / 3) {
      paintAll(this.context, this.points, look, this.stamps);
      paintNames(this.context, this.layout, this.view, this.ratio, this.colours);
    } else if (this.changed.size) paintSome(this.context, this.points, look, this.stamps, this.changed);
    this.changed.clear();
    this.isStale = false;
    const wasFlashing = this.isFlashing;
    for (const [place, since] of this.flashes) if (now - since >= FLASH_MS) this.flashes.delete(place);
    this.isFlashing = this.flashes.size > 0;
    if (this.isFlashing || wasFlashing) paintFlashes(this.flashing, this.points, look, this.stamps, this.ages(now));
    return this.isFlashing;
  }

  *ages(now) {
    for (const [place, since] of this.flashes) yield [place, Math.max(0, (now - since) / FLASH_MS)];
  }
}

function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  return canvas;
}
