// Draws what the page brings as data. Every chart has its table beside it, so nothing here is
// needed to read the figures; colours, type and spacing are the office's own tokens.
const root = document.documentElement;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const given = root.lang || "en";
const language = given === "en" ? "en-GB" : given; // days before months, as everywhere here
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
const dayName = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
const dayLong = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });
const DASHES = ["solid", [7, 3], [2, 3], [9, 3, 2, 3]];
const drawn = new Map();
const met = new Set(); // charts that have been on the screen, by id

export const isRtl = () => getComputedStyle(root).direction === "rtl";
const token = (name) => getComputedStyle(root).getPropertyValue(name).trim();
const tokens = () => ({
  ink: token("--ink"), quiet: token("--quiet"), rule: token("--rule"), ground: token("--ground"),
  sunken: token("--sunken"), strong: token("--rule-strong"),
  series: ["--lapis", "--olive", "--clay", "--gold-ink"].map(token), wash: token("--i-wash"),
});
const number = (value) => (value === null || value === undefined ? "–" : Number.isInteger(value) ? whole.format(value) : fine.format(value));

function money(value, spec) {
  return new Intl.NumberFormat(language, { style: "currency", currency: spec.currency, maximumFractionDigits: 0 }).format(value);
}
const amount = (value, spec) => (spec.currency && value !== null ? money(value, spec) : number(value));

// What stands below the axis, and what is said of one place on it.
function when(value, spec, isLong) {
  if (spec.xkind === "day") return (isLong ? dayLong : dayName).format(new Date(`${value}T00:00:00Z`));
  if (spec.xkind === "hour") return isLong ? `${dayName.format(new Date(value))}, ${clock.format(new Date(value))} UTC` : dayName.format(new Date(value));
  if (spec.xkind === "minute") return isLong ? `${clock.format(new Date(value))} UTC` : clock.format(new Date(value));
  return String(value);
}

function tip(spec, look) {
  return {
    trigger: "axis", confine: true, className: "i-tip", padding: 0, borderWidth: 0, backgroundColor: "transparent",
    extraCssText: "box-shadow:none", transitionDuration: 0,
    axisPointer: { type: spec.kind === "columns" ? "shadow" : "line", lineStyle: { color: look.strong, width: 1 }, shadowStyle: { color: look.rule } },
    formatter(points) {
      const box = document.createElement("div");
      const head = document.createElement("strong");
      head.textContent = when(spec.x[points[0].dataIndex], spec, true);
      box.append(head);
      for (const point of [...points].reverse()) {
        if (point.value === null || point.value === undefined) continue;
        const line = document.createElement("span");
        const swatch = document.createElement("i");
        swatch.style.background = look.series[point.seriesIndex % 4];
        const value = document.createElement("b");
        value.textContent = amount(point.value, spec);
        line.append(swatch, point.seriesName, value);
        box.append(line);
      }
      if (spec.partial && points[0].dataIndex === spec.x.length - 1) {
        const note = document.createElement("em");
        note.textContent = spec.partial;
        box.append(note);
      }
      return box;
    },
  };
}

function axes(spec, look, wide) {
  const rtl = isRtl();
  const said = { color: look.quiet, fontSize: 11, fontFamily: "inherit" };
  const room = Math.max(2, Math.floor(wide / 92));
  const step = Math.ceil(spec.x.length / room);
  return {
    xAxis: {
      type: "category", data: spec.x, inverse: rtl, boundaryGap: spec.kind === "columns",
      axisTick: { show: false }, axisLine: { lineStyle: { color: look.strong } },
      axisLabel: {
        ...said, margin: 9, hideOverlap: true, formatter: (value) => when(value, spec, false),
        interval: (index) => index % step === 0, alignMinLabel: spec.kind === "columns" ? undefined : rtl ? "right" : "left",
      },
    },
    yAxis: {
      type: "value", position: rtl ? "right" : "left", splitNumber: 3, minInterval: 1,
      axisLabel: { ...said, formatter: (value) => short.format(value), margin: 8 },
      splitLine: { lineStyle: { color: look.rule } }, axisLine: { show: false }, axisTick: { show: false },
    },
  };
}

// The time of the Games is a field behind the figures, named once.
function band(spec, look) {
  if (!spec.band) return undefined;
  const place = spec.band.from === spec.band.to ? "insideTop" : isRtl() ? "insideTopRight" : "insideTopLeft";
  return {
    silent: true, animation: false, itemStyle: { color: look.wash },
    label: { show: true, position: place, color: look.quiet, fontSize: 11, fontFamily: "inherit", formatter: spec.band.name },
    data: [[{ xAxis: spec.band.from }, { xAxis: spec.band.to }]],
  };
}

