// What happens on the stage, in words.
import { AWAY, AWAY_THOUGH, BEGIN, GIVES, OPENS, SOLD } from "./split-model.js";
import { ABSENT, EVERYBODY, HELD, isOpen, isSold, KEPT, KILLED, LEASED, LOCKED, whose } from "./split-looks.js";
import { nameOf } from "./house.js";
import { counted } from "./words.js";

const DAY = 86400, HOUR = 3600;

/** `Sat 28 Nov, 14:20` of a moment in seconds, where the house is. */
export function clockOf(zone) {
  const said = new Intl.DateTimeFormat("en-IN", { timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (seconds) => said.format(new Date(seconds * 1000));
}

/** `2 days 5 h before the show`; `35 min before the show`; `the show has begun`. */
export function ahead(seconds) {
  if (seconds <= 0) return seconds > -60 ? "the show begins" : "the show has begun";
  const days = Math.floor(seconds / DAY), hours = Math.floor((seconds % DAY) / HOUR), minutes = Math.floor((seconds % HOUR) / 60);
  if (days) return `${counted(days, "day")}${hours ? ` ${hours} h` : ""} before the show`;
  return `${hours ? `${hours} h ` : ""}${minutes && hours < 6 ? `${minutes} min ` : hours ? "" : "less than a minute "}before the show`;
}

/** An act of the model. */
export function actInWords({ kind, channel, size, stood, standsAt }, acts, act, channels) {
  const of = acts.channel[act], name = of === EVERYBODY ? "" : channels[of].name;
  const party = size[act] === 1 ? "somebody alone" : `a party of ${size[act]}`;
  if (kind[act] === BEGIN) return `The sale begins with ${counted(size[act], "place")}.`;
  if (kind[act] === SOLD) return `${name}: ${party} has bought.`;
  if (kind[act] === AWAY) return `${name}: ${party} is turned away. ${stood[act] ? `Only ${counted(stood[act], "place")} stood open elsewhere.` : "Nothing was left anywhere."}`;
  if (kind[act] === AWAY_THOUGH) return `${name}: ${party} is turned away while ${stands(stood[act], standsAt[act], channels)}.`;
  if (kind[act] === GIVES) return `${name}’s slice gives ${counted(size[act], "place")} back to the pool.`;
  if (kind[act] === OPENS) return `${name} has had its time: the other ${counted(size[act], "place")} are open to everybody.`;
  return "";
}

/** `214 places stood open for the counter`. */
export function stands(stood, standsAt, channels) {
  return `${counted(stood, "place")} stood open${standsAt === EVERYBODY ? " elsewhere" : ` for ${channels[standsAt].name}`}`;
}

const VERBS = {
  load_manifest: (places) => `The house is loaded: ${places}.`,
  add_places: (places) => `${places} more.`,
  lock_places: (places, name) => `${name}: ${places} in a basket.`,
  release_lock: (places, name) => `${name}: ${places} given back out of a basket.`,
  expire_locks: (places) => `Time ran out: ${places} open again.`,
  commit_lock: (places, name) => `${name}: ${places} sold.`,
  return_sold: (places) => `${places} came back from buyers.`,
  place_hold: (places, name, about) => `${places} held${about && ` for ${about}`}.`,
  release_hold: (places, name, about) => `${places} out of the hold${about && ` for ${about}`}.`,
  kill_places: (places, name, about) => `${places} not for sale${about && `: ${about}`}.`,
  unkill_places: (places) => `${places} for sale again.`,
  allocate_places: (places, name, about, label) => `${places} put under ${label}.`,
  run_due_releases: (places, name, about, label) => `A ladder gives: ${places} to ${label}.`,
  freeze: (places, name, about) => `Selling is frozen${about && `: ${about}`}.`,
  thaw: () => "Selling goes on.",
};

/** An act of the real ledger. */
export function historyInWords(acts, act, channels, allocations) {
  const name = channels[acts.channel[act]]?.name ?? "Somebody";
  const label = allocations[acts.label[act]], places = counted(acts.size[act], "place");
  const words = VERBS[acts.verb[act]] ?? (() => `${acts.verb[act].replaceAll("_", " ")}: ${places}.`);
  return words(places, name, acts.about[act], !label || label.is_pool ? "the pool" : label.name);
}

const LOOKS = { [ABSENT]: "not there yet", [KILLED]: "not for sale", [HELD]: "held", [LEASED]: "lent to a till", [LOCKED]: "in a basket", [KEPT]: "kept for wheelchairs" };

/** A place and how it looks: `Stalls, C 12: sold on Web`. */
export function placeInWords({ house, seats }, place, look, channels) {
  const name = place < seats ? nameOf(house, place) : "A standing place", by = whose(look);
  if (isSold(look)) return `${name}: sold${by === EVERYBODY ? "" : ` on ${channels[by].name}`}`;
  if (isOpen(look)) return `${name}: open to ${by === EVERYBODY ? "all" : `${channels[by].name} alone`}`;
  return `${name}: ${LOOKS[look]}`;
}

/** What a model came to, beside one open pool: the lesson, who gained and who lost by it, and what was left. */
export function verdict({ sums, unsold, worst }, open, channels) {
  const away = total(sums, "away"), though = total(sums, "though"), said = (number) => number.toLocaleString("en-IN");
  const lesson = worst
    ? `${channels[worst.channel].name} turned ${worst.size === 1 ? "somebody" : `a party of ${worst.size}`} away while ${stands(worst.stood, worst.standsAt, channels)}.`
    : "Nobody was turned away while places stood open elsewhere.";
  const vain = `${counted(away, "place")} asked for in vain${though ? `, ${said(though)} of them while others stood open` : ""}; with one open pool ${said(total(open.sums, "away"))}.`;
  const moved = channels.map(({ name }, nth) => [name, sums[nth].sold - open.sums[nth].sold]).filter(([, more]) => more);
  const gains = moved.length ? ` The split sold ${moved.map(([name, more]) => `${said(Math.abs(more))} ${more > 0 ? "more" : "fewer"} on ${name}`).join(", ")}.` : "";
  return { lesson, rest: `${vain}${gains} Unsold at the end: ${said(unsold)}; with one open pool ${said(open.unsold)}.` };
}

export function total(sums, name) {
  return sums.reduce((sum, of) => sum + of[name], 0);
}
