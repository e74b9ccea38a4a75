// Finds a nonce such that SHA-256(challenge ":" nonce) starts with the asked number of zero bits and puts
// it into the form's hidden field. Works in slices so that typing stays smooth; a form sent before it
// is found waits for it. Without scripts the server falls back to tighter limits.
for (const form of document.querySelectorAll("form[data-pow-challenge]")) {
  const field = form.querySelector("input[name=pow]");
  const challenge = form.dataset.powChallenge;
  const bits = Math.min(26, Number(form.dataset.powBits) || 0);
  if (!field || !crypto.subtle) continue;
  const encoder = new TextEncoder();
  let found = false;
  let waiting = null;

  const zeros = (bytes) => {
    let count = 0;
    for (const byte of bytes) {
      if (byte === 0) { count += 8; continue; }
      return count + Math.clz32(byte) - 24;
    }
    return count;
  };

  const search = async () => {
    for (let nonce = 0; ; nonce += 64) {
      const slice = [];
      for (let step = 0; step < 64; step += 1) {
        slice.push(crypto.subtle.digest("SHA-256", encoder.encode(challenge + ":" + (nonce + step))));
      }
      const digests = await Promise.all(slice);
      const place = digests.findIndex((digest) => zeros(new Uint8Array(digest)) >= bits);
      if (place >= 0) return String(nonce + place);
      if (nonce % 4096 === 0) await new Promise((next) => setTimeout(next));
    }
  };

  form.addEventListener("submit", (event) => {
    if (found) return;
    event.preventDefault();
    waiting = event.submitter;
    if (waiting) waiting.setAttribute("aria-busy", "true");
  });

  search().then((nonce) => {
    field.value = nonce;
    found = true;
    if (waiting) form.requestSubmit(waiting);
  }).catch(() => { found = true; });
}
