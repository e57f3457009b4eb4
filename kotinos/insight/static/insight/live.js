// Asks for the numbers of now every two seconds and moves the page to them. Words come with the page.
import { draw } from "./charts.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("words");
const live = document.getElementById("live");
const lost = document.getElementById("lost");
const number = new Intl.NumberFormat(document.documentElement.lang || "en");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const SECONDS = 2000;
const FIGURES = ["events", "people", "watched_min", "units", "refused"];
let state = read("state");
let shown = "events";

// A figure runs to its new value within half a second; where motion is not wanted it is just there.
function move(element, value) {
  const from = Number(element.dataset.value ?? NaN);
  element.dataset.value = value;
  if (still.matches || !Number.isFinite(from) || from === value) { element.textContent = number.format(value); return; }
  const began = performance.now();
  (function frame(now) {
    const share = Math.min(1, (now - began) / 450);
    element.textContent = number.format(Math.round(from + (value - from) * (1 - (1 - share) ** 3)));
    if (share < 1 && Number(element.dataset.value) === value) requestAnimationFrame(frame);
  })(began);
}

function chart() {
  draw(document.getElementById("minutes"), {
    kind: "columns", xkind: "minute", partial: words.partial, still: true,
    x: state.minutes.map((minute) => minute.at),
    series: [{ name: words[shown], data: state.minutes.map((minute) => minute[shown]) }],
  });
  document.getElementById("shown").textContent = words[shown];
}

function list(id, rows) {
  const box = document.getElementById(id);
  if (!rows.length) {
    const none = document.createElement("li");
    none.className = "k-quiet";
    none.textContent = box.dataset.none;
    box.replaceChildren(none);
    return;
  }
  const most = Math.max(...rows.map((row) => row[1]), 1);
  box.replaceChildren(...rows.map(([name, value]) => {
    const row = document.createElement("li");
    const words = document.createElement("span"), count = document.createElement("b");
    words.textContent = name;
    count.textContent = number.format(value);
    row.style.setProperty("--share", `${Math.round((100 * value) / most)}%`);
    row.append(words, count);
    return row;
  }));
}

function world(counts) {
  const map = document.querySelector(".i-world svg");
  const most = Math.max(...Object.values(counts), 1);
  for (const place of map.querySelectorAll("[data-territory]")) {
    const code = place.dataset.territory, count = counts[code] || 0;
    const step = count ? Math.min(4, 1 + Math.floor(4.999 * Math.sqrt(count / most))) : 0;
    const before = Number(place.dataset.count || 0);
    place.dataset.count = count;
    place.setAttribute("class", step ? `map-step-${step}` : "map-land");
    if (count > before && before + 1 && place.dataset.seen && !still.matches) {
      place.classList.add("is-new");
      setTimeout(() => place.classList.remove("is-new"), 1600);
    }
    place.dataset.seen = "1";
    const title = place.querySelector("title");
    title.dataset.name ??= title.textContent;
    title.textContent = count ? `${title.dataset.name}: ${number.format(count)}` : title.dataset.name;
  }
  const named = (code) => map.querySelector(`[data-territory="${code}"] title`)?.dataset.name || code;
  return Object.entries(counts).sort((a, b) => b[1] - a[1]).slice(0, 8).map(([code, count]) => [named(code), count]);
}

function table() {
  document.getElementById("windows").replaceChildren(...[...state.windows].reverse().map((window) => {
    const row = document.createElement("tr"), head = document.createElement("th");
    head.scope = "row";
    head.textContent = window.at.slice(11, 16);
    row.append(head, ...FIGURES.map((name) => {
      const cell = document.createElement("td");
      cell.className = "k-num";
      cell.textContent = number.format(window[name]);
      return cell;
    }));
    return row;
  }));
}

function show() {
  if (state.now) for (const name of FIGURES) move(document.querySelector(`[data-now="${name}"]`), state.now[name]);
  for (const place of document.querySelectorAll("[data-live]")) place.textContent = state[place.dataset.live];
  for (const place of document.querySelectorAll("[data-ledger]")) move(place, state.ledger[place.dataset.ledger]);
  const even = document.getElementById("even");
  if (even) {
    const said = state.ledger.is_even ? words.even : words.uneven;
    if (even.textContent !== said) even.textContent = said;
    even.classList.toggle("bad", !state.ledger.is_even);
  }
  document.getElementById("pulse").classList.toggle("late", state.behind_s > 5);
  list("territories", world(state.territories));
  list("pages", state.pages);
  list("watched", state.watched);
  table();
  chart();
}

async function follow() {
  try {
    // Nobody looks at a hidden page: it asks again when it is seen.
    if (!document.hidden) {
      const answer = await fetch(live.dataset.state, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      state = await answer.json();
      show();
      lost.hidden = true;
    }
  } catch {
    lost.hidden = false;
  }
  setTimeout(follow, SECONDS);
}

for (const button of document.querySelectorAll("[data-shows]")) {
  button.addEventListener("click", () => {
    shown = button.dataset.shows;
    for (const each of document.querySelectorAll("[data-shows]")) each.setAttribute("aria-pressed", String(each === button));
    chart();
  });
}
show();
setTimeout(follow, SECONDS);
