// The model in rows of text: what is shown to whoever does not look at pictures. Each is an array of cells.
import { AWAY, AWAY_THOUGH, GIVES, OPENS } from "./split-model.js";
import { EVERYBODY, openTo, soldBy } from "./split-looks.js";
import { Film, summed } from "./split-film.js";
import { total } from "./split-words.js";

const said = (number) => number.toLocaleString("en-IN");

/** Each channel and all together: asked, sold, turned away, of those while places stood elsewhere; then without a split. */
export function channelRows({ sums }, open, channels) {
  const row = (name, of, other) => [name, of.asked, of.sold, of.away, of.though, other.sold, other.away]
    .map((cell) => (typeof cell === "number" ? said(cell) : cell));
  const names = ["asked", "sold", "away", "though"];
  const all = (these) => Object.fromEntries(names.map((name) => [name, total(these, name)]));
  return [
    ...channels.flatMap((channel, nth) => (channel.is_active ? [row(channel.name, sums[nth], open.sums[nth])] : [])),
    row("Together", all(sums), all(open.sums)),
  ];
}

/**
 * How it stands at each moment at which the rules change by themselves: the moment in words, then of each channel what it
 * has sold and sent away by then, then what is open for all and for single channels.
 */
export function momentRows(played, count, changes, saleFor, channels, words) {
  const film = new Film({ ...played, count });
  const away = channels.map((_, channel) =>
    summed(played.acts.count, (act) => (isAway(played.acts, act) && played.acts.channel[act] === channel ? played.acts.size[act] : 0)));
  const moments = [
    [0, "The sale begins"],
    ...changes.map(({ at, kind, channel, percent }) => [at, whatChanges(kind, channels[channel], percent)]),
    [saleFor, "The show begins"],
  ];
  return moments.map(([at, what]) => {
    film.goTo(film.actsBy(at));
    const slices = channels.reduce((sum, _, channel) => sum + film.counts[openTo(channel)], 0);
    return [
      words(at), what,
      ...channels.flatMap(({ is_active: isActive }, channel) => (!isActive ? [] : `${said(film.counts[soldBy(channel)])} sold, ${said(away[channel][film.done])} away`)),
      said(film.counts[openTo(EVERYBODY)]), said(slices),
    ];
  });
}

export function isAway({ kind }, act) {
  return kind[act] === AWAY || kind[act] === AWAY_THOUGH;
}

function whatChanges(kind, channel, percent) {
  if (kind === OPENS) return `${channel.name} no longer sells alone`;
  if (kind === GIVES) return `${channel.name} gives back ${percent === 100 ? "the rest" : `${percent} %`}`;
  return "";
}

/** Put rows into a table's body; the first cell of each is its head. */
export function fill(body, rows) {
  body.replaceChildren(...rows.map((cells) => {
    const row = document.createElement("tr");
    cells.forEach((text, nth) => {
      const cell = row.appendChild(document.createElement(nth ? "td" : "th"));
      if (!nth) cell.scope = "row";
      cell.textContent = text;
    });
    return row;
  }));
}
