// How an entry of the calendar looks: time, state as icon and word, title, account.

/** The date and time on the brand's wall, as "2026-11-23T10:00", of a moment the library gave. */
export function wall(date, offset) {
  const [hours, minutes] = offset.slice(1).split(":").map(Number);
  const shift = (offset[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60000;
  return new Date(date.getTime() + shift).toISOString().slice(0, 16);
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

export function entryNodes(info, { data }) {
  const entry = info.event.extendedProps;
  const account = data.accounts[entry.account];
  const state = data.states[entry.state];
  const first = element("span", "cal-line");
  const badge = element("span", `cal-state tone-${state.tone}`, { title: state.name });
  badge.append(icon(data.icons, state.icon));
  const isMonth = info.view.type === "dayGridMonth";
  const clock = typeof info.timeText === "string" ? info.timeText : wall(info.event.start, data.offset).slice(11);
  badge.append(element("span", isMonth ? "visually-hidden" : "cal-state-word", {}, ` ${state.name} `));
  first.append(element("span", "cal-time", {}, clock), badge);
  const second = element("span", "cal-line cal-account");
  second.append(icon(data.icons, account.icon), element("span", "visually-hidden", {}, account.name));
  if (!isMonth) second.append(element("span", "", { "aria-hidden": "true" }, account.handle));
  if (isMonth) first.append(...second.childNodes);
  const nodes = [first, element("span", "cal-title", {}, entry.title)];
  return isMonth ? nodes : [...nodes, second];
}
