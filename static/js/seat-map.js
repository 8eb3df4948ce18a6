// <seat-map>: a house on a canvas, to be moved and zoomed by touch, wheel, buttons and keys. Whoever places it gives it
// `house`, `letters`, `chosen`, `mine`, `dimmed` and hears `seat-tap` and `seat-look` with `detail.index`. Where `isArea`
// is set, one finger drags a rectangle instead of the house, and `seat-area` tells it in the house's units.
import { draw } from "./lib/draw.js";
import { listen } from "./lib/gestures.js";
import { nearest, neighbour } from "./lib/house.js";
import { fitted, kept, moved, showing, zoomed } from "./lib/view.js";

const MARGIN = 46, CLOSEST = 46, TOUCHABLE = 24, STEP = 1.5; // pixels, pixels a seat, pixels a seat, a factor
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HOW = "Seat map. Arrow keys go from seat to seat, Enter chooses, plus and minus zoom, 0 shows the whole house. " +
  "The list has the same seats.";

class SeatMap extends HTMLElement {
  house = null;
  cursor = -1;
  isArea = false;
  isCoarse = false; // whether a tap means more than one seat, so that small seats need not be brought near
  area = null;
  view = { scale: 1, left: 0, top: 0 };
  scene = { letters: "", chosen: new Set(), mine: new Set(), dimmed: new Set() };

