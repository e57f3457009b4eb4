// <kotinos-line>: one person's place in one line. Every sentence stands in the page already, in the
// reader's language; this module chooses which are shown and fills in numbers. Decisions are made
// with the server's time as the status document tells it, never with this device's clock.

const FULL = 2n ** 64n;
const SECOND = 1000, MINUTE = 60 * SECOND, DAY = 24 * 60 * MINUTE;
const HIDDEN_MS = 6 * SECOND, EARLY_MS = 5 * SECOND, FAILING_MS_MAX = 30 * SECOND;
const STANDING_MS = 20 * SECOND; // so long nobody was called, and we have not come nearer
const QUIET_MS = 20 * SECOND; // between two announcements that are not urgent
const SAID_AT = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000, 1000000];
const language = document.documentElement.lang;
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const rough = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
const unit = (name) => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long", maximumFractionDigits: 0 });
const [days, minutes, seconds] = ["day", "minute", "second"].map(unit);
const clockTime = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const dayAndTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

class KotinosLine extends HTMLElement {
  failures = 0;
  state = "";
  rank = null;
  nearest = NaN;
  nearerAt = 0;
  saidAt = -Infinity;
  saidStep = Infinity;

  connectedCallback() {
    this.room = this.dataset.room;
    this.key = `kotinos-line-${this.room.slice(0, 8)}`;
    this.kept = this.remember();
    this.pageTitle = document.title;
    this.takeHandedOver();
    this.wire();
    this.poll();
    this.join();
    setInterval(() => this.paint(), SECOND / 2);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.pollNow(); });
    for (const event of ["online", "offline"]) addEventListener(event, () => this.pollNow());
  }

  // ---- What this browser keeps: the ticket beside its cookie, so that a place can be worked out here.

  remember() {
    try { return JSON.parse(localStorage.getItem(this.key)) ?? {}; } catch { return {}; }
  }

  keep(more) {
    Object.assign(this.kept, more);
    try { localStorage.setItem(this.key, JSON.stringify(this.kept)); } catch { /* private mode: the cookie alone */ }
  }

  // A ticket that is not good any more: take another place.
  forget() {
    this.kept = {};
    this.keep({});
    this.ticket = null;
    this.rank = null;
    this.join();
  }

  takeHandedOver() {
    const ticket = new URLSearchParams(location.hash.slice(1)).get("place");
    if (!ticket) return;
    history.replaceState(null, "", location.pathname + location.search);
    if (readTicket(ticket)?.room === this.room.replaceAll("-", "")) this.keep({ ticket });
  }

  // ---- The server's time

  now() {
    return this.told ? this.told.ms + performance.now() - this.told.at : null;
  }

  hear(status) {
    this.told = { ms: status.now_ms, at: performance.now() };
    this.status = status;
  }

  // ---- Asking how far the line has come

  async poll() {
    clearTimeout(this.next);
    try {
      const answer = await fetch(`/fast/rooms/${this.room}/status`, { signal: AbortSignal.timeout(8 * SECOND) });
      if (!answer.ok) throw new Error(String(answer.status));
      this.hear(await answer.json());
      this.failures = 0;
    } catch {
      this.failures += 1;
    }
    this.block("offline").hidden = this.failures < 2 || this.closed;
    if (this.failures === 2 && !this.closed) this.say(this.block("offline").textContent);
    try { await this.consider(); } catch { /* the next status will tell */ }
    clearTimeout(this.next);
    this.next = setTimeout(() => this.poll(), this.pause());
  }

  pollNow() {
    clearTimeout(this.next);
    this.next = setTimeout(() => this.poll(), Math.random() * 150);
  }

  pause() {
    const spread = 0.75 + Math.random() / 2;
    if (this.closed || ["over", "sold-out"].includes(this.state)) return MINUTE * spread;
    if (this.failures) return Math.min(FAILING_MS_MAX, SECOND * 2 ** this.failures) * spread;
    if (document.hidden) return HIDDEN_MS * spread;
    const early = this.status.opens_ms - this.now();
    if (early > 1.5 * MINUTE) return EARLY_MS * spread;
    return SECOND * (1 + Math.random() / 5);
  }

  // ---- Joining

  async join() {
    for (let attempt = 0; !this.ticket && !this.closed; attempt += 1) {
      try {
        await this.joinOnce();
      } catch {
        await rest(Math.min(FAILING_MS_MAX, SECOND * 2 ** attempt) * (0.5 + Math.random()));
      }
    }
    await this.consider();
  }

  async joinOnce() {
    if (this.kept.ticket && await this.offer({ ticket: this.kept.ticket })) return;
    const me = await this.me();
    if (me.account && await this.offer({ account: me.account })) return;
    if (this.dataset.guests === undefined) {
      this.closed = true;
      this.show("account");
      return;
    }
    const { challenge, bits } = await post(`/fast/rooms/${this.room}/challenge`, {});
    const nonce = await this.prove(challenge, bits);
    await this.offer({ challenge, nonce });
  }

  async me() {
    const answer = await fetch(this.dataset.me, { credentials: "same-origin", cache: "no-store" });
    return answer.ok ? answer.json() : {};
  }

  // Whether the server took it. What it refuses for good is forgotten; what is only late is tried again.
  async offer(proof) {
    try {
      const joined = await post(`/fast/rooms/${this.room}/join`, proof);
      this.ticket = joined.ticket;
      const said = readTicket(joined.ticket);
      this.identity = said.identity;
      this.joinedMs = Number(joined.joined_ms ?? said.joined_ms);
      this.keep({ ticket: joined.ticket });
      return true;
    } catch (refused) {
      if (refused.error === "room-over") this.closed = true;
      if (!(refused instanceof Refused) || refused.status >= 500 || refused.status === 425 || refused.status === 429) throw refused;
      if (proof.ticket) { delete this.kept.ticket; this.keep({}); }
      return false;
    }
  }

  prove(challenge, bits) {
    this.show("joining");
    this.mark("proving", true);
    const progress = this.querySelector("[data-proof]");
    return this.ask({ word: "solve", challenge, bits }, (told) => {
      if (told.share) progress.value = told.share;
      return told.nonce;
    });
  }

  ask(question, read) {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.dataset.worker);
      worker.onmessage = ({ data }) => {
        const answer = read(data);
        if (answer === undefined) return;
        worker.terminate();
        resolve(answer);
      };
      worker.onerror = (event) => { worker.terminate(); reject(new Error(event.message)); };
      worker.postMessage(question);
    });
  }

  // ---- Where we stand

  async consider() {
    if (!this.status) return;
    if (this.ticket && this.drawn && this.status.seed && this.rank === null) {
      const told = await this.ask({ word: "rank", seed: this.status.seed, identity: this.identity }, (answer) => answer);
      this.rank = BigInt(told.rank);
      this.fair = told.hash === this.status.seed_hash;
    }
    const state = this.stateNow();
    if (state === "turn") await this.enter();
    else this.show(state);
    this.paint();
    this.announce();
  }

  get drawn() {
    return this.joinedMs < this.status.opens_ms;
  }

  stateNow() {
    const { phase, message, rate_high: rate } = this.status;
    if (phase === "over") return message === "sold-out" ? "sold-out" : "over";
    if (this.closed) return this.state;
    if (!this.ticket) return "joining";
    if (phase === "before") return "draw";
    if (this.drawn && this.rank === null) return "drawing";
    const place = this.place();
    if (place.served) return "turn";
    if (phase === "paused") return "paused";
    if (!(place.ahead >= this.nearest)) { this.nearest = place.ahead; this.nearerAt = performance.now(); }
    if (message === "sold-out") return "standing";
    if (!rate && performance.now() - this.nearerAt > STANDING_MS) return "standing";
    return place.ahead < 10 || place.highMinutes < 1 ? "almost" : "line";
  }

  place() {
    const told = this.status;
    const upto = BigInt(told.drawn_upto);
    const served = this.drawn ? this.rank < upto : this.joinedMs < told.arrived_upto_ms;
    const until = this.drawn ? this.rank : FULL;
    const share = until > upto ? Number(((until - upto) * 1_000_000_000n) / FULL) / 1e9 : 0;
    const arrived = this.drawn ? 0 : along(told.arrived_curve, this.joinedMs) - along(told.arrived_curve, told.arrived_upto_ms);
    const ahead = Math.max(0, share * told.drawn_people + arrived);
    // Chance in the draw, and the sketch that counts the line: 19 times of 20 it is within this.
    const spread = 1.96 * Math.sqrt(ahead) + (ahead * (told.line_error_percent ?? 0)) / 100;
    return {
      served,
      ahead,
      spread,
      lowMinutes: told.rate_high > 0 ? Math.max(0, ahead - spread) / told.rate_high : NaN,
      highMinutes: told.rate_low > 0 ? (ahead + spread + 1) / told.rate_low : NaN,
    };
  }

  // ---- Our turn

  // Asks to be let in, once, and only while somebody looks: minutes do not run for who is away.
  async enter() {
    if (this.admittedUntil || this.entering) return;
    const isNew = this.state !== "turn";
    if (document.hidden) {
      this.show("turn");
      if (isNew) this.call();
      return;
    }
    this.entering = true;
    try {
      const answer = await post(`/fast/rooms/${this.room}/admission`, { ticket: this.ticket });
      if (!answer.admission) { this.show("almost"); return; }
      this.admittedUntil = Date.parse(answer.expires_at);
      this.leadAt = this.now() + 1000 * this.dataset.leadSeconds;
      this.show("turn");
      if (isNew) this.call();
    } catch (refused) {
      if (refused.error === "room-over") this.show("over");
      else if (refused instanceof Refused && refused.status < 500) this.forget();
      // Anything else: asked again with the next status.
    } finally {
      this.entering = false;
    }
  }

  call() {
    this.say(this.block("turn").querySelector("[data-say]").textContent, { urgent: true });
    if (this.audio) { chime(this.audio); navigator.vibrate?.([180, 90, 180]); }
    if (document.hidden && self.Notification?.permission === "granted") {
      const headline = this.block("turn").querySelector("h2").textContent;
      const notice = new Notification(headline, { body: this.dataset.name, tag: this.key, requireInteraction: true });
      notice.onclick = () => { focus(); notice.close(); };
    }
  }

  // ---- Showing it

  block(name) {
    return this.querySelector(`[data-state="${name}"], [data-part="${name}"]`);
  }

  show(state) {
    if (!state || state === this.state) return;
    this.state = state;
    this.dataset.now = state;
    for (const part of this.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
    const order = { joining: 0, account: 0, draw: 1, drawing: 1, line: 2, paused: 2, standing: 2, almost: 2, turn: 3 }[state] ?? NaN;
    this.querySelectorAll("[data-step]").forEach((step) => {
      const number = Number(step.dataset.step);
      step.classList.toggle("is-done", number < order);
      step.classList.toggle("is-now", number === order);
      if (number === order) step.setAttribute("aria-current", "step"); else step.removeAttribute("aria-current");
    });
    this.block("keep").hidden = !this.ticket || !(order <= 2);
    this.block("tell").hidden = !(order <= 2);
    this.block("hand").hidden = !this.ticket || !(order <= 2);
  }

  paint() {
    const now = this.now();
    if (now === null) return;
    const told = this.status;
    this.fill("countdown", countdown(told.opens_ms - now));
    this.fill("line-people", rough.format(Math.max(Number(Boolean(this.ticket)), told.line_people)));
    this.fill("opens", dayAndTime.format(told.opens_ms));
    if (this.ticket) {
      this.fill("joined", clockTime.format(this.joinedMs));
      this.fill("identity", this.identity);
      for (const link of this.querySelectorAll("[data-my-draw]")) link.href = `${this.dataset.draw}?identity=${this.identity}`;
      this.querySelector("[data-hand-link]").value = `${location.origin}${location.pathname}#place=${this.ticket}`;
    }
    if (["line", "almost", "paused", "standing"].includes(this.state)) this.paintPlace();
    if (this.state === "turn") this.paintTurn(now);
    document.title = this.titleNow();
  }

  paintPlace() {
    const { ahead, spread, lowMinutes, highMinutes } = this.place();
    const shown = Math.ceil(ahead);
    if (!(this.kept.first >= shown)) this.keep({ first: shown });
    this.fill("ahead", shown >= 1000 ? rough.format(shown) : whole.format(shown));
    this.fill("wait", range(lowMinutes, highMinutes));
    this.fill("error", new Intl.NumberFormat(language, { style: "percent" }).format(Math.max(1, Math.ceil((100 * spread) / Math.max(1, ahead))) / 100));
    this.mark("know-wait", Number.isFinite(highMinutes));
    this.mark("is-estimate", shown >= 100);
    for (const bar of this.querySelectorAll("[data-progress]")) bar.value = this.kept.first ? 1 - ahead / this.kept.first : 0;
    this.ahead = shown;
  }

  paintTurn(now) {
    if (!this.admittedUntil) return;
    const left = Math.max(0, this.admittedUntil - now);
    this.mark("expired", !left);
    this.fill("left", left > 90 * SECOND ? minutes.format(Math.round(left / MINUTE)) : seconds.format(Math.ceil(left / SECOND)));
    const lead = document.hidden || this.stay || !this.dataset.leadSeconds ? null : this.leadAt - now;
    if (document.hidden) this.leadAt = now + 1000 * this.dataset.leadSeconds;
    this.mark("leads", lead !== null);
    if (lead !== null) this.fill("lead", seconds.format(Math.max(0, Math.ceil(lead / SECOND))));
    if (lead !== null && lead <= 0) { this.stay = true; location.assign(this.dataset.buy); }
  }

  titleNow() {
    if (this.state === "turn") return `● ${this.block("turn").querySelector("h2").textContent}`;
    if (["line", "almost"].includes(this.state)) return `(${whole.format(this.ahead ?? 0)}) ${this.pageTitle}`;
    if (this.state === "draw") return `${countdown(this.status.opens_ms - this.now())} · ${this.pageTitle}`;
    return this.pageTitle;
  }

  fill(name, text) {
    for (const slot of this.querySelectorAll(`[data-fill="${name}"]`)) if (slot.textContent !== text) slot.textContent = text;
  }

  mark(name, on) {
    for (const part of this.querySelectorAll(`[data-if="${name}"]`)) part.hidden = !on;
    for (const part of this.querySelectorAll(`[data-unless="${name}"]`)) part.hidden = on;
  }

  // ---- Saying it, seldom

  announce() {
    if (this.state !== this.saidState) {
      this.saidState = this.state;
      const part = this.block(this.state);
      if (part && this.state !== "turn") this.say((part.querySelector("[data-say]") ?? part.querySelector("h2") ?? part).textContent);
    } else if (this.state === "line") {
      const step = SAID_AT.find((one) => this.ahead <= one) ?? Infinity;
      if (step < this.saidStep && performance.now() - this.saidAt > QUIET_MS) {
        this.saidStep = step;
        this.say(this.block("line").querySelector("[data-say]").textContent);
      }
    }
  }

  say(text, { urgent = false } = {}) {
    this.saidAt = performance.now();
    const voice = this.querySelector(urgent ? "[role=alert]" : "[role=status]");
    voice.textContent = text.replace(/\s+/g, " ").trim();
  }

  // ---- Buttons

  wire() {
    const sound = this.querySelector("[data-sound]");
    sound.addEventListener("click", () => {
      this.audio = this.audio ? (this.audio.close(), null) : new AudioContext();
      sound.setAttribute("aria-pressed", String(Boolean(this.audio)));
      if (this.audio) chime(this.audio);
    });
    const notify = this.querySelector("[data-notify]");
    notify.hidden = !("Notification" in self) || !isSecureContext;
    const pressed = () => notify.setAttribute("aria-pressed", String(self.Notification?.permission === "granted"));
    notify.addEventListener("click", async () => { await Notification.requestPermission(); pressed(); });
    pressed();
    this.querySelector("[data-copy]").addEventListener("click", (event) => this.copy(event.target));
    this.querySelector("[data-stay]").addEventListener("click", () => { this.stay = true; this.paint(); });
  }

  async copy(button) {
    const field = this.querySelector("[data-hand-link]");
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
    button.textContent = button.dataset.done;
    this.say(button.dataset.done);
  }
}

