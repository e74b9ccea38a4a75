// Keys and dragging for the flow editor. Arrows walk over the cards, Alt with an arrow moves one, n adds behind,
// Delete deletes. Every act fills in the one hidden form on the page, which saves and shows the page anew; after
// that the focus is back on the card.
const flow = document.querySelector("[data-flow]");
const form = document.querySelector("[data-flow-form]");
const isOnCard = sessionStorage.getItem("flow-focus") === "card";
sessionStorage.removeItem("flow-focus");
if (flow && form) {
  const cards = () => [...flow.querySelectorAll("a[data-task]")];
  const act = (name, fields) => {
    form.elements.act.value = name;
    for (const field of ["task", "stage", "before", "with"]) form.elements[field].value = fields[field] ?? "";
    sessionStorage.setItem("flow-focus", "card");
    form.submit();
  };
  const keys = document.querySelector("[data-flow-keys]");
  if (keys) keys.hidden = false;

  const current = flow.querySelector("a[data-task][aria-current]");
  if (isOnCard) {
    // What the address points to would take the focus once the page has loaded.
    history.replaceState(null, "", location.pathname + location.search);
    const card = current ?? cards()[0];
    card?.focus();
    addEventListener("load", () => flow.contains(document.activeElement) || card?.focus(), { once: true });
  }
  if (current) current.scrollIntoView({ block: "nearest", inline: "nearest" });

  const beside = (card, isLater) => {
    const stages = [...flow.querySelectorAll(".flow-stage")];
    const from = stages.indexOf(card.closest(".flow-stage"));
    const height = card.getBoundingClientRect().top;
    const step = isLater ? 1 : -1;
    for (let at = from + step; at >= 0 && at < stages.length; at += step) {
      const there = [...stages[at].querySelectorAll("a[data-task]")];
      const far = (one) => Math.abs(one.getBoundingClientRect().top - height);
      if (there.length) return there.reduce((best, one) => (far(one) < far(best) ? one : best));
    }
    return null;
  };
  const moves = { ArrowUp: "earlier", ArrowDown: "later", ArrowLeft: "stage_before", ArrowRight: "stage_after" };
  flow.addEventListener("keydown", (event) => {
    const card = event.target.closest("a[data-task]");
    // A key that is held moves or deletes one card, not one after the other.
    if (!card || event.ctrlKey || event.metaKey || (event.repeat && (event.altKey || event.key === "Delete"))) return;
    const task = card.dataset.task;
    if (event.key in moves) {
      event.preventDefault();
      if (event.altKey) return act(moves[event.key], { task });
      const all = cards();
      const at = all.indexOf(card);
      const isRtl = document.dir === "rtl";
      const to = {
        ArrowUp: all[at - 1],
        ArrowDown: all[at + 1],
        ArrowLeft: beside(card, isRtl),
        ArrowRight: beside(card, !isRtl),
      }[event.key];
      to?.focus();
    } else if (event.key === "Delete") {
      event.preventDefault();
      act("delete", { task });
    } else if (event.key === "n") {
      event.preventDefault();
      const gap = card.closest(".flow-group").nextElementSibling?.querySelector(".flow-add");
      if (gap) location.assign(gap.href);
    }
  });

  let dragged = null;
  const spot = (event) => {
    const at = event.target.closest(".flow-gap, .flow-group");
    return dragged && at && flow.contains(at) ? at : null;
  };
  const unmark = () => flow.querySelectorAll(".flow-drop").forEach((at) => at.classList.remove("flow-drop"));
  for (const card of cards()) card.draggable = true;
  flow.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("a[data-task]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.task);
    dragged.classList.add("flow-dragged");
  });
  flow.addEventListener("dragover", (event) => {
    const at = spot(event);
    if (!at) return;
    event.preventDefault();
    if (!at.classList.contains("flow-drop")) {
      unmark();
      at.classList.add("flow-drop");
    }
  });
  flow.addEventListener("dragend", () => {
    dragged?.classList.remove("flow-dragged");
    dragged = null;
    unmark();
  });
  flow.addEventListener("drop", (event) => {
    const at = spot(event);
    if (!at) return;
    event.preventDefault();
    const { stage, before, with: group } = at.dataset;
    act("place", { task: dragged.dataset.task, stage, before, with: group });
  });
}
if (location.hash === "#panel" && !isOnCard) {
  document.getElementById("panel")?.focus({ preventScroll: true });
}
