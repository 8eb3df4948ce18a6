// What part of the house is on the screen: `scale` in pixels a unit, `left` and `top` the house's point at the corner.

/** The whole house in the middle of the screen, with a margin in pixels. */
export function fitted({ left, top, right, bottom }, width, height, margin) {
  const [wide, high] = [Math.max(right - left, 1e-6), Math.max(bottom - top, 1e-6)];
  const scale = Math.min(Math.max(width - 2 * margin, 1) / wide, Math.max(height - 2 * margin, 1) / high);
  return { scale, left: (left + right) / 2 - width / scale / 2, top: (top + bottom) / 2 - height / scale / 2 };
}

/** Closer or farther by a factor, so that the point under (x, y) stays where it is; within the scales allowed. */
export function zoomed(view, factor, x, y, [least, most]) {
  const scale = Math.min(Math.max(view.scale * factor, least), most);
  return { scale, left: view.left + x / view.scale - x / scale, top: view.top + y / view.scale - y / scale };
}

/** Moved by so many pixels of the finger. */
export function moved(view, dx, dy) {
  return { ...view, left: view.left - dx / view.scale, top: view.top - dy / view.scale };
}

/** Kept from leaving: some of the house stays in the middle of the screen. */
export function kept(view, { left, top, right, bottom }, width, height) {
  const [wide, high] = [width / view.scale, height / view.scale];
  return {
    ...view,
    left: Math.min(Math.max(view.left, left - wide / 2), right - wide / 2),
    top: Math.min(Math.max(view.top, top - high / 2), bottom - high / 2),
  };
}

/** Moved just so far that a point of the house is on the screen, this many pixels from its edges. */
export function showing(view, x, y, width, height, margin) {
  const [sx, sy] = [(x - view.left) * view.scale, (y - view.top) * view.scale];
  const shift = (at, size) => (at < margin ? margin - at : at > size - margin ? size - margin - at : 0);
  return moved(view, shift(sx, width), shift(sy, height));
}
