// Keys for the data review: j and k move, Enter opens, g gives, x excludes, r redacts, / searches.
// Letters act only outside fields, and not at all once switched off (the choice stays in this browser).
// Marking submits the form that is on the page anyway.
const list = document.querySelector("[data-review-list]");
if (list) {
  const links = [...list.querySelectorAll("a[data-record]")];
  const here = () => links.findIndex((link) => link.getAttribute("aria-current") === "true");
  const go = (place) => {
    const link = links[Math.min(links.length - 1, Math.max(0, place))];
    if (link && link.getAttribute("aria-current") !== "true") location.assign(link.href);
  };
  const isOff = () => localStorage.getItem("review-keys") === "off";
  const toggle = document.querySelector("[data-review-keys]");
  if (toggle) {
    const label = () => { toggle.textContent = isOff() ? toggle.dataset.on : toggle.dataset.off; };
    toggle.hidden = false;
    label();
    toggle.addEventListener("click", () => {
      localStorage.setItem("review-keys", isOff() ? "on" : "off");
      label();
    });
  }
  const current = links[here()];
  if (current) current.scrollIntoView({ block: "nearest" });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isOff()) return;
    if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const mark = { g: "give", x: "exclude", r: "redact" }[event.key];
    if (event.key === "j") go(here() + 1);
    else if (event.key === "k") go(here() < 0 ? 0 : here() - 1);
    else if (event.key === "/") {
      const search = document.querySelector("[data-review-search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (mark) {
      const choice = document.querySelector(`[data-review-marks] input[value="${mark}"]`);
      if (!choice) return;
      event.preventDefault();
      choice.checked = true;
      const form = choice.form;
      const reason = form.querySelector("[name=reason]");
      if (mark !== "give" && reason && reason.value.trim() === "") reason.focus();
      else form.requestSubmit();
    }
  });
}
