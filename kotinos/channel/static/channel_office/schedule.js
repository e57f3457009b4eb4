// Drag, resize and keys on the timeline. Each ends in the same POST as the forms beside it.
const said = document.getElementById("said");
const token = document.querySelector("[name=csrfmiddlewaretoken]");
const SNAP_PX = 7, FAR_PX = 4, EDGE_PX = 40;
const lane = () => document.getElementById("lane");
const day = () => document.querySelector(".c-day");
const number = (element, name) => Number(element.dataset[name]);
const perTick = () => lane().getBoundingClientRect().height / number(day(), "ticks");

function say(text, good) {
  said.textContent = text;
  said.className = `c-said ${text ? (good ? "good" : "bad") : ""}`;
}

function clockOf(tick) {
  return new Date(tick * 4000).toISOString().slice(11, 19);
}

// What would take a change back: asked of the timeline as it is before.
function inverse(fields) {
  const given = Object.fromEntries(new URLSearchParams(fields));
  const slot = given.slot && document.querySelector(`.c-slot[data-slot="${given.slot}"]`);
  if (given.do === "place") return (placed) => ({ do: "remove", slot: placed });
  if (!slot) return null;
  const { from, ticks, item } = slot.dataset;
  if (given.do === "move") return () => ({ do: "move", slot: given.slot, tick: from });
  if (given.do === "resize") return () => ({ do: "resize", slot: given.slot, ticks });
  return slot.dataset.begun ? null : () => ({ do: "place", item, tick: from, ticks });
}

let back = null;
const undo = document.getElementById("undo");
if (undo) {
  undo.addEventListener("click", async () => {
    if (!back) return;
    const fields = back;
    await send(fields, fields.slot);
    back = null;
    undo.hidden = true;
  });
}

async function send(fields, focus) {
  const undone = inverse(fields);
  const body = new URLSearchParams(fields);
  const answer = await fetch(location.pathname + location.search, {
    method: "POST", body,
    headers: { "X-CSRFToken": token ? token.value : "", "HX-Request": "true" },
  }).catch(() => null);
  if (!answer || !answer.ok) {
    say(answer ? `${answer.status}` : "…", false);
    redraw();
    return;
  }
  await replaceDay(await answer.text());
  const { good, slotId } = document.getElementById("day").dataset;
  if (good && undo) {
    back = undone && undone(slotId);
    undo.hidden = !back;
  }
  const found = focus && document.querySelector(`[data-slot="${focus}"]`);
  if (found) found.focus({ preventScroll: true });
}

async function replaceDay(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("day");
  const top = document.querySelector(".c-scroll").scrollTop;
  document.getElementById("day").replaceWith(fresh);
  document.querySelector(".c-scroll").scrollTop = top;
  say(fresh.dataset.said, fresh.dataset.good);
}

async function redraw() {
  const answer = await fetch(location.pathname + location.search, { headers: { "HX-Request": "true" } });
  if (answer.ok) {
    const kept = [said.textContent, said.className];
    await replaceDay(await answer.text());
    [said.textContent, said.className] = kept;
  }
}

// What stands in the way of ticks [from, from + ticks), without one slot.
function inTheWay(from, ticks, without) {
  return [...document.querySelectorAll(".c-slot[data-from]")].filter((each) =>
    each.dataset.slot !== without && number(each, "from") < from + ticks && from < number(each, "from") + number(each, "ticks"));
}

// A tick near an edge of a neighbour, or of the lock, becomes that edge.
function snapped(tick, ticks, without) {
  const edges = [number(day(), "lock")];
  for (const each of document.querySelectorAll(".c-slot[data-from]")) {
    if (each.dataset.slot !== without) edges.push(number(each, "from") + number(each, "ticks"), number(each, "from") - ticks);
  }
  const near = edges.map((edge) => [Math.abs(edge - tick) * perTick(), edge]).sort((a, b) => a[0] - b[0])[0];
  return near && near[0] <= SNAP_PX ? near[1] : tick;
}

function mark(element, from, ticks, without) {
  for (const each of document.querySelectorAll(".c-slot.met")) each.classList.remove("met");
  const met = inTheWay(from, ticks, without);
  const early = from < number(day(), "lock");
  element.classList.toggle("conflict", Boolean(met.length) || early);
  for (const each of met) each.classList.add("met");
  const what = `${clockOf(from)} – ${clockOf(from + ticks)} UTC`;
  say(met.length ? `${what}: ${met[0].dataset.title}` : what, !met.length && !early);
  return !met.length && !early;
}

