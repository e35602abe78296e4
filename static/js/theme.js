// Light, dark, or as the system does. theme-boot.js has set the first one before the page was painted.
import { behavior, store } from "#/behavior.js";

const KEY = "sextant-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function show() {
  const chosen = store.get(KEY) ?? "";
  document.documentElement.dataset.bsTheme = chosen || (system.matches ? "dark" : "light");
  for (const button of document.querySelectorAll("[data-theme-choice] button")) {
    button.setAttribute("aria-pressed", String(button.dataset.theme === chosen));
  }
  document.dispatchEvent(new CustomEvent("sextant:theme"));
}

behavior("[data-theme-choice]", (group) => {
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.theme) store.set(KEY, button.dataset.theme);
    else store.remove(KEY);
    show();
  });
  show();
});
system.addEventListener("change", show);
