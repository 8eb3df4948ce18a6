// The clock of the stage: plays, pauses, steps and is dragged; by days alone for whoever wants no motion.
import { nextDay } from "./split-axis.js";

const LONGEST_FRAME_MS = 100; // a page that was away does not jump

export class Player {
  share = 0;
  isPlaying = false;
  before = 0;

  /** `draw(now, isPlaying)` paints a frame and says whether it wants another; `rest()` hears that the clock has stopped. */
  constructor({ draw, rest, isStill = () => false, later = (frame) => requestAnimationFrame(frame) }) {
    Object.assign(this, { draw, rest, isStill, later, lasts: 45 });
  }

  /** What is played: its axis, and when on it the show begins. */
  load(axis, showAt) {
    Object.assign(this, { axis, showAt });
    this.wake();
  }

  get moment() {
    return this.axis ? this.axis.moment(this.share) : 0;
  }

  toggle() {
    if (this.isPlaying) return this.pause();
    if (!this.axis) return;
    if (this.share >= 1) this.share = 0;
    if (this.isStill()) return this.day(1);
    this.isPlaying = true;
    this.before = 0;
    this.wake();
  }

  pause() {
    this.isPlaying = false;
    this.wake();
    this.rest();
  }

  go(share) {
    this.isPlaying = false;
    this.share = Math.max(0, Math.min(1, share));
    this.wake();
    this.rest();
  }

  /** To the next (1) or the last (-1) beginning of a day, counted back from the show. */
  day(direction) {
    if (!this.axis) return;
    const to = nextDay(this.moment, direction, this.showAt, this.axis.end);
    this.go(to <= 0 ? 0 : to >= this.axis.end ? 1 : this.axis.share(to));
  }

  /** See to it that a frame is drawn. */
  wake() {
    if (this.isAwake) return;
    this.isAwake = true;
    this.later((now) => this.frame(now));
  }

  frame(now) {
    this.isAwake = false;
    if (this.isPlaying) {
      const passed = this.before ? Math.min(now - this.before, LONGEST_FRAME_MS) : 0;
      this.before = now;
      this.share = Math.min(1, this.share + passed / 1000 / this.lasts);
    }
    const wantsMore = this.draw(now, this.isPlaying);
    if (this.isPlaying && this.share >= 1) return this.pause();
    if (this.isPlaying || wantsMore) this.wake();
  }

  /** What a key does; whether it did anything. */
  key(key) {
    const acts = {
      " ": () => this.toggle(),
      ArrowRight: () => this.go(this.share + 0.01),
      ArrowLeft: () => this.go(this.share - 0.01),
      PageUp: () => this.day(1),
      PageDown: () => this.day(-1),
      Home: () => this.go(0),
      End: () => this.go(1),
    };
    acts[key]?.();
    return key in acts;
  }
}