function unmark() {
  for (const each of document.querySelectorAll(".met, .conflict, .moving")) each.classList.remove("met", "conflict", "moving");
}

function tickAt(clientY) {
  return Math.round((clientY - lane().getBoundingClientRect().top) / perTick());
}

function scrollNear(clientY) {
  const box = document.querySelector(".c-scroll"), edges = box.getBoundingClientRect();
  if (clientY < edges.top + EDGE_PX) box.scrollTop -= 12;
  if (clientY > edges.bottom - EDGE_PX) box.scrollTop += 12;
}

// One drag: `draw(event)` follows the pointer, `drop()` ends it; Escape leaves everything as it was.
function drag(event, draw, drop) {
  const begun = { x: event.clientX, y: event.clientY };
  let far = false;
  const move = (now) => {
    far = far || Math.hypot(now.clientX - begun.x, now.clientY - begun.y) > FAR_PX;
    if (!far) return;
    now.preventDefault();
    scrollNear(now.clientY);
    draw(now, begun);
  };
  const end = (cancelled) => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", cancel);
    removeEventListener("keydown", keys, true);
    if (far) addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
    setTimeout(() => dispatchEvent(new Event("dragdone")), 0);
    drop(far && !cancelled);
  };
  const up = () => end(false), cancel = () => end(true);
  const keys = (key) => { if (key.key === "Escape") { key.preventDefault(); end(true); } };
  addEventListener("pointermove", move, { passive: false });
  addEventListener("pointerup", up);
  addEventListener("pointercancel", cancel);
  addEventListener("keydown", keys, true);
}

function dragSlot(slot, event) {
  const from = number(slot, "from"), ticks = number(slot, "ticks"), place = slot.closest(".c-place");
  const start = number(day(), "from");
  const grip = tickAt(event.clientY) + start - from;
  let wanted = from;
  drag(event, (now) => {
    wanted = snapped(tickAt(now.clientY) + start - grip, ticks, slot.dataset.slot);
    slot.classList.add("moving");
    place.style.setProperty("--from", wanted - start);
    mark(slot, wanted, ticks, slot.dataset.slot);
  }, (done) => {
    unmark();
    if (done && wanted !== from) send({ do: "move", slot: slot.dataset.slot, tick: wanted }, slot.dataset.slot);
    else { place.style.setProperty("--from", from - start); say("", true); }
  });
}

function dragGrip(slot, event) {
  const from = number(slot, "from"), ticks = number(slot, "ticks"), most = number(slot, "max");
  const place = slot.closest(".c-place"), start = number(day(), "from");
  let wanted = ticks;
  drag(event, (now) => {
    wanted = Math.max(1, Math.min(most, tickAt(now.clientY) + start - from));
    slot.classList.add("moving");
    place.style.setProperty("--ticks", wanted);
    mark(slot, from, wanted, slot.dataset.slot);
    slot.classList.toggle("conflict", Boolean(inTheWay(from, wanted, slot.dataset.slot).length));
  }, (done) => {
    unmark();
    if (done && wanted !== ticks) send({ do: "resize", slot: slot.dataset.slot, ticks: wanted }, slot.dataset.slot);
    else { place.style.setProperty("--ticks", ticks); say("", true); }
  });
}

function dragItem(item, event) {
  const input = item.querySelector("input"), ticks = number(input, "ticks");
  const ghost = document.getElementById("ghost"), start = number(day(), "from");
  let wanted = null;
  drag(event, (now) => {
    const box = lane().getBoundingClientRect();
    const inside = now.clientX >= box.left && now.clientX <= box.right;
    ghost.hidden = !inside;
    wanted = inside ? snapped(tickAt(now.clientY) + start, ticks, "") : null;
    if (!inside) { unmark(); return; }
    ghost.style.insetBlockStart = `${(wanted - start) * perTick()}px`;
    ghost.style.blockSize = `${ticks * perTick()}px`;
    ghost.textContent = `${clockOf(wanted)} ${item.querySelector("b").textContent}`;
    mark(ghost, wanted, ticks, "");
  }, (done) => {
    unmark();
    ghost.hidden = true;
    if (done && wanted !== null) send({ do: "place", item: input.value, tick: wanted });
  });
}

