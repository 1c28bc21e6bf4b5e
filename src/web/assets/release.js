// Release, and the next referral is there: it was fetched while this one was read.

import { keepMemo } from "./memo.js";
import { signedOut } from "./session.js";
import { keepUndo, offerUndo } from "./undo.js";

/** Fetches the page of what comes next, and its first picture into this document, where it stays without a cache. */
const fetchAhead = async (desk, holder) => {
  const answer = await fetch(`/desk/next?after=${desk.id}`, { headers: { accept: "text/html", "x-prefetch": "1" }, signal: desk.signal });
  const path = new URL(answer.url).pathname;
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("[data-review]");
  if (!main || path !== `/desk/${main.dataset.review}`) return null;
  // Parsed without scripts, so that what is for browsers without them stands here as elements: a hidden box that must be ticked.
  main.querySelectorAll("noscript").forEach((part) => part.remove());
  const sheet = main.querySelector(".page");
  const gap = document.createComment("");
  sheet?.replaceWith(gap);
  if (sheet) {
    // Only the page on the screen may have this id.
    const picture = sheet.querySelector("image");
    const { id } = picture;
    picture.removeAttribute("id");
    holder.replaceChildren(document.adoptNode(sheet));
    return { path, main, title: page.title, place: () => { gap.replaceWith(sheet); picture.id = id; } };
  }
  return { path, main, title: page.title, place: () => {} };
};

/** Brings the question before the reviewer. Nothing is chosen by the next press: whoever is quick would merge two patients. */
const askWho = (review) => {
  const question = review.querySelector("[data-who]");
  const list = question.querySelector("[hx-get]");
  question.open = true;
  // Opened for the first time, it is fetched twice: each time what had the focus is replaced.
  list.addEventListener("htmx:after:swap", () => list.querySelector("[data-question]")?.focus());
  list.dispatchEvent(new Event("ask"));
};

export const addRelease = (desk, openReview) => {
  const { review, release } = desk;
  if (!release) return;
  const holder = document.createElement("div");
  holder.className = "ahead";
  holder.setAttribute("aria-hidden", "true");
  holder.inert = true;
  document.body.append(holder);
  desk.signal.addEventListener("abort", () => holder.remove());
  let ahead = null;
  const idle = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 200));
  idle(() => fetchAhead(desk, holder).then((found) => { ahead = found; }).catch(() => {}));

  const goOn = ({ next, version }) => {
    const released = { id: desk.id, version };
    const name = review.querySelector("h1").textContent;
    if (ahead?.path !== next) {
      keepUndo(released);
      return location.assign(next);
    }
    const { main, title, place } = ahead;
    const here = document.adoptNode(main);
    place();
    desk.leave();
    review.replaceWith(here);
    history.pushState(null, "", next);
    document.title = title;
    const opened = openReview(here);
    offerUndo(released, name);
    // It was fetched a while ago: what others did meanwhile comes in now.
    return opened.refresh().catch(() => {});
  };

  const refuse = async (answer) => {
    if (answer.status === 401) return signedOut();
    if (answer.status === 412) {
      await desk.refresh();
      return desk.say("Not released: somebody changed this referral. Look at what changed, then release.");
    }
    if (answer.status === 409) desk.askClaim?.();
    const problem = await answer.json().catch(() => ({}));
    if (problem.type?.endsWith(":who_is_this")) askWho(review);
    return desk.say(`Not released: ${problem.detail ?? "the server refused. Try again."}`);
  };

  let busy = false;
  const send = async () => {
    desk.flush();
    await desk.saved();
    const field = desk.refused() ?? desk.unseen()[0];
    if (field) return desk.goTo(field);
    // What was said on the phone goes with the referral.
    if (!await keepMemo()) return desk.say("Not released: your team note could not be kept. See the note.");
    desk.say("Releasing…");
    const answer = await fetch(release.form.getAttribute("action"), {
      method: "POST",
      headers: { "x-csrf-token": desk.csrf, "x-partial": "release" },
      body: new URLSearchParams(new FormData(release.form)),
    });
    return answer.ok ? goOn(await answer.json()) : refuse(answer);
  };
  release.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    send().catch(() => desk.say("Not released: no connection. Try again.")).finally(() => { busy = false; });
  });
};
