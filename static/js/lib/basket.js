// What has been chosen and not yet locked: seats by index, prices by tier.
import { isKept } from "./house.js";

/** Why a seat cannot be chosen now, in words; '' where it can. */
export function whyNot(house, letters, prices, { index, chosen, most, wheelchairs }) {
  if (chosen.has(index)) return "";
  if (letters[index] === "l") return "It is in somebody's basket. It may come back within minutes.";
  if (letters[index] !== "o") return "It is not available.";
  if (prices[house.tiers[house.tier[index]].code] == null) return "It has no price yet.";
  if (isKept(house, index) && !wheelchairs) return "It is kept for wheelchair users. Tick “Wheelchair” above to choose it.";
  if (chosen.size >= most) return `You may have ${most} places at a time.`;
  return "";
}

/** What the chosen seats cost together, in paise. */
export function total(house, prices, chosen) {
  return [...chosen].reduce((sum, index) => sum + prices[house.tiers[house.tier[index]].code], 0);
}

/** The body by which they are locked. */
export function wish(house, chosen) {
  const seats = [...chosen].sort((one, other) => one - other);
  const body = { places: seats.map((index) => house.ids[index]) };
  return seats.some((index) => isKept(house, index)) ? { ...body, accessible: true } : body;
}
