// The console's keys. Without this the same form and buttons work.
const form = document.querySelector("[data-console]");
const field = form.elements.sql;
const running = form.querySelector("[data-running]");
form.querySelector("[data-keys]").hidden = false;

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[name=as][value='']"));
  }
});

// A file comes without a new page, so only rows are waited for.
form.addEventListener("submit", (event) => {
  if (!event.submitter?.value) running.hidden = false;
});
addEventListener("pageshow", () => { running.hidden = true; });

for (const name of document.querySelectorAll("[data-insert]")) {
  name.role = "button";
  name.tabIndex = 0;
  const insert = () => {
    field.setRangeText(name.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
  };
  name.addEventListener("click", insert);
  name.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); insert(); }
  });
}

// The shell stays hidden until its own scripts have run, and what is hidden takes no focus.
const first = document.querySelector("[data-answer] [data-focus], [role=alert][data-focus]") ?? field;
function begin() {
  if (document.activeElement !== document.body) return;
  if (first.offsetParent) first.focus();
  else requestAnimationFrame(begin);
}
begin();
