// Nothing typed is lost: a form with data-draft="its own name" keeps what was typed on this device until the server
// has taken it. data-draft-words, -restore and -discard are the words of the notice. A form that was taken answers
// with a redirect (or, to htmx, with success); one that was refused, failed or met an ended session does not.
import { behavior, store } from "#/behavior.js";

const PREFIX = `sextant-draft:${document.body.dataset.person ?? ""}:`; // the next person at this screen sees none of it
const SENT = "sextant-draft-sent";
const MONTH = 30 * 24 * 3600 * 1000;
const SKIPPED = new Set(["password", "hidden", "file", "submit", "button"]);

const fields = (form) => [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type));

function typed(form) {
  const values = {};
  for (const field of fields(form)) {
    const list = (values[field.name] ??= []);
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) list.push(field.value);
    } else if (field.type === "select-multiple") list.push(...[...field.selectedOptions].map((option) => option.value));
    else list.push(field.value);
  }
  return values;
}

function fill(form, values) {
  const rest = structuredClone(values);
  for (const field of fields(form)) {
    const list = rest[field.name];
    if (!list) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = list.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = list.includes(option.value);
    else field.value = list.shift() ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function offer(form, draft) {
  const bar = document.createElement("div");
  const text = document.createElement("p");
  const [take, drop] = [document.createElement("button"), document.createElement("button")];
  bar.className = "draft-notice";
  bar.setAttribute("role", "status");
  text.textContent = form.dataset.draftWords;
  take.textContent = form.dataset.draftRestore;
  drop.textContent = form.dataset.draftDiscard;
  take.type = drop.type = "button";
  take.className = "btn btn-sm btn-primary";
  drop.className = "btn btn-sm btn-outline-secondary";
  take.addEventListener("click", () => {
    fill(form, draft.values);
    bar.remove();
    fields(form)[0]?.focus();
  });
  drop.addEventListener("click", () => {
    store.remove(PREFIX + form.dataset.draft);
    bar.remove();
  });
  bar.append(text, take, drop);
  form.prepend(bar);
}

function read(key) {
  try {
    return JSON.parse(store.get(key));
  } catch {
    return null;
  }
}

// The page after: what the server took is dropped before anything is offered again, as this may be the same form.
const sent = read(SENT);
if (sent) {
  store.remove(SENT);
  const [arrival] = performance.getEntriesByType("navigation");
  const redirected = arrival?.type === "navigate" && arrival.redirectCount > 0;
  const ended = /\/(login|reauthenticate)\/$/.test(location.pathname);
  if (redirected && !ended && Date.now() - sent.at < 120000) store.remove(sent.key);
}

behavior("form[data-draft]", (form) => {
  const key = PREFIX + form.dataset.draft;
  const start = JSON.stringify(typed(form));
  let changed = false;
  let timer = 0;
  const keep = () => {
    clearTimeout(timer);
    timer = 0;
    if (changed) store.set(key, JSON.stringify({ at: Date.now(), values: typed(form) }));
  };

  const draft = read(key);
  if (draft && JSON.stringify(draft.values) !== start && !form.querySelector("[data-error-summary]")) offer(form, draft);

  form.addEventListener("input", (event) => {
    if (!event.isTrusted && !changed) return;
    changed = true;
    timer ||= setTimeout(keep, 400);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    changed = true;
    keep();
    changed = false;
    if (!form.hasAttribute("hx-post")) store.set(SENT, JSON.stringify({ key, at: Date.now() }));
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form) return; // a part of the form asked for something: the form is not saved by that
    const ended = new URL(event.detail.xhr.responseURL || location.href).pathname.endsWith("/login/");
    if (event.detail.successful && !ended) store.remove(key);
    else changed = true;
  });
  addEventListener("pagehide", keep);
  addEventListener("beforeunload", (event) => {
    keep();
    if (changed && form.isConnected && form.hasAttribute("data-guard")) event.preventDefault();
  });
});

for (const key of store.keys()) {
  if (key.startsWith(PREFIX) && !(Date.now() - (read(key)?.at ?? 0) < MONTH)) store.remove(key);
}
