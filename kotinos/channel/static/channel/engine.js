// What playing takes: hls.js on a video element, media-chrome's controls around it, a token that
// renews itself, and what is told to us of watching. Loaded by player.js when it is needed.

let Hls;
let prepared;

// Playing waits for hls.js alone; the controls come to life around the picture when they are here.
export function prepare(where, words) {
  if (!prepared) {
    keepPolicy();
    dress(where, words);
    prepared = import(where.hls).then((module) => { Hls = module.default; });
    prepared.catch(() => { prepared = undefined; });
  }
  return prepared;
}

// The words come first: controls name themselves as they are made.
async function dress(where, words) {
  try {
    const { addTranslation, setLanguage } = await import(where.labels);
    const language = document.documentElement.lang;
    addTranslation(language, words.chrome);
    setLanguage(language);
    await import(where.chrome);
    // It calls a switch a button, and then says of it what only a switch can be.
    for (const one of document.querySelectorAll("media-captions-button")) one.role = "switch";
  } catch (error) {
    console.info("kotinos-player: no controls,", error.message);
    for (const video of document.querySelectorAll("kotinos-player video")) video.controls = true;
  }
}

// media-chrome writes its styles as text into its shadow roots, which our content policy refuses.
// The same rules come in through the style sheet's own door instead: an empty style element (the
// one the policy knows) is filled rule by rule.
function keepPolicy() {
  const plain = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, "innerHTML");
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function attachShadow(options) {
    const root = attach.call(this, options);
    if (this.localName.startsWith("media-")) {
      Object.defineProperty(root, "innerHTML", {
        configurable: true,
        get() { return plain.get.call(root); },
        set(html) { write(root, html, plain.set); },
      });
      root.setHTMLUnsafe = undefined; // the other way in, which it prefers where there is one
    }
    return root;
  };
}

function write(root, html, set) {
  const texts = [];
  // A shadow root inside of the text would bring its styles past us; its element makes its own.
  const plain = html.replace(/<template shadowrootmode[^]*?<\/template>/g, "");
  set.call(root, plain.replace(/(<style[^>]*>)([^]*?)(<\/style>)/g, (_, open, text, close) => {
    texts.push(text);
    return open + close;
  }));
  const styles = [...root.querySelectorAll("style")];
  for (const [number, text] of texts.entries()) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    const own = styles[number]?.sheet;
    if (!own) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      continue;
    }
    for (const rule of sheet.cssRules) own.insertRule(rule.cssText, own.cssRules.length);
  }
}

