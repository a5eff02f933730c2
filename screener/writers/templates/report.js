"use strict";
const search = document.getElementById("search");
const selects = [...document.querySelectorAll("select")];
const cards = [...document.querySelectorAll("article")].map((node) => ({ node, text: node.textContent.toLowerCase() }));
const shown = document.getElementById("shown");
function update() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { node, text } of cards) {
    const fits = selects.every((s) => !s.value || node.dataset[s.dataset.key] === s.value) && words.every((w) => text.includes(w));
    node.hidden = !fits;
    count += fits ? 1 : 0;
  }
  shown.textContent = `${count} / ${cards.length}`;
}
search.addEventListener("input", update);
selects.forEach((s) => s.addEventListener("change", update));
update();
