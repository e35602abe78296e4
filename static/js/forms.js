// A refused form leads to its errors; a form is sent once; a text area without field-sizing grows by script.
import { behavior } from "#/behavior.js";

behavior("[data-error-summary]", (summary) => summary.focus());

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get") return;
  const button = event.submitter;
  if (!button || button.name) return; // a named button's value would be lost by disabling it
  setTimeout(() => {
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
  });
  const free = () => {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  };
  addEventListener("pageshow", free, { once: true });
  form.addEventListener("htmx:afterRequest", free, { once: true });
});

if (!CSS.supports("field-sizing", "content")) {
  behavior("textarea[data-grow]", (area) => {
    const grow = () => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    };
    area.addEventListener("input", grow);
    grow();
  });
}
