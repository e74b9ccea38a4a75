// Replaces the part marked data-refresh (seconds) with the same part of the page fetched again.
// Waits while the page is hidden or somebody is typing in the part; reloads when the answer lacks the part.
// The header tells the server that nobody asked, so that this keeps no session alive; it ends after 20 minutes.
const end = Date.now() + 20 * 60 * 1000;
for (const part of document.querySelectorAll("[data-refresh]")) {
  const seconds = Math.max(2, Number(part.dataset.refresh) || 5);
  let current = part;
  const turn = async () => {
    if (Date.now() > end) return;
    if (!document.hidden && !current.contains(document.activeElement)) {
      try {
        const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store", headers: { "x-habeas-refresh": "yes" } });
        if (!answer.ok) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(current.id);
        if (!fresh) return location.reload();
        if (fresh.textContent !== current.textContent || fresh.childElementCount !== current.childElementCount) {
          current.replaceWith(document.adoptNode(fresh));
          current = document.getElementById(fresh.id);
        }
        if (!current.dataset.refresh) return location.reload();
      } catch { /* the next turn tries again */ }
    }
    setTimeout(turn, seconds * 1000);
  };
  setTimeout(turn, seconds * 1000);
}
