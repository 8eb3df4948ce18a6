// <whats-left src data-can-buy>: keeps what the page says of each section and price true while one looks.
import { read } from "./lib/http.js";
import { poll } from "./lib/poll.js";
import { leftWords } from "./lib/words.js";

const EVERY_MS = 4000;
const CLOCK = new Intl.DateTimeFormat("en-IN", { timeZone: "Asia/Kolkata", hour: "numeric", minute: "2-digit", second: "2-digit" });

class WhatsLeft extends HTMLElement {
  connectedCallback() {
    this.polling = poll(() => this.refresh(), EVERY_MS);
  }

  disconnectedCallback() {
    this.polling.stop();
  }

  async refresh() {
    try {
      const { status, body, etag } = await read(this.getAttribute("src"), { etag: this.etag });
      this.etag = etag || this.etag;
      if (status === 200) this.tell(body);
      this.querySelector("[data-as-of]").textContent = CLOCK.format(new Date());
    } catch {
      // The page says as of when it is; the next look may be luckier.
    }
  }

  tell(stock) {
    // Where everything came back, or went, the page itself is another one.
    const isOther = (this.dataset.canBuy === "yes") !== canBuy(stock.total);
    if (isOther && !this.querySelector("form:focus-within")) return location.reload();
    const lines = [
      ...stock.sections.map((one) => [`section:${one.section}`, one]),
      ...stock.tiers.map((one) => [`tier:${one.tier}`, one]),
      ...stock.lines.map((one) => [`line:${one.section}:${one.tier}`, one]),
    ];
    for (const [name, one] of lines) {
      for (const place of this.querySelectorAll(`[data-left="${name}"]`)) this.write(place, one);
    }
    for (const one of stock.tiers) {
      const radio = this.querySelector(`[data-option="${one.tier}"] input`);
      if (radio) radio.disabled = !canBuy(one) && !radio.checked;
    }
  }

  write(place, one) {
    const words = leftWords(one);
    if (place.textContent.trim() !== words) place.textContent = words;
    place.classList.toggle("is-few", one.state === "few_left");
    place.classList.toggle("is-word", !canBuy(one));
  }
}

function canBuy({ state }) {
  return state === "available" || state === "few_left";
}

customElements.define("whats-left", WhatsLeft);
