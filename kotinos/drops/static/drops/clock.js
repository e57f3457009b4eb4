// Times as the reader's own place writes them, and the count down to an opening. What time it is
// comes from the server: a clock that is wrong here changes nothing.

const language = document.documentElement.lang;
const SECOND = 1000, DAY = 86_400_000;
const days = new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "long" });
const two = (number) => String(number).padStart(2, "0");

// The reader's local time beside UTC, where it differs.
for (const time of document.querySelectorAll("time[data-local]")) {
  const at = new Date(time.dateTime);
  if (!at.getTimezoneOffset()) continue;
  const here = document.createElement("bdi");
  here.className = "local";
  here.textContent = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", timeZoneName: "short" }).format(at);
  time.prepend(here, document.createElement("br"));
}

async function serverTime(room) {
  const answer = await fetch(`/fast/rooms/${room}/status`);
  if (!answer.ok) throw new Error(String(answer.status));
  const told = (await answer.json()).now_ms, at = performance.now();
  return () => told + performance.now() - at;
}

function text(ms) {
  const left = Math.max(0, Math.ceil(ms / SECOND));
  const time = [Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60].map(two).join(":");
  return ms >= DAY ? `${days.format(Math.floor(ms / DAY))} ${time}` : time;
}

const counts = [...document.querySelectorAll("[data-countdown]")];
if (counts.length) {
  try {
    const now = await serverTime(counts[0].dataset.room);
    const paint = () => {
      for (const count of counts) {
        const left = count.dataset.countdown - now();
        count.textContent = left > 0 ? text(left) : count.dataset.open;
        count.closest(".when").classList.toggle("is-open", left <= 0);
      }
    };
    paint();
    setInterval(paint, SECOND);
  } catch { /* the time itself stands beside it */ }
}
