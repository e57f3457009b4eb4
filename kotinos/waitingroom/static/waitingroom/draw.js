// Works out a rank in the reader's own browser with WebCrypto, which is there on safe addresses
// (https, this computer). Without it the form goes to the server, which works out the same.

const form = document.querySelector("[data-draw]");
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function rankOf(seed, identity) {
  const key = await crypto.subtle.importKey("raw", bytes(seed), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(identity));
  return new DataView(signature).getBigUint64(0);
}

async function show() {
  const identity = form.elements.identity.value.trim().toLowerCase();
  const good = /^[0-9a-f]{32}$/.test(identity);
  form.querySelector("[data-wrong]").hidden = good;
  form.elements.identity.toggleAttribute("aria-invalid", !good);
  form.querySelector("[data-result]").hidden = !good;
  if (!good) { form.elements.identity.focus(); return; }
  const { seed, hash } = form.dataset;
  const rank = await rankOf(seed, identity);
  const share = Number((rank * 1_000_000n) >> 64n) / 1e6;
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 2 });
  form.querySelector("[data-rank]").textContent = String(rank);
  form.querySelector("[data-share]").textContent = percent.format(share);
  form.querySelector("[data-hash-good]").hidden = hex(await crypto.subtle.digest("SHA-256", bytes(seed))) !== hash;
  form.querySelector("[data-by-server]").hidden = true;
  form.querySelector("[data-by-you]").hidden = false;
}

if (form && globalThis.crypto?.subtle) {
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  if (form.elements.identity.value) show();
}
