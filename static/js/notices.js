// Messages can be dismissed; a request that failed says so instead of doing nothing.
import { on } from "#/behavior.js";

on("click", "[data-dismiss]", (event, button) => button.closest("[data-toast]").remove());

/** Shows a message in the live region of the page. */
export function notice(text, level = "info") {
  const line = document.createElement("div");
  line.className = `toast-line toast-${level}`;
  line.dataset.toast = "";
  const words = document.createElement("p");
  words.textContent = text;
  line.append(words);
  document.querySelector("#messages")?.append(line);
}

const words = document.body.dataset;
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  notice(status === 401 || status === 403 ? words.ended : words.failed, "error");
});
document.addEventListener("htmx:sendError", () => notice(words.offline, "error"));
document.addEventListener("htmx:timeout", () => notice(words.offline, "error"));

// A session that ended answers with the sign-in page: it must not be swapped in over what was typed.
document.addEventListener("htmx:beforeSwap", (event) => {
  const path = new URL(event.detail.xhr.responseURL || location.href).pathname;
  if (!path.endsWith("/login/") || location.pathname === path) return;
  event.detail.shouldSwap = false;
  notice(words.ended, "error");
});
