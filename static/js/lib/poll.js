/**
 * Ask again and again, `everyMs` after each answer; not while the page is hidden, and at once when it is seen again.
 * `ask` must not throw. Returns `{now, stop}`.
 */
export function poll(ask, everyMs, page = document) {
  let timer = 0, isAsking = false, isOver = false;

  async function turn() {
    clearTimeout(timer);
    if (isOver || isAsking || page.hidden) return;
    isAsking = true;
    await ask();
    isAsking = false;
    if (!isOver) timer = setTimeout(turn, everyMs);
  }

  function stop() {
    isOver = true;
    clearTimeout(timer);
    page.removeEventListener("visibilitychange", turn);
  }

  page.addEventListener("visibilitychange", turn);
  timer = setTimeout(turn, everyMs);
  return { now: turn, stop };
}
