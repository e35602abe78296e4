// data-print: the browser's own print dialog.
import { on } from "#/behavior.js";

on("click", "[data-print]", () => window.print());
