// <lock-timer data-seconds-left [data-src] [data-for-s]>: how long places are kept, by the server's clock. It says so in
// its own words, warns two minutes, one minute and 15 seconds before the end, and tells `lock-over` when it is (`isOver`).
//
// With `data-src` it asks that address (`{seconds_left}`) again whenever the page is seen anew: a phone may have slept.
import { clockFace, deadline, secondsUntil, spoken, warningDue } from "./lib/clock.js";
import { read } from "./lib/http.js";

const TICK_MS = 250;

class LockTimer extends HTMLElement {
  connectedCallback() {
    this.start(pageAskedAt(), Number(this.dataset.secondsLeft));
    this.whole = Math.max(1, Number(this.dataset.forS ?? 0), this.before);
    this.face = this.querySelector("[data-clock]");
    if (!this.face) {
      this.face = document.createElement("span");
      this.face.className = "timer-clock";
      this.append(" ", this.face, " left.");
    }
    this.bar = this.querySelector("progress");
    this.voice = this.appendChild(document.createElement("span"));
    this.voice.className = "unseen";
    this.voice.setAttribute("role", "status");
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.onSeen = () => document.hidden || this.ask();
    document.addEventListener("visibilitychange", this.onSeen);
    addEventListener("pageshow", (this.onShown = (event) => event.persisted && this.ask()));
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
    document.removeEventListener("visibilitychange", this.onSeen);
    removeEventListener("pageshow", this.onShown);
  }

  /** Count from here: the server was asked at `askedAt`, and said how many seconds are left. */
  start(askedAt, secondsLeft) {
    this.ends = deadline(askedAt, secondsLeft);
    this.before = secondsUntil(this.ends, performance.now());
    this.isOver = false;
  }

  async ask() {
    if (!this.dataset.src) return this.tick();
    const askedAt = performance.now();
    try {
      this.start(askedAt, (await read(this.dataset.src)).body.seconds_left);
    } catch (error) {
      if (error.status === 410) this.start(askedAt, 0);
    }
    this.tick();
  }

  tick() {
    const left = secondsUntil(this.ends, performance.now());
    const face = clockFace(left);
    if (this.face.textContent !== face) this.face.textContent = face;
    if (this.bar) this.bar.value = left / this.whole;
    this.classList.toggle("is-urgent", left <= 60);
    const due = warningDue(this.before, left);
    if (due) this.voice.textContent = `${spoken(due)} left to finish.`;
    this.before = left;
    if (left || this.isOver) return;
    this.isOver = true;
    this.voice.textContent = "The time has run out.";
    this.dispatchEvent(new CustomEvent("lock-over", { bubbles: true }));
  }
}

/** When this page was asked for, on the clock that the browser never sets back. */
function pageAskedAt() {
  return performance.getEntriesByType("navigation")[0]?.requestStart ?? performance.now();
}

customElements.define("lock-timer", LockTimer);
