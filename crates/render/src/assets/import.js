// Reads a chosen file into the text field. The file itself is never sent; what is sent can be read before.
const place = document.querySelector("[data-import]");
const text = document.getElementById("text");
if (place && text) {
  place.hidden = false;
  place.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file && file.size <= 60_000) text.value = await file.text();
  });
}
