// After a release, for ten seconds on whatever page comes next: what was done, and the way back.

const KEY = "referloop-released";
const TIME = 10_000;

const place = document.createElement("div");
place.className = "toast";
place.setAttribute("role", "status");
document.body.append(place);
let timer = 0;

const hide = () => {
  clearTimeout(timer);
  sessionStorage.removeItem(KEY);
  place.replaceChildren();
};

const undo = async ({ id, version }) => {
  hide();
  const answer = await fetch(`/referrals/${id}/act`, {
    method: "POST",
    headers: { "x-csrf-token": document.querySelector('meta[name="csrf"]').content, "x-partial": "undo" },
    body: new URLSearchParams({ action: "reopen", version, back: "review", note: "The release was undone." }),
  });
  if (answer.ok) return location.assign((await answer.json()).next);
  place.textContent = "It could not be undone: somebody has gone on with it. Look at it in the work queue.";
  timer = setTimeout(hide, TIME);
  return undefined;
};

/** Says that a referral was released. `name` is only shown, never kept. */
export const offerUndo = (released, name, left = TIME) => {
  clearTimeout(timer);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small";
  button.dataset.keyPress = "u";
  button.setAttribute("aria-keyshortcuts", "u");
  const key = document.createElement("kbd");
  key.textContent = "u";
  button.append("Undo ", key);
  button.addEventListener("click", () => undo(released));
  place.replaceChildren(name ? `Released ${name}. ` : "Released. ", button);
  const wait = () => { timer = setTimeout(hide, left); };
  // Nobody is hurried who is on the way to it.
  ["pointerenter", "focus"].forEach((name) => button.addEventListener(name, () => clearTimeout(timer)));
  ["pointerleave", "blur"].forEach((name) => button.addEventListener(name, () => {
    clearTimeout(timer);
    wait();
  }));
  wait();
};

/** Takes the offer along to another page: ids alone. */
export const keepUndo = (released) => sessionStorage.setItem(KEY, JSON.stringify({ ...released, at: Date.now() }));

const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
if (kept) {
  const left = TIME - (Date.now() - kept.at);
  if (left > 0) offerUndo(kept, "", left);
  else hide();
}
