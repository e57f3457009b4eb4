// Counts a visit, if and only if the visitor says so. Before a "yes" nothing is stored and nothing
// is sent; a browser that asks not to be counted (Global Privacy Control, Do Not Track) is not even
// asked. A "no" is remembered, because asking again would be pestering. Nobody but our own host
// hears of it, and the answer can be changed at the foot of every page.

const CHOICE = "kotinos-consent"; // "yes" or "no"
const VISITOR = "kotinos-visitor"; // a random number, after a "yes" only
const DOOR = "/v1/batch";
const WAIT_MS = 1500;
const WAIT_MS_MAX = 60_000;
const BATCH_MAX = 40; // a body that outlives its page may have 64 kB
const KEPT_MAX = 200;
const SECRET_LENGTH = 60; // a part of a path this long with a dot in it is a signed token

const source = document.querySelector("meta[name=insight]");
const panel = document.querySelector("[data-consent]");
const openers = document.querySelectorAll("[data-consent-open]");

const store = {
  read(name) { try { return localStorage.getItem(name); } catch { return null; } },
  write(name, value) { try { localStorage.setItem(name, value); } catch { /* asked again next time */ } },
  drop(name) { try { localStorage.removeItem(name); } catch { /* there is nothing */ } },
};

const objects = () => navigator.globalPrivacyControl === true || navigator.doNotTrack === "1";
const agreed = () => !objects() && store.read(CHOICE) === "yes";

function visitor() {
  const known = store.read(VISITOR);
  if (known) return known;
  const fresh = crypto.randomUUID();
  store.write(VISITOR, fresh);
  return store.read(VISITOR) ?? fresh;
}

// -- sending -------------------------------------------------------------------------------------

let kept = [];
let timer = null;
let waitMs = WAIT_MS;

function tell(type, name, properties = {}, messageId = crypto.randomUUID()) {
  if (!source || !agreed()) return;
  kept.push({
    type, messageId, [type === "page" ? "name" : "event"]: name,
    anonymousId: visitor(),
    timestamp: new Date().toISOString(),
    properties: { ...about(), ...properties, path: path() },
    context: context(),
  });
  kept = kept.slice(-KEPT_MAX);
  timer ??= setTimeout(send, waitMs);
}

const about = () => ({ edition: source.dataset.edition, territory: source.dataset.territory });

const context = () => ({
  library: { name: "kotinos-tracker", version: "1" },
  locale: source.dataset.language,
  page: { path: path(), referrer: referrer() },
  campaign: campaign(),
  consent: { analytics: true, categoryPreferences: { Analytics: true } },
});

// An order's address carries the key to it: nobody needs that to count.
const path = () => location.pathname.split("/")
  .map((part) => (part.length > SECRET_LENGTH && part.includes(".") ? "-" : part)).join("/");

function referrer() {
  try {
    const from = new URL(document.referrer);
    return from.host === location.host ? "" : `${from.origin}/`;
  } catch { return ""; }
}

function campaign() {
  const named = [...new URLSearchParams(location.search)].filter(([name]) => /^utm_(campaign|source|medium)$/.test(name));
  const found = Object.fromEntries(named.map(([name, value]) => [name.slice(4), value.slice(0, 100)]));
  if (found.campaign) found.name = found.campaign;
  return found;
}

const body = (batch) => JSON.stringify({ writeKey: source.content, batch, sentAt: new Date().toISOString() });

// `keepalive` lets the last words of a page leave after it; no cookie goes with them.
const post = (batch) => fetch(DOOR, {
  method: "POST", body: body(batch), keepalive: true, credentials: "omit", headers: { "Content-Type": "text/plain" },
});