// The lists that media-chrome's menus read, in the shape of the standards that browsers lack.
class Choices extends EventTarget {
  #items = [];
  #selected = -1;
  get length() { return this.#items.length; }
  [Symbol.iterator]() { return this.#items[Symbol.iterator](); }
  fill(items, added) {
    this.#items = items;
    for (const [index, item] of items.entries()) this[index] = item;
    this.dispatchEvent(new Event(added));
  }
  get selectedIndex() { return this.#selected; }
  set selectedIndex(index) { this.#selected = index; this.onpick?.(index); this.changed(); }
  changed() { this.dispatchEvent(new Event("change")); }
}

export function open(player, answer, options) {
  return new Engine(player, answer, options);
}

const BEAT_MS = 10_000;
const RETRIES_MAX = 4;
const SHORTEST_RENEWAL_MS = 5_000;
const MAIN = "a";
// Drawn for one playing and kept nowhere; `randomUUID` is there on https only.
const newView = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

class Engine {
  #player; #answer; #words; #token; #timer; #poll; #pressedAt; #firstFrameMs = null;
  #stalls = 0; #rungs = 0; #level = -1; #retries = 0; #recovered = 0; #watchedMs = 0; #tickedAt = null;
  #view = newView(); #queue = []; #started = false; #dvr = false; #closed = false; #listening = new AbortController();

  constructor(player, answer, { words, atMs, pressedAt }) {
    this.#player = player;
    this.#words = words;
    this.#pressedAt = pressedAt;
    this.#take(answer);
    this.#build();
    this.#watch();
    if (Hls.isSupported()) this.#attach(answer.src, atMs);
    else this.#native(answer.src, atMs);
    this.video.play().catch((error) => {
      // What begins by itself may do so without sound; one press brings it.
      if (error.name !== "NotAllowedError") return;
      this.video.muted = true;
      this.video.play().catch(() => this.#player.fail("failed"));
    });
  }

  get answer() { return this.#answer; }

  #build() {
    const { dataset } = this.#player;
    const live = this.#answer.live;
    const words = this.#words;
    const shell = document.createElement("div");
    shell.className = "player-shell";
    shell.innerHTML = `<media-controller dir="ltr" breakpoints="small:480 wide:720" hotkeys="noarrowup noarrowdown"
      ${live ? 'defaultstreamtype="live"' : 'defaultstreamtype="on-demand"'}>
      <video slot="media" playsinline preload="auto"></video>
      <media-loading-indicator slot="centered-chrome" noautohide></media-loading-indicator>
      <media-settings-menu hidden anchor="auto">
        <media-settings-menu-item>${words.speed}<media-playback-rate-menu slot="submenu" hidden rates="0.5 0.75 1 1.25 1.5 2"><div slot="title">${words.speed}</div></media-playback-rate-menu></media-settings-menu-item>
        <media-settings-menu-item>${words.quality}<media-rendition-menu slot="submenu" hidden><div slot="title">${words.quality}</div></media-rendition-menu></media-settings-menu-item>
        <media-settings-menu-item>${words.sound}<media-audio-track-menu slot="submenu" hidden><div slot="title">${words.sound}</div></media-audio-track-menu></media-settings-menu-item>
        <media-settings-menu-item>${words.subtitles}<media-captions-menu slot="submenu" hidden><div slot="title">${words.subtitles}</div></media-captions-menu></media-settings-menu-item>
      </media-settings-menu>
      <media-control-bar class="player-time">
        <media-time-range><media-preview-thumbnail slot="preview"></media-preview-thumbnail><media-preview-chapter-display slot="preview"></media-preview-chapter-display><media-preview-time-display slot="preview"></media-preview-time-display></media-time-range>
      </media-control-bar>
      <media-control-bar class="player-bar">
        <media-play-button notooltip></media-play-button>
        ${live ? "" : '<media-seek-backward-button seekoffset="10" notooltip></media-seek-backward-button><media-seek-forward-button seekoffset="10" notooltip></media-seek-forward-button>'}
        <media-mute-button notooltip></media-mute-button><media-volume-range></media-volume-range>
        ${live ? '<media-live-button notooltip></media-live-button>' : '<media-time-display showduration notoggle></media-time-display>'}
        <span class="player-gap"></span>
        <media-captions-button notooltip></media-captions-button>
        <media-settings-menu-button notooltip></media-settings-menu-button>
        <media-pip-button notooltip></media-pip-button>
        <media-fullscreen-button notooltip></media-fullscreen-button>
      </media-control-bar>
    </media-controller>`;
    this.shell = shell;
    this.video = shell.querySelector("video");
    const title = dataset.title ?? "";
    this.video.setAttribute("aria-label", title);
    this.video.videoRenditions = this.renditions = new Choices();
    this.sounds = new Choices();
    Object.defineProperty(this.video, "audioTracks", { configurable: true, value: this.sounds });
    if (live) {
      this.video.streamType = "live";
      this.video.targetLiveWindow = 0;
    }
    this.#track("metadata", "thumbnails", dataset.storyboard);
    this.#track("chapters", this.#words.chapters, dataset.chapters);
    // media-chrome's own hints hold both words of a button that has two states, so that what is
    // seen is not its name; the browser's hint says the name itself.
    const named = new MutationObserver((changes) => {
      for (const { target } of changes) target.title = target.ariaLabel ?? "";
    });
    for (const one of shell.querySelectorAll("[notooltip]")) named.observe(one, { attributeFilter: ["aria-label"] });
    this.#player.append(shell);
    for (const one of shell.querySelectorAll("media-captions-button:defined")) one.role = "switch";
  }

  #track(kind, label, address) {
    if (!address) return;
    const track = document.createElement("track");
    Object.assign(track, { kind, label, src: address, srclang: document.documentElement.lang });
    this.video.append(track);
    track.track.mode = "hidden"; // read, not shown; a default one would make browsers choose subtitles
  }

  #attach(source, atMs) {
    const hls = new Hls({
      workerPath: this.#player.dataset.worker,
      liveDurationInfinity: true,
      liveSyncDurationCount: 2,
      backBufferLength: 60,
      maxBufferLength: 30,
      startPosition: atMs === null ? -1 : atMs / 1000,
      xhrSetup: (request, address) => { request.open("GET", this.#signed(address), true); },
    });
    this.hls = hls;
    const { Events } = Hls;
    hls.on(Events.MANIFEST_PARSED, () => this.#offer());
    hls.on(Events.AUDIO_TRACKS_UPDATED, () => this.#offerSounds());
    hls.on(Events.LEVEL_SWITCHED, (_, { level }) => {
      if (this.#level >= 0 && level !== this.#level) { this.#rungs += 1; this.#tell("rung"); }
      this.#level = level;
      for (const [index, one] of [...this.renditions].entries()) one.selected = index === level;
    });
    hls.on(Events.FRAG_BUFFERED, () => { this.#retries = 0; });
    hls.on(Events.ERROR, (_, error) => this.#trouble(error));
    hls.loadSource(source);
    hls.attachMedia(this.video);
  }

  #native(source, atMs) {
    this.video.src = source;
    if (atMs !== null) this.video.addEventListener("loadedmetadata", () => { this.video.currentTime = atMs / 1000; }, { once: true });
  }

  // Addresses carry the token that is good now, whichever they were listed with.
  #signed(address) {
    const url = new URL(address, location.href);
    if (url.searchParams.has("t")) url.searchParams.set("t", this.#token);
    return url.href;
  }

  #take(answer) {
    this.#answer = answer;
    this.#token = new URL(answer.src, location.href).searchParams.get("t") ?? "";
    clearTimeout(this.#timer);
    if (answer.renew_seconds) {
      const wait = Math.max(SHORTEST_RENEWAL_MS, answer.renew_seconds * 1000);
      this.#timer = setTimeout(() => this.#renew(), wait);
    }
  }

  async #renew() {
    try {
      const answer = await this.#player.ask();
      if (this.#closed) return false;
      if (answer.verdict !== "show") { this.#player.refused(answer); return false; }
      this.#take(answer);
      return true;
    } catch {
      this.#timer = setTimeout(() => this.#renew(), SHORTEST_RENEWAL_MS);
      return false;
    }
  }

  #offer() {
    const { hls } = this;
    this.renditions.fill(hls.levels.map((level, index) => ({
      id: String(index), width: level.width, height: level.height, bitrate: level.bitrate, selected: false,
    })), "addrendition");
    this.renditions.onpick = (index) => { hls.nextLevel = index; };
    this.#offerSounds();
  }

  #offerSounds() {
    const { hls } = this;
    const words = this.#words;
    this.sounds.fill(hls.audioTracks.map((track, index) => ({
      id: String(index),
      kind: index ? "description" : "main",
      label: track.name === MAIN || !index ? words.main : words.description,
      language: track.lang ?? "",
      get enabled() { return hls.audioTrack === index; },
      set enabled(on) { if (on) hls.audioTrack = index; },
    })), "addtrack");
    hls.on(Hls.Events.AUDIO_TRACK_SWITCHED, () => this.sounds.changed());
  }

  #trouble(error) {
    if (error.details === Hls.ErrorDetails.BUFFER_STALLED_ERROR) { this.#stalls += 1; this.#tell("stall"); }
    if (!error.fatal || this.#closed) return;
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && this.#recovered < 2) {
      this.#recovered += 1;
      this.hls.recoverMediaError();
    } else if (error.type === Hls.ErrorTypes.NETWORK_ERROR && this.#retries < RETRIES_MAX) {
      this.#again(error);
    } else this.#player.fail(navigator.onLine ? "failed" : "offline");
  }

  // A token may have grown old while a lid was closed; a network may be away for a moment.
  async #again(error) {
    this.#retries += 1;
    if (!navigator.onLine) {
      this.#player.say(this.#words.offline);
      await new Promise((resolve) => { addEventListener("online", resolve, { once: true }); });
      this.#player.say("");
    } else if (error.response?.code !== 403) {
      await new Promise((resolve) => { setTimeout(resolve, 1000 * this.#retries); });
    }
    if (this.#closed || (error.response?.code === 403 && !(await this.#renew()))) return;
    if (this.hls.levels?.length) this.hls.startLoad();
    else this.hls.loadSource(this.#signed(this.#dvr ? this.#answer.dvr_src : this.#answer.src));
  }

  #watch() {
    const { video } = this;
    const on = (name, call) => video.addEventListener(name, call, { signal: this.#listening.signal });
    on("playing", () => {
      this.#firstFrameMs ??= performance.now() - this.#pressedAt;
      this.#player.playing();
      this.#tickedAt = performance.now();
      if (!this.#started) { this.#started = true; this.#tell("start"); }
    });
    on("pause", () => this.#count());
    on("waiting", () => this.#count());
    on("seeking", () => { this.#count(); if (this.#started) this.#tell("seek"); });
    on("ended", () => { this.#count(); this.#tell("end"); this.#send(); this.#player.ended(); });
    on("timeupdate", () => { this.#count(); this.#moved(); });
    on("error", () => { if (!this.hls) this.#player.fail("failed"); });
    addEventListener("pagehide", () => { this.#count(); this.#send(); }, { signal: this.#listening.signal });
    this.#poll = setInterval(() => this.#send(), BEAT_MS);
  }

  #moved() {
    const wallMs = this.hls?.playingDate?.getTime() ?? null;
    this.#player.dispatchEvent(new CustomEvent("kotinos:time", {
      bubbles: true, detail: { ms: this.positionMs(), wallMs },
    }));
  }

  // Time watched is time that passed while pictures moved.
  #count() {
    const now = performance.now();
    if (this.#tickedAt !== null) this.#watchedMs += Math.min(now - this.#tickedAt, 2000);
    this.#tickedAt = this.video.paused || this.video.seeking ? null : now;
    while (this.#watchedMs >= BEAT_MS) {
      this.#watchedMs -= BEAT_MS;
      this.#tell("beat", BEAT_MS / 1000);
    }
  }

  #tell(kind, seconds = 0) {
    this.#queue.push({ kind, at_ms: Math.round(this.positionMs()), seconds });
    if (kind === "start") this.#send();
  }

  #send() {
    if (!this.#queue.length) return;
    const { place, subject } = this.#player.dataset;
    const body = JSON.stringify({ place, subject, view: this.#view, events: this.#queue.splice(0) });
    navigator.sendBeacon("/fast/channel/beats", new Blob([body], { type: "application/json" }));
  }

  positionMs() { return Math.max(0, Math.round((this.video.currentTime || 0) * 1000)); }

  seek(ms) {
    this.video.currentTime = ms / 1000;
    return this.video.play().catch(() => {});
  }

  // The long playlist reaches back; where in it the moment stands is known when it is here.
  fromStart(unixMs) {
    if (!this.#answer.dvr_src || !this.hls) return;
    const { hls } = this;
    this.video.targetLiveWindow = Infinity;
    const go = () => {
      const fragments = hls.levels[hls.currentLevel < 0 ? hls.loadLevel : hls.currentLevel]?.details?.fragments
        ?? hls.latestLevelDetails?.fragments ?? [];
      const first = fragments.findLast((one) => one.programDateTime && one.programDateTime <= unixMs) ?? fragments[0];
      if (!first) return;
      const within = Math.max(0, (unixMs - (first.programDateTime ?? unixMs)) / 1000);
      this.video.currentTime = first.start + Math.min(within, first.duration) + .05;
      this.video.play().catch(() => {});
    };
    if (this.#dvr) { go(); return; }
    this.#dvr = true;
    hls.once(Hls.Events.LEVEL_LOADED, () => setTimeout(go));
    hls.loadSource(this.#signed(this.#answer.dvr_src));
  }

  async focus() {
    await customElements.whenDefined("media-play-button");
    if (!this.#closed) this.shell.querySelector("media-play-button").focus({ preventScroll: true });
  }

  stats() {
    const quality = this.video.getVideoPlaybackQuality?.();
    return {
      stalls: this.#stalls,
      dropped: quality?.droppedVideoFrames ?? 0,
      frames: quality?.totalVideoFrames ?? 0,
      rungs: this.#rungs,
      firstFrameMs: this.#firstFrameMs,
    };
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#count();
    this.#send();
    clearTimeout(this.#timer);
    clearInterval(this.#poll);
    this.#listening.abort();
    this.hls?.destroy();
    this.shell.remove();
  }
}
