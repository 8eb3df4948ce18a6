// The axis of time, which goes quickly where nothing happens: a show's last hours have as much room as its empty weeks.

const POINTS = 400, DAY = 86400, HOUR = 3600;

export class Axis {
  /** Of moments in seconds, ascending, out of 0 to `end`. `weight` of the room goes to what happens, the rest to time. */
  constructor(moments, end, weight = 0.6) {
    this.end = Math.max(end, 1);
    this.at = new Float64Array(POINTS + 1);
    const many = moments.length, some = many ? weight : 0;
    this.room = new Float64Array(POINTS + 1);
    for (let point = 0, nth = 0; point <= POINTS; point++) {
      // Points lie closer towards the end, where more happens in less time.
      this.at[point] = this.end * (1 - (1 - point / POINTS) ** 2);
      while (nth < many && moments[nth] <= this.at[point]) nth++;
      this.room[point] = (1 - some) * (this.at[point] / this.end) + (many ? (some * nth) / many : 0);
    }
    this.room[0] = 0;
    this.room[POINTS] = 1;
  }

  /** Where a moment is, from 0 to 1. */
  share(moment) {
    return between(this.at, this.room, moment);
  }

  /** Which moment is at a share of the axis. */
  moment(share) {
    return between(this.room, this.at, share);
  }
}

function between(from, to, value) {
  if (value <= from[0]) return to[0];
  if (value >= from[POINTS]) return to[POINTS];
  let low = 0, high = POINTS;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle] <= value) low = middle;
    else high = middle;
  }
  const wide = from[high] - from[low];
  return to[low] + (wide ? ((value - from[low]) / wide) * (to[high] - to[low]) : 0);
}

const BEFORE = [
  ...[90, 60, 45, 30, 21, 14, 10, 7, 5, 4, 3, 2, 1].map((days) => [days * DAY, `${days} d`]),
  ...[12, 6, 4, 2, 1].map((hours) => [hours * HOUR, `${hours} h`]),
];

/** Marks on the axis, `{share, text}`: how long before the show, as many as have `room` between them; the show's own first. */
export function marks(axis, showAt, room) {
  const found = showAt <= axis.end ? [{ share: axis.share(showAt), text: "show" }] : [];
  for (const [before, text] of [...BEFORE].reverse()) {
    const moment = showAt - before;
    if (moment < 0 || moment > axis.end) continue;
    const share = axis.share(moment);
    if (found.every((mark) => Math.abs(mark.share - share) >= room)) found.push({ share, text });
  }
  return found.sort((one, other) => one.share - other.share);
}

/** The next moment before (-1) or after (1) this one at which a day begins, counted back from the show; or an end. */
export function nextDay(moment, direction, showAt, end) {
  const days = (showAt - moment) / DAY;
  const next = direction > 0 ? Math.ceil(days - 1e-6) - 1 : Math.floor(days + 1e-6) + 1;
  const at = showAt - next * DAY;
  return Math.max(0, Math.min(end, at));
}
