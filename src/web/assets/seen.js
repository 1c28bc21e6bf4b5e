// Which critical fields were in sight: a plausible value that nobody looked at is how wrong ones get through.
// It counts for this opening of the page: who loads it anew looks anew, since the values may be others.

export const addSeen = (desk) => {
  const { review, viewer } = desk;
  const critical = (review.dataset.critical ?? "").split(" ").filter(Boolean);
  const seen = new Set();
  const isUnseen = (field) => critical.includes(field.dataset.key) && !seen.has(field.dataset.key);

  const show = () => {
    const { release } = desk;
    if (!release) return;
    const left = desk.fields.filter(isUnseen);
    const what = left.length === 1 ? "1 critical field" : `${left.length} critical fields`;
    const names = left.slice(0, 3).map((field) => field.querySelector("label").textContent).join(", ");
    review.querySelector("[data-unseen]").textContent = left.length === 0 ? "" : `${what} not seen yet: ${names}${left.length > 3 ? " …" : ""}`;
    release.setAttribute("aria-disabled", String(left.length > 0));
    const carried = release.form.querySelector("[data-seen]");
    carried.name = "seen";
    carried.value = [...seen].join(" ");
    desk.fields.forEach((field) => {
      const sight = field.querySelector("[data-sight]");
      if (!sight) return;
      sight.hidden = false;
      sight.classList.toggle("done", !isUnseen(field));
    });
  };

  const see = (field) => {
    if (!isUnseen(field)) return;
    seen.add(field.dataset.key);
    show();
  };

  // Its place on the page was in sight for a while, large enough to be read.
  viewer.onRest = (page, view) => desk.fields.filter(isUnseen).forEach((field) => {
    if (Number(field.dataset.page) !== page || !field.dataset.box) return;
    const [x, y, w, h] = viewer.turned(page, field.dataset.box.split(" ").map(Number));
    if (x >= view.x && y >= view.y && x + w <= view.x + view.w && y + h <= view.y + view.h) see(field);
  });

  return Object.assign(desk, { isUnseen, see, showSeen: show, unseen: () => desk.fields.filter(isUnseen) });
};
