// The review page: the page picture follows the field in focus, and every change is saved by itself.
// No library, no build. Pan and zoom change `viewBox`, so that the strict content security policy needs no exception.

const review = document.querySelector("[data-review]");
const csrf = document.querySelector('meta[name="csrf"]').content;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
review.classList.add("live");

// ---- viewer ---------------------------------------------------------------------------------------------------

const stage = review.querySelector(".pages");
const pages = [...stage.querySelectorAll(".page")];
const tabs = [...review.querySelectorAll("[data-page-tab]")];
const size = (page) => ({ w: Number(page.dataset.width), h: Number(page.dataset.height) });
let shown = null;
let view = null;
let moving = 0;

const apply = (v) => {
  view = v;
  shown?.setAttribute("viewBox", `${v.x} ${v.y} ${v.w} ${v.h}`);
};

// The part of the page that fills the pane at its width, from the top.
const fit = (page) => {
  const { w, h } = size(page);
  const pane = stage.getBoundingClientRect();
  const shape = pane.height / Math.max(pane.width, 1);
  return { x: 0, y: 0, w, h: Math.max(Math.min(w * shape, h * 1.02), w * shape) };
};

const glide = (to) => {
  cancelAnimationFrame(moving);
  const from = view;
  if (calm || !from) return apply(to);
  const start = performance.now();
  const step = (now) => {
    const t = Math.min((now - start) / 200, 1);
    const e = 1 - (1 - t) ** 3;
    const mix = (k) => from[k] + (to[k] - from[k]) * e;
    apply({ x: mix("x"), y: mix("y"), w: mix("w"), h: mix("h") });
    if (t < 1) moving = requestAnimationFrame(step);
  };
  moving = requestAnimationFrame(step);
};

const show = (number, to) => {
  const page = pages.find((p) => p.dataset.page === String(number));
  if (!page) return;
  if (page !== shown) {
    cancelAnimationFrame(moving);
    shown?.classList.remove("shown");
    shown = page;
    page.classList.add("shown");
    tabs.forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.pageTab === String(number))));
    apply(fit(page));
  }
  if (to) glide(to);
};

const keepOnPage = (v, page) => {
  const { w, h } = size(page);
  const clamp = (value, low, high) => (high < low ? (low + high) / 2 : Math.min(Math.max(value, low), high));
  return { ...v, x: clamp(v.x, 0, w - v.w), y: clamp(v.y, Math.min(0, h - v.h), Math.max(0, h - v.h)) };
};

// Enough of the surroundings to read the label too.
const around = (page, [x, y, w, h]) => {
  const whole = fit(page);
  const width = Math.min(whole.w, Math.max(w * 1.7, whole.w * 0.58, h * 3));
  const height = width * (whole.h / whole.w);
  return keepOnPage({ x: x + w / 2 - width / 2, y: y + h / 2 - height / 2, w: width, h: height }, page);
};

const zoom = (factor, at) => {
  const whole = fit(shown);
  const w = Math.min(Math.max(view.w / factor, whole.w / 12), whole.w * 1.5);
  const h = w * (view.h / view.w);
  const p = at ?? { x: view.x + view.w / 2, y: view.y + view.h / 2 };
  const k = w / view.w;
  return keepOnPage({ x: p.x - (p.x - view.x) * k, y: p.y - (p.y - view.y) * k, w, h }, shown);
};

const pointOnPage = (event) => {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(shown.getScreenCTM().inverse());
  return { x: point.x, y: point.y };
};

stage.addEventListener("wheel", (event) => {
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) return apply(zoom(Math.exp(-event.deltaY / 300), pointOnPage(event)));
  const unit = view.w / stage.clientWidth;
  apply(keepOnPage({ ...view, x: view.x + event.deltaX * unit, y: view.y + event.deltaY * unit }, shown));
}, { passive: false });

let grip = null;
stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || event.target.closest(".mark")) return;
  grip = { x: event.clientX, y: event.clientY, view };
  shown.classList.add("dragged");
  stage.setPointerCapture(event.pointerId);
});
stage.addEventListener("pointermove", (event) => {
  if (!grip) return;
  const unit = grip.view.w / stage.clientWidth;
  apply(keepOnPage({ ...grip.view, x: grip.view.x - (event.clientX - grip.x) * unit, y: grip.view.y - (event.clientY - grip.y) * unit }, shown));
});
for (const end of ["pointerup", "pointercancel"]) {
  stage.addEventListener(end, () => {
    grip = null;
    shown?.classList.remove("dragged");
  });
}

