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

const LABEL = 15; // pixels that the name of a line takes

// Above the end of each line; below it where the line before is too near; never one over the other.
function spread(ends, { top, bottom }) {
  ends.sort((one, other) => one.y - other.y);
  for (const [index, end] of ends.entries()) {
    const before = ends[index - 1];
    const isNear = before && end.y - before.y < LABEL + 10;
    end.place = Math.max(isNear ? end.y + 18 : end.y - 8, before ? before.place + LABEL : top - 8);
  }
  let most = bottom - 3;
  for (const end of ends.toReversed()) {
    end.place = Math.min(end.place, most);
    most = end.place - LABEL;
  }
  return ends;
}

// The name of each line stands at its end, so that no legend has to be matched by color.
const directLabels = {
  id: "directLabels",
  afterDatasetsDraw(chart) {
    if (chart.config.type !== "line" || chart.data.datasets.length < 2) return;
    const { ctx } = chart;
    const ends = chart.data.datasets.flatMap((set, index) => {
      const last = chart.getDatasetMeta(index).data.filter((point) => !point.skip).at(-1);
      return last && !set.isEdge ? [{ set, x: last.x, y: last.y }] : [];
    });
    ctx.save();
    ctx.font = `600 12px ${getComputedStyle(chart.canvas).fontFamily}`;
    ctx.textAlign = "right";
    ctx.lineWidth = 4;
    ctx.lineJoin = "round";
    ctx.strokeStyle = color(document.documentElement, "--surface");
    for (const { set, x, place } of spread(ends, chart.chartArea)) {
      ctx.fillStyle = set.borderColor;
      ctx.strokeText(set.label, x, place);
      ctx.fillText(set.label, x, place);
    }
    ctx.restore();
  },
};

function series(data) {
  const theme = document.documentElement;
  return data.series.map((one, index) => {
    const tint = color(theme, one.pace ? "--line-strong" : `--pal-${one.color ?? index % 10}`);
    return {
      label: one.name, data: one.values, borderColor: tint, backgroundColor: tint,
      borderDash: one.pace ? [6, 4] : [], borderWidth: 2, pointRadius: one.pace ? 0 : 3, tension: 0, spanGaps: false,
    };
  });
}

// How the first line may go on: a thin line, and the band between two faint ones.
function outlook(data) {
  if (!data.outlook) return [];
  const { name, low_name: lowName, high_name: highName, values, low, high } = data.outlook;
  const tint = color(document.documentElement, `--pal-${data.series[0].color ?? 0}`);
  const line = { borderColor: tint, backgroundColor: tint, borderWidth: 1, pointRadius: 0, tension: 0 };
  const edge = { ...line, isEdge: true, borderDash: [2, 4], backgroundColor: `${tint}26` };
  return [
    { ...line, label: name, data: values },
    { ...edge, label: lowName, data: low },
    { ...edge, label: highName, data: high, fill: "-1" },
  ];
}

function options(data) {
  const theme = document.documentElement;
  const grid = { color: color(theme, "--line") };
  const ticks = { color: color(theme, "--ink-soft") };
  const isWhole = data.series.every((one) => one.values.every((value) => Number.isInteger(value ?? 0)));
  const values = { grid, beginAtZero: true, ticks: { ...ticks, precision: isWhole ? 0 : undefined } };
  // Of a name in two parts (a day · a post) the axis has room for the first; pointing at it tells both.
  const short = (value) => data.labels[value].split(" · ")[0];
  const names = { grid, ticks: { ...ticks, maxRotation: 0, callback: short } };
  return {
    animation: false, responsive: true, maintainAspectRatio: false,
    indexAxis: data.kind === "bar" ? "y" : "x",
    interaction: { mode: "index", intersect: false },
    layout: { padding: { top: LABEL + 5 } },
    plugins: { legend: { display: data.kind === "bar" && data.series.length > 1, labels: { color: color(theme, "--ink") } } },
    scales: data.kind === "bar" ? { x: values, y: names } : { x: names, y: values },
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
    type: data.kind, data: { labels: data.labels, datasets: [...series(data), ...outlook(data)] }, options: options(data),
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
document.addEventListener("sextant:theme", () => {
  for (const figure of charts) if (figure.isConnected && figure.drawn) draw(figure);
});
