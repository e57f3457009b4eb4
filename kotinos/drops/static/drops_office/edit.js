// Puts a product that was found into the list. Without this script its handle is typed instead.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add]");
  const list = document.getElementById("id_products");
  if (!button || !list) return;
  const lines = list.value.split(/[\n,]/).map((line) => line.trim()).filter(Boolean);
  if (!lines.includes(button.dataset.add)) lines.push(button.dataset.add);
  list.value = lines.join("\n");
  list.dispatchEvent(new Event("input", { bubbles: true }));
  button.disabled = true;
});