const tool = {
  in: () => glide(zoom(1.35)),
  out: () => glide(zoom(1 / 1.35)),
  fit: () => glide(fit(shown)),
  marks: (button) => button.setAttribute("aria-pressed", String(!stage.classList.toggle("hide-marks"))),
};
review.querySelectorAll("[data-tool]").forEach((button) => button.addEventListener("click", () => tool[button.dataset.tool](button)));
tabs.forEach((tab) => tab.addEventListener("click", () => show(tab.dataset.pageTab)));
const turn = (by) => show(Number(shown?.dataset.page ?? 1) + by);
addEventListener("resize", () => shown && apply(fit(shown)));

// ---- fields ---------------------------------------------------------------------------------------------------

const fields = [...review.querySelectorAll(".field")];
const input = (field) => field.querySelector("[data-value]");
const open = (field) => ["check", "problem", "missing"].some((state) => field.classList.contains(state));
const saved = review.querySelector(".finish .saved");
const release = review.querySelector("[data-release]");

const count = () => {
  const left = fields.filter(open).length;
  review.querySelector("[data-left]").textContent = left === 0 ? "Nothing left to check" : `${left} to check`;
  review.querySelector("[data-left]").parentElement.className = left === 0 ? "tag good" : "tag warn";
  review.querySelectorAll("section[data-section]").forEach((section) => {
    const here = [...section.querySelectorAll(".field")].filter(open).length;
    const tag = section.querySelector("[data-section-left]");
    tag.textContent = `${here} to check`;
    tag.hidden = here === 0;
  });
};

const light = (field) => {
  stage.querySelectorAll(".mark.on").forEach((mark) => mark.classList.remove("on"));
  const marks = [...stage.querySelectorAll(`.mark[data-field="${CSS.escape(field.dataset.key)}"]`)];
  marks.forEach((mark) => {
    mark.classList.add("on");
    mark.parentElement.append(mark);
  });
  if (!field.dataset.box) return;
  const page = pages.find((p) => p.dataset.page === field.dataset.page);
  if (page) show(field.dataset.page, around(page, field.dataset.box.split(" ").map(Number)));
};

review.addEventListener("focusin", (event) => {
  const field = event.target.closest(".field");
  if (field && event.target.matches("[data-value]")) light(field);
});
stage.addEventListener("click", (event) => {
  const mark = event.target.closest(".mark");
  if (mark) input(fields.find((field) => field.dataset.key === mark.dataset.field))?.focus();
});

// Saves run one after the other: each needs the version that the one before it made.
let queue = Promise.resolve();
let pending = 0;
const say = (text) => { saved.textContent = text; };

// A field and its boxes on the page look alike.
const states = ["machine", "check", "problem", "missing", "human", "empty"];
const mark = (field, state) => {
  const boxes = stage.querySelectorAll(`.mark[data-field="${CSS.escape(field.dataset.key)}"]`);
  [field, ...boxes].forEach((element) => {
    element.classList.remove(...states);
    element.classList.add(state);
  });
};

const place = (field, html) => {
  const answer = new DOMParser().parseFromString(html, "text/html");
  answer.querySelectorAll("[data-part]").forEach((part) => {
    field.querySelector(`:scope [data-part="${part.dataset.part}"]`)?.replaceWith(document.adoptNode(part));
  });
  const fresh = answer.querySelector("[data-answer]");
  if (!fresh) return null;
  mark(field, fresh.dataset.state);
  count();
  return fresh.dataset;
};

const send = (field, value) =>
  fetch(field.querySelector("form").action, {
    method: "POST",
    headers: { "x-csrf-token": csrf, "if-match": `"${known.get(field)}"`, "content-type": "application/x-www-form-urlencoded", "x-partial": "field" },
    body: new URLSearchParams({ value }),
    redirect: "error",
  });

// The version as of which each field is shown here. A change is sent under the version of its own field, so that what
// somebody else wrote there meanwhile is a conflict, also where a change of another field has told us of a newer one.
const known = new Map(fields.map((field) => [field, review.dataset.version]));
const versionOf = (answer) => (answer.headers.get("etag") ?? "").replaceAll('"', "");

// Every form of the page acts on the newest version that is known.
const setVersion = (version) => {
  if (!version) return;
  review.dataset.version = version;
  review.querySelectorAll('input[name="version"]').forEach((hidden) => { hidden.value = version; });
};

