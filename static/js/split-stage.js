// <split-stage data-house data-history>: the split of a show on a stage. It plays a model of the sale by the settings of its
// form, or the real ledger, and shows at every moment who has sold what. The server has put everything else into it.
import { isAway, channelRows, fill, momentRows } from "./lib/split-tables.js";
import { ahead, actInWords, clockOf, historyInWords, placeInWords, verdict } from "./lib/split-words.js";
import { AWAY_THOUGH, GIVES, OPENS } from "./lib/split-model.js";
import { Axis } from "./lib/split-axis.js";
import { House } from "./lib/split-canvas.js";
import { heightOf, paintGraph, series, turnedAway } from "./lib/split-graph.js";
import { Film, summed } from "./lib/split-film.js";
import { laidOut } from "./lib/split-layout.js";
import { EVERYBODY, HELD, KILLED, LEASED, LOCKED, openTo, soldBy } from "./lib/split-looks.js";
import { ledgerOf } from "./lib/split-history.js";
import { summedUp } from "./lib/split-told.js";
import { numbersOf, playedBy } from "./lib/split-settings.js";
import { lookNamed, paintSwatches, readColours } from "./lib/split-colours.js";
import { Player } from "./lib/split-player.js";
import { read } from "./lib/http.js";

const DAY = 86400, SAY_AFTER_MS = 700, READABLE_MS = 1100, NUMBERS_EVERY_MS = 70;
const TOLD = new Set([AWAY_THOUGH, GIVES, OPENS]); // acts of the model that are worth a word before all others
const said = (number) => number.toLocaleString("en-IN");

class SplitStage extends HTMLElement {
  mode = "model";
  noted = { text: "", at: 0 };
  known = {}; // of the model, what moving a slider leaves as it is

