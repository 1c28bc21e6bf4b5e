// The review page: the page picture follows the field in focus, and every change is saved by itself.
// No library, no build: a module a part, all of them around one `desk`.

import { createViewer } from "./viewer.js";
import { addSeen } from "./seen.js";
import { addFields } from "./fields.js";
import { addSaving } from "./saving.js";
import { addClaim } from "./claim.js";
import { addFree } from "./free.js";
import { addWords } from "./words.js";
import { addPicking } from "./picking.js";
import { addRegion } from "./region.js";
import { addSuggestions } from "./suggestions.js";
import { addRelease } from "./release.js";
import { addKeys } from "./keys.js";
import { addChoices } from "./choices.js";
import { addPages } from "./pages.js";

const openReview = (review) => {
  const life = new AbortController();
  const { signal } = life;
  review.classList.add("live");
  const desk = { review, signal, id: review.dataset.review, viewer: createViewer(review, signal), leave: () => life.abort() };
  addSeen(desk);
  addFields(desk);
  addSaving(desk);
  addFree(desk);
  addClaim(desk);
  let last = null;
  review.addEventListener("focusin", (event) => { last = event.target.closest(".field") ?? last; });
  desk.lastField = () => last;
  desk.words = addWords(desk);
  addPicking(desk);
  addRegion(desk);
  addSuggestions(desk);
  addRelease(desk, openReview);
  addKeys(desk);
  addChoices(review);

  // What was typed last is saved before anything else happens to the referral.
  review.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (target.closest(".field")) return event.preventDefault();
    if (event.defaultPrevented || target.method === "dialog") return undefined;
    desk.flush();
    if (!desk.isSaving()) return undefined;
    event.preventDefault();
    return desk.saved().then(() => target.requestSubmit(submitter));
  });

  desk.count();
  desk.showSeen();
  desk.viewer.first();
  desk.goTo(desk.next(null, 1));
  // After the first field, which may stand on another page than the one that the address asks for.
  addPages(desk);
  document.dispatchEvent(new CustomEvent("review:open", { detail: { review, signal } }));
  return desk;
};

openReview(document.querySelector("[data-review]"));
// A page that took the place of another on this one is loaded as what it is.
addEventListener("popstate", () => {
  const { review } = document.querySelector("[data-review]").dataset;
  if (location.pathname !== `/desk/${review}`) location.reload();
});
