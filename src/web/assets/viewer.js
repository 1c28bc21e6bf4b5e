// The pages as received: which one is shown, pan and zoom. They change `viewBox` and nothing else, so that the strict
// content security policy needs no exception.

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
/** How far the pointer may tremble in a click. */
const STILL = 4;
/** Of the page's width, what may be in sight where its lines can be read without effort. */
const READABLE = 0.7;

const clamp = (value, low, high) => (high < low ? (low + high) / 2 : Math.min(Math.max(value, low), high));

export const createViewer = (review, signal) => {
  const stage = review.querySelector(".pages");
  const pages = [...stage.querySelectorAll(".page")];
  const tabs = [...review.querySelectorAll("[data-page-tab]")];
  const size = (page) => ({ w: Number(page.dataset.width), h: Number(page.dataset.height) });
  let shown = null;
  let view = null;
  let moving = 0;
  let resting = 0;

  const viewer = {
    stage,
    frozen: false,
    /** Takes over the pointer to draw with it: `{ wants(event), start(point), move(point), end(point, moved) }`. */
    drawer: null,
    onTap: () => {},
    onShow: () => {},
    /** The eye had time to read what is in sight. */
    onRest: () => {},
    page: () => Number(shown?.dataset.page ?? 0),
    element: (number) => pages.find((page) => page.dataset.page === String(number)),
  };

  const apply = (v) => {
    view = v;
    shown?.setAttribute("viewBox", `${v.x} ${v.y} ${v.w} ${v.h}`);
    clearTimeout(resting);
    resting = setTimeout(() => view && shown && view.w <= size(shown).w * READABLE && viewer.onRest(viewer.page(), view), 1000);
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

  const show = (number) => {
    const page = viewer.element(number);
    if (!page || page === shown) return page;
    cancelAnimationFrame(moving);
    shown?.classList.remove("shown");
    shown = page;
    page.classList.add("shown");
    tabs.forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.pageTab === String(number))));
    apply(fit(page));
    viewer.onShow(viewer.page());
    return page;
  };

  const keepOnPage = (v, page) => {
    const { w, h } = size(page);
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

  const point = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(shown.getScreenCTM().inverse());
    return { x: at.x, y: at.y };
  };

  // Boxes and words stand on the page as it was read, which a person may have turned.
  const turned = (page) => page.querySelector(".turned");
  const pointOnPage = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(turned(shown).getScreenCTM().inverse());
    return { x: at.x, y: at.y };
  };
  const turnBox = (page, [x, y, w, h]) => {
    const { matrix } = turned(page).transform.baseVal.consolidate() ?? {};
    if (!matrix) return [x, y, w, h];
    const [a, b] = [new DOMPoint(x, y), new DOMPoint(x + w, y + h)].map((corner) => corner.matrixTransform(matrix));
    return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(a.x - b.x), Math.abs(a.y - b.y)];
  };

  // A click on the page must not take the focus from the field that it fills.
  stage.addEventListener("mousedown", (event) => event.preventDefault());

  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) return apply(zoom(Math.exp(-event.deltaY / 300), point(event)));
    const unit = view.w / stage.clientWidth;
    return apply(keepOnPage({ ...view, x: view.x + event.deltaX * unit, y: view.y + event.deltaY * unit }, shown));
  }, { passive: false });

  let grip = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !shown) return;
    const draws = viewer.drawer?.wants(event) ?? false;
    grip = { x: event.clientX, y: event.clientY, view, draws, moved: false };
    if (draws) viewer.drawer.start(pointOnPage(event));
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    if (grip?.draws || (!grip && viewer.drawer?.wants(event))) viewer.drawer.move(pointOnPage(event));
    if (!grip) return;
    const [dx, dy] = [event.clientX - grip.x, event.clientY - grip.y];
    if (Math.hypot(dx, dy) > STILL) grip.moved = true;
    if (grip.draws || !grip.moved) return;
    shown.classList.add("dragged");
    const unit = grip.view.w / stage.clientWidth;
    apply(keepOnPage({ ...grip.view, x: grip.view.x - dx * unit, y: grip.view.y - dy * unit }, shown));
  });
  stage.addEventListener("pointerup", (event) => {
    const { draws, moved } = grip ?? {};
    if (grip && draws) viewer.drawer.end(pointOnPage(event), moved);
    else if (grip && !moved) viewer.onTap(pointOnPage(event), event);
    grip = null;
    shown?.classList.remove("dragged");
  });
  stage.addEventListener("pointercancel", () => {
    grip = null;
    shown?.classList.remove("dragged");
  });
  addEventListener("resize", () => shown && apply(fit(shown)), { signal });
  signal.addEventListener("abort", () => clearTimeout(resting));

  tabs.forEach((tab) => tab.addEventListener("click", () => show(tab.dataset.pageTab)));
  const turn = (by) => {
    const at = pages.indexOf(shown) + by;
    if (pages[at]) show(pages[at].dataset.page);
  };
  const toggle = (button, on) => button.setAttribute("aria-pressed", String(on));
  const tools = {
    in: () => glide(zoom(1.35)),
    out: () => glide(zoom(1 / 1.35)),
    fit: () => glide(fit(shown)),
    before: () => turn(-1),
    after: () => turn(1),
    marks: (button) => toggle(button, !stage.classList.toggle("hide-marks")),
    freeze: (button) => {
      viewer.frozen = !viewer.frozen;
      toggle(button, viewer.frozen);
    },
  };
  review.querySelectorAll("[data-tool]").forEach((button) => {
    const use = tools[button.dataset.tool];
    if (use) button.addEventListener("click", () => shown && use(button));
  });

  return Object.assign(viewer, {
    show,
    turn,
    first: () => pages[0] && show(pages[0].dataset.page),
    /** Brings a box into sight, unless the page is held still. */
    lookAt: (number, box) => {
      if (viewer.frozen) return;
      const page = show(number);
      if (page) glide(around(page, turnBox(page, box)));
    },
    /** Where a box of the page as it was read stands now that it is turned. */
    turned: (number, box) => {
      const page = viewer.element(number);
      return page ? turnBox(page, box) : box;
    },
    /** What is turned with the page. */
    layer: (number) => turned(viewer.element(number)),
  });
};