// Somebody else was here: shows what they changed, but never touches a field in which a person has typed.
const refresh = async () => {
  const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-review]");
  for (const field of fields) {
    const now = page.querySelector(`.field[data-key="${CSS.escape(field.dataset.key)}"]`);
    const changed = now.dataset.sequence !== field.dataset.sequence;
    if (changed && input(field).value !== field.dataset.saved) continue;
    known.set(field, page.dataset.version);
    if (!changed) continue;
    input(field).value = now.dataset.saved;
    field.dataset.saved = now.dataset.saved;
    field.dataset.sequence = now.dataset.sequence;
    now.querySelectorAll("[data-part]").forEach((part) => {
      field.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceWith(document.adoptNode(part));
    });
    mark(field, states.find((state) => now.classList.contains(state)));
  }
  setVersion(page.dataset.version);
  count();
};

const store = async (field, value) => {
  const before = field.dataset.saved;
  let answer = await send(field, value);
  for (let tries = 0; answer.status === 412 && tries < 3; tries += 1) {
    const same = answer.headers.get("x-field-unchanged") === field.dataset.sequence;
    await refresh();
    if (!same) break;
    // Only other fields were changed: this one still stands as it was read here, so nothing can be overwritten.
    answer = await send(field, value);
  }
  if (answer.status === 401) return location.reload();
  const html = await answer.text();
  field.dataset.refused = answer.ok ? "" : "yes";
  if (answer.status !== 412 && answer.status !== 422 && !answer.ok) {
    return say("Not saved: the server refused. Reload the page and try again.");
  }
  const fresh = place(field, html);
  if (answer.status === 412) {
    // Both values are on the screen now: what the person chooses next is meant for this version.
    known.set(field, versionOf(answer));
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
  // What the person may already have typed on is never replaced.
  if (document.activeElement !== input(field) || before === fresh.value) input(field).value = fresh.value;
  say("All changes saved");
};

const save = (field, value) => {
  pending += 1;
  say("Saving…");
  queue = queue
    .then(() => store(field, value))
    .catch(() => say("Not saved: no connection. Your text is kept here; change it again to retry."))
    .finally(() => { pending -= 1; });
  return queue;
};

review.addEventListener("change", (event) => {
  const field = event.target.closest(".field");
  if (field && event.target.matches("[data-value]") && (event.target.value !== field.dataset.saved || field.dataset.refused)) {
    save(field, event.target.value);
  }
});
// What was typed last is saved before anything else happens to the referral.
review.addEventListener("submit", (event) => {
  if (event.target.closest(".field")) return event.preventDefault();
  const { target, submitter } = event;
  const refused = () => target.matches("[data-release-form]") && fields.find((field) => field.dataset.refused);
  if (target.method === "dialog" || (pending === 0 && !refused())) return;
  event.preventDefault();
  queue.then(() => {
    const field = refused();
    if (field) goTo(field); else target.requestSubmit(submitter);
  });
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
// The state of a field unfolds every value that it ever had.
review.addEventListener("click", (event) => {
  const state = event.target.closest("[data-history]");
  if (!state) return;
  const past = state.closest(".field").querySelector(".past");
  if (past) state.setAttribute("aria-expanded", String(!past.classList.toggle("closed")));
});
addEventListener("beforeunload", (event) => { if (pending > 0) event.preventDefault(); });

const next = (from, step) => {
  const start = from ? fields.indexOf(from) : step > 0 ? -1 : fields.length;
  for (let i = start + step; i >= 0 && i < fields.length; i += step) {
    if (open(fields[i])) return fields[i];
  }
  return null;
};
const goTo = (field) => {
  const target = field ? input(field) : release;
  target?.focus({ preventScroll: !!field });
  field?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  if (target?.select) target.select();
};

review.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    const field = event.target.closest(".field");
    const value = field && input(field);
    if (value && value.value !== field.dataset.saved) save(field, value.value);
    release?.form.requestSubmit(release);
    return;
  }
  if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    turn(event.key === "ArrowDown" ? 1 : -1);
    return;
  }
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-value]")) return;
  const field = event.target.closest(".field");
  event.preventDefault();
  if (event.shiftKey) return goTo(next(field, -1) ?? field);
  const value = event.target.value;
  // Enter accepts what stands there. An empty missing field stays missing.
  const accepts = field.classList.contains("check") && value.trim() !== "";
  const going = next(field, 1);
  if (value !== field.dataset.saved || accepts) save(field, value);
  goTo(going);
});

count();
const first = next(null, 1);
if (pages.length > 0) show(pages[0].dataset.page);
if (first) goTo(first); else release?.focus();
