// A select with data-guess-zone starts at the browser's own time zone; a time shown in another zone also says, on
// hover, what that is here.
import { behavior } from "#/behavior.js";

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

behavior("select[data-guess-zone]", (select) => {
  if (select.value && select.value !== "UTC") return;
  const known = [...select.options].some((option) => option.value === here);
  if (!known || select.form?.querySelector("[data-error-summary]")) return;
  select.value = here;
});

behavior("input[data-guess-zone]", (input) => {
  if (!input.value || input.value === "UTC") input.value = here ?? input.value;
});

behavior("time[data-moment]", (element) => {
  const local = new Date(element.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  element.title = `${element.title}\n${local} (${here})`;
});