async function send() {
  timer = null;
  if (!agreed()) { kept = []; return; }
  const batch = kept.splice(0, BATCH_MAX);
  if (!batch.length) return;
  let again = waitMs * 2;
  try {
    const answer = await post(batch);
    if (answer.ok || (answer.status < 500 && answer.status !== 429)) { waitMs = WAIT_MS; batch.length = 0; }
    else again = Math.max(again, 1000 * (Number(answer.headers.get("Retry-After")) || 0));
  } catch { /* offline: the same ids later, counted once */ }
  if (batch.length) {
    kept = [...batch, ...kept].slice(-KEPT_MAX);
    waitMs = Math.min(again, WAIT_MS_MAX);
  }
  if (kept.length) timer ??= setTimeout(send, waitMs);
}

function leave() {
  if (!kept.length || !agreed()) return;
  const batch = kept.splice(0, BATCH_MAX);
  if ("keepalive" in Request.prototype) post(batch).catch(() => {});
  else navigator.sendBeacon(DOOR, body(batch));
}

// -- what a page has to tell -----------------------------------------------------------------------

// `data-tell="Product Viewed" data-tell-product_id="…"`: templates say what stands there.
function properties(element) {
  const named = [...(element?.attributes ?? [])].filter((one) => one.name.startsWith("data-tell-") && one.value);
  return Object.fromEntries(named.map((one) => [one.name.slice(10), one.value]));
}

let lookedAt = "";

function look() {
  if (!source || !agreed()) return;
  lookedAt = location.href;
  tell("page", location.pathname.split("/")[2] || "home");
  for (const element of document.querySelectorAll("[data-tell]")) {
    const { once_id: id, ...rest } = properties(element);
    tell("track", element.dataset.tell, rest, id);
  }
}

document.addEventListener("kotinos:in-basket", ({ detail: { form } }) => {
  const fields = new FormData(form);
  const more = { quantity: Number(fields.get("units") ?? 1), variant: fields.get("variant") ?? "" };
  if (fields.get("via")) more.via = fields.get("via");
  tell("track", "Product Added", { ...properties(form.closest("[data-tell-product_id]")), ...more });
});

const played = new Set();
document.addEventListener("kotinos:time", ({ target }) => {
  const { subject } = target.dataset;
  if (!subject || played.has(subject) || !agreed()) return;
  played.add(subject);
  tell("track", "Video Playback Started", { ...properties(target.closest("[data-tell-subject]")), subject });
});

document.addEventListener("htmx:afterSwap", () => { if (location.href !== lookedAt) look(); });
addEventListener("pageshow", (event) => { if (event.persisted) look(); });
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });

// -- the question ----------------------------------------------------------------------------------

function show({ asked }) {
  const choice = objects() ? "objects" : store.read(CHOICE) ?? "";
  for (const part of panel.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(choice || "open");
  const number = panel.querySelector("[data-visitor]");
  if (number) number.textContent = choice === "yes" ? store.read(VISITOR) ?? "" : "";
  panel.hidden = false;
  if (asked) panel.focus();
}

let opener = null;

function close() {
  panel.hidden = true;
  opener?.focus();
  opener = null;
}

function forget() {
  store.drop(VISITOR);
  kept = [];
}

function choose(answer) {
  const before = agreed();
  store.write(CHOICE, answer);
  if (answer === "no") forget();
  close();
  if (answer === "yes" && !before) look();
}

if (panel) {
  if (objects()) { store.drop(VISITOR); }
  panel.addEventListener("click", ({ target }) => {
    const { choose: answer, close: closes } = target.closest("button")?.dataset ?? {};
    if (answer) choose(answer);
    else if (closes !== undefined) close();
  });
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape" && opener) close(); });
  for (const one of openers) {
    one.hidden = false;
    one.addEventListener("click", () => { opener = one; show({ asked: true }); });
  }
  // Said in another tab: this one follows.
  addEventListener("storage", (event) => {
    if (event.key !== CHOICE) return;
    if (event.newValue !== "yes") kept = [];
    if (event.newValue) panel.hidden = true;
  });
  if (source && !objects() && !store.read(CHOICE)) show({ asked: false });
  look();
}
