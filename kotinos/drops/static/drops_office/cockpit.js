// The cockpit asks for its figures every second and draws them. Words come with the page.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("words");
const charts = document.getElementById("charts");
const notice = document.getElementById("notice");
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 480, HEIGHT = 150, TOP = 10, BOTTOM = 20, SIDE = 44;
const DRAWN = [
  ["people", ["arrivals", "admissions"]],
  ["sales", ["holds", "orders", "confirmed", "refused"]],
  ["times", ["p50_ms", "p99_ms"]],
  ["stock", ["units_free", "units_held"]],
];
let state = read("state");
const number = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 1 });

function make(name, attributes, ...inside) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

// The next of 1, 2, 5, 10, ... that is not below what is shown.
function ceiling(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((edge) => edge >= most) || 10 * power;
}

// How long ago the first point was, as -minutes:seconds.
function before(series) {
  const seconds = series.length ? Math.round(state.now_ms / 1000) - series[0].second : 0;
  return `\u2066-${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}\u2069`;
}

// Time runs the way the page is written.
const isRtl = () => getComputedStyle(charts).direction === "rtl";

function line(series, name, top, index) {
  const step = (WIDTH - SIDE - 6) / Math.max(1, series.length - 1);
  const at = (place) => (isRtl() ? WIDTH - SIDE - place * step : SIDE + place * step);
  const points = series.map((point, place) =>
    `${at(place).toFixed(1)},${(HEIGHT - BOTTOM - (point[name] / top) * (HEIGHT - BOTTOM - TOP)).toFixed(1)}`);
  return make("polyline", { points: points.join(" "), class: `d-line d-${index}` });
}

function axes(top, ago) {
  const edge = isRtl() ? WIDTH - SIDE + 5 : SIDE - 5;
  const anchor = "end"; // "end" of the direction: beside the axis on either side
  const marks = [0, top / 2, top].map((value) => {
    const y = HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP);
    return [
      make("line", { x1: isRtl() ? 6 : SIDE, x2: isRtl() ? WIDTH - SIDE : WIDTH - 6, y1: y, y2: y, class: "d-grid" }),
      make("text", { x: edge, y: y + 4, "text-anchor": anchor }, number.format(value)),
    ];
  });
  const left = isRtl() ? words.now : ago, right = isRtl() ? ago : words.now;
  const sides = isRtl() ? ["end", "start"] : ["start", "end"];
  return [...marks.flat(),
    make("text", { x: isRtl() ? 6 : SIDE, y: HEIGHT - 5, "text-anchor": sides[0] }, left),
    make("text", { x: isRtl() ? WIDTH - SIDE : WIDTH - 6, y: HEIGHT - 5, "text-anchor": sides[1] }, right)];
}

function chart(title, names, series) {
  const top = ceiling(Math.max(...series.flatMap((point) => names.map((name) => point[name]))));
  const last = series.at(-1) || {};
  const said = names.map((name) =>
    `${words[name]}: ${words.last} ${number.format(last[name] || 0)}, ${words.most} ${number.format(Math.max(0, ...series.map((point) => point[name])))}`);
  const figure = document.createElement("figure");
  figure.className = "d-chart";
  const caption = document.createElement("figcaption");
  caption.textContent = words[title];
  const keys = document.createElement("ul");
  keys.className = "d-keys";
  names.forEach((name, index) => {
    const key = document.createElement("li");
    key.append(make("svg", { viewBox: "0 0 32 12", "aria-hidden": "true" },
      make("line", { x1: 0, x2: 32, y1: 6, y2: 6, class: `d-line d-${index}` })), said[index]);
    keys.append(key);
  });
  figure.append(caption, make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${words[title]}. ${said.join("; ")}` },
    ...axes(top, before(series)), ...names.map((name, index) => line(series, name, top, index))), keys);
  return figure;
}

function rows(id, list) {
  const body = document.getElementById(id);
  body.replaceChildren(...list.map((cells) => {
    const row = document.createElement("tr");
    cells.forEach((value, index) => {
      const cell = document.createElement(index ? "td" : "th");
      if (index) cell.className = "k-num"; else cell.scope = "row";
      cell.textContent = typeof value === "number" && index ? number.format(value) : value;
      row.append(cell);
    });
    return row;
  }));
}

function show(fresh) {
  state = fresh;
  const tag = document.getElementById("phase");
  tag.textContent = words.phases[state.phase];
  tag.className = `k-tag ${words.tags[state.phase]}`;
  for (const figure of document.querySelectorAll("[data-of]")) {
    const [part, name] = figure.dataset.of.split(".");
    figure.textContent = number.format(state[part][name]);
  }
  const said = state.sold_out ? words.sold_out : state.room.paused ? words.paused : "";
  if (notice.textContent !== said) notice.textContent = said;
  notice.hidden = !said;
  charts.replaceChildren(...DRAWN.map(([title, names]) => chart(title, names, state.series)));
  const refused = Object.entries(state.refused);
  rows("refused", refused.length ? refused : [[words.none]]);
  rows("stock", state.stock.map((each) => [each.sku, each.free, each.held, each.sold]));
  rows("latest", state.series.slice(-30).reverse().map((point) => [point.second, point.arrivals, point.admissions,
    point.holds, point.orders, point.confirmed, point.refused, point.p50_ms, point.p99_ms, point.units_free]));
}

async function follow() {
  try {
    // Nobody looks at a hidden page: it asks again when it is seen.
    if (!document.hidden) {
      const answer = await fetch(charts.dataset.state, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
    }
  } catch {
    notice.textContent = words.lost;
    notice.hidden = false;
  }
  setTimeout(follow, 1000);
}

show(state);
setTimeout(follow, 1000);
