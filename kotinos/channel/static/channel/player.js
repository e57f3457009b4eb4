// <kotinos-player>: a poster with a play button until somebody wants to watch. Then it asks the
// fast lane whether and what to play, and only then loads what playing takes (engine.js, hls.js,
// media-chrome), so that a first visit stays light.
//
// For pages: `seek(ms)`, `fromStart(unixMs)`, `currentMs`, and the event `kotinos:time` with
// {ms, wallMs}. For tests: `hls`, `video`, `stats`.

const words = JSON.parse(document.getElementById("player-words")?.textContent ?? "{}");
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");

class KotinosPlayer extends HTMLElement {
  #engine;
  #loading;
  #waiting;
  #begun = false;

  connectedCallback() {
    if (this.#begun) return;
    this.#begun = true;
    this.poster = this.querySelector("[data-poster]");
    this.button = this.querySelector("[data-play]");
    this.status = this.querySelector("[data-status]");
    this.button.hidden = false;
    // Who points at the button is about to press it: that is when the pieces are fetched.
    for (const name of ["pointerenter", "focus", "touchstart"]) {
      this.button.addEventListener(name, () => this.#load(), { once: true, passive: true });
    }
    this.button.addEventListener("click", () => this.play());
    addEventListener("online", () => { if (this.dataset.state === "offline") this.play(); });
    if (this.dataset.kind === "live" && this.dataset.await !== undefined) this.#await();
    this.#state("idle");
  }

  disconnectedCallback() {
    // Moving the element in the page disconnects it for a moment only.
    queueMicrotask(() => { if (!this.isConnected) { this.#engine?.close(); clearTimeout(this.#waiting); } });
  }

  get hls() { return this.#engine?.hls ?? null; }
  get video() { return this.#engine?.video ?? null; }
  get stats() {
    return this.#engine?.stats() ?? { stalls: 0, dropped: 0, frames: 0, rungs: 0, firstFrameMs: null };
  }
  get currentMs() { return this.#engine?.positionMs() ?? 0; }
  get answer() { return this.#engine?.answer ?? null; }

  #load() {
    this.#loading ??= import(this.dataset.engine).then(async (engine) => {
      await engine.prepare(this.dataset, words);
      return engine;
    }).catch((error) => { this.#loading = undefined; throw error; });
    return this.#loading;
  }

  async ask() {
    const answer = await fetch(this.dataset.ask, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.status === 404) return { verdict: "refuse", reason: "unknown", opens_at: null };
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async play({ atMs = null, fromMs = null } = {}) {
    if (this.#engine) {
      if (fromMs !== null) return this.#engine.fromStart(fromMs);
      if (atMs !== null) this.#engine.seek(atMs);
      return this.#engine.video.play();
    }
    if (this.dataset.state === "loading") return undefined;
    const pressedAt = performance.now();
    this.#state("loading");
    try {
      const [engine, answer] = await Promise.all([this.#load(), this.ask()]);
      if (answer.verdict !== "show") return this.#refuse(answer);
      this.#engine = engine.open(this, answer, { words, atMs, pressedAt });
      if (answer.delay_minutes) this.say(fill(words.delayed, { minutes: answer.delay_minutes }));
      if (fromMs !== null) this.#engine.fromStart(fromMs);
    } catch (error) {
      console.info("kotinos-player:", error.message);
      this.fail(navigator.onLine ? "failed" : "offline");
    }
    return undefined;
  }

  seek(ms) { return this.#engine ? this.#engine.seek(ms) : this.play({ atMs: ms }); }
  fromStart(unixMs) { return this.play({ fromMs: unixMs }); }

  #refuse(answer) {
    if (this.dataset.kind === "live" && ["off-air", "not-on-air", "waiting"].includes(answer.reason)) {
      return this.#await();
    }
    const opens = answer.opens_at && new Date(answer.opens_at);
    const moment = opens && new Intl.DateTimeFormat(document.documentElement.lang, {
      dateStyle: "medium", timeStyle: "short" }).format(opens);
    const reason = words.reasons?.[answer.reason];
    this.#engine = undefined;
    this.#state("refused", [
      words.refused, reason && ` (${reason})`, moment && `. ${fill(words.opens, { moment })}`,
    ].filter(Boolean).join(""));
    return undefined;
  }

  // Before a broadcast: asks again until it is there, and plays it if that was asked for.
  #await() {
    this.#state("waiting", words.waiting);
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(async () => {
      try {
        if ((await this.ask()).verdict === "show") return this.play();
      } catch { /* the next time */ }
      return this.isConnected ? this.#await() : undefined;
    }, 5000);
  }

  // What the engine tells us.
  playing() {
    if (this.dataset.state === "playing") return;
    // Whoever pressed our button by hand or key finds the player's own where it was.
    const hadFocus = document.activeElement === this.button;
    this.#state("playing");
    if (hadFocus) this.#engine.focus();
  }
  refused(answer) { this.#close(); this.#refuse(answer); }
  fail(state) { this.#close(); this.#state(state, words[state]); this.button.focus({ preventScroll: true }); }
  ended() { this.dataset.state = "ended"; this.say(words.ended); }
  say(text) { this.status.textContent = text ?? ""; }

  #close() {
    this.#engine?.close();
    this.#engine = undefined;
  }

  #state(state, text = "") {
    this.dataset.state = state;
    this.button.querySelector("[data-label]").textContent =
      ["failed", "offline", "refused"].includes(state) ? words.retry : this.dataset.label;
    this.button.hidden = ["playing", "waiting"].includes(state);
    this.button.setAttribute("aria-disabled", String(state === "loading"));
    this.poster && (this.poster.hidden = state === "playing");
    this.say(state === "loading" ? words.loading : text);
  }
}

customElements.define("kotinos-player", KotinosPlayer);
