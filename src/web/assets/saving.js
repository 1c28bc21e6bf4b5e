// Every change is saved by itself, under the version of its own field, so that nothing that somebody else wrote is lost.

import { input } from "./fields.js";
import { isSignedOut, signedOut } from "./session.js";

/** After so long without a key, what was typed is saved; what was picked on the page waits for another word. */
const TYPED = 1500;
const PICKED = 400;

export const addSaving = (desk) => {
  const { review, fields } = desk;
  const csrf = document.querySelector('meta[name="csrf"]').content;
  const saved = review.querySelector(".finish .saved");
  const say = (text) => { saved.textContent = text; };
  // Saves run one after the other: each needs the version that the one before it made.
  let queue = Promise.resolve();
  let pending = 0;
  // The version as of which each field is shown here.
  const known = new Map(fields.map((field) => [field, review.dataset.version]));
  const places = new Map();
  const waiting = new Map();
  const sending = new Map();
  /** What was typed and saved, where its canonical form is another: the input keeps it until it is left. */
  const accepted = new Map();
  const versionOf = (answer) => (answer.headers.get("etag") ?? "").replaceAll('"', "");

  // Every form of the page acts on the newest version that is known.
  const setVersion = (version) => {
    if (!version) return;
    review.dataset.version = version;
    review.querySelectorAll('input[name="version"]').forEach((hidden) => { hidden.value = version; });
  };

  const put = (field, parts) => {
    const unfolded = field.querySelector(".more:not(.closed)");
    parts.forEach((part) => {
      const before = field.querySelector(`:scope [data-part="${part.dataset.part}"]`);
      const focused = before === document.activeElement;
      before?.replaceWith(document.adoptNode(part));
      if (focused) part.focus({ preventScroll: true });
    });
    // Whoever reads why the field stands as it does reads on.
    if (unfolded && !unfolded.isConnected) desk.explain(field);
  };

  const place = (field, html) => {
    const answer = new DOMParser().parseFromString(html, "text/html");
    put(field, answer.querySelectorAll("[data-part]"));
    const fresh = answer.querySelector("[data-answer]");
    if (!fresh) return null;
    desk.setPlace(field, fresh.dataset);
    desk.setState(field, fresh.dataset.state);
    desk.count();
    return fresh.dataset;
  };

  const send = (field, value, from) => {
    const body = new URLSearchParams({ value });
    if (from) {
      body.set("page", from.page);
      body.set("boxes", from.boxes.map((box) => box.join(" ")).join(";"));
    }
    return fetch(field.querySelector("form").action, {
      method: "POST",
      headers: { "x-csrf-token": csrf, "if-match": `"${known.get(field)}"`, "content-type": "application/x-www-form-urlencoded", "x-partial": "field" },
      body,
      redirect: "error",
    });
  };

  // Somebody else was here: shows what they changed, but never touches a field in which a person has typed.
  const refresh = async () => {
    // Looked at in passing: that claims nothing.
    const answer = await fetch(location.pathname, { headers: { accept: "text/html", "x-prefetch": "1" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-review]");
    if (page?.dataset.review !== desk.id) return location.reload();
    for (const field of fields) {
      const now = page.querySelector(`.field[data-key="${CSS.escape(field.dataset.key)}"]`);
      const changed = now.dataset.sequence !== field.dataset.sequence;
      if (changed && isChanged(field)) continue;
      known.set(field, page.dataset.version);
      if (!changed) continue;
      accepted.delete(field);
      input(field).value = now.dataset.saved;
      field.dataset.saved = now.dataset.saved;
      field.dataset.sequence = now.dataset.sequence;
      put(field, now.querySelectorAll("[data-part]"));
      desk.setState(field, desk.states.find((state) => now.classList.contains(state)));
    }
    setVersion(page.dataset.version);
    desk.count();
  };

  const store = async (field, value) => {
    const before = field.dataset.saved;
    const from = places.get(field);
    let answer = await send(field, value, from);
    for (let tries = 0; answer.status === 412 && tries < 3; tries += 1) {
      const same = answer.headers.get("x-field-unchanged") === field.dataset.sequence;
      await refresh();
      if (!same) break;
      // Only other fields were changed: this one still stands as it was read here, so nothing can be overwritten.
      answer = await send(field, value, from);
    }
    if (answer.status === 401) return signedOut();
    if (answer.status === 409) {
      desk.askClaim?.();
      const problem = await answer.json().catch(() => ({}));
      return say(`Not saved: ${problem.title ?? "somebody else has this referral now."}`);
    }
    const html = await answer.text();
    // What the machine read may be no value at all; that it stays as it is holds nobody up.
    field.dataset.refused = answer.ok || value === before ? "" : "yes";
    if (answer.status !== 412 && answer.status !== 422 && !answer.ok) {
      return say("Not saved: the server refused. Reload the page and try again.");
    }
    const fresh = place(field, html);
    if (answer.status === 412) {
      // Both values are on the screen now: what the person chooses next is meant for this version.
      known.set(field, versionOf(answer));
      accepted.delete(field);
      field.dataset.sequence = answer.headers.get("x-field-unchanged");
      return say("Not saved: somebody else changed this field");
    }
    if (!answer.ok || !fresh) return say("Not saved: see the field");
    const version = versionOf(answer);
    const base = known.get(field);
    // Nobody came in between, or the answer had been 412: all that was known as of then is known as of now.
    known.forEach((at, other) => { if (at === base) known.set(other, version); });
    setVersion(version);
    field.dataset.sequence = fresh.sequence;
    field.dataset.saved = fresh.value;
    if (places.get(field) === from) places.delete(field);
    // What the person may already have typed on is never replaced; what a click filled in is shown as it was understood.
    const untouched = input(field).value === value && (from || document.activeElement !== input(field));
    if (untouched || before === fresh.value) input(field).value = fresh.value;
    accepted.set(field, value);
    return say("All changes saved");
  };

  const save = (field, value) => {
    clearTimeout(waiting.get(field));
    waiting.delete(field);
    if (sending.get(field) === value || desk.lost) return queue;
    sending.set(field, value);
    pending += 1;
    say("Saving…");
    queue = queue
      .then(() => store(field, value))
      .catch(() => say("Not saved: no connection. Your text is kept here; change it again to retry."))
      .finally(() => {
        pending -= 1;
        if (sending.get(field) === value) sending.delete(field);
      });
    return queue;
  };

  const isChanged = (field) => {
    const { value } = input(field);
    // The same value with a place is news: somebody has found it on the page.
    if (places.has(field)) return true;
    return Boolean(field.dataset.refused) || (value !== field.dataset.saved && value !== accepted.get(field));
  };
  const later = (field, time) => {
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(() => {
      waiting.delete(field);
      if (isChanged(field)) save(field, input(field).value);
    }, time));
  };
  /** Saves at once what waits. */
  const flush = () => [...waiting.keys()].forEach((field) => {
    if (isChanged(field)) save(field, input(field).value);
  });

  review.addEventListener("input", (event) => {
    if (event.target.matches("[data-value]") && event.target.tagName !== "SELECT") later(event.target.closest(".field"), TYPED);
  });
  review.addEventListener("change", (event) => {
    const field = event.target.closest(".field");
    if (field && event.target.matches("[data-value]") && isChanged(field)) save(field, event.target.value);
  });
  review.addEventListener("focusout", (event) => {
    const field = event.target.closest(".field");
    if (!field || !event.target.matches("[data-value]")) return;
    if (isChanged(field)) {
      if (waiting.has(field)) save(field, event.target.value);
    } else {
      event.target.value = field.dataset.saved;
    }
  });
  // A conflict shows both values; each has a button that keeps it.
  // Pressing it must not take the focus from the field: that would save the value again and put the button away under the pointer.
  review.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-keep]")) event.preventDefault();
  });
  review.addEventListener("click", (event) => {
    const keep = event.target.closest("[data-keep]");
    if (!keep) return;
    const field = keep.closest(".field");
    input(field).value = keep.dataset.keep;
    save(field, keep.dataset.keep);
    input(field).focus();
  });
  addEventListener("beforeunload", (event) => { if (pending > 0 && !isSignedOut()) event.preventDefault(); }, { signal: desk.signal });

  return Object.assign(desk, {
    csrf, say, save, later, flush, refresh, isChanged, places,
    PICKED,
    saved: () => queue,
    isSaving: () => pending > 0,
    isSending: (field, value) => sending.get(field) === value,
    refused: () => fields.find((field) => field.dataset.refused),
  });
};
