import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { poll } from "../../static/js/lib/poll.js";

/** As much of a document as polling knows. */
function page() {
  const listeners = new Set();
  return {
    hidden: false,
    addEventListener: (_, listener) => listeners.add(listener),
    removeEventListener: (_, listener) => listeners.delete(listener),
    turn(hidden) {
      this.hidden = hidden;
      for (const listener of listeners) listener();
    },
  };
}

async function settle() {
  for (let turns = 0; turns < 5; turns++) await Promise.resolve();
}

test("it asks again and again, not while the page is hidden, and at once when it is seen", async (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  const sheet = page();
  let asked = 0;
  const polling = poll(async () => asked++, 1000, sheet);
  mock.timers.tick(1000);
  await settle();
  assert.equal(asked, 1);
  sheet.turn(true);
  mock.timers.tick(5000);
  await settle();
  assert.equal(asked, 1);
  sheet.turn(false);
  await settle();
  assert.equal(asked, 2);
  polling.stop();
  mock.timers.tick(5000);
  await settle();
  assert.equal(asked, 2);
});
