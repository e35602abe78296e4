// The form of a content matrix: what the shares add up to, while they are typed. The server checks it again.
import { behavior } from "#/behavior.js";

behavior("[data-matrix]", (form) => {
  const fields = [...form.querySelectorAll("[data-share]")];
  const sum = form.querySelector("[data-sum]");
  const line = form.querySelector("[data-sum-words]");
  const show = () => {
    const total = fields.reduce((all, field) => all + (Number.parseInt(field.value, 10) || 0), 0);
    const missing = Number(sum.dataset.whole) - total;
    const words = missing > 0 ? line.dataset.missing : line.dataset.tooMany;
    sum.textContent = total;
    line.textContent = missing && total ? words.replace("{count}", Math.abs(missing)) : "";
  };
  form.addEventListener("input", show);
  show();
});
