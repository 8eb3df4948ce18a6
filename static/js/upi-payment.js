// <upi-payment data-src data-tickets data-state data-payment data-payment-state>: watches the order at our own server while
// money is awaited, and shows the page anew when something has changed; once it is paid, the tickets.
import { read } from "./lib/http.js";
import { poll } from "./lib/poll.js";

// How soon to look again: money is awaited, or it may still come late.
const EVERY_MS = { awaiting_payment: 2000, checking: 2000, expired: 15_000, in_review: 15_000 };

class UpiPayment extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", ({ target }) => setTimeout(() => {
      for (const button of target.querySelectorAll("button")) button.disabled = true;
    }));
    this.addEventListener("lock-over", () => this.look());
    const every = EVERY_MS[this.dataset.state];
    if (every) this.polling = poll(() => this.look(), every);
  }

  disconnectedCallback() {
    this.polling?.stop();
  }

  async look() {
    try {
      const { body } = await read(this.dataset.src);
      if (body.state === "confirmed" && this.dataset.state !== "confirmed") return location.assign(this.dataset.tickets);
      if (this.isNews(body)) await this.renew();
    } catch {
      // Not reached: the clock runs on, and the next look may be luckier.
    }
  }

  isNews({ state, payment }) {
    const { state: was, payment: paymentWas, paymentState } = this.dataset;
    return state !== was || (payment?.id ?? "") !== paymentWas || (payment?.state ?? "") !== paymentState;
  }

  /** The server writes the page; its heading is read out. */
  async renew() {
    const answer = await fetch(location.pathname, { headers: { "X-As-Visitor": "1" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("upi-payment");
    if (!answer.ok || !fresh) return location.reload();
    document.title = page.title;
    this.replaceWith(document.adoptNode(fresh));
    document.querySelector("[data-heading]")?.focus();
  }
}

customElements.define("upi-payment", UpiPayment);
