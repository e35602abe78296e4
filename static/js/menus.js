// Menus are <details data-menu>: they work without this; here they also close by Escape and a click elsewhere.
import { on } from "#/behavior.js";

const open = () => [...document.querySelectorAll("details[data-menu][open]")];

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("focusin", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
on("keydown", "details[data-menu]", (event, menu) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const items = [...menu.querySelectorAll(".menu-sheet a, .menu-sheet button")];
  if (!items.length) return;
  event.preventDefault();
  menu.open = true;
  const step = event.key === "ArrowDown" ? 1 : -1;
  const now = items.indexOf(document.activeElement);
  items[(now + step + items.length) % items.length].focus();
});

// On a phone the side column opens over the page; without this the links' own #side and #main do it.
const side = document.querySelector("#side");
let opener = null;
function close() {
  side.classList.remove("is-open");
  side.removeAttribute("role");
  opener?.focus();
}
if (side) {
  on("click", "[data-side-opener]", (event, link) => {
    event.preventDefault();
    opener = link;
    side.classList.add("is-open");
    side.querySelector("[data-side-closer]").focus();
  });
  on("click", "[data-side-closer]", (event) => {
    event.preventDefault();
    close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && side.classList.contains("is-open")) close();
  });
  document.addEventListener("focusin", (event) => {
    if (side.classList.contains("is-open") && !side.contains(event.target)) side.querySelector("[data-side-closer]").focus();
  });
}
