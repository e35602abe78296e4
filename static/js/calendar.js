// The calendar: month, week and list on the library's grid, in the brand's wall time. Entries come from the feed of the
// window in view; who may write drags them, or moves them by keyboard. Words come from data- attributes.
import { behavior, store } from "#/behavior.js";
import { element, entryNodes, wall } from "#/calendar-entries.js";
import { mover } from "#/calendar-move.js";

const VIEWS = { month: "dayGridMonth", week: "timeGridWeek", list: "listMonth" };
const NAMES = Object.fromEntries(Object.entries(VIEWS).map(([name, view]) => [view, name]));
const FILTERS = ["account", "kind", "campaign", "state", "person"];
const GRID_ROLES = ["table", "row", "rowgroup", "cell", "columnheader", "rowheader", "list", "listitem"].map((role) => `[role=${role}]`).join();
const COLORS = "sextant-calendar-colors";

behavior("[data-calendar]", (root) => {
  const data = JSON.parse(document.getElementById("calendar-data").textContent);
  const words = root.dataset;
  const form = document.querySelector("[data-filters]");
  const announcer = document.querySelector("[data-announce]");
  const colorBy = document.querySelector("[data-color-by]");
  const address = new URL(location.href);
  colorBy.value = store.get(COLORS) === "kind" ? "kind" : "account";

  const context = {
    data, words, root,
    announce(text) {
      announcer.textContent = "";
      setTimeout(() => { announcer.textContent = text; }, 50);
    },
    color(entry) {
      const owner = colorBy.value === "kind" ? data.kinds[entry.kind] : data.accounts[entry.account];
      return owner ? `pal-${owner.color}` : "pal-none";
    },
    address: (entry) => `${data.post.replace("/0/", `/${entry.post}/`)}#delivery-${entry.id}`,
    toEvent,
    tellWeek,
  };

  function toEvent(entry) {
    const start = `${entry.start}:00`;
    return {
      id: entry.id, title: entry.title, start, end: hourLater(entry.start), editable: data.mayWrite && entry.state !== "published",
      classNames: [context.color(entry), `is-${entry.state}`], extendedProps: entry,
    };
  }

  function chosen() {
    const values = new URLSearchParams();
    for (const name of FILTERS) if (form.elements[name]?.value) values.set(name, form.elements[name].value);
    return values;
  }

  async function fetchEntries(info) {
    const query = chosen();
    query.set("start", info.startStr.slice(0, 10));
    query.set("end", info.endStr.slice(0, 10));
    root.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${data.feed}?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || !answer.headers.get("Content-Type").startsWith("application/json")) throw new Error(answer.status);
      const entries = await answer.json();
      const title = root.querySelector(".ec-title")?.textContent ?? "";
      context.announce(words.loaded.replace("{count}", entries.length).replace("{title}", title));
      return entries.map(toEvent);
    } catch {
      context.announce(words.failed);
      show(words.failed);
      return [];
    } finally {
      root.setAttribute("aria-busy", "false");
    }
  }

  // What the week in view lacks of the mix that is planned; in the other views this week. The page comes with that.
  let told = { day: data.today };
  async function tellWeek(view = calendar.getView()) {
    const wanted = { day: view.type === VIEWS.week ? wall(view.currentStart).slice(0, 10) : data.today };
    told = wanted;
    try {
      const answer = await fetch(`${data.hints}?day=${wanted.day}`);
      if (answer.ok && !answer.redirected && told === wanted) document.querySelector("[data-hints]").innerHTML = await answer.text();
    } catch {
      // nothing to do: it is only a hint, and the entries say that the server is away
    }
  }

  function show(text) {
    const line = element("div", "toast-line toast-error", { "data-toast": "" });
    line.append(element("p", "", {}, text));
    document.querySelector("#messages").replaceChildren(line);
  }

  function remember(view, day) {
    const query = chosen();
    query.set("view", NAMES[view]);
    query.set("date", day);
    history.replaceState(null, "", `${address.pathname}?${query}`);
    const plain = document.querySelector("[data-plain]");
    if (plain) plain.href = `?${chosen()}&plain=1&date=${day}`;
  }

  const phone = matchMedia("(max-width: 47.99rem)").matches;
  if (phone) document.querySelector(".cal-missions")?.removeAttribute("open");
  const asked = address.searchParams.get("view");
  const day = /^\d{4}-\d\d-\d\d$/.test(address.searchParams.get("date") ?? "") ? address.searchParams.get("date") : data.today;
  const texts = (before, after) => (text) => ({
    ...text, today: words.today, dayGridMonth: words.month, timeGridWeek: words.week, listMonth: words.list,
    prev: before, next: after, close: words.close,
  });
  let dragging = false;

  const calendar = window.EventCalendar.create(root, {
    view: VIEWS[asked] ?? (phone ? VIEWS.list : VIEWS.month),
    date: day,
    timeZone: data.offset,
    locale: document.documentElement.lang,
    firstDay: data.firstDay,
    height: phone ? undefined : "62rem",
    headerToolbar: { start: "prev,next today", center: "title", end: "dayGridMonth,timeGridWeek,listMonth" },
    buttonText: texts(words.previousMonth, words.nextMonth),
    editable: data.mayWrite,
    eventDurationEditable: false,
    dayMaxEvents: true,
    displayEventEnd: false,
    eventTimeFormat: { hour: "numeric", minute: "2-digit" },
    nowIndicator: true,
    slotDuration: "00:30",
    snapDuration: "00:15",
    scrollTime: "07:00:00",
    allDaySlot: false,
    eventSources: [{ events: fetchEntries }],
    noEventsContent: words.none,
    moreLinkContent: (info) => words.more.replace("{count}", info.num),
    eventContent: (info) => ({ domNodes: entryNodes(info, context) }),
    eventDragStart: () => { dragging = true; },
    eventDragStop: () => setTimeout(() => { dragging = false; }, 80),
    eventDrop: (info) => moves.drop(info),
    datesSet: (info) => {
      remember(info.view.type, wall(info.view.currentStart).slice(0, 10));
      if (info.view.type === VIEWS.week || told.day !== data.today) tellWeek(info.view);
    },
    views: {
      timeGridWeek: { buttonText: texts(words.previousWeek, words.nextWeek), dayHeaderFormat: { weekday: "short", day: "numeric" }, dayHeaderAriaLabelFormat: { dateStyle: "full" } },
      listMonth: { buttonText: texts(words.previousMonth, words.nextMonth), dayMaxEvents: false },
    },
  });

  const moves = mover(calendar, context);
  root.calendar = calendar;
  root.addEventListener("click", (event) => {
    if (dragging) event.preventDefault(); // the drop of an entry is no visit to its post
  }, true);
  new MutationObserver(() => tidy(root)).observe(root, { childList: true, subtree: true, attributeFilter: ["role"] });
  tidy(root);

  function filterDrafts() {
    const values = chosen();
    for (const item of document.querySelectorAll("[data-draft-entry]")) {
      item.hidden = ["account", "kind", "person"].some((name) => values.has(name) && values.get(name) !== item.dataset[name]);
    }
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("[data-filter-go]").hidden = true;
  form.addEventListener("change", () => {
    const view = calendar.getView();
    remember(view.type, wall(view.currentStart).slice(0, 10));
    filterDrafts();
    calendar.refetchEvents();
  });
  colorBy.addEventListener("change", () => {
    store.set(COLORS, colorBy.value);
    for (const event of calendar.getEvents()) calendar.updateEvent({ ...event, classNames: toEvent(event.extendedProps).classNames });
  });
});

