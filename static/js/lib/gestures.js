// Fingers and mouse on a map: one moves it, two stretch it, a short touch is a tap.
const STILL = 7; // pixels within which a finger has not moved

/**
 * Listen on an element; `on` has `move(dx, dy, {x, y, isAlone})`, `stretch(factor, x, y)`, `tap(x, y, kind)`, `hover(x, y)`,
 * and may have `begin(x, y)` and `end(isWhole)`, which a cancelled gesture is not.
 */
export function listen(element, on) {
  const fingers = new Map();
  let travelled = 0;

  const point = (event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    if (!fingers.size) {
      travelled = 0;
      const { x, y } = point(event);
      on.begin?.(x, y);
    }
    fingers.set(event.pointerId, point(event));
    element.setPointerCapture(event.pointerId);
  });

  element.addEventListener("pointermove", (event) => {
    const now = point(event), before = fingers.get(event.pointerId);
    if (!before) return event.pointerType === "mouse" ? on.hover(now.x, now.y) : undefined;
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    travelled += Math.hypot(dx, dy);
    const others = [...fingers].filter(([id]) => id !== event.pointerId);
    fingers.set(event.pointerId, now);
    if (others.length === 1) {
      const [, other] = others[0];
      const [was, is] = [Math.hypot(before.x - other.x, before.y - other.y), Math.hypot(now.x - other.x, now.y - other.y)];
      on.move(dx / 2, dy / 2, { ...now, isAlone: false });
      if (was > 0) on.stretch(is / was, (now.x + other.x) / 2, (now.y + other.y) / 2);
    } else if (!others.length && travelled > STILL) on.move(dx, dy, { ...now, isAlone: true });
  });

  const lifted = (event) => {
    const last = fingers.get(event.pointerId);
    fingers.delete(event.pointerId);
    if (event.type === "pointerup" && last && !fingers.size && travelled <= STILL) on.tap(last.x, last.y, event.pointerType);
    if (last && !fingers.size) on.end?.(event.type === "pointerup");
    if (last && fingers.size) travelled = Infinity; // what two fingers began is no tap of the last one
  };
  element.addEventListener("pointerup", lifted);
  element.addEventListener("pointercancel", lifted);

  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { x, y } = point(event);
    on.stretch(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), x, y);
  }, { passive: false });
}
