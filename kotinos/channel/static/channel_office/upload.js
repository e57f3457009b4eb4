// Sends a video in pieces (tus): it goes on where it stopped, also after the page was closed.
const area = document.getElementById("upload");
if (area && window.tus) {
  const field = area.querySelector("[type=file]");
  const shown = area.querySelector("[data-progress]");
  const [bar, name, said] = ["progress", "[data-name]", "[data-said]"].map((each) => area.querySelector(each));
  const [pause, resume, stop] = ["[data-pause]", "[data-resume]", "[data-stop]"].map((each) => area.querySelector(each));
  let upload = null;
  let began = { at: 0, bytes: 0 };
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const say = (text) => { said.textContent = text; };
  const running = (on) => { pause.hidden = !on; resume.hidden = on; };

  function reason(error) {
    const body = error.originalResponse && error.originalResponse.getBody();
    try {
      const told = JSON.parse(body);
      return told.message || told.error || String(error.message);
    } catch {
      return body || String(error.message);
    }
  }

  function begin(file) {
    shown.hidden = false;
    name.textContent = `${file.name}, ${megabytes(file.size)}`;
    upload = new window.tus.Upload(file, {
      endpoint: area.dataset.endpoint,
      headers: { "Kotinos-Upload": area.dataset.token },
      metadata: { filename: file.name, filetype: file.type },
      chunkSize: 8 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
      storeFingerprintForResuming: true,
      removeFingerprintOnSuccess: true,
      // The same file for another programme is another upload.
      fingerprint: async (given) => ["kotinos", location.pathname, given.name, given.size, given.lastModified].join("|"),
      onProgress(sent, total) {
        bar.value = total ? (100 * sent) / total : 0;
        if (!began.at) began = { at: performance.now(), bytes: sent };
        const seconds = (performance.now() - began.at) / 1000;
        const rate = seconds > 1 ? (sent - began.bytes) / seconds : 0;
        const left = rate ? Math.ceil((total - sent) / rate) : 0;
        say(`${Math.floor(bar.value)} % · ${megabytes(sent)}${left ? ` · ${left} s` : ""}`);
      },
      onError(error) { running(false); say(reason(error)); },
      onSuccess() {
        bar.value = 100;
        say("100 %");
        pause.hidden = resume.hidden = stop.hidden = true;
        window.onbeforeunload = null;
        window.htmx.trigger(document.body, "uploaded");
      },
    });
    upload.findPreviousUploads().then((former) => {
      if (former.length) upload.resumeFromPreviousUpload(former[0]);
      go();
    });
  }

  function go() {
    began = { at: 0, bytes: 0 };
    running(true);
    stop.hidden = false;
    upload.start();
    window.onbeforeunload = (event) => event.preventDefault();
  }

  field.addEventListener("chosen", () => { if (field.files[0]) begin(field.files[0]); });
  pause.addEventListener("click", async () => { await upload.abort(); running(false); resume.focus(); });
  resume.addEventListener("click", () => { go(); pause.focus(); });
  stop.addEventListener("click", async () => {
    await upload.abort(true).catch(() => {});
    window.onbeforeunload = null;
    shown.hidden = true;
    field.value = "";
    field.focus();
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      area.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files[0]) begin(event.dataTransfer.files[0]);
    });
  }
}
