// A page that is only read because another person has its referral says when that is over.

import { signedOut } from "./session.js";

/** Several hints at once are one question. */
const SOON = 300;
/** A claim that runs out is told to nobody. */
const POLL = 60_000;

export const addFree = (desk) => {
  const { review, signal } = desk;
  const place = review.querySelector("[data-free]");
  if (!place) return;
  const held = review.querySelector("[data-held]");
  let shown = "";
  let timer = 0;
  let waiting = false;

  const show = ({ holder, reviewable }) => {
    let news = reviewable ? "free" : "decided";
    if (holder) news = "";
    held?.toggleAttribute("hidden", news !== "");
    if (holder && held) held.querySelector("[data-holder]").textContent = `${holder} is reviewing this.`;
    // Said once: a screen reader reads out whatever is put here.
    if (news === shown) return;
    shown = news;
    const notice = news && review.querySelector(`template[data-news="${news}"]`).content.cloneNode(true);
    place.replaceChildren(...(notice ? [notice] : []));
  };

  const ask = async () => {
    const answer = await fetch(`/desk/${desk.id}/claim?poll`, { headers: { accept: "application/json" }, signal });
    if (answer.status === 401) return signedOut();
    if (answer.ok) show(await answer.json());
    return undefined;
  };
  const askIn = (time) => {
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(() => {}).finally(() => { if (!signal.aborted) askIn(POLL); }), time);
  };

  const wait = () => {
    if (waiting) return;
    waiting = true;
    askIn(POLL);
    document.addEventListener("live", (event) => {
      // Who signs out leaves all claims at once: that is told without an id.
      const { kind, id } = event.detail;
      if (id === desk.id || kind === "desk" || kind === "reload") askIn(SOON);
    }, { signal });
  };
  signal.addEventListener("abort", () => clearTimeout(timer));

  // Also for a page that loses its claim while it is open.
  desk.waitUntilFree = wait;
  if (held) wait();
};
