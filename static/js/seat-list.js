// <seat-list>: the same seats as on the map, section by section and row by row, as checkboxes. Given `house`, `letters`,
// `chosen`, `mine`, `prices`; tells `seat-tap` with `detail.index`. Rows are written when they are opened.
import { traitsOf } from "./lib/house.js";
import { rupees } from "./lib/money.js";
import { counted } from "./lib/words.js";

class SeatList extends HTMLElement {
  scene = { letters: "", chosen: new Set(), mine: new Set(), prices: {} };

  connectedCallback() {
    this.addEventListener("change", (event) => {
      const index = Number(event.target.value);
      this.dispatchEvent(new CustomEvent("seat-tap", { bubbles: true, detail: { index, byKey: true } }));
    });
  }

  show({ house, ...scene }) {
    Object.assign(this.scene, scene);
    if (house) this.build(house);
    else this.refresh();
  }

  build(house) {
    this.house = house;
    this.rows = [];
    const sections = new Map();
    for (const { section, row, seats } of house.rows) {
      if (!sections.has(section)) sections.set(section, this.section(house.sections[section].name));
      const part = sections.get(section);
      const details = part.appendChild(document.createElement("details"));
      const title = details.appendChild(document.createElement("summary"));
      const one = { name: `Row ${row}`, seats, details, title, boxes: null };
      details.addEventListener("toggle", () => details.open && this.write(one));
      this.rows.push(one);
    }
    this.replaceChildren(...sections.values());
    this.refresh();
  }

  section(name) {
    const part = document.createElement("section");
    part.appendChild(document.createElement("h2")).textContent = name;
    return part;
  }

  write(one) {
    if (one.boxes) return;
    const list = one.details.appendChild(document.createElement("div"));
    list.className = "seat-boxes";
    one.boxes = one.seats.map((index) => {
      const label = document.createElement("label");
      const box = label.appendChild(document.createElement("input"));
      box.type = "checkbox";
      box.value = index;
      const words = label.appendChild(document.createElement("span"));
      list.append(label);
      return { index, box, words, label };
    });
    this.refreshBoxes(one);
  }

  refresh() {
    for (const one of this.rows ?? []) {
      const { letters, chosen } = this.scene;
      const open = one.seats.filter((index) => letters[index] === "o").length;
      const own = one.seats.filter((index) => chosen.has(index)).length;
      const text = `${one.name}: ${open ? `${open} available` : "none available"}${own ? `, ${own} chosen` : ""}`;
      if (one.title.textContent !== text) one.title.textContent = text;
      if (one.boxes) this.refreshBoxes(one);
    }
  }

  refreshBoxes(one) {
    const { letters, chosen, mine } = this.scene;
    for (const { index, box, words, label } of one.boxes) {
      box.checked = chosen.has(index) || mine.has(index);
      // A box in focus stays usable, so that the keyboard does not lose its place; choosing it then says why not.
      box.disabled = (mine.has(index) || (letters[index] !== "o" && !box.checked)) && box !== document.activeElement;
      label.classList.toggle("is-gone", letters[index] !== "o");
      const text = this.words(index);
      if (words.textContent !== text) words.textContent = text;
    }
  }

  words(index) {
    const { house, scene } = this;
    const tier = house.tiers[house.tier[index]], price = scene.prices[tier.code];
    const state = scene.mine.has(index) ? "in your basket"
      : scene.letters[index] === "o" ? "" : scene.letters[index] === "l" ? "in somebody’s basket" : "not available";
    const parts = [`${house.row[index]} ${house.number[index]}`, tier.name, price == null ? "no price yet" : rupees(price)];
    return [...parts, ...traitsOf(house, index), state].filter(Boolean).join(", ");
  }

  /** How many seats can be had, in words. */
  summary() {
    return counted([...this.scene.letters].filter((letter) => letter === "o").length, "seat");
  }
}

customElements.define("seat-list", SeatList);
