// The timeline of moments: the storyboard under a play head, and products put into the form.
const part = document.querySelector(".c-moments");
const lengthMs = Number(part.dataset.lengthMs);
const strip = document.getElementById("strip");
const player = document.getElementById("player");
const here = document.getElementById("here");
const clock = document.getElementById("clock");
const at = document.getElementById("at");
const COLUMNS = 10, TILES_MAX = 100, SHOWN = 16;
let headMs = 0;

function written(ms) {
  const seconds = Math.floor(ms / 1000), rest = ms % 1000;
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
  const two = (value) => String(value).padStart(2, "0");
  const text = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  return rest ? `${text}.${String(rest).padStart(3, "0")}` : text;
}

function go(ms, seek = true) {
  headMs = Math.max(0, Math.min(lengthMs, Math.round(ms / 100) * 100));
  strip.querySelector(".c-head").style.insetInlineStart = `${(100 * headMs) / lengthMs}%`;
  strip.setAttribute("aria-valuenow", headMs);
  strip.setAttribute("aria-valuetext", written(headMs));
  if (clock) clock.textContent = written(headMs);
  if (here) here.href = `?at=${written(headMs)}#write`;
  if (seek && player && player.readyState) player.currentTime = headMs / 1000;
}

// The storyboard has ten tiles a row, one for every tick or, of a long video, at most a hundred.
function drawTiles() {
  const ticks = Number(strip.dataset.tiles);
  const tiles = Math.min(ticks, TILES_MAX), rows = Math.ceil(tiles / COLUMNS), wide = Math.min(tiles, COLUMNS);
  const shown = Math.min(SHOWN, tiles);
  strip.querySelector(".c-tiles").append(...Array.from({ length: shown }, (_, place) => {
    const tile = Math.floor((place * tiles) / shown);
    const made = document.createElement("i");
    made.style.backgroundSize = `${wide * 100}% ${rows * 100}%`;
    const x = wide > 1 ? (100 * (tile % COLUMNS)) / (wide - 1) : 0;
    const y = rows > 1 ? (100 * Math.floor(tile / COLUMNS)) / (rows - 1) : 0;
    made.style.backgroundPosition = `${x}% ${y}%`;
    return made;
  }));
}

function followPointer(event) {
  const box = strip.getBoundingClientRect();
  const share = (event.clientX - box.left) / box.width;
  go((getComputedStyle(strip).direction === "rtl" ? 1 - share : share) * lengthMs);
}

if (strip && lengthMs) {
  drawTiles();
  strip.addEventListener("pointerdown", (event) => {
    if (event.target.closest("a")) return;
    strip.setPointerCapture(event.pointerId);
    followPointer(event);
    strip.onpointermove = followPointer;
  });
  strip.addEventListener("pointerup", () => { strip.onpointermove = null; });
  strip.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1000, ArrowLeft: -1000, ArrowUp: 100, ArrowDown: -100, PageUp: 10000, PageDown: -10000 }[event.key];
    if (event.target !== strip || (!step && !["Home", "End", "Enter"].includes(event.key))) return;
    event.preventDefault();
    if (event.key === "Enter" && at) { at.value = written(headMs); at.focus(); return; }
    go(step ? headMs + step : event.key === "Home" ? 0 : lengthMs);
  });
  if (here) {
    here.addEventListener("click", (event) => {
      if (document.querySelector("#write [name=cue]").value) return; // another cue is open: a new page
      event.preventDefault();
      at.value = written(headMs);
      at.focus();
    });
  }
  go(0, false);
}

if (player) player.addEventListener("timeupdate", () => go(player.currentTime * 1000, false));

const chosen = document.getElementById("chosen");
document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add]"), drop = event.target.closest("[data-drop]");
  if (drop) drop.closest("li").remove();
  if (!add || !chosen || chosen.querySelector(`[value="${add.dataset.add}"]`)) return;
  const line = document.createElement("li"), name = document.createElement("span");
  const value = document.createElement("input"), button = document.createElement("button");
  name.textContent = add.dataset.title;
  Object.assign(value, { type: "hidden", name: "product", value: add.dataset.add });
  Object.assign(button, { type: "button", className: "k-btn", textContent: "×", ariaLabel: `× ${add.dataset.title}` });
  button.dataset.drop = "";
  line.append(name, value, button);
  chosen.append(line);
  add.disabled = true;
});
