// Shows the value that an action asks for, and how many programmes are chosen.
const form = document.querySelector("[data-bulk]");
if (form) {
  const action = form.querySelector("#action");
  const said = form.querySelector("[data-chosen]");
  const boxes = [...form.querySelectorAll("[name=programme]")];
  const show = () => {
    for (const field of form.querySelectorAll("[data-for]")) {
      field.hidden = field.dataset.for !== action.value;
      for (const input of field.querySelectorAll("input, select")) input.disabled = field.hidden;
    }
  };
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    said.textContent = chosen ? `${chosen} / ${boxes.length}` : "";
  };
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) boxes.forEach((box) => { box.checked = event.target.checked; });
    if (action) show();
    count();
  });
  if (action) show();
  count();
}