  connectedCallback() {
    this.form = this.querySelector("form");
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.house = new House(...this.querySelectorAll("[data-part=house] canvas"), this.part("house"));
    this.graph = this.querySelector("[data-part=graph] canvas");
    this.range = this.querySelector("[data-part=graph] input");
    this.player = new Player({ draw: (now, isPlaying) => this.draw(now, isPlaying), rest: () => this.sayLater(), isStill: () => this.still.matches });
    this.addEventListener("click", ({ target }) => this.act(target.closest("button")?.dataset ?? {}));
    this.addEventListener("keydown", (event) => this.key(event));
    this.range.addEventListener("input", () => this.player.go(Number(this.range.value)));
    this.part("house").addEventListener("pointermove", (event) => this.look(event));
    this.part("house").addEventListener("pointerleave", () => this.player.wake());
    this.form.addEventListener("input", (event) => this.set(event.target));
    this.part("speed").addEventListener("change", ({ target }) => (this.player.lasts = Number(target.value)));
    this.looks = new MutationObserver(() => this.dress());
    this.looks.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this);
    this.still.addEventListener("change", this.nameButtons = () => this.label());
    this.load();
  }

  disconnectedCallback() {
    this.player.pause();
    this.looks.disconnect();
    this.sizes.disconnect();
    this.still.removeEventListener("change", this.nameButtons);
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  // What there is ------------------------------------------------------------------------------------------------------

  async load() {
    this.part("again").hidden = true;
    try {
      this.told = (await read(this.dataset.house)).body;
    } catch (error) {
      this.part("again").hidden = false;
      return this.note(`The house could not be loaded. ${error.message}`);
    }
    this.channels = this.told.channels.map((channel) => ({ ...channel, letter: channel.name[0].toUpperCase() }));
    this.layout = laidOut(this.told);
    this.clock = clockOf(this.told.zone);
    this.form.elements.sale_for_d.value = Math.max(1, Math.round((this.told.starts_at - this.told.begins_at) / DAY));
    for (const { id, demand, is_active: isActive } of this.channels) {
      if (isActive) this.form.elements[`demand_${id}`].value = demand;
    }
    this.showShares();
    this.dress();
    this.model();
    this.player.go(this.still.matches ? 1 : 0);
    this.classList.add("is-ready");
  }

  dress() {
    if (!this.told) return;
    this.colours = readColours(this);
    this.house.set({ layout: this.layout, channels: this.channels, colours: this.colours });
    paintSwatches(this, this.colours, this.channels);
    this.paintGraph();
    this.player.wake();
  }

  resize() {
    this.house.resize();
    this.paintGraph();
    this.player.wake();
  }

  /** Play the model by the settings as they are now. The clock stays where it is. */
  model() {
    const isNow = this.form.elements.base.value === "now";
    const of = numbersOf(this.form), order = this.form.elements.order.value, { channels, known } = this;
    const { split, open, saleFor, begins, changes } = playedBy({ of, order, isNow, channels, known, told: this.told, count: this.layout.count });
    const channelOf = (act) => split.acts.channel[act], sizeOf = (act) => split.acts.size[act];
    this.away = this.channels.map((_, channel) =>
      summed(split.acts.count, (act) => (isAway(split.acts, act) && channelOf(act) === channel ? sizeOf(act) : 0)));
    const axis = new Axis(split.acts.at, saleFor);
    const one = series({ ...split, count: this.layout.count }, axis, this.channels.length);
    const other = series({ ...open, count: this.layout.count }, axis, this.channels.length);
    const away = turnedAway(split, axis, (act) => isAway(split.acts, act), (act) => split.acts.kind[act] === AWAY_THOUGH);
    this.show(split, axis, begins, saleFor, { ...one, capacity: split.capacity, away, other: other.sold.reduce(added) });
    const told = verdict(split, open, this.channels), [lesson, rest] = this.part("verdict").children;
    [lesson.textContent, rest.textContent] = [told.lesson, told.rest];
    const when = (at) => this.clock(begins + at), shown = this.channels;
    fill(this.part("by-channel"), channelRows(split, open, shown));
    fill(this.part("by-moment"), momentRows(split, this.layout.count, changes, saleFor, shown, when));
    this.words = (act) => actInWords(split.acts, split.acts, act, this.channels);
    this.sayLater();
  }

  async replay() {
    if (!this.real) {
      this.note("The ledger is being read…");
      const chapters = [];
      try {
        for (let after = ""; ; ) {
          const { body } = await read(`${this.dataset.history}?after=${after}`);
          chapters.push(body);
          if (!(after = body.after)) break;
        }
      } catch (error) {
        return this.note(`The ledger could not be read. ${error.message} Press Replay to try again.`);
      }
      this.real = ledgerOf(chapters, summedUp(this.told.ids), this.told.allocations);
    }
    if (this.mode !== "replay") return;
    const { acts, begins } = this.real;
    this.classList.toggle("is-empty", !acts.count);
    const end = Math.max(acts.count ? acts.at[acts.count - 1] : 0, Math.min(this.told.at, this.told.starts_at) - begins, 1);
    const axis = new Axis(acts.at, end);
    const graph = series({ ...this.real, count: this.layout.count }, axis, this.channels.length);
    this.away = null;
    this.show(this.real, axis, begins, this.told.starts_at - begins, { ...graph, capacity: heightOf(graph.sold, this.layout.count) });
    this.words = (act) => historyInWords(acts, act, this.channels, this.told.allocations);
    this.player.go(this.still.matches ? 1 : 0);
  }

  /** Put another ledger on the stage. */
  show(ledger, axis, begins, showAt, graph) {
    Object.assign(this, { film: new Film({ ...ledger, count: this.layout.count }), axis, begins, drawn: graph });
    const looks = new Set(ledger.entries.to);
    for (const line of this.querySelectorAll("[data-if]")) line.hidden = !looks.has(lookNamed(line.dataset.if));
    this.house.spoil();
    this.player.load(axis, showAt);
    this.paintGraph();
  }

  // What one does ------------------------------------------------------------------------------------------------------

  act({ act, mode }) {
    if (mode && mode !== this.mode) return this.turnTo(mode);
    if (mode === "replay" && !this.real) this.replay();
    if (act === "again") this.load();
    if (!this.film) return;
    if (act === "play") this.player.toggle();
    else if (act === "start") this.player.go(0);
    else if (act === "end") this.player.go(1);
    else if (act === "back") this.player.day(-1);
    else if (act === "on") this.player.day(1);
    else if (act === "seed") {
      this.form.elements.seed.value = (Number(this.form.elements.seed.value) % 9999) + 1;
      this.model();
    }
    this.label();
  }

  turnTo(mode) {
    if (!this.told) return;
    this.mode = mode;
    this.classList.toggle("is-replay", mode === "replay");
    this.classList.remove("is-empty");
    for (const button of this.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    this.player.go(0);
    if (mode === "replay") return this.replay();
    this.model();
    if (this.still.matches) this.player.go(1);
  }

  key(event) {
    if (event.key === "Enter" && event.target.matches("input")) return event.preventDefault(); // a number typed is not yet a split to apply
    const isTyped = event.target.matches("input:not([type=range]), select, textarea");
    const isOwn = event.target.matches("button, a, summary") && event.key === " ";
    const isSlider = event.target.matches("input[type=range]") && event.target !== this.range && event.key !== " ";
    if (isTyped || isOwn || isSlider || event.ctrlKey || event.metaKey || event.altKey || !this.film) return;
    if (event.key.startsWith("Page") && event.target !== this.range && event.target.tagName !== "CANVAS") return;
    if (!this.player.key(event.key)) return;
    event.preventDefault();
    this.label();
  }

  /** A setting has changed: the model is played anew at the next frame. Slices never come to more than the pool. */
  set(field) {
    if (field === this.range || field === this.part("speed")) return;
    if (field.name?.startsWith("share_")) {
      const shares = [...this.form.querySelectorAll("[data-share]")];
      const others = shares.reduce((sum, share) => sum + (share === field ? 0 : Number(share.value)), 0);
      field.value = Math.min(Number(field.value), 100 - others);
      this.showShares();
    }
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      if (this.told && this.mode === "model") this.model();
    });
  }

  showShares() {
    let rest = 100;
    for (const share of this.form.querySelectorAll("[data-share]")) {
      rest -= Number(share.value);
      share.parentElement.querySelector("output").textContent = `${share.value} %`;
    }
    for (const output of this.querySelectorAll("[data-rest]")) output.textContent = `${rest} %`;
  }

  label() {
    const button = this.querySelector("[data-act=play]");
    const name = this.player.isPlaying ? "Pause" : this.still.matches ? "Next day" : "Play";
    if (button.dataset.name !== name) [button.dataset.name, button.lastElementChild.textContent] = [name, name];
    button.classList.toggle("is-playing", this.player.isPlaying);
  }

  // What is seen -------------------------------------------------------------------------------------------------------

  /** One frame. */
  draw(now, isPlaying) {
    if (!this.film) return false;
    const before = this.film.done, isMoving = isPlaying && !this.still.matches;
    this.film.goTo(this.film.actsBy(this.player.moment), (place) => this.house.change(place, isMoving ? now : 0));
    const isFlashing = this.house.paint(this.film.look, now);
    if (!isPlaying || now - (this.numbersAt ?? 0) >= NUMBERS_EVERY_MS) {
      this.numbersAt = now;
      this.numbers();
    }
    this.caption(before, now, isPlaying);
    if (isPlaying && this.player.share >= 1) this.label();
    return isFlashing;
  }

  numbers() {
    const { counts, done } = this.film, moment = this.begins + this.player.moment;
    this.range.value = this.player.share;
    const when = this.clock(moment), left = ahead(this.told.starts_at - moment);
    this.write("clock", when);
    this.write("ahead", left);
    this.range.setAttribute("aria-valuetext", `${when}, ${left}`);
    this.channels.forEach((channel, nth) => {
      this.write(`sold-${nth}`, said(counts[soldBy(nth)]));
      this.write(`slice-${nth}`, said(counts[openTo(nth)]));
      this.write(`away-${nth}`, this.away ? said(this.away[nth][done]) : "");
      this.part(`away-${nth}`)?.parentElement.classList.toggle("is-some", Boolean(this.away?.[nth][done]));
    });
    const states = { open: openTo(EVERYBODY), locked: LOCKED, held: HELD, before: soldBy(EVERYBODY) };
    for (const [name, look] of Object.entries(states)) this.write(`count-${name}`, said(counts[look]));
    this.write("count-off", said(counts[KILLED] + counts[LEASED]));
  }

  write(name, text) {
    const part = (this.parts ??= new Map()).get(name) ?? this.part(name);
    this.parts.set(name, part);
    if (part && part.textContent !== text) part.textContent = text;
  }

  /** What happened last; while it plays, what is worth most stays long enough to be read. */
  caption(before, now, isPlaying) {
    const { done } = this.film;
    if (this.mode === "replay" && !this.film.acts.count) return this.note("Nothing has happened yet: the ledger of this show is empty.");
    if (!isPlaying) return this.note(done ? this.words(done - 1) : "Nothing has happened yet.");
    if (before === done || now - this.noted.at < READABLE_MS) return;
    let act = done - 1;
    if (this.mode === "model") {
      for (let back = done - 1; back >= Math.max(0, before); back--) if (TOLD.has(this.film.acts.kind[back])) act = back;
    }
    this.note(this.words(act), now);
  }

  /** What the mouse is on, while nothing moves. */
  look({ offsetX, offsetY }) {
    if (!this.film || this.player.isPlaying) return;
    const place = this.house.at(offsetX, offsetY);
    if (place < 0) return this.player.wake();
    this.note(`${placeInWords(this.layout, place, this.film.look[place], this.channels)}.`);
  }

  note(text, at = 0) {
    this.noted = { text, at };
    const line = this.part("caption");
    if (line.textContent !== text) line.textContent = text;
  }

  paintGraph() {
    const { width, height } = this.part("graph").getBoundingClientRect();
    if (!this.drawn || !width || !this.colours) return;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    [this.graph.width, this.graph.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const showAt = this.told.starts_at - this.begins;
    paintGraph(this.graph.getContext("2d"), { ...this.drawn, axis: this.axis, showAt, width, height, ratio, colours: this.colours });
  }

  /** Say once, when all is quiet again, how it stands. */
  sayLater() {
    this.label();
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.isConnected && this.film && this.say(), SAY_AFTER_MS);
  }

  say() {
    const moment = this.begins + this.player.moment;
    const each = this.channels.filter((channel) => channel.is_active).map((channel) => {
      const nth = this.channels.indexOf(channel);
      const away = this.away ? `, ${said(this.away[nth][this.film.done])} turned away` : "";
      return `${channel.name} ${said(this.film.counts[soldBy(nth)])} sold${away}`;
    });
    this.part("said").textContent = `${this.clock(moment)}, ${ahead(this.told.starts_at - moment)}: ${each.join("; ")}.`;
  }
}

function added(one, other) {
  return one.map((number, nth) => number + other[nth]);
}

customElements.define("split-stage", SplitStage);
