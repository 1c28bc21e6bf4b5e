// Sharing work: what is chosen in a list survives its refresh, and notes are kept.

import "./memo.js";

const chosen = new Set();
const boxes = () => [...document.querySelectorAll("[data-pick]")];
// The list's head comes anew with the list.
const pickAll = () => document.querySelector("[data-pick-all]");

// A row that changed has another value: it is chosen no more, since nobody has seen it as it is now.
const show = () => {
  const values = new Set(boxes().map((box) => box.value));
  chosen.forEach((value) => values.has(value) || chosen.delete(value));
  boxes().forEach((box) => { box.checked = chosen.has(box.value); });
  const all = pickAll();
  if (!all) return;
  const [count, of] = [chosen.size, values.size];
  all.closest("[data-pick-part]").hidden = false;
  all.checked = of > 0 && count === of;
  all.indeterminate = count > 0 && count < of;
  const told = count ? `${count} chosen` : "";
  const place = document.querySelector("[data-picked]");
  if (place.textContent !== told) place.textContent = told;
};

const note = (box) => (box.checked ? chosen.add(box.value) : chosen.delete(box.value));
addEventListener("change", (event) => {
  if (event.target.matches("[data-pick]")) note(event.target);
  else if (event.target === pickAll()) boxes().forEach((one) => { one.checked = event.target.checked; note(one); });
  else return;
  show();
});
addEventListener("htmx:after:swap", show);
// A browser may bring back what was ticked before a reload.
boxes().forEach(note);
show();

// A review page that takes another's place loads its notes as the first one did.
let first = true;
document.addEventListener("review:open", (event) => {
  if (!first) globalThis.htmx?.process(event.detail.review);
  first = false;
});
