// What stands around the player moves with it: products when they are seen, the transcript, what
// is on now. Without this script everything is still there to read, and forms and links work.

const player = document.querySelector("kotinos-player");
const live = document.querySelector("[data-announce]");
const shown = new Set();

// -- products ----------------------------------------------------------------------------------

const rails = () => document.querySelectorAll("[data-cue]");

function showCues(ms) {
  let first = null;
  for (const item of rails()) {
    const { at, until, title } = item.dataset;
    const now = ms >= Number(at) && ms < Number(until);
    if (now === item.classList.contains("is-now")) continue;
    item.classList.toggle("is-now", now);
    if (!now) continue;
    first ??= item;
    const key = `${at}:${title}`;
    if (!shown.has(key) && live) live.textContent = live.dataset.announce.replace("{product}", title);
    shown.add(key);
  }
  if (first) reveal(first);
}

// The rail scrolls to the first that is seen; the page never moves by itself.
function reveal(item) {
  const rail = item.closest("[data-rail]");
  if (!rail || rail.contains(document.activeElement)) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = calm ? "auto" : "smooth";
  const [box, one, { direction, paddingBlockStart, paddingInlineStart }] =
    [rail.getBoundingClientRect(), item.getBoundingClientRect(), getComputedStyle(rail)];
  const gap = parseFloat(paddingInlineStart);
  rail.scrollBy({
    top: one.top - box.top - parseFloat(paddingBlockStart),
    left: direction === "rtl" ? one.right - box.right + gap : one.left - box.left - gap,
    behavior,
  });
}

// A sale is told the moment at which the hand reached for it. Before the shell sends the form.
document.addEventListener("submit", (event) => {
  const via = event.target.querySelector?.("[name=via]");
  if (!via || !player?.video) return;
  const parts = via.value.split(":");
  const ms = Math.round(programmeMs ?? player.currentMs);
  if (parts.length === 4 && ms > 0) via.value = [...parts.slice(0, 3), ms].join(":");
}, true);

// -- transcript and chapters -------------------------------------------------------------------

const lines = [...document.querySelectorAll("[data-line]")];
let spoken = null;

function follow(ms) {
  const line = lines.findLast((one) => Number(one.dataset.line) <= ms && ms < Number(one.dataset.end)) ?? null;
  if (line === spoken) return;
  spoken?.removeAttribute("aria-current");
  spoken = line;
  if (!line) return;
  line.setAttribute("aria-current", "true");
  const box = line.closest("[data-transcript]");
  if (box && !box.contains(document.activeElement)) {
    box.scrollTop = line.offsetTop - box.offsetTop - box.clientHeight / 3;
  }
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-seek]");
  if (!target || !player || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  player.seek(Number(target.dataset.seek));
  player.scrollIntoView({ block: "nearest" });
});

// An address may name a moment: #t=12.
const asked = /^#t=(\d+)$/.exec(location.hash);
if (asked && player?.dataset.kind === "video") {
  player.addEventListener("click", () => player.play({ atMs: asked[1] * 1000 }), { once: true, capture: true });
}

// -- a channel that moves on -------------------------------------------------------------------

const watching = document.querySelector("[data-now-url]");
let schedule = null;
let programmeMs = null;
let railOf = watching?.dataset.programme ?? "";

function onAir(wallMs) {
  if (!schedule) return null;
  const entries = [schedule.current, ...schedule.next].filter(Boolean);
  return entries.find((one) => wallMs >= one.begins_ms && wallMs < one.ends_ms) ?? null;
}

async function refresh() {
  try {
    const answer = await fetch(watching.dataset.nowUrl);
    if (answer.ok) schedule = await answer.json();
  } catch { /* offline: what stands there stays */ }
  tick(Date.now());
}

function text(parent, name, value) {
  const part = parent.querySelector(`[data-${name}]`);
  if (part && part.textContent !== value) part.textContent = value;
}

async function tick(wallMs) {
  const entry = onAir(wallMs);
  if (!entry) return;
  const bar = watching.querySelector("progress");
  if (bar) { bar.max = entry.ends_ms - entry.begins_ms; bar.value = wallMs - entry.begins_ms; }
  programmeMs = entry.state === "shown" ? wallMs - entry.begins_ms + entry.offset_ms : null;
  if (programmeMs !== null && railOf === entry.code) showCues(programmeMs);
  const key = `${entry.code}@${entry.begins_ms}`;
  if (watching.dataset.shown === key) return;
  watching.dataset.shown = key;
  text(watching, "title", entry.title);
  text(watching, "kind", entry.kind);
  text(watching, "span", `${entry.begins} – ${entry.ends}`);
  text(watching, "note", entry.note);
  text(watching, "synopsis", entry.synopsis);
  watching.querySelector("[data-link]")?.setAttribute("href", entry.url);
  const start = document.querySelector("[data-from-start]");
  if (start) { start.dataset.fromStart = String(entry.begins_ms); start.hidden = entry.state !== "shown"; }
  for (const item of document.querySelectorAll("[data-begins]")) {
    if (item.dataset.begins === String(entry.begins_ms)) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
    item.hidden = Number(item.dataset.ends) <= wallMs;
  }
  if (railOf !== entry.code) await swapRail(entry);
}

async function swapRail(entry) {
  railOf = entry.code;
  const place = document.querySelector("[data-rail-place]");
  if (!place) return;
  if (entry.state !== "shown") { place.replaceChildren(); return; }
  try {
    const answer = await fetch(entry.products_url);
    if (!answer.ok || railOf !== entry.code) return;
    place.innerHTML = await answer.text();
    shown.clear();
  } catch { /* the old rail is better than none */ }
}

if (watching) {
  refresh();
  setInterval(refresh, 20_000);
  // With a player on, its own picture's time counts: it may be behind the clock.
  setInterval(() => tick(player?.hls?.playingDate?.getTime() ?? Date.now()), 1000);
}

document.addEventListener("click", (event) => {
  const start = event.target.closest("[data-from-start]");
  if (start && player) player.fromStart(Number(start.dataset.fromStart));
});

player?.addEventListener("kotinos:time", ({ detail }) => {
  if (watching) return;
  showCues(detail.ms);
  follow(detail.ms);
});

// -- an event that begins or ends -----------------------------------------------------------------

const event = document.querySelector("[data-state-url]");
const busy = () => ["waiting", "loading", "playing"].includes(player?.dataset.state);
if (event) {
  setInterval(async () => {
    try {
      const { state } = await (await fetch(event.dataset.stateUrl)).json();
      // A player that waits begins by itself, and who watches the end of it sees it to the end.
      if (state !== event.dataset.event && !busy()) location.reload();
    } catch { /* offline: the next time will tell */ }
  }, 8000);
}

// -- sharing --------------------------------------------------------------------------------------

document.addEventListener("click", async (click) => {
  const copy = click.target.closest("[data-copy]");
  if (!copy) return;
  click.preventDefault();
  try {
    await navigator.clipboard.writeText(copy.href);
    if (live) live.textContent = copy.dataset.copy;
    copy.querySelector("[data-copied]")?.removeAttribute("hidden");
  } catch { location.assign(copy.href); }
});
