// Copies the text of the element named by data-copy; the button appears only where copying can work.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.replace(/\s+/g, ""));
    button.textContent = button.dataset.done || "Copied";
    setTimeout(() => { button.textContent = label; }, 2500);
  });
}
