// <stock-board src data-etag data-as-of data-every>: asks its page every so many seconds (2) for what changes, and says
// how old it is.
import { told } from "./lib/age.js";

const TICK_MS = 500;
const EVERY_S = 2;
const GIVE_UP_MS = 5000;
const STALE_AFTER = 3; // times in which it should have been refreshed

class StockBoard extends HTMLElement {
  connectedCallback() {
    this.freshAt = this.askedAt = Date.now();
    this.everyMs = 1000 * Number(this.dataset.every || EVERY_S);
    this.failure = "";
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.onVisible = () => this.tick();
    document.addEventListener("visibilitychange", this.onVisible);
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  tick() {
    if (document.hidden) return;
    this.say();
    if (!this.isAsking && Date.now() - this.askedAt >= this.everyMs) this.ask();
  }

  async ask() {
    this.isAsking = true;
    const asked = (this.askedAt = Date.now());
    try {
      const answer = await fetch(this.getAttribute("src"), {
        headers: { "If-None-Match": this.dataset.etag },
        redirect: "manual", // to the login page, once the session is over
        signal: AbortSignal.timeout(GIVE_UP_MS),
      });
      this.failure = failureOf(answer);
      if (answer.status === 200) this.replace(await answer.text(), answer.headers.get("ETag"));
      if (!this.failure) {
        this.freshAt = asked;
        this.dataset.asOf = answer.headers.get("X-As-Of");
      }
    } catch {
      this.failure = "The server does not answer: do not rely on these numbers.";
    }
    this.isAsking = false;
    this.say();
  }

  replace(html, etag) {
    const changing = this.querySelector("[data-changing]");
    const focused = changing.contains(document.activeElement) ? document.activeElement.id : "";
    const open = new Map([...changing.querySelectorAll("details")].map((each) => [each.id, each.open]));
    const [left, top] = [window.scrollX, window.scrollY];
    changing.innerHTML = html;
    for (const each of changing.querySelectorAll("details")) each.open = open.get(each.id) ?? each.open;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    window.scrollTo(left, top);
    this.dataset.etag = etag;
  }

  say() {
    const old = Date.now() - this.freshAt;
    const { line, warning } = told({ asOf: this.dataset.asOf, old, failure: this.failure, staleAfter: STALE_AFTER * this.everyMs });
    this.querySelector("[data-age]").textContent = line;
    const stale = this.querySelector("[data-stale]"); // read out when it changes, so touched only then
    if (stale.textContent !== warning) stale.textContent = warning;
    this.classList.toggle("is-stale", warning !== "");
  }
}

function failureOf(answer) {
  if (answer.type === "opaqueredirect") return "You are logged out: reload and log in again.";
  return answer.status === 200 || answer.status === 304 ? "" : "The server refused: reload the page.";
}

customElements.define("stock-board", StockBoard);
