// The shapes by which tiers are told apart besides their colours, in the order of the house; as templatetags/house.py
// draws them in the legend. Each adds itself to a path, about (x, y) with radius r.
const TURN = 2 * Math.PI;

const MARKS = [
  (path, x, y, r) => {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, TURN);
  },
  (path, x, y, r) => path.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76),
  (path, x, y, r) => polygon(path, x, y, r * 1.15, 4, 0),
  (path, x, y, r) => polygon(path, x, y, r * 1.06, 6, 0),
  (path, x, y, r) => polygon(path, x, y + r * 0.15, r * 1.2, 3, -TURN / 4),
  (path, x, y, r) => {
    const [arm, half] = [r, r * 0.38];
    const points = [[-half, -arm], [half, -arm], [half, -half], [arm, -half], [arm, half], [half, half]];
    const all = [...points, ...points.map(([px, py]) => [-px, -py])];
    all.forEach(([px, py], nth) => (nth ? path.lineTo(x + px, y + py) : path.moveTo(x + px, y + py)));
    path.closePath();
  },
];

function polygon(path, x, y, r, corners, turned) {
  for (let nth = 0; nth < corners; nth++) {
    const angle = turned + (nth * TURN) / corners;
    const [px, py] = [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    nth ? path.lineTo(px, py) : path.moveTo(px, py);
  }
  path.closePath();
}

/** Add the shape of the `tier`th tier to a path. */
export function mark(path, tier, x, y, r) {
  MARKS[tier % MARKS.length](path, x, y, r);
}
