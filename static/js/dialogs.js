// data-open-dialog="id" opens a <dialog>, data-close-dialog closes the one it stands in. A form (or button) with
// data-confirm="what will happen" asks first; only for what cannot be undone.
import { on } from "#/behavior.js";

on("click", "[data-open-dialog]", (event, button) => {
  event.preventDefault();
  document.getElementById(button.dataset.openDialog)?.showModal();
});
on("click", "[data-close-dialog]", (event, button) => button.closest("dialog").close());
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

const dialog = document.querySelector("[data-confirm-dialog]");
let go = null;

function ask(words, act) {
  dialog.querySelector("[data-confirm-words]").textContent = words;
  go = act;
  dialog.showModal();
}

if (dialog) {
  dialog.querySelector("[data-confirm-yes]").addEventListener("click", () => {
    dialog.close();
    go?.();
    go = null;
  });
  on("submit", "form", (event, form) => {
    const words = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!words || form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(words, () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
    });
  }, true);
}
