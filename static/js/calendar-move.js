// Moving entries: by drag, by keys, by the dialog, and drafts onto a day. Each move is sent with the version that the
// person saw; a refusal puts the entry back where it stands, and what was done can be undone. Moves wait for each other:
// keys repeat faster than a server answers, and the second must not be refused for what the first one changed.
import { element, icon, shifted, wall } from "#/calendar-entries.js";

const DAY = 86400000;
const HOUR = 3600000;

export function mover(calendar, context) {
  const { data, words, root } = context;
  const dialog = document.querySelector("[data-move-dialog]");
  if (!data.mayWrite || !dialog) return { drop() {} };
  const form = dialog.querySelector("[data-move-form]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

  let turn = Promise.resolve();
  const inTurn = (act) => (turn = turn.catch(() => {}).then(act));
  const standing = (id) => calendar.getEventById(id)?.extendedProps;

  // -- asking the server ----------------------------------------------------------------------------------------------

  async function send(url, id, values) {
    try {
      const answer = await fetch(url.replace("/0/", `/${id}/`), {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token },
        body: new URLSearchParams(values),
      });
      if (answer.redirected || !(answer.headers.get("Content-Type") ?? "").startsWith("application/json")) return { error: words.moveFailed };
      return { ok: answer.ok, ...(await answer.json()) };
    } catch {
      return { error: words.moveFailed };
    }
  }

  /** Puts the entry where the server says it stands now. */
  function settle(entry, refetched = false) {
    const present = calendar.getEventById(entry.id);
    context.tellWeek();
    if (!entry.start) {
      if (present) calendar.removeEventById(entry.id);
      addDraft(entry);
      return;
    }
    removeDraft(entry.id);
    if (present) calendar.updateEvent({ ...present, ...context.toEvent(entry) });
    else if (!refetched) calendar.addEvent(context.toEvent(entry));
  }

  async function move(id, start, version, undo) {
    const [day, clock] = start.split("T");
    const values = { day, schedule_version: version, ...(clock ? { clock } : {}) };
    const answer = await send(data.move, id, values);
    if (answer.entry) settle(answer.entry);
    if (answer.ok) toast(answer.said, "success", undo && (() => undo(answer.entry)));
    else toast(answer.error, "error");
    return answer;
  }

  async function takeOff(id, version, before) {
    const answer = await send(data.unschedule, id, { schedule_version: version });
    if (answer.entry) settle(answer.entry);
    if (answer.ok) toast(answer.said, "success", before && (() => inTurn(() => move(id, before, answer.entry.version))));
    else toast(answer.error, "error");
    return answer;
  }

  const back = (id, before) => (moved) => inTurn(() => {
    const { version } = standing(id) ?? moved;
    return before ? move(id, before, version) : takeOff(id, version);
  });

  function toast(text, level, undo) {
    const line = element("div", `toast-line toast-${level}`, { "data-toast": "" });
    line.append(icon(data.icons, level === "error" ? "exclamation-octagon" : "check-circle"), element("p", "", {}, text));
    if (undo) {
      const button = element("button", "btn btn-sm btn-outline-primary", { type: "button" }, words.undo);
      button.addEventListener("click", () => { line.remove(); undo(); });
      line.append(button);
    }
    const close = element("button", "btn btn-icon", { type: "button", "data-dismiss": "", "aria-label": words.hide });
    close.append(icon(data.icons, "x-lg"));
    line.append(close);
    document.querySelector("#messages").replaceChildren(line);
  }

  // -- by drag --------------------------------------------------------------------------------------------------------

  async function drop(info) {
    const { id, start } = info.event.extendedProps;
    const to = shifted(start, info.delta.days * DAY + info.delta.seconds * 1000);
    const answer = await inTurn(() => move(id, to, standing(id).version, back(id, standing(id).start)));
    if (!answer.ok && !answer.entry) info.revert();
  }

  // -- by keys --------------------------------------------------------------------------------------------------------

  const STEPS = { ArrowLeft: -DAY, ArrowRight: DAY };

  function step(event, view) {
    if (event.key in STEPS) return STEPS[event.key];
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      return (event.key === "ArrowUp" ? -1 : 1) * (view === "timeGridWeek" ? HOUR : 7 * DAY);
    }
    return 0;
  }

  root.addEventListener("keydown", (event) => {
    const target = event.target.closest("[data-entry]");
    if (!target) return;
    const shift = event.shiftKey ? step(event, calendar.getView().type) : 0;
    const isMove = event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!shift && !isMove) return;
    event.preventDefault();
    inTurn(() => byKey(standing(target.dataset.entry), shift));
  });

  async function byKey(entry, shift) {
    if (!entry) return;
    if (entry.state === "published") context.announce(words.fixed);
    else if (!shift) open(entry);
    else {
      await move(entry.id, shifted(entry.start, shift), entry.version, back(entry.id, entry.start));
      refocus(entry.id);
    }
  }

  function refocus(id) {
    setTimeout(() => root.querySelector(`[data-entry="${id}"]`)?.focus(), 60);
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move-entry]");
    if (button) inTurn(() => open(standing(button.dataset.moveEntry)));
  });

  // -- by the dialog --------------------------------------------------------------------------------------------------

  let current = null;

  function open(entry) {
    current = entry;
    const title = dialog.querySelector("[data-move-title]");
    title.textContent = (entry.start ? title.dataset.moveWords : title.dataset.placeWords).replace("{title}", entry.title);
    dialog.querySelector("[data-move-account]").textContent = data.accounts[entry.account].name;
    dialog.querySelector("[data-move-error]").textContent = "";
    dialog.querySelector("[data-move-off]").hidden = !entry.start;
    dialog.querySelector("[data-move-open]").href = context.address(entry);
    const [day, clock] = (entry.start ?? `${data.today}T${data.midday}`).split("T");
    form.elements.day.value = day;
    form.elements.clock.value = clock;
    dialog.showModal();
    form.elements.day.focus();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { day, clock } = form.elements;
    if (!day.reportValidity() || !clock.reportValidity()) return;
    const entry = current;
    const to = `${day.value}T${clock.value}`;
    const answer = await inTurn(() => move(entry.id, to, entry.version, back(entry.id, entry.start)));
    if (!answer.ok) {
      if (answer.entry) current = answer.entry;
      dialog.querySelector("[data-move-error]").textContent = answer.error;
      return;
    }
    dialog.close();
    refocus(entry.id);
  });
  dialog.querySelector("[data-move-off]").addEventListener("click", async () => {
    const entry = current;
    dialog.close();
    await inTurn(() => takeOff(entry.id, entry.version, entry.start));
  });

  // -- drafts beside the calendar ---------------------------------------------------------------------------------------

  const list = document.querySelector("[data-drafts]");
  const none = document.querySelector("[data-no-drafts]");

  function draft(item) {
    const { draftEntry, post, title, account, kind, person, version } = item.dataset;
    return { id: Number(draftEntry), post: Number(post), title, account: Number(account), kind: Number(kind) || null, person, version: Number(version), start: null, state: "draft" };
  }

  function removeDraft(id) {
    list.querySelector(`[data-draft-entry="${id}"]`)?.remove();
    none.hidden = list.children.length > 0;
  }

  function addDraft(entry) {
    removeDraft(entry.id);
    const account = data.accounts[entry.account];
    const item = element("li", `entry cal-draft pal-${account.color}`);
    Object.assign(item.dataset, { draftEntry: entry.id, post: entry.post, title: entry.title, account: entry.account, kind: entry.kind ?? "", version: entry.version });
    const link = element("a", "", { href: context.address(entry) }, entry.title);
    const name = element("span", "cal-draft-account");
    name.append(icon(data.icons, account.icon), ` ${account.handle}`);
    const button = element("button", "btn btn-sm btn-outline-primary", { type: "button", "data-place": "" });
    button.append(icon(data.icons, "calendar-plus"), document.querySelector("[data-place-word]").dataset.placeWord);
    button.append(element("span", "visually-hidden", {}, ` ${entry.title}, ${account.name}`));
    item.append(link, name, button);
    item.draggable = true;
    list.prepend(item);
    none.hidden = true;
  }

  for (const item of list.children) item.draggable = true;
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-place]");
    if (button) open(draft(button.closest("[data-draft-entry]")));
  });

  let dragged = null;
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-draft-entry]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.title);
  });
  list.addEventListener("dragend", () => { dragged = null; });
  const place = (event) => (dragged ? calendar.dateFromPoint(event.clientX, event.clientY) : null);
  root.addEventListener("dragover", (event) => {
    if (place(event)) event.preventDefault();
  });
  root.addEventListener("drop", (event) => {
    const spot = place(event);
    if (!spot) return;
    event.preventDefault();
    const entry = draft(dragged);
    const start = wall(spot.date);
    inTurn(() => move(entry.id, spot.allDay ? start.slice(0, 10) : start, entry.version, back(entry.id, null)));
  });

  return { drop };
}
