// What every page's shell does by itself. Every part is an improvement: without it all links and
// forms still work.

const shell = document.documentElement;
const remembered = {
  read(name) { try { return localStorage.getItem(name); } catch { return null; } },
  write(name, value) { try { localStorage.setItem(name, value); } catch { /* private mode */ } },
};

// The number in the basket is personal, so it comes after the cacheable page.
async function countBasket() {
  try {
    const answer = await fetch("/fast/basket", { headers: { Accept: "application/json" } });
    if (answer.ok) showCount((await answer.json()).units);
  } catch { /* offline: no number is better than a wrong one */ }
}

function showCount(units) {
  for (const badge of document.querySelectorAll("[data-count]")) {
    badge.hidden = !units;
    badge.textContent = units ? new Intl.NumberFormat(shell.lang).format(units) : "";
  }
}

// Adding to the basket keeps the reader on the page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-once]")) {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    return;
  }
  if (!form.matches("[data-add]")) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(String(answer.status));
    if (!new URL(answer.url).pathname.endsWith("/basket")
        && !new URL(answer.url).pathname.endsWith("/basket/")) { location.assign(answer.url); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    toast(page.querySelector("[data-notice]")?.textContent ?? "✓");
    countBasket();
    document.dispatchEvent(new CustomEvent("kotinos:in-basket", { detail: { form } }));
  } catch {
    form.submit();
  } finally {
    button.removeAttribute("aria-disabled");
  }
});

function toast(text) {
  const box = document.querySelector("[data-toast]");
  box.hidden = false;
  box.querySelector("[data-toast-text]").textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, 8000);
}

// The territory chip opens in place; its link leads to the same form on a page of its own.
let dialog;
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-place]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || location.pathname === link.pathname) return;
  event.preventDefault();
  closeHint();
  try {
    dialog ??= await makeDialog(link.href);
    dialog.showModal();
    // With a mouse there is a keyboard: typing filters at once. A phone's would cover the list.
    if (matchMedia("(pointer: fine)").matches) dialog.querySelector("input[type=search]").focus();
    dialog.scrollTop = 0;
  } catch {
    location.assign(link.href);
  }
});

async function makeDialog(href) {
  const page = new DOMParser().parseFromString(await (await fetch(href)).text(), "text/html");
  const box = document.createElement("dialog");
  const bar = document.createElement("form");
  const close = document.createElement("button");
  const body = document.createElement("div");
  const title = page.querySelector("h1");
  bar.method = "dialog";
  bar.className = "dialog-close";
  close.className = "tool";
  close.textContent = "✕";
  close.setAttribute("aria-label", page.querySelector("[data-close-label]").dataset.closeLabel);
  bar.append(close);
  body.className = "dialog-in";
  const head = document.createElement("h2");
  head.id = "place-title";
  head.className = "band-head";
  head.textContent = title.textContent;
  body.append(head, page.querySelector("#place-form"));
  box.setAttribute("aria-labelledby", "place-title");
  box.append(bar, body);
  box.addEventListener("click", (click) => { if (click.target === box) box.close(); });
  document.body.append(box);
  const filter = page.querySelector("script[src*='filter']");
  if (filter) await import(filter.src);
  document.dispatchEvent(new CustomEvent("kotinos:added", { detail: body }));
  return box;
}

// The chip explains itself once; while the question about counting stands, it waits (by style).
const hint = document.querySelector("[data-hint]");
function closeHint() {
  if (hint) hint.hidden = true;
  remembered.write("kotinos-hint", "seen");
}
if (hint && !remembered.read("kotinos-hint")) {
  hint.hidden = false;
  hint.querySelector("[data-hint-close]").addEventListener("click", closeHint);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && hint.checkVisibility()) closeHint(); });
}

// On a phone the filters stay open while several are chosen.
let filtersOpen = false;
document.addEventListener("htmx:beforeSwap", () => {
  filtersOpen = document.querySelector("[data-filters]")?.open ?? false;
});
document.addEventListener("htmx:afterSwap", () => {
  const filters = document.querySelector("[data-filters]");
  if (filters) filters.open = filtersOpen;
});

// Beside the list the filters stand open; on a phone they wait for a tap.
function openFilters() {
  if (matchMedia("(min-width: 64rem)").matches) document.querySelector("[data-filters]")?.setAttribute("open", "");
}
document.addEventListener("htmx:afterSwap", openFilters);
openFilters();

// An order on its way asks how far it is, and the page changes only when there is news.
const moving = document.querySelector("[data-refresh]");
const news = (page) => [...page.querySelectorAll("h1, .timeline")].map((part) => part.textContent).join();
if (moving) {
  setInterval(async () => {
    try {
      const page = await (await fetch(location.href)).text();
      if (news(new DOMParser().parseFromString(page, "text/html")) !== news(document)) location.reload();
    } catch { /* offline: the next time will tell */ }
  }, 1000 * moving.dataset.refresh);
}

document.querySelector("[data-focus]")?.focus();
countBasket();