document.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !day() || !day().dataset.editable) return;
  const slot = event.target.closest(".c-slot[data-slot]"), item = event.target.closest("[data-drag]");
  if (event.target.closest(".c-grip")) { event.preventDefault(); dragGrip(slot, event); }
  else if (slot && !slot.dataset.begun) dragSlot(slot, event);
  else if (item && event.pointerType !== "touch") dragItem(item, event);
});
document.addEventListener("dragstart", (event) => {
  if (event.target.closest(".c-desk")) event.preventDefault();
});

// A click opens the slot beside the timeline; a gap becomes the time of what is placed next.
document.addEventListener("click", async (event) => {
  const slot = event.target.closest(".c-slot[data-slot]"), gap = event.target.closest("[data-gap]");
  if (event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  if (slot) {
    event.preventDefault();
    await inspect(slot.dataset.slot);
    document.getElementById("inspector").focus();
  }
  if (gap && document.getElementById("place-at")) {
    event.preventDefault();
    const field = document.getElementById("place-at");
    field.value = new Date(number(gap, "gap") * 4000).toISOString().slice(0, 19);
    field.focus();
  }
});

async function inspect(id) {
  const answer = await fetch(`${location.pathname}${id}/${location.search}`, { headers: { "HX-Request": "true" } });
  if (answer.ok) document.getElementById("inspector").innerHTML = await answer.text();
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-do]");
  if (!form) return;
  event.preventDefault();
  const fields = new FormData(form), slot = fields.get("slot");
  await send(fields, slot);
  if (slot && document.querySelector(`[data-slot="${slot}"]`)) await inspect(slot);
});

// Keys on a slot: what is pending is drawn, Enter keeps it.
let pending = null;
function startPending(slot) {
  if (!pending || pending.slot !== slot) pending = { slot, from: number(slot, "from"), ticks: number(slot, "ticks") };
  return pending;
}
function drawPending() {
  const place = pending.slot.closest(".c-place");
  place.style.setProperty("--from", pending.from - number(day(), "from"));
  place.style.setProperty("--ticks", pending.ticks);
  pending.slot.classList.add("moving");
  mark(pending.slot, pending.from, pending.ticks, pending.slot.dataset.slot);
}
function dropPending() {
  if (!pending) return;
  const { slot } = pending;
  pending.from = number(slot, "from");
  pending.ticks = number(slot, "ticks");
  if (slot.isConnected) drawPending();
  pending = null;
  unmark();
  say("", true);
}

document.addEventListener("keydown", async (event) => {
  const slot = event.target.closest(".c-slot[data-slot]");
  if (!slot || !day().dataset.editable || slot.dataset.locked || event.ctrlKey || event.metaKey) return;
  const step = event.shiftKey ? 15 : 1;
  const move = { ArrowUp: -step, ArrowDown: step, PageUp: -150, PageDown: 150 }[event.key];
  const grow = { "+": 1, "=": 1, "-": -1 }[event.key];
  if (move !== undefined && !slot.dataset.begun) {
    event.preventDefault();
    startPending(slot).from += move;
    drawPending();
  } else if (grow !== undefined) {
    event.preventDefault();
    const kept = startPending(slot);
    kept.ticks = Math.max(1, Math.min(number(slot, "max"), kept.ticks + grow));
    drawPending();
  } else if (event.key === "Escape") {
    dropPending();
  } else if (event.key === "Delete") {
    event.preventDefault();
    pending = null;
    await send({ do: "remove", slot: slot.dataset.slot });
  } else if (event.key === "Enter" && pending && pending.slot === slot) {
    event.preventDefault();
    await keepPending();
  }
});
async function keepPending() {
  const { slot, from, ticks } = pending, id = slot.dataset.slot;
  pending = null;
  unmark();
  const wasLong = ticks !== number(slot, "ticks");
  if (from !== number(slot, "from")) await send({ do: "move", slot: id, tick: from }, id);
  if (wasLong) await send({ do: "resize", slot: id, ticks }, id);
}
document.addEventListener("focusout", (event) => {
  if (pending && event.target === pending.slot) dropPending();
});

// The running hour is what one wants to see first.
const now = document.querySelector(".c-now");
if (now) document.querySelector(".c-scroll").scrollTop = now.offsetTop - 120;
