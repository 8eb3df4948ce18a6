// <hold-map data-seats data-open data-shut>: the house, to choose the places of a hold on it: seats, rows, sections,
// rectangles. The choice goes as ids into the form's field `places`. The house is loaded when the way "map" is chosen.
// `data-open` says in words what can be chosen, `data-shut` what cannot.
import "./seat-map.js";
import { between, briefly, drawn, isOpen, readBack, rowOf, sectionOf, STAFF_WORDS, toggled, within, written } from "./lib/choice.js";
import { houseOf, nameOf, traitsOf } from "./lib/house.js";
import { read } from "./lib/http.js";
import { poll } from "./lib/poll.js";
import { changed } from "./lib/states.js";
import { counted } from "./lib/words.js";

const EVERY_MS = 5000;
const HINTS = {
  seat: "Click a seat to choose it, and again to give it up. Drag to move the house.",
  row: "Click any seat: the whole row is chosen, as far as it is open.",
  section: "Click any seat: the whole section is chosen, as far as it is open.",
  area: "Drag a rectangle over the seats, or click one corner and then the opposite one.",
};

class HoldMap extends HTMLElement {
  letters = "";
  chosen = new Set();
  corner = -1;
  tool = "seat";

  connectedCallback() {
    this.form = this.closest("form");
    this.field = this.form.elements.places;
    this.map = this.querySelector("seat-map");
    this.addEventListener("seat-tap", ({ detail }) => this.tap(detail.index));
    this.addEventListener("seat-look", ({ detail }) => this.describe(detail.index));
    this.addEventListener("seat-area", ({ detail }) => this.take(within(this.house, detail)));
    this.addEventListener("click", ({ target }) => this.act(target.closest("button")?.dataset ?? {}));
    this.form.addEventListener("change", () => this.wake());
    this.looks = new MutationObserver(() => this.map.readColours());
    this.looks.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
    this.wake();
  }

  disconnectedCallback() {
    this.polling?.stop();
    this.looks.disconnect();
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  wake() {
    if (this.form.elements.how.value === "map" && !this.loading) this.loading = this.load();
  }

  act({ tool, act }) {
    if (tool) this.use(tool);
    else if (act === "clear") this.choose(new Set(), "Nothing is chosen now.");
    else if (act === "again") this.loading = this.load();
  }

  use(tool) {
    Object.assign(this, { tool, corner: -1 });
    Object.assign(this.map, { isArea: tool === "area", isCoarse: tool !== "seat" });
    for (const button of this.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    this.say(HINTS[tool]);
  }

  async load() {
    this.part("again").hidden = true;
    try {
      const { body } = await read(this.dataset.seats);
      this.house = houseOf(body);
      this.get(body);
    } catch (error) {
      this.part("again").hidden = false;
      return this.say(`The seats could not be loaded. ${error.message}`, true);
    }
    this.map.show({ house: this.house });
    const before = readBack(this.house, this.field.value);
    this.choose(new Set([...before].filter((index) => isOpen(this.letters[index]))), HINTS[this.tool]);
    this.polling ??= poll(() => this.refresh(), EVERY_MS);
  }

  get({ version, letters, changes }) {
    this.version = version;
    this.letters = letters ?? changed(this.letters, changes);
    this.map.show({ letters: drawn(this.letters) });
  }

  async refresh() {
    try {
      const { status, body } = await read(`${this.dataset.seats}?since=${encodeURIComponent(this.version)}`);
      if (status === 200 && body.manifest_version !== this.house.version) return this.load();
      if (status === 200) this.get(body);
    } catch (error) {
      return this.say(`What is seen may be old: ${error.message}`, true);
    }
    const gone = [...this.chosen].filter((index) => !isOpen(this.letters[index]));
    if (!gone.length) return;
    const names = briefly(this.house, new Set(gone));
    this.choose(new Set([...this.chosen].filter((index) => !gone.includes(index))), `Somebody was quicker with ${names}.`, true);
  }

  tap(index) {
    if (this.tool === "seat") return this.take([index]);
    if (this.tool === "row") return this.take(rowOf(this.house, index));
    if (this.tool === "section") return this.take(sectionOf(this.house, index));
    if (this.corner < 0) {
      this.corner = index;
      return this.say(`From ${nameOf(this.house, index)}: now the opposite corner.`);
    }
    this.take(within(this.house, between(this.house, this.corner, index)));
    this.corner = -1;
  }

  take(seats) {
    if (!seats.length) return this.say("There is no seat in that rectangle.");
    const { chosen, isGivingUp, changed: count, shut } = toggled(this.chosen, seats, this.letters);
    if (seats.length === 1 && shut) return this.say(`${this.words(seats[0])}. It cannot be chosen.`, true);
    const done = seats.length === 1 ? nameOf(this.house, seats[0]) : counted(count, "seat");
    const left = shut ? ` ${counted(shut, "seat")} in it ${shut === 1 ? "is" : "are"} ${this.dataset.shut} and left out.` : "";
    this.choose(chosen, `${done} ${isGivingUp ? "given up" : "chosen"}.${left}`);
  }

  choose(chosen, said, isWarning = false) {
    this.chosen = chosen;
    this.map.show({ chosen });
    this.field.value = this.house ? written(this.house, chosen) : "";
    this.part("sum").textContent = chosen.size ? `${counted(chosen.size, "seat")} chosen` : "Nothing chosen yet";
    this.part("names").textContent = briefly(this.house, chosen);
    this.part("clear").hidden = !chosen.size;
    this.say(said, isWarning);
  }

  words(index) {
    const tier = this.house.tiers[this.house.tier[index]].name;
    return [nameOf(this.house, index), tier, ...traitsOf(this.house, index)].join(", ") + `: ${this.state(this.letters[index])}`;
  }

  state(letter) {
    return letter === "o" ? this.dataset.open : STAFF_WORDS[letter];
  }

  describe(index) {
    if (index >= 0) this.say(`${this.words(index)}${this.chosen.has(index) ? ", chosen" : ""}`);
  }

  say(text, isWarning = false) {
    const line = this.part("line");
    line.classList.toggle("is-warning", isWarning);
    if (line.textContent !== text) line.textContent = text;
  }
}

customElements.define("hold-map", HoldMap);
