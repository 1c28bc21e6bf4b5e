// A team note that was typed and not kept yet: whatever leaves the page keeps it first, and stays where that fails.

import { isSignedOut, signedOut } from "./session.js";

const find = () => document.querySelector("[data-memo]");
const typed = (form) => form?.elements.text.value.trim() ?? "";

/** The notes beside the form, where they are loaded by themselves. */
const list = () => document.querySelector('[data-live][hx-get*="/memos"]');

/** Whether a note would be lost. */
export const isMemoTyped = () => typed(find()) !== "";

const refuse = (form, why) => {
  const place = form.querySelector("[data-memo-problem]");
  place.textContent = `Not kept: ${why}`;
  // What stands in front of the note hides why nothing went on.
  document.querySelector("dialog[open]")?.close();
  form.closest("details")?.setAttribute("open", "");
  form.elements.text.focus();
  return false;
};

const send = async (form) => {
  const answer = await fetch(form.getAttribute("action"), {
    method: "POST",
    headers: { "x-csrf-token": document.querySelector('meta[name="csrf"]').content, "x-partial": "memo", accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
  });
  if (answer.status === 401) {
    signedOut();
    return false;
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    return refuse(form, problem.detail ?? "the server refused. Try again.");
  }
  form.elements.text.value = "";
  form.querySelector("[data-memo-problem]").textContent = "";
  list()?.dispatchEvent(new CustomEvent("live-list"));
  return true;
};

let keeping = null;
/** Keeps what was typed. Gives whether nothing would be lost now. */
export const keepMemo = () => {
  const form = find();
  if (keeping || !typed(form)) return keeping ?? Promise.resolve(true);
  form.elements.text.readOnly = true;
  keeping = send(form)
    .catch(() => refuse(form, "no connection. Your text is still here; try again."))
    .finally(() => {
      form.elements.text.readOnly = false;
      keeping = null;
    });
  return keeping;
};

const keepAlone = async () => {
  if (await keepMemo() && !list()) location.reload();
};

// On the document: behind what a part of the page does with its own forms, before a button is turned off against double clicks.
document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (event.defaultPrevented || target.method === "dialog" || !isMemoTyped()) return;
  if (submitter?.formTarget === "_blank") return;
  event.preventDefault();
  if (target === find()) keepAlone();
  else keepMemo().then((kept) => { if (kept) target.requestSubmit(submitter); });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const elsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || event.defaultPrevented || link.target || link.hasAttribute("download") || !isMemoTyped()) return;
  if (link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  keepMemo().then((kept) => { if (kept) location.assign(link.href); });
});

// A tab that is closed keeps nothing: half a note is for nobody else. The browser asks.
addEventListener("beforeunload", (event) => { if (isMemoTyped() && !isSignedOut()) event.preventDefault(); });

// Ctrl+Enter in a note keeps the note; on the review page it would release the referral.
addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-memo]");
  if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.stopPropagation();
  form.requestSubmit();
}, true);
