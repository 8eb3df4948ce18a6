// <seat-picker data-seats data-states data-locks data-basket>: seats are chosen on its map or its list, watched while
// one looks, and locked all together.
import "./seat-list.js";
import "./seat-map.js";
import { told } from "./lib/age.js";
import { total, whyNot, wish } from "./lib/basket.js";
import { houseOf, nameOf, traitsOf } from "./lib/house.js";
import { read, write } from "./lib/http.js";
import { rupees } from "./lib/money.js";
import { poll } from "./lib/poll.js";
import { changed, lost, SEAT_WORDS } from "./lib/states.js";
import { counted, whatToDo } from "./lib/words.js";

const EVERY_MS = 2500, STALE_MS = 9000;

class SeatPicker extends HTMLElement {
  letters = "";
  chosen = new Set();

  connectedCallback() {
    const { tiers, most, mine } = JSON.parse(document.getElementById("house-facts").textContent);
    Object.assign(this, { most, own: mine, prices: Object.fromEntries(tiers.map(({ code, paise }) => [code, paise])) });
    [this.map, this.list] = [this.querySelector("seat-map"), this.querySelector("seat-list")];
    this.addEventListener("seat-tap", ({ detail }) => this.toggle(detail.index));
    this.addEventListener("seat-look", ({ detail }) => this.describe(detail.index, detail.byKey));
    this.addEventListener("click", (event) => this.act(event.target.closest("[data-act]")?.dataset.act, event));
    this.part("wheelchairs").addEventListener("change", () => this.say(""));
    this.load();
  }

  disconnectedCallback() {
    this.polling?.stop();
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  act(verb, event) {
    if (verb === "map" || verb === "list") this.look(verb);
    else if (verb === "clear") this.choose(new Set());
    else if (verb === "keep") this.keep();
    else if (verb === "again") this.load();
    else if (verb === "tier") this.dim(event.target.closest("button"));
  }

  async load() {
    try {
      const [seats, states] = await Promise.all([read(this.dataset.seats), read(this.dataset.states)]);
      this.house = houseOf(seats.body);
      this.mine = new Set(this.own.map((id) => this.house.indexOf.get(id)).filter((index) => index !== undefined));
      this.take(states.body);
    } catch (error) {
      return this.fail(`The seats could not be loaded. ${error.message}`);
    }
    this.fail("");
    const { house, letters, chosen, mine, prices } = this;
    this.map.show({ house, letters, chosen, mine });
    this.list.show({ house, letters, chosen, mine, prices });
    this.tellBasket();
    this.polling ??= poll(() => this.refresh(), EVERY_MS);
  }

  take({ version, manifest_version: manifest, letters, changes }) {
    if (manifest !== this.house.version) return location.reload();
    this.version = version;
    this.letters = letters ?? changed(this.letters, changes);
    [this.freshAt, this.asOf] = [Date.now(), new Date().toLocaleTimeString("en-IN", { timeZone: "Asia/Kolkata" })];
  }

  async refresh() {
    let failure = "";
    try {
      const { status, body } = await read(`${this.dataset.states}?since=${encodeURIComponent(this.version)}`);
      if (status === 200) this.take(body);
      else this.freshAt = Date.now();
    } catch (error) {
      failure = error.message;
    }
    this.part("stale").textContent = told({ asOf: this.asOf, old: Date.now() - this.freshAt, failure, staleAfter: STALE_MS }).warning;
    this.map.show({ letters: this.letters });
    this.list.show({ letters: this.letters });
    this.dropLost();
  }

  dropLost() {
    const gone = lost(this.chosen, this.letters);
    if (!gone.length) return;
    const names = gone.map((index) => nameOf(this.house, index)).join(", ");
    this.choose(new Set([...this.chosen].filter((index) => !gone.includes(index))));
    this.say(`Somebody was quicker with ${names}. Choose another place.`, true);
  }

  toggle(index) {
    const { house, letters, prices, chosen, most } = this;
    const name = nameOf(house, index);
    if (this.mine.has(index)) return this.say(`${name} is in your basket already.`);
    const wheelchairs = this.part("wheelchairs").checked;
    const reason = whyNot(house, letters, prices, { index, chosen, most, wheelchairs });
    if (reason) {
      this.list.show({});
      return this.say(`${name}: ${reason}`, true);
    }
    const next = new Set(chosen);
    if (!next.delete(index)) next.add(index);
    this.choose(next);
    this.say(`${this.words(index)}, ${next.has(index) ? "chosen" : "no longer chosen"}. ${this.sum()}`);
  }

  choose(chosen) {
    this.chosen = chosen;
    this.map.show({ chosen });
    this.list.show({ chosen });
    this.tellBasket();
  }

  tellBasket() {
    const names = [...this.chosen].map((index) => `${this.house.row[index]} ${this.house.number[index]}`);
    this.part("sum").textContent = this.chosen.size ? this.sum() : "Nothing chosen yet";
    this.part("names").textContent = names.join(", ");
    this.part("keep").disabled = !this.chosen.size;
    this.part("clear").hidden = !this.chosen.size;
  }

  sum() {
    return `${counted(this.chosen.size, "place")}, ${rupees(total(this.house, this.prices, this.chosen))}`;
  }

  words(index) {
    const tier = this.house.tiers[this.house.tier[index]], paise = this.prices[tier.code];
    const parts = [nameOf(this.house, index), tier.name, paise == null ? "no price yet" : rupees(paise)];
    return [...parts, ...traitsOf(this.house, index)].join(", ");
  }

  describe(index, byKey) {
    if (index < 0) return this.say("");
    const state = this.mine.has(index) ? "in your basket" : this.chosen.has(index) ? "chosen" : SEAT_WORDS[this.letters[index]];
    if (byKey || !this.isWarning) this.say(`${this.words(index)}: ${state}`);
  }

  /** The line under the map: what is looked at, what was done, or what went wrong. It is read out. */
  say(text, isWarning = false) {
    const line = this.part("line");
    this.isWarning = isWarning;
    line.classList.toggle("is-warning", isWarning);
    if (line.textContent !== text) line.textContent = text;
  }

  dim(button) {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    for (const one of this.querySelectorAll('[data-act="tier"]')) one.setAttribute("aria-pressed", String(one === button && isOn));
    const kept = isOn ? button.dataset.tier : null;
    const others = this.house.tiers.map((tier, number) => [tier.code, number]).filter(([code]) => kept && code !== kept);
    this.map.show({ dimmed: new Set(others.map(([, number]) => number)) });
  }

  look(which) {
    for (const name of ["map", "list"]) {
      this.querySelector(`[data-act="${name}"]`).setAttribute("aria-pressed", String(name === which));
      this[name].hidden = name !== which;
    }
    this.classList.toggle("is-list", which === "list");
  }

  async keep() {
    const button = this.part("keep");
    button.disabled = true;
    this.say("Keeping these places for you…");
    try {
      const { body } = await write("POST", this.dataset.locks, wish(this.house, this.chosen));
      location.assign(`${this.dataset.basket}${body.id}/${body.strands.length ? "?alone=1" : ""}`);
    } catch (error) {
      const nameOfId = (id) => this.house.indexOf.has(id) ? nameOf(this.house, this.house.indexOf.get(id)) : "";
      await this.refresh();
      this.say(error.code ? whatToDo(error, nameOfId) : error.message, true);
      button.disabled = !this.chosen.size;
    }
  }

  fail(text) {
    this.part("failure").hidden = !text;
    this.part("failure-words").textContent = text;
  }
}

customElements.define("seat-picker", SeatPicker);
