// Who comes when: seeded parties on every channel, from the moment the sale begins to the show.
import { picked, seeded } from "./split-random.js";

const HOUR = 3600, DAY = 24 * HOUR;
const PARTIES = [15, 45, 14, 18, 4, 4]; // how often one comes alone, in twos, … in sixes
const TRIES = 12;

/**
 * How each kind of channel is asked: shares of a rush as the sale begins, of a trough that lasts throughout, of a rise
 * before the show (the steeper the later), and of the last day, mostly its last hours. `hours` are those it is awake in.
 */
const SHAPES = {
  web: { rush: 28, trough: 22, rise: 44, last: 6, steep: 4, hours: [8, 23] },
  counter: { rush: 4, trough: 14, rise: 6, last: 76, steep: 3, hours: [10, 21] },
  partner: { rush: 14, trough: 40, rise: 40, last: 6, steep: 3, hours: [9, 22] },
};

/**
 * Parties in the order in which they come, as columns: `at` in seconds from the beginning of the sale, `channel` by its
 * index, `size` from 1 to 6. `channels` have code, kind and `demand`, the places asked for there in per cent of
 * `capacity`. Each channel has chance of its own: more of one changes nothing on another, and only adds to its own.
 */
export function arrivals({ seed, channels, capacity, saleFor, startsIntoDay }) {
  const all = [];
  channels.forEach(({ code, kind, demand }, channel) => {
    const random = seeded(seed, code), shape = SHAPES[kind];
    const wanted = Math.round((capacity * demand) / 100);
    for (let asked = 0; asked < wanted; ) {
      const size = Math.min(1 + picked(random(), PARTIES), wanted - asked);
      all.push({ at: moment(shape, random, saleFor, startsIntoDay), channel, size });
      asked += size;
    }
  });
  all.sort((one, other) => one.at - other.at || one.channel - other.channel);
  return {
    count: all.length,
    at: Float64Array.from(all, (party) => party.at),
    channel: Uint8Array.from(all, (party) => party.channel),
    size: Uint8Array.from(all, (party) => party.size),
  };
}

function moment(shape, random, saleFor, startsIntoDay) {
  for (let nth = 1; ; nth++) {
    const at = Math.min(guess(shape, random, saleFor), saleFor - 1);
    const hour = ((((startsIntoDay - (saleFor - at)) % DAY) + DAY) % DAY) / HOUR;
    const [opens, closes] = shape.hours;
    const awake = hour >= opens && hour < closes ? 1 : 0.04;
    if (random() < awake || nth === TRIES) return at;
  }
}

function guess({ rush, trough, rise, last, steep }, random, saleFor) {
  const which = picked(random(), [rush, trough, rise, last]), chance = random();
  if (which === 0) return -Math.log(1 - chance) * Math.min(saleFor / 30, 5 * HOUR);
  if (which === 1) return chance * saleFor;
  if (which === 2) return saleFor * chance ** (1 / (1 + steep));
  return saleFor - Math.min(saleFor, DAY) * chance ** 1.8;
}
