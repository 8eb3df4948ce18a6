// The real ledger as a film wants it: chapters from the server, in the order of their acts, in seconds from the first.
import { lookOf } from "./split-looks.js";
import { summedUp } from "./split-told.js";

/**
 * `chapters` as `…/split/history/` answers them; `ids` are the places' in the order of the house, `allocations` those of
 * the house. Answers acts and entries as Film has them, and of each act its verb, channel, size, label and what about it;
 * `begins` is the moment of the first act.
 */
export function ledgerOf(chapters, ids, allocations) {
  const acts = chapters.flatMap((chapter) => actsOf(chapter)).sort((one, other) => one.id - other.id);
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const before = new Float64Array(ids.length);
  // A place's later act is never shown before its earlier one, though their clocks may have said so.
  for (const act of acts) {
    act.places = act.places.map((id) => indexOf.get(id) ?? -1);
    for (const place of act.places) if (place >= 0) act.at = Math.max(act.at, before[place]);
    for (const place of act.places) if (place >= 0) before[place] = act.at;
  }
  acts.sort((one, other) => one.at - other.at || one.id - other.id);
  const begins = acts.length ? acts[0].at : 0;
  const from = [0], place = [], to = [];
  for (const act of acts) {
    act.places.forEach((index, nth) => {
      if (index < 0) return; // of a house that has grown since this page was opened
      place.push(index);
      to.push(lookOf(act.status[nth], allocations[act.label[nth]]?.channel ?? -1, act.takenBy[nth]));
    });
    from.push(place.length);
  }
  return {
    begins,
    acts: {
      count: acts.length,
      at: Float64Array.from(acts, (act) => act.at - begins),
      from: Int32Array.from(from),
      verb: acts.map((act) => act.verb),
      channel: Int8Array.from(acts, (act) => act.channel),
      size: Int32Array.from(acts, (act) => act.size),
      label: Int16Array.from(acts, (act) => act.label[0] ?? -1),
      about: acts.map((act) => act.about),
    },
    entries: { place: Int32Array.from(place), to: Uint8Array.from(to) },
  };
}

function actsOf(chapter) {
  const ids = summedUp(chapter.id), places = summedUp(chapter.place);
  let from = 0;
  return ids.map((id, nth) => {
    const size = chapter.quantity[nth], to = from + size;
    const act = {
      id,
      at: chapter.at[nth],
      verb: chapter.verbs[chapter.verb[nth]],
      channel: chapter.channel[nth],
      size,
      about: chapter.about[nth] ?? "",
      places: places.slice(from, to),
      status: chapter.status.slice(from, to),
      label: chapter.label.slice(from, to),
      takenBy: chapter.taken_by.slice(from, to),
    };
    from = to;
    return act;
  });
}