class Refused extends Error {
  constructor(status, error) {
    super(error);
    this.status = status;
    this.error = error;
  }
}

async function post(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15 * SECOND),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, told.error ?? "");
  return told;
}

const rest = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// A ticket is signed, not secret: its holder may read it. `payload.signature`, the payload JSON in
// URL-safe base64: [id, expiry, {room, identity, joined_ms}].
function readTicket(text) {
  try {
    const plain = atob(text.split(".")[0].replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(plain)[2];
  } catch { return null; }
}

// How many had arrived at a moment: the curve's points are joined by straight lines.
function along(curve, ms) {
  if (!curve?.length || ms <= curve[0][0]) return curve?.[0]?.[1] ?? 0;
  for (let at = 1; at < curve.length; at += 1) {
    const [from, before] = curve[at - 1], [to, after] = curve[at];
    if (ms <= to) return before + ((after - before) * (ms - from)) / Math.max(1, to - from);
  }
  return curve.at(-1)[1];
}

function countdown(ms) {
  const left = Math.max(0, Math.ceil(ms / SECOND));
  const two = (number) => String(number).padStart(2, "0");
  const time = [Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60].map(two).join(":");
  return ms >= DAY ? `${days.format(Math.floor(ms / DAY))} ${time}` : time;
}

// "12–18 minutes", as the reader's language writes a range.
function range(low, high) {
  if (!Number.isFinite(high)) return "";
  const [from, to] = high < 1 ? [low * 60, high * 60].map(Math.ceil) : [Math.floor(low), Math.ceil(high)];
  const format = high < 1 ? seconds : minutes;
  if (from >= to || !format.formatRange) return format.format(to);
  return format.formatRange(Math.max(1, from), to);
}

// Three notes of an open chord; made here, so that no sound file is loaded.
function chime(audio) {
  [[392, 0], [587.33, 0.16], [783.99, 0.32]].forEach(([hertz, after]) => {
    const start = audio.currentTime + after;
    const tone = new OscillatorNode(audio, { type: "triangle", frequency: hertz });
    const loudness = new GainNode(audio, { gain: 0 });
    loudness.gain.linearRampToValueAtTime(0.22, start + 0.02);
    loudness.gain.setValueAtTime(0.22, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.9);
    tone.connect(loudness).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 1);
  });
}

customElements.define("kotinos-line", KotinosLine);
