// Filters a long list as one types: teams and territories. The list is whole without it.

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function start(root) {
  for (const box of root.querySelectorAll("[data-filter]")) {
    const scope = box.closest("form.place") ?? document.querySelector("main");
    const items = [...scope.querySelectorAll("[data-filter-text]")];
    const groups = [...scope.querySelectorAll("[data-filter-group]")];
    const empty = scope.querySelector("[data-filter-empty]");
    const status = scope.querySelector("[data-filter-status]");
    const texts = items.map((item) => plain(`${item.dataset.filterText} ${item.textContent}`));
    const field = box.querySelector("input");
    box.hidden = false;
    const apply = () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      items.forEach((item, at) => {
        item.hidden = !words.every((word) => texts[at].includes(word));
        if (!item.hidden) shown += 1;
      });
      for (const group of groups) group.hidden = !group.querySelector("[data-filter-text]:not([hidden])");
      empty.hidden = shown > 0;
      status.textContent = words.length ? `${shown} ${status.dataset.one}` : "";
    };
    field.addEventListener("input", apply);
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
}

start(document);
document.addEventListener("kotinos:added", (event) => start(event.detail));
