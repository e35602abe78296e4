// <figure data-chart>: draws the numbers that stand in it as JSON. Chart.js comes only to pages that have a chart.
// The table with the same numbers is always there; the button or the key T shows it instead.
import { behavior, on } from "#/behavior.js";

const charts = new Set();
let library = null;

function load(address) {
  library ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => done(window.Chart));
    script.addEventListener("error", fail);
    document.head.append(script);
  });
  return library;
}

const color = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();

// The name of each line stands at its end, so that no legend has to be matched by color.
const directLabels = {
  id: "directLabels",
  afterDatasetsDraw(chart) {
    if (chart.config.type !== "line" || chart.data.datasets.length < 2) return;
    const { ctx } = chart;
    ctx.save();
    ctx.font = `600 12px ${getComputedStyle(chart.canvas).fontFamily}`;
    ctx.textAlign = "right";
    for (const [index, set] of chart.data.datasets.entries()) {
      const points = chart.getDatasetMeta(index).data.filter((point) => !point.skip);
      const last = points.at(-1);
      if (!last) continue;
      ctx.fillStyle = set.borderColor;
      ctx.fillText(set.label, last.x, set.borderDash?.length ? last.y + 18 : last.y - 8);
    }
    ctx.restore();
  },
};

function series(figure, data) {
  const theme = document.documentElement;
  return data.series.map((one, index) => {
    const tint = color(theme, one.pace ? "--line-strong" : `--pal-${one.color ?? index % 10}`);
    return {
      label: one.name, data: one.values, borderColor: tint, backgroundColor: tint,
      borderDash: one.pace ? [6, 4] : [], borderWidth: 2, pointRadius: one.pace ? 0 : 3, tension: 0, spanGaps: false,
    };
  });
}

function options(data) {
  const theme = document.documentElement;
  const axis = { ticks: { color: color(theme, "--ink-soft") }, grid: { color: color(theme, "--line") } };
  return {
    animation: false, responsive: true, maintainAspectRatio: false,
    indexAxis: data.kind === "bar" ? "y" : "x",
    interaction: { mode: "index", intersect: false },
    layout: { padding: { top: 16 } },
    plugins: { legend: { display: data.kind === "bar" && data.series.length > 1, labels: { color: color(theme, "--ink") } } },
    scales: { x: { ...axis, beginAtZero: true }, y: { ...axis, beginAtZero: true } },
  };
}

async function draw(figure) {
  const data = JSON.parse(figure.querySelector("[data-chart-data]").textContent);
  const Chart = await load(figure.dataset.library);
  const place = figure.querySelector("[data-chart-canvas]");
  figure.drawn?.destroy();
  const canvas = document.createElement("canvas");
  place.replaceChildren(canvas);
  figure.drawn = new Chart(canvas, {
    type: data.kind, data: { labels: data.labels, datasets: series(figure, data) }, options: options(data),
    plugins: [directLabels],
  });
}

function toggle(figure) {
  const table = figure.classList.toggle("is-table");
  figure.querySelector("[data-chart-toggle]").setAttribute("aria-pressed", String(table));
}

behavior("[data-chart]", (figure) => {
  charts.add(figure);
  draw(figure);
});
on("click", "[data-chart-toggle]", (event, button) => toggle(button.closest("[data-chart]")));
on("keydown", "[data-chart]", (event, figure) => {
  const writing = event.target.matches("input, textarea, select");
  if (event.key.toLowerCase() === "t" && !event.ctrlKey && !event.metaKey && !event.altKey && !writing) toggle(figure);
});
function redraw() {
  for (const figure of charts) if (figure.isConnected && figure.drawn) draw(figure);
}
document.addEventListener("sextant:theme", redraw);

// Paper is light whatever the screen is.
const root = document.documentElement;
let screenTheme = null;
addEventListener("beforeprint", () => {
  screenTheme = root.dataset.bsTheme;
  root.dataset.bsTheme = "light";
  redraw();
});
addEventListener("afterprint", () => {
  root.dataset.bsTheme = screenTheme;
  redraw();
});
