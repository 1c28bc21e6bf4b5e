// Asking, comparing and routing are parts of the review: their pages keep its claim, and are only read once it is lost.

import { keepClaim, lossText } from "./claim.js";

const root = document.getElementById("main");
const place = root.querySelector("[data-claim]");
if (place) {
  const lose = (told) => {
    root.querySelectorAll("form button").forEach((button) => { button.disabled = true; });
    place.hidden = false;
    place.querySelector("p").textContent = `${lossText(told)} You can read on; what you typed stays on this page only.`;
  };
  const { signal } = new AbortController();
  keepClaim({ root, place, id: place.dataset.referral, signal, lose, late: lose });
}
