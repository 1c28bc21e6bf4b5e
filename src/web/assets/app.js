// For every page: dialogs open by a button, keys that are printed on the screen work, and an ended session hides the page.

import { isOn } from "./choices.js";
import { signedOut } from "./session.js";
import "./undo.js";

addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.closest("[data-print]")) print();
});

// One click, one action: a double click must not send a form twice.
addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const button = event.submitter;
  if (button) setTimeout(() => button.setAttribute("disabled", ""), 0);
});
// Times are stored in UTC. People read and type the clinic's own time.
const clinic = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const localise = (root) => root.querySelectorAll("time[data-local]").forEach((time) => {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.valueOf())) time.textContent = clinic.format(at);
});
localise(document);
// The line on paper says when it was printed, not when the page was opened.
addEventListener("beforeprint", () => {
  document.querySelectorAll("[data-printed]").forEach((time) => { time.dateTime = new Date().toISOString(); });
  localise(document);
});
addEventListener("htmx:after:swap", () => localise(document));
addEventListener("formdata", (event) => {
  event.target.querySelectorAll('input[type="datetime-local"]').forEach((input) => {
    const at = new Date(input.value);
    if (!Number.isNaN(at.valueOf())) event.formData.set(input.name, at.toISOString());
  });
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// Single letters can be turned off: who speaks to the computer, or hits a key by accident, must not act by it.
addEventListener("keydown", (event) => {
  if (!isOn("keys")) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  const target = document.querySelector(`[data-key-press="${CSS.escape(event.key)}"]`);
  if (target) {
    event.preventDefault();
    target.click();
  }
});

// A refresh in the background that meets an ended session shows the login instead of patient data that stays on screen.
addEventListener("htmx:after:request", (event) => {
  const status = event.detail?.ctx?.response?.raw?.status ?? event.detail?.ctx?.response?.status;
  if (status === 401) signedOut();
});
