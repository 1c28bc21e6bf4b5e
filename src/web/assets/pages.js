// The strip of pages: its buttons act on the page that is shown. What is shown is kept by the viewer, which presses the tab.

import { isMemoTyped } from "./memo.js";
import { signedOut } from "./session.js";

export const addPages = (desk) => {
  const { review, signal } = desk;
  const { stage } = desk.viewer;
  // Not the page's address: the next referral may have taken this one's place there.
  const home = `/desk/${desk.id}`;
  const tabs = () => [...review.querySelectorAll("[data-strip] [data-page-tab]")];
  const pressed = () => tabs().find((tab) => tab.getAttribute("aria-pressed") === "true") ?? tabs()[0];

  const follow = () => {
    const tab = pressed();
    if (!tab) return;
    review.querySelectorAll("[data-page]:is(input)").forEach((hidden) => { hidden.value = tab.dataset.pageTab; });
    const all = tabs();
    const act = (name) => review.querySelector(`[data-arrange] [value="${name}"]`);
    act("split")?.toggleAttribute("disabled", tab === all[0]);
    act("earlier")?.toggleAttribute("disabled", tab === all[0]);
    act("later")?.toggleAttribute("disabled", tab === all.at(-1));
    tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (text.hidden === false) read(tab.dataset.pageTab);
  };
  const watch = new MutationObserver(follow);

  // The page as text.
  const text = document.createElement("div");
  text.className = "text-view";
  text.hidden = true;
  stage.before(text);
  const read = async (number) => {
    const answer = await fetch(`${home}/pages/${number}/text`, { headers: { accept: "text/html" }, signal });
    if (answer.status === 401) return signedOut();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-text]");
    if (page && pressed()?.dataset.pageTab === number) text.replaceChildren(document.adoptNode(page));
  };
  const toggleText = (button) => {
    const on = text.hidden;
    button.setAttribute("aria-pressed", String(on));
    text.hidden = !on;
    stage.classList.toggle("as-text", on);
    if (on && pressed()) read(pressed().dataset.pageTab);
  };

  review.addEventListener("click", (event) => {
    const button = event.target.closest("[data-text-view]");
    if (button) toggleText(button);
  });

  // Other documents of the same fax come and go; the pages shown here stay until they are loaded anew.
  const others = async () => {
    const answer = await fetch(`${home}/pages`, { headers: { accept: "text/html" }, signal });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-strip]");
    const turned = (tab) => tab.querySelector("image").getAttribute("transform") ?? "";
    const order = (root) => [...root.querySelectorAll("[data-page-tab]")].map((tab) => tab.dataset.pageTab + turned(tab)).join();
    const strip = review.querySelector("[data-strip]");
    const same = order(fresh) === order(strip);
    strip.querySelector("[data-since]")?.toggleAttribute("hidden", same);
    if (!same) return;
    const reading = strip.querySelector("[data-rereading]");
    if (reading && !fresh.querySelector("[data-rereading]")) {
      const typed = [...review.querySelectorAll(".field")].some((field) => field.querySelector("[data-value]").value !== field.dataset.saved);
      if (!typed && !isMemoTyped()) return location.reload();
      reading.textContent = "The fields were read anew: load the page when your text is saved";
    }
    const now = fresh.querySelector("[data-others]");
    const here = strip.querySelector("[data-others]");
    // What was done to the other documents is no conflict with what is done here.
    const version = fresh.querySelector('input[name="arranged"]')?.value;
    if (version) strip.querySelectorAll('input[name="arranged"]').forEach((hidden) => { hidden.value = version; });
    if (here && now) here.replaceWith(document.adoptNode(now));
    else if (now) strip.querySelector(".row").after(document.adoptNode(now));
    else here?.remove();
  };
  let soon = 0;
  document.addEventListener("live", (event) => {
    const { kind } = event.detail;
    if (kind === "desk") return;
    clearTimeout(soon);
    soon = setTimeout(() => others().catch(() => {}), 500);
  }, { signal });

  const wanted = /^#page-(\d+)$/.exec(location.hash)?.[1];
  tabs().forEach((tab) => watch.observe(tab, { attributes: true, attributeFilter: ["aria-pressed"] }));
  signal.addEventListener("abort", () => watch.disconnect());
  if (wanted) tabs().find((tab) => tab.dataset.pageTab === wanted)?.click();
  follow();
};