  connectedCallback() {
    this.canvas = this.appendChild(document.createElement("canvas"));
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", HOW);
    this.context = this.canvas.getContext("2d");
    this.addButtons();
    listen(this.canvas, {
      begin: (x, y) => this.start = { x, y },
      move: (dx, dy, finger) => this.isArea && finger.isAlone ? this.span(finger) : this.go(moved(this.view, dx, dy)),
      end: (isWhole) => this.area && this.tellArea(isWhole),
      stretch: (factor, x, y) => this.go(zoomed(this.view, factor, x, y, this.limits)),
      tap: (x, y, kind) => this.tap(x, y, kind),
      hover: (x, y) => this.look(this.at(x, y, 0.6)),
    });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("blur", () => this.point(-1));
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this);
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.readColours();
    this.scheme.addEventListener("change", this.onScheme);
    this.readColours();
  }

  disconnectedCallback() {
    this.sizes.disconnect();
    this.scheme.removeEventListener("change", this.onScheme);
    this.replaceChildren();
  }

  addButtons() {
    const bar = this.appendChild(document.createElement("div"));
    bar.className = "map-buttons";
    const centred = (factor) => () => this.go(zoomed(this.view, factor, this.width / 2, this.height / 2, this.limits));
    const all = [["+", "Zoom in", centred(STEP)], ["−", "Zoom out", centred(1 / STEP)], ["⤢", "Whole house", () => this.fit()]];
    for (const [sign, name, act] of all) {
      const button = bar.appendChild(document.createElement("button"));
      button.type = "button";
      button.textContent = sign;
      button.setAttribute("aria-label", name);
      button.title = name;
      button.addEventListener("click", act);
    }
  }

  /** Show another house, or the same one with other letters, choices or dimmed tiers: whatever is given. */
  show({ house, ...scene }) {
    Object.assign(this.scene, scene);
    if (house) {
      this.house = house;
      this.cursor = -1;
      this.fit();
    }
    this.redraw();
  }

  get limits() {
    const whole = this.house ? fitted(this.house.bounds, this.width, this.height, MARGIN).scale : 1;
    const closest = CLOSEST / (this.house?.pitch ?? 1);
    return [Math.min(whole, closest) * 0.85, Math.max(closest, whole)];
  }

  fit() {
    if (!this.house || !this.width) return;
    this.go(fitted(this.house.bounds, this.width, this.height, MARGIN));
    this.isWhole = true; // and stays so when the element gets another size
  }

  go(view) {
    this.isWhole = false;
    this.view = this.house ? kept(view, this.house.bounds, this.width, this.height) : view;
    this.redraw();
  }

  resize() {
    const { width, height } = this.getBoundingClientRect();
    if (!width || !height || (width === this.width && height === this.height)) return;
    const isWhole = !this.width || this.isWhole;
    [this.width, this.height] = [width, height];
    this.ratio = Math.min(devicePixelRatio || 1, 2); // a third pixel costs more than the eye gets of it
    [this.canvas.width, this.canvas.height] = [width * this.ratio, height * this.ratio];
    if (isWhole) this.fit();
    else this.go(this.view);
  }

  redraw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const { house, view, width, height, ratio, cursor, colours, area } = this;
      if (width) draw(this.context, { ...this.scene, house, view, width, height, ratio, cursor, colours, area });
    });
  }

  readColours() {
    const style = getComputedStyle(this);
    const named = { paper: "paper", ink: "ink", quiet: "quiet", accent: "accent", onAccent: "on-accent", focus: "focus",
      gone: "seat-gone", held: "seat-held", sold: "seat-sold", killed: "seat-killed", edge: "seat-edge", stage: "stage" };
    const read = ([name, token]) => [name, style.getPropertyValue(`--${token}`).trim()];
    this.colours = Object.fromEntries(Object.entries(named).map(read));
    this.redraw();
  }

  at(x, y, seats) {
    if (!this.house) return -1;
    const { scale, left, top } = this.view;
    return nearest(this.house, x / scale + left, y / scale + top, this.house.pitch * seats);
  }

  tap(x, y, kind) {
    const size = (this.house?.pitch ?? 0) * this.view.scale;
    if (kind !== "mouse" && size < TOUCHABLE && !this.isCoarse) {
      // Too small for a finger: the first tap brings them near.
      return this.go(zoomed(this.view, (TOUCHABLE * 1.4) / size, x, y, this.limits));
    }
    const index = this.at(x, y, 0.75);
    if (index >= 0) this.tell("seat-tap", index);
  }

  span({ x, y }) {
    const [left, right] = [this.start.x, x].sort((a, b) => a - b);
    const [top, bottom] = [this.start.y, y].sort((a, b) => a - b);
    this.area = { left, top, right, bottom };
    this.redraw();
  }

  tellArea(isWhole) {
    const { scale, left, top } = this.view, box = this.area;
    this.area = null;
    this.redraw();
    if (!isWhole || !this.house) return;
    const detail = { left: box.left / scale + left, top: box.top / scale + top, right: box.right / scale + left, bottom: box.bottom / scale + top };
    this.dispatchEvent(new CustomEvent("seat-area", { bubbles: true, detail }));
  }

  key(event) {
    const turn = KEYS[event.key];
    if (!this.house || event.ctrlKey || event.metaKey || event.altKey) return;
    if (turn) this.point(this.cursor < 0 ? this.at(this.width / 2, this.height / 2, 1e6) : neighbour(this.house, this.cursor, ...turn));
    else if ((event.key === "Enter" || event.key === " ") && this.cursor >= 0) this.tell("seat-tap", this.cursor);
    else if (event.key === "+" || event.key === "=") this.closer(STEP);
    else if (event.key === "-") this.closer(1 / STEP);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  closer(factor) {
    const { cursor, view, house } = this;
    const [x, y] = cursor < 0 ? [this.width / 2, this.height / 2]
      : [(house.x[cursor] - view.left) * view.scale, (house.y[cursor] - view.top) * view.scale];
    this.go(zoomed(view, factor, x, y, this.limits));
  }

  point(index) {
    this.cursor = index;
    if (index >= 0) {
      this.look(index, true);
      this.go(showing(this.view, this.house.x[index], this.house.y[index], this.width, this.height, MARGIN));
    }
    this.redraw();
  }

  look(index, byKey = false) {
    this.canvas.classList.toggle("is-over-seat", index >= 0);
    if (index === this.looked && !byKey) return;
    this.looked = index;
    this.tell("seat-look", index, byKey);
  }

  tell(name, index, byKey = document.activeElement === this.canvas) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { index, byKey } }));
  }
}

customElements.define("seat-map", SeatMap);