/** An entry takes up an hour of the week's grid, but never reaches into the next day. */
function hourLater(start) {
  const [day, clock] = start.split("T");
  const [hour, minute] = clock.split(":");
  return Number(hour) === 23 ? `${day}T23:59:59` : `${day}T${String(Number(hour) + 1).padStart(2, "0")}:${minute}:00`;
}

/**
 * The library calls its grid a table, with the entries outside of its cells, and its list a list, with the toolbar in
 * it. Neither is one to a screen reader: what remains are headings and links, in the order of time.
 */
function tidy(root) {
  for (const part of root.querySelectorAll(GRID_ROLES)) {
    part.removeAttribute("role");
    part.removeAttribute("aria-colindex");
    part.removeAttribute("aria-colspan");
    if (!part.hasAttribute("tabindex")) part.removeAttribute("aria-label");
  }
  for (const head of root.querySelectorAll("h4.ec-day-head:not([aria-level])")) {
    head.setAttribute("role", "heading");
    head.setAttribute("aria-level", "3");
  }
  for (const button of root.querySelectorAll(".ec-toolbar .ec-button-group .ec-button")) {
    if (!/ec-(dayGrid|timeGrid|list)/.test(button.className)) continue;
    const pressed = String(button.classList.contains("ec-active"));
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
}
