// Small helps of the back office. Every page works without it.
document.addEventListener("input", (event) => {
  // A list of checkboxes or rows is narrowed by what is typed above it.
  const box = event.target.closest("[data-narrows]");
  if (!box) return;
  const asked = box.value.trim().toLocaleLowerCase();
  for (const one of document.querySelectorAll(`${box.dataset.narrows} > *`)) {
    one.hidden = Boolean(asked) && !one.textContent.toLocaleLowerCase().includes(asked);
  }
});
document.addEventListener("keydown", (event) => {
  // "/" goes to the search field, as on many sites.
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector("[data-search], #searchbar");
  if (field) {
    event.preventDefault();
    field.focus();
  }
});
