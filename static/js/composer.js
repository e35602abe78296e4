// The composer: an account that is not chosen hides its own text and what its week lacks. The counts come from the server by htmx.
import { behavior } from "#/behavior.js";

behavior("[data-composer-account]", (block) => {
  const box = block.querySelector("[data-composer-on]");
  const own = block.querySelector("[data-composer-own]");
  const hint = block.querySelector("[data-composer-hint]");
  const show = () => {
    own.hidden = !box.checked;
    hint.hidden = !box.checked;
    block.classList.toggle("is-on", box.checked);
  };
  box.addEventListener("change", show);
  show();
});
