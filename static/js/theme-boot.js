// Runs before the page is painted, so that it never flashes in the other colors.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  let chosen = null;
  try {
    if ("failure" in root.dataset) localStorage.removeItem("sextant-draft-sent"); // an error page: nothing was taken
    chosen = localStorage.getItem("sextant-theme");
  } catch {
    // storage may be off: the system's choice then holds
  }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = dark ? "dark" : "light";
})();
