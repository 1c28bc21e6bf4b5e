// One reviewer a referral. The claim is kept while somebody is at it, left when the page is closed, and lost when another takes it over.

import { signedOut } from "./session.js";

/** The claim lasts ten minutes: a beat or two may be lost on the way. */
const BEAT = 60_000;
/** Who touched nothing for so long has gone away. */
const AWAY = 5 * 60_000;
/** Several hints at once are one question. */
const SOON = 300;

export const lossText = ({ holder, reason }) => (reason ? `${holder} took this over: “${reason}”.` : `${holder} is reviewing this now.`);

/**
 * Keeps the claim that `place` carries while somebody is at the page `root`. `lose` hears who has it once it is lost, `late` where
 * that was so from the beginning. Gives what asks at once.
 */
export const keepClaim = ({ root, place, id, signal, lose, late }) => {
  const { claim } = place.dataset;
  const home = `/desk/${id}`;
  const csrf = document.querySelector('meta[name="csrf"]').content;
  const ahead = !place.hasAttribute("data-claimed");
  let touched = Date.now();
  let beaten = Date.now();
  let staying = false;
  let lost = false;

  const beat = async (first = false) => {
    if (lost) return undefined;
    beaten = Date.now();
    const answer = await fetch(`${home}/claim?poll`, {
      method: "POST",
      headers: { "x-csrf-token": csrf, accept: "application/json" },
      body: new URLSearchParams({ claim }),
      signal,
    });
    if (answer.status === 401) return signedOut();
    if (answer.status !== 409 || lost) return undefined;
    const told = await answer.json();
    lost = true;
    return first ? late(told) : lose(told);
  };
  const ask = () => beat().catch(() => {});
  const isHere = () => Date.now() - touched < AWAY;

  const timer = setInterval(() => { if (isHere()) ask(); }, BEAT);
  const touch = () => {
    touched = Date.now();
    // Back after a while: somebody may have come in between.
    if (touched - beaten > BEAT) ask();
  };
  ["keydown", "pointerdown", "pointermove", "wheel"].forEach((kind) => addEventListener(kind, touch, { signal, capture: true, passive: true }));
  let soon = 0;
  document.addEventListener("live", (event) => {
    if (event.detail.id !== id || !isHere()) return;
    clearTimeout(soon);
    soon = setTimeout(ask, SOON);
  }, { signal });

  // Asking the referrer, comparing and routing are parts of the review: it stays claimed on the way there and back.
  root.addEventListener("click", (event) => {
    if (event.target.closest(`a[href="${home}"], a[href^="${home}/"]`)) staying = true;
  });
  const leave = () => {
    if (staying || lost) return;
    navigator.sendBeacon(`${home}/claim/leave`, new URLSearchParams({ csrf, claim }));
  };
  addEventListener("pagehide", leave, { signal });
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    clearTimeout(soon);
    leave();
  });

  if (ahead) beat(true).catch(() => {});
  return ask;
};

export const addClaim = (desk) => {
  const { review, signal, id } = desk;
  if (!review.dataset.claim) return;

  const lose = (told) => {
    desk.lost = true;
    // What was typed stays in sight, to be told or copied.
    review.querySelectorAll("[data-value]").forEach((input) => {
      if (input.tagName === "SELECT") input.disabled = true;
      else input.readOnly = true;
    });
    review.querySelectorAll(".finish button, [data-tool='region'], dialog:not(#keys) .primary").forEach((button) => { button.disabled = true; });
    // The strip enables its buttons by itself.
    review.querySelectorAll("[data-arrange], [data-others] form, .finish a:not([data-next])").forEach((part) => { part.hidden = true; });
    const place = review.querySelector("[data-lost]");
    place.hidden = false;
    place.querySelector("p").textContent = `${lossText(told)} You can read on; what you typed and could not save stays on this page only.`;
    desk.waitUntilFree();
  };
  // Fetched while it was free, and somebody was faster since.
  const late = () => location.assign(`/desk/next?after=${id}`);

  desk.askClaim = keepClaim({ root: review, place: review, id, signal, lose, late });
};
