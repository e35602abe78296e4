// Ctrl or Cmd and K: go to a page or a brand by typing a part of its name.
const dialog = document.querySelector("[data-commands]");

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function bind() {
  const input = dialog.querySelector("[data-commands-input]");
  const items = [...dialog.querySelectorAll("[data-commands-list] li")];
  const none = dialog.querySelector("[data-commands-none]");
  const shown = () => items.filter((item) => !item.hidden).map((item) => item.querySelector("a"));

  function filter() {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    for (const item of items) {
      const text = plain(item.textContent);
      item.hidden = !words.every((word) => text.includes(word));
    }
    none.hidden = shown().length > 0;
  }

  function move(event) {
    const links = shown();
    if (!links.length) return;
    const now = links.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = now + step;
      if (next < 0) input.focus();
      else links[Math.min(next, links.length - 1)].focus();
    } else if (event.key === "Enter" && document.activeElement === input) {
      event.preventDefault();
      links[0].click();
    }
  }

  input.addEventListener("input", filter);
  dialog.addEventListener("keydown", move);
  dialog.addEventListener("close", () => {
    input.value = "";
    filter();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else dialog.showModal();
  });
}

if (dialog) bind();
if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const key of document.querySelectorAll("[data-mac]")) key.textContent = key.dataset.mac;
}
