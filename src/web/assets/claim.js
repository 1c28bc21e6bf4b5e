// One reviewer a referral. The claim is kept while somebody is at it, left when the page is closed, and lost when another takes it over.

/** The claim lasts ten minutes: a beat or two may be lost on the way. */
const BEAT = 60_000;
/** Who touched nothing for so long has gone away. */
const AWAY = 5 * 60_000;
/** Several hints at once are one question. */
const SOON = 300;

export const addClaim = (desk) => {
  const { review, signal } = desk;
  const { claim } = review.dataset;
  if (!claim) return;
  const home = `/desk/${desk.id}/claim`;
  const ahead = !review.hasAttribute("data-claimed");
  let touched = Date.now();
  let beaten = Date.now();
  let staying = false;

  const lose = ({ holder, reason }) => {
    if (desk.lost) return;
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
    const what = reason ? `${holder} took this over: “${reason}”.` : `${holder} is reviewing this now.`;
    place.querySelector("p").textContent = `${what} You can read on; what you typed and could not save stays on this page only.`;
  };

  const beat = async (first = false) => {
    if (desk.lost) return;
    beaten = Date.now();
    const answer = await fetch(`${home}?poll`, {
      method: "POST",
      headers: { "x-csrf-token": desk.csrf, accept: "application/json" },
      body: new URLSearchParams({ claim }),
      signal,
    });
    if (answer.status === 401) return location.reload();
    if (answer.status !== 409) return;
    const told = await answer.json();
    // Fetched while it was free, and somebody was faster since.
    if (first) return location.assign(`/desk/next?after=${desk.id}`);
    lose(told);
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
    if (event.detail.id !== desk.id || !isHere()) return;
    clearTimeout(soon);
    soon = setTimeout(ask, SOON);
  }, { signal });

  // Asking the referrer, comparing and routing are parts of the review: it stays claimed on their pages.
  review.addEventListener("click", (event) => {
    if (event.target.closest(`a[href^="/desk/${desk.id}/"]`)) staying = true;
  });
  const leave = () => {
    if (staying || desk.lost) return;
    navigator.sendBeacon(`${home}/leave`, new URLSearchParams({ csrf: desk.csrf, claim }));
  };
  addEventListener("pagehide", leave, { signal });
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    clearTimeout(soon);
    leave();
  });

  desk.askClaim = ask;
  if (ahead) beat(true).catch(() => {});
};
