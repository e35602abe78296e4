// How an entry of the calendar looks: time, state as icon and word, title, account.

const two = (number) => String(number).padStart(2, "0");

/** The date and time on the brand's wall, as "2026-11-23T10:00": the library's dates show it in the browser's own zone. */
export function wall(date) {
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A wall time so many milliseconds later; no clock change of any zone disturbs it. */
export function shifted(start, milliseconds) {
  return new Date(Date.parse(`${start}:00Z`) + milliseconds).toISOString().slice(0, 16);
}

export function element(name, css = "", attributes = {}, text = "") {
  const made = document.createElement(name);
  if (css) made.className = css;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

export function icon(sprite, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** A link to the post, with all that an entry says; in the list also a button that moves it. */
export function entryNodes(info, { data, words, address }) {
  const entry = info.event.extendedProps;
  const account = data.accounts[entry.account];
  const state = data.states[entry.state];
  const isList = info.view.type === "listMonth";
  const link = element("a", `cal-link is-${entry.state}`, { href: address(entry), draggable: "false", "data-entry": entry.id });
  const clock = typeof info.timeText === "string" ? info.timeText : entry.start.slice(11);

  const badge = element("span", `cal-state tone-${state.tone}`, { title: state.name });
  badge.append(icon(data.icons, state.icon), element("span", isList ? "" : "visually-hidden", {}, state.name));
  const owner = element("span", "cal-account", { title: account.name });
  owner.append(icon(data.icons, account.icon), element("span", "visually-hidden", {}, account.name));
  if (info.view.type !== "dayGridMonth") owner.append(element("span", "cal-handle", { "aria-hidden": "true" }, account.handle));
  const first = element("span", "cal-line");
  first.append(element("span", "cal-time", {}, clock), badge);
  const title = element("span", "cal-title", {}, entry.title);
  link.append(...[first, title, owner].flatMap((part) => [part, " "]));
  if (info.view.type === "dayGridMonth") title.prepend(owner, " ");
  if (!isList || !data.mayWrite || entry.state === "published") return [link];
  const button = element("button", "btn btn-sm btn-outline-secondary", { type: "button", "data-move-entry": entry.id }, words.move);
  button.append(element("span", "visually-hidden", {}, ` ${entry.title}, ${account.name}`));
  return [link, button];
}
