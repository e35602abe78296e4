// <input data-filter-table="#id"> hides the rows of a table that do not hold every word typed.
import { behavior } from "#/behavior.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

behavior("[data-filter-table]", (input) => {
  const table = document.querySelector(input.dataset.filterTable);
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    for (const row of table.tBodies[0].rows) row.hidden = !words.every((word) => plain(row.textContent).includes(word));
  });
});
