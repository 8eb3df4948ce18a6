// <places-shown data-seats data-places>: the house, with the places that a change would move marked on it. To look at.
import "./seat-map.js";
import { drawn, readBack, STAFF_WORDS } from "./lib/choice.js";
import { houseOf, nameOf } from "./lib/house.js";
import { read } from "./lib/http.js";

class PlacesShown extends HTMLElement {
  async connectedCallback() {
    this.map = this.querySelector("seat-map");
    this.line = this.querySelector("[data-part=line]");
    this.addEventListener("seat-look", ({ detail }) => detail.index >= 0 && this.describe(detail.index));
    this.addEventListener("seat-tap", ({ detail }) => this.describe(detail.index));
    this.looks = new MutationObserver(() => this.map.readColours());
    this.looks.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
    try {
      const { body } = await read(this.dataset.seats);
      this.house = houseOf(body);
      this.letters = body.letters;
    } catch (error) {
      this.line.textContent = `The seats could not be loaded. ${error.message}`;
      return;
    }
    this.chosen = readBack(this.house, this.dataset.places);
    this.map.show({ house: this.house, letters: drawn(this.letters), chosen: this.chosen });
  }

  disconnectedCallback() {
    this.looks.disconnect();
  }

  describe(index) {
    const moves = this.chosen?.has(index) ? "would move" : "stays where it is";
    this.line.textContent = `${nameOf(this.house, index)}: ${STAFF_WORDS[this.letters[index]] ?? "open"}, ${moves}`;
  }
}

customElements.define("places-shown", PlacesShown);