function series(spec, look) {
  const alone = spec.series.length === 1;
  return spec.series.map((each, index) => {
    const color = look.series[index % 4];
    const own = { name: each.name, data: each.data, markArea: index ? undefined : band(spec, look), cursor: spec.links ? "pointer" : "default" };
    if (spec.kind === "columns") {
      const last = spec.partial ? each.data.length - 1 : -1;
      return {
        ...own, type: "bar", stack: "all", barCategoryGap: spec.x.length > 120 ? 0 : spec.x.length > 45 ? "12%" : "28%", barMaxWidth: 48,
        itemStyle: { color, borderColor: look.ground, borderWidth: alone || spec.x.length > 120 ? 0 : 0.75 },
        data: each.data.map((value, place) => (place === last ? { value, itemStyle: { color, opacity: 0.55, borderColor: color, borderType: "dashed", borderWidth: 1 } } : value)),
        emphasis: { itemStyle: { color, opacity: 0.82 } },
      };
    }
    return {
      ...own, type: "line", showSymbol: each.data.length < 3, symbol: "circle", symbolSize: 7, z: 5 - index,
      lineStyle: { color, width: 2.25, type: DASHES[index % 4], join: "round" }, itemStyle: { color, borderColor: look.ground, borderWidth: 2 },
      areaStyle: alone || spec.kind === "area" ? { color, opacity: 0.13 } : undefined,
      emphasis: { lineStyle: { width: 2.25 } },
    };
  });
}

export function option(spec, wide) {
  const look = tokens();
  return {
    animation: !still.matches && !spec.still, animationDuration: 350, animationDurationUpdate: 250, animationEasing: "cubicOut",
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: look.ink },
    grid: { left: 2, right: 8, top: 14, bottom: 2, containLabel: true },
    tooltip: tip(spec, look), ...axes(spec, look, wide), series: series(spec, look),
    aria: { enabled: false },
  };
}

export function draw(figure, given) {
  const box = figure.querySelector("[data-draw]");
  if (!box || !window.echarts) return;
  const spec = given || JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  let chart = drawn.get(box)?.chart;
  if (!chart) {
    chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.getZr().on("click", (event) => follow(box, event));
    new ResizeObserver(() => { chart.resize(); chart.setOption(option(drawn.get(box).spec, box.clientWidth)); }).observe(box);
  }
  figure.classList.add("is-drawn");
  drawn.set(box, { chart, spec });
  const shown = option(spec, box.clientWidth);
  if (!given && met.has(figure.id)) shown.animation = false; // newer numbers in the place of older ones
  met.add(figure.id);
  chart.setOption(shown, { replaceMerge: ["series"] });
}

// A click on a place of the axis leads to it alone; the same links stand in the table.
function follow(box, event) {
  const { chart, spec } = drawn.get(box);
  if (!spec.links || !chart.containPixel("grid", [event.offsetX, event.offsetY])) return;
  const place = chart.convertFromPixel({ seriesIndex: 0 }, [event.offsetX, event.offsetY])[0];
  const link = spec.links[Math.round(place)];
  if (link) location.assign(link);
}

// A territory on a map leads where its name in the table beside it leads.
document.addEventListener("click", (event) => {
  const place = event.target.closest(".i-card [data-territory]");
  const link = place?.closest(".i-card").querySelector(`a[href*="territory=${place.dataset.territory}"]`);
  if (link) location.assign(link.href);
});

function again() {
  for (const [box, { chart, spec }] of drawn) {
    if (!box.isConnected) { chart.dispose(); drawn.delete(box); } else chart.setOption(option(spec, box.clientWidth), true);
  }
}

function all(inside = document) {
  for (const figure of inside.querySelectorAll("[data-chart]:not(.is-drawn)")) draw(figure);
}

// On paper everything is ink on white, and as wide as the paper.
const PRINT_WIDTH = 680;
function toPaper(isPaper) {
  const dark = root.classList.contains("dark");
  if (isPaper) { root.dataset.wasDark = dark ? "1" : ""; root.classList.remove("dark"); } else if (root.dataset.wasDark) root.classList.add("dark");
  for (const [box, { chart, spec }] of drawn) {
    const wide = isPaper ? Math.min(PRINT_WIDTH, box.clientWidth) : undefined;
    chart.resize({ width: wide || "auto", animation: { duration: 0 } });
    chart.setOption({ ...option(spec, wide || box.clientWidth), animation: false }, true);
  }
}

// A chart that is out of date is asked for again until it is not, unless somebody is reading in it.
const AGAIN_MS = 4000;
setInterval(() => {
  if (document.hidden) return;
  for (const figure of document.querySelectorAll("[data-seen]")) {
    if (figure.querySelector("details[open]") || figure.contains(document.activeElement)) continue;
    window.htmx?.trigger(figure, "newer");
  }
}, AGAIN_MS);

all();
document.addEventListener("htmx:afterSettle", () => all());
new MutationObserver(again).observe(root, { attributes: true, attributeFilter: ["class", "dir"] });
addEventListener("beforeprint", () => toPaper(true));
addEventListener("afterprint", () => toPaper(false));
document.addEventListener("change", (event) => {
  // A choice is followed at once; without a script the button does it.
  const form = event.target.closest("form[data-at-once]");
  if (form && event.target.matches("select")) form.requestSubmit();
});
