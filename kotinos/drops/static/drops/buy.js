// The order form of a drop: totals that follow the choice, the time that is left, and sending it to
// the fast lane without leaving the page. A repeat carries the same key, so it never orders twice.

const page = document.querySelector("[data-buy]");
const form = page.querySelector("form.purchase");
const { totals, wrong } = JSON.parse(page.querySelector("[data-script]").textContent);
const language = document.documentElement.lang;
const TRIES_MAX = 8, SECOND = 1000;
const memory = `kotinos-buy-${page.dataset.drop}`;

// ---- Totals: goods, shipping, tax, total, as the fixed quote says them.

const rows = [...page.querySelectorAll("[data-totals] dl > div")];
const parts = rows.filter((row) => !row.classList.contains("is-all")); // tax stands below or above
const inOrder = [...parts, ...rows.filter((row) => !parts.includes(row))];
function showTotals() {
  const found = totals[form.elements.variant.value]?.[Number(form.elements.units.value) - 1];
  if (found) inOrder.forEach((row, at) => { row.querySelector("dd").textContent = found[at]; });
}

// ---- The time that is left, by the server's clock.

const began = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
const now = () => Number(page.dataset.now) + performance.now() - began;
const unit = (name) => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" });
const [minutes, seconds] = ["minute", "second"].map(unit);
const clock = page.querySelector("[data-clock]");
let until = Number(page.dataset.until);
function showLeft() {
  const left = Math.max(0, Math.ceil((until - now()) / SECOND));
  clock.hidden = false;
  clock.classList.toggle("is-short", left <= 60);
  page.querySelector("[data-left]").textContent = left > 90 ? minutes.format(Math.round(left / 60)) : seconds.format(left);
}

// Let in again with the ticket that the cookie carries; false where the line says to wait.
async function letInAgain() {
  const answer = await fetch(`/fast/rooms/${page.dataset.room}/admission`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
  const told = answer.ok ? await answer.json() : {};
  if (!told.admission) return false;
  until = Date.parse(told.expires_at);
  return true;
}

// ---- What was typed stays on this device until the order stands.

const typed = () => [...form.elements].filter((field) => field.id?.startsWith("f-"));
function keepTyped() {
  try { sessionStorage.setItem(memory, JSON.stringify(Object.fromEntries(typed().map((field) => [field.name, field.value])))); } catch { /* private mode */ }
}
function bringBack() {
  let kept = {};
  try { kept = JSON.parse(sessionStorage.getItem(memory)) ?? {}; } catch { /* nothing kept */ }
  for (const field of typed()) if (!field.value && kept[field.name]) field.value = kept[field.name];
}

// ---- What went wrong

function problem(code, { focus = true } = {}) {
  let shown = null;
  for (const box of page.querySelectorAll("[data-problem]")) {
    box.hidden = box.dataset.problem !== code;
    if (!box.hidden) shown = box;
  }
  if (shown && focus) shown.parentElement.focus();
  return Boolean(shown);
}

function showWrong(fields) {
  const summary = page.querySelector("[data-errors]"), list = summary.querySelector("ul");
  list.replaceChildren();
  for (const field of typed()) {
    document.getElementById(`e-${field.name}`)?.remove();
    const said = fields[field.name] && (wrong[field.name]?.[fields[field.name]] ?? wrong[field.name]?.required);
    field.toggleAttribute("aria-invalid", false);
    const described = [document.getElementById(`h-${field.name}`)?.id];
    if (said) {
      field.setAttribute("aria-invalid", "true");
      const sentence = document.createElement("p");
      Object.assign(sentence, { className: "wrong", id: `e-${field.name}`, textContent: said });
      field.after(sentence);
      described.unshift(sentence.id);
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = `#${field.id}`;
      link.textContent = `${form.querySelector(`label[for="${field.id}"]`).firstChild.textContent.trim()}: ${said}`;
      item.append(link);
      list.append(item);
    }
    const ids = described.filter(Boolean).join(" ");
    if (ids) field.setAttribute("aria-describedby", ids); else field.removeAttribute("aria-describedby");
  }
  summary.hidden = !list.children.length;
  if (!summary.hidden) summary.focus();
}

// ---- Sending

function body() {
  const address = Object.fromEntries(typed().filter((field) => field.name !== "email").map((field) => [field.name, field.value]));
  return {
    key: form.elements.key.value,
    variant: form.elements.variant.value,
    units: Number(form.elements.units.value),
    territory: page.dataset.territory,
    language: page.dataset.language,
    email: form.elements.email.value.trim(),
    address,
  };
}

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

async function send(order) {
  const answer = await fetch(`/fast/drops/${page.dataset.drop}/orders`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(20 * SECOND),
  });
  const told = await answer.json().catch(() => ({}));
  const after = Number(answer.headers.get("Retry-After")) || 0;
  return { ok: answer.ok, status: answer.status, after, ...told };
}

// The answer that counts: what is only busy, or lost on the way, is asked again with the same key.
async function order() {
  let wasLetIn = false;
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    let told = { status: 0 };
    try { told = await send({ ...body(), first: attempt === 1 && !sent.has(form.elements.key.value) }); } catch { /* no connection: as if busy */ }
    sent.add(form.elements.key.value);
    if (told.status === 403 && !wasLetIn) {
      wasLetIn = true;
      if (await letInAgain().catch(() => false)) continue;
    }
    if (told.status !== 0 && told.status < 500 && told.status !== 429) return told;
    problem("retrying", { focus: attempt === 1 });
    const wait = Math.max(told.after, Math.min(8, 2 ** (attempt - 1))) * SECOND;
    await new Promise((resolve) => { setTimeout(resolve, wait * (0.75 + Math.random() / 2)); });
  }
  return { status: 503, error: "busy" };
}

let sending = false;
const sent = new Set(); // keys that the server may have met
function busy(on) {
  sending = on;
  const button = form.querySelector("[data-send]");
  button.setAttribute("aria-disabled", String(on));
  button.querySelector("[data-idle]").hidden = on;
  button.querySelector("[data-busy]").hidden = !on;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (sending) return;
  busy(true);
  keepTyped();
  problem("");
  const told = await order();
  if (told.ok) {
    try { sessionStorage.removeItem(memory); } catch { /* private mode */ }
    location.assign(told.pay_url ?? told.order_url);
    return;
  }
  busy(false);
  showWrong(told.fields ?? {});
  if (told.error === "hold-over") form.elements.key.value = freshKey();
  const isForm = told.error === "invalid" && typed().some((field) => told.fields?.[field.name]);
  if (!isForm && !problem(told.error)) problem("unknown");
});

form.addEventListener("change", showTotals);
form.addEventListener("input", keepTyped);
bringBack();
showTotals();
showLeft();
setInterval(showLeft, SECOND);
