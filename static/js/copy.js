// data-copy="#id" copies the text (or the value) of that element; data-copied is what the button then says.
import { on } from "#/behavior.js";

async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea"); // plain http on another machine has no clipboard
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  return undefined;
}

on("click", "[data-copy]", async (event, button) => {
  const source = document.querySelector(button.dataset.copy);
  await write(source.value ?? source.textContent);
  const word = button.querySelector("[data-copy-word]") ?? button;
  const before = word.textContent;
  word.setAttribute("aria-live", "polite");
  word.textContent = button.dataset.copied;
  setTimeout(() => {
    word.textContent = before;
  }, 2000);
});
