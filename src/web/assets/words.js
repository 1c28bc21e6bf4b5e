// The words of the pages, where they stand: a click puts one into the field that has the focus, Shift and click adds one.

const SVG = "http://www.w3.org/2000/svg";

export const addWords = (desk) => {
  const { viewer, review } = desk;
  const loading = new Map();
  const words = new Map();

  const fetchWords = async (number) => {
    const answer = await fetch(`/api/v1/referrals/${desk.id}/pages/${number}/words`, { signal: desk.signal });
    if (!answer.ok) return [];
    const page = await answer.json();
    return page.words.map(({ text, box, line }) => ({ text, box, line, page: number }));
  };

  // A layer to point at. It is hidden from screen readers and the keyboard: typing finds the same words in a list.
  const draw = (number, found) => {
    const layer = viewer.element(number)?.querySelector(".words");
    if (!layer) return;
    layer.replaceChildren(...found.map(({ box: [x, y, width, height] }) => {
      const rect = document.createElementNS(SVG, "rect");
      rect.setAttribute("class", "word");
      Object.entries({ x, y, width, height }).forEach(([name, value]) => rect.setAttribute(name, value));
      return rect;
    }));
  };

  const load = (number) => {
    if (!loading.has(number)) {
      loading.set(number, fetchWords(number).then((found) => {
        words.set(number, found);
        draw(number, found);
        return found;
      }).catch(() => []));
    }
    return loading.get(number);
  };

  const under = ({ x, y }) => (words.get(viewer.page()) ?? []).find(({ box: [left, top, width, height] }) =>
    x >= left && x <= left + width && y >= top && y <= top + height);

  const toField = (event) => {
    const mark = document.elementsFromPoint(event.clientX, event.clientY).find((at) => at.closest?.(".mark"));
    const key = mark?.closest(".mark").dataset.field;
    const field = desk.fields.find((each) => each.dataset.key === key);
    if (field) desk.goTo(field);
  };

  viewer.onTap = (at, event) => {
    const field = desk.typing();
    if (!field) return toField(event);
    const word = under(at);
    if (word) desk.pick(field, word.text, { page: word.page, boxes: [word.box] }, event.shiftKey);
    return undefined;
  };
  viewer.onShow = (number) => load(number);

  // Marks a place on the page while something is chosen that stands there.
  const point = (number, box) => {
    viewer.stage.querySelectorAll(".pointed").forEach((rect) => rect.remove());
    const layer = box && viewer.element(number)?.querySelector(".words");
    if (!layer) return;
    const [x, y, width, height] = box;
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("class", "pointed");
    Object.entries({ x: x - 5, y: y - 5, width: width + 10, height: height + 10 })
      .forEach(([name, value]) => rect.setAttribute(name, value));
    layer.append(rect);
  };

  const numbers = [...review.querySelectorAll(".page")].map((page) => Number(page.dataset.page));
  const all = () => numbers.flatMap((number) => words.get(number) ?? []);
  const loadAll = () => Promise.all(numbers.map(load)).then(all);

  // In how many places the pages say the same: one more reason to believe a value, or to doubt it.
  const bare = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const places = async (raw) => {
    const wanted = bare(raw);
    if (wanted.length < 3) return 0;
    const text = (await loadAll()).map((word) => bare(word.text)).join("");
    return text.split(wanted).length - 1;
  };

  return { load, loadAll, all, point, places };
};
