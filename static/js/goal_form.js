// The goal form: rows of targets come and go without a request; a second number shows only for "between".
// Without this script, the same buttons ask the server.
import { behavior } from "#/behavior.js";

const TOTAL = '[name="targets-TOTAL_FORMS"]';

function showSecondNumber(row) {
  const comparison = row.querySelector('[name$="-comparison"]');
  const second = row.querySelector("[data-target-to]");
  if (comparison && second) second.hidden = comparison.value !== "between";
}

function takeOut(row) {
  row.querySelector('[name$="-DELETE"]').checked = true;
  row.hidden = true;
  row.dispatchEvent(new Event("change", { bubbles: true }));
}

function prepare(row, word) {
  const out = row.querySelector("[data-target-out]");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary";
  button.textContent = word;
  button.addEventListener("click", () => takeOut(row));
  out.hidden = true;
  out.after(button);
  if (out.querySelector("input").checked) row.hidden = true;
  row.addEventListener("change", () => showSecondNumber(row));
  showSecondNumber(row);
}

behavior("[data-goal-form]", (form) => {
  const rows = form.querySelector("[data-target-rows]");
  const template = form.querySelector("[data-target-template]");
  for (const row of rows.children) prepare(row, rows.dataset.remove);
  form.querySelector("[data-target-add]").addEventListener("click", (event) => {
    event.preventDefault();
    const total = form.querySelector(TOTAL);
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.content.firstElementChild;
    total.value = Number(total.value) + 1;
    rows.append(row);
    prepare(row, rows.dataset.remove);
    row.querySelector('[name$="-value"]').focus();
  });
});
