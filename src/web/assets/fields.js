// The fields of the form: how each stands, which comes next, and its boxes on the page.

const SVG = "http://www.w3.org/2000/svg";
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const STATES = ["machine", "check", "problem", "missing", "human", "empty"];
/** What a person looks at first. */
const RANKS = ["missing", "problem", "check"];
const NOTHING = 9;

export const input = (field) => field.querySelector("[data-value]");

export const addFields = (desk) => {
  const { review, viewer } = desk;
  const fields = [...review.querySelectorAll(".field")];
  const release = review.querySelector("[data-release]");
  const counter = review.querySelector("[data-left]");
  /** Where the tour through what is left stands: a field may be done by the time that it is left. */
  let at = null;

  const isOpen = (field) => RANKS.some((state) => field.classList.contains(state));
  // Then what must be seen before the referral is released.
  const rank = (field) => {
    const place = RANKS.findIndex((state) => field.classList.contains(state));
    if (place >= 0) return place;
    return desk.isUnseen(field) ? RANKS.length : NOTHING;
  };
  const stand = (field, as = rank(field)) => as * 1000 + fields.indexOf(field);

  const next = (from, step) => {
    const start = from && (at?.field === from ? at.stand : stand(from));
    const order = fields.filter((field) => field !== from && rank(field) < NOTHING).sort((a, b) => stand(a) - stand(b));
    if (step < 0) order.reverse();
    if (!from || start >= NOTHING * 1000) return order[0] ?? null;
    return order.find((field) => (stand(field) - start) * step > 0) ?? null;
  };

  const goTo = (field) => {
    at = field && { field, stand: stand(field) };
    const target = field ? input(field) : release;
    target?.focus({ preventScroll: !!field });
    field?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    if (target?.select) target.select();
  };

  // The field itself, not its input: single letters are keys there.
  const stepTo = (from, step) => {
    const target = fields[from ? fields.indexOf(from) + step : 0];
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  };

  const count = () => {
    const left = fields.filter(isOpen).length;
    counter.textContent = left === 0 ? "Nothing left to check" : `${left} to check`;
    counter.parentElement.className = left === 0 ? "tag good" : "tag warn";
    review.querySelectorAll("section[data-section]").forEach((section) => {
      const here = [...section.querySelectorAll(".field")].filter(isOpen).length;
      const tag = section.querySelector("[data-section-left]");
      tag.textContent = `${here} to check`;
      tag.hidden = here === 0;
    });
  };

  const marksOf = (field) => [...viewer.stage.querySelectorAll(`.mark[data-field="${CSS.escape(field.dataset.key)}"]`)];

  const light = (field) => {
    viewer.stage.querySelectorAll(".mark.on").forEach((mark) => mark.classList.remove("on"));
    marksOf(field).forEach((mark) => {
      mark.classList.add("on");
      mark.parentElement.append(mark);
    });
    if (field.dataset.box) viewer.lookAt(field.dataset.page, field.dataset.box.split(" ").map(Number));
  };

  review.addEventListener("focusin", (event) => {
    const field = event.target.closest(".field");
    if (!field || (event.target !== field && !event.target.matches("[data-value]"))) return;
    light(field);
    desk.see(field);
    // The whole of it: the browser brings only the input into view, and leaves its crop under the section's title.
    field.scrollIntoView({ block: "nearest" });
  });

  // The first click marks the whole value, so that typing replaces it; the next one sets the caret.
  let fresh = null;
  review.addEventListener("mousedown", ({ target }) => {
    fresh = target.matches("[data-value]") && target !== document.activeElement ? target : null;
  });
  review.addEventListener("click", ({ target }) => {
    if (target === fresh && target.selectionStart === target.selectionEnd) target.select?.();
  });

  // A field and its boxes on the page look alike.
  const setState = (field, state) => [field, ...marksOf(field)].forEach((element) => {
    element.classList.remove(...STATES);
    element.classList.add(state);
  });

  const box = (kind, [x, y, width, height]) => {
    const rect = document.createElementNS(SVG, "rect");
    Object.entries({ class: kind, x, y, width, height }).forEach(([name, value]) => rect.setAttribute(name, value));
    return rect;
  };

  // Its value was taken from elsewhere on the page: the boxes and the strip above the input go along.
  const setPlace = (field, { page, box: bounds, boxes, crop }) => {
    if (bounds === field.dataset.box && page === field.dataset.page) return;
    Object.assign(field.dataset, { page, box: bounds });
    marksOf(field).forEach((mark) => mark.remove());
    const layer = viewer.element(page)?.querySelector(".marks");
    if (!layer || !bounds) return;
    const lit = field.contains(document.activeElement) ? " on" : "";
    boxes.split(";").forEach((one) => {
      const mark = document.createElementNS(SVG, "g");
      const numbers = one.split(" ").map(Number);
      mark.setAttribute("class", `mark${lit}`);
      mark.setAttribute("aria-hidden", "true");
      mark.dataset.field = field.dataset.key;
      mark.append(box("halo", numbers), box("edge", numbers));
      layer.append(mark);
    });
    const strip = field.querySelector(".crop");
    strip.setAttribute("viewBox", viewer.turned(page, crop.split(" ").map(Number)).join(" "));
    strip.removeAttribute("hidden");
    strip.querySelector("use").setAttribute("href", `#picture-${page}`);
  };

  // The reason behind the state, all values and what was changed unfold together.
  const explain = async (field) => {
    const more = field.querySelector(".more");
    if (!more) return;
    const isShown = !more.classList.toggle("closed");
    field.querySelector("[data-history]")?.setAttribute("aria-expanded", String(isShown));
    const places = more.querySelector("[data-places]");
    if (!isShown || !places?.dataset.raw) return;
    const found = await desk.words.places(places.dataset.raw);
    if (found === 0) return;
    places.textContent = found === 1 ? "The pages say so in one place." : `The pages say so in ${found} places.`;
    places.hidden = false;
  };
  review.addEventListener("click", (event) => {
    const state = event.target.closest("[data-history]");
    if (state) explain(state.closest(".field"));
  });

  return Object.assign(desk, {
    fields, release, isOpen, next, goTo, stepTo, count, setState, setPlace, explain,
    states: STATES,
    /** The field whose input has the focus. */
    typing: () => document.activeElement?.matches("[data-value]:not([readonly])") ? document.activeElement.closest(".field") : null,
    /** The field that has the focus in any way. */
    here: () => document.activeElement?.closest(".field"),
  });
};
