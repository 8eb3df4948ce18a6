// <best-available data-locks data-basket> around the form that works without scripts: says what the choice comes to, and
// asks the API, so that a refusal is told without leaving the page.
import { newKey, write } from "./lib/http.js";
import { rupees } from "./lib/money.js";
import { counted, whatToDo } from "./lib/words.js";

class BestAvailable extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.button = this.querySelector("[data-take]");
    this.refusal = this.querySelector("[data-refusal]");
    this.form.addEventListener("change", () => this.change());
    this.form.addEventListener("submit", (event) => this.take(event));
    addEventListener("pageshow", (this.onShown = () => this.change()));
    this.change();
  }

  disconnectedCallback() {
    removeEventListener("pageshow", this.onShown);
  }

  /** Another wish is another key: the same one is for the same wish, sent again. */
  change() {
    this.key = newKey();
    this.button.disabled = false;
    const quantity = Number(this.form.quantity.value);
    const paise = this.form.querySelector("[name=tier]:checked")?.dataset.paise;
    this.button.textContent = `Take ${counted(quantity, "place")}${paise ? ` for ${rupees(paise * quantity)}` : ""}`;
    this.withinReach(quantity);
  }

  withinReach(quantity) {
    const select = this.form.accessible;
    for (const option of select?.options ?? []) option.disabled = Number(option.value) > quantity;
    if (Number(select?.value) > quantity) select.value = String(quantity);
  }

  wish() {
    const { quantity, section, accessible, together } = this.form;
    const tier = this.form.querySelector("[name=tier]:checked")?.value;
    return {
      best: {
        quantity: Number(quantity.value),
        tiers: tier ? [tier] : [],
        section: section?.value ?? "",
        accessible: Number(accessible?.value ?? 0),
        together: together?.checked ?? false,
      },
    };
  }

  async take(event) {
    event.preventDefault();
    this.button.disabled = true;
    this.button.textContent = "Looking for the best places…";
    try {
      const { body } = await write("POST", this.dataset.locks, this.wish(), { key: this.key });
      location.assign(`${this.dataset.basket}${body.id}/${body.strands.length ? "?alone=1" : ""}`);
    } catch (error) {
      this.change();
      const line = document.createElement("p");
      line.textContent = error.code ? whatToDo(error) : error.message;
      this.refusal.replaceChildren(line);
      this.refusal.scrollIntoView({ block: "nearest" });
    }
  }
}

customElements.define("best-available", BestAvailable);
