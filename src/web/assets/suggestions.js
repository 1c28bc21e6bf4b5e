// While a person types: words and phrases of the page that go on like that. The keyboard's way to what a click takes.

import { input } from "./fields.js";
import { isOn } from "./choices.js";

const MOST = 8;
const LONGEST = 6;

// Every phrase of a line that begins so: as short as covers what was typed, and on to the end of its column.
const phrases = (words, typed) => {
  const found = [];
  const start = typed.toLowerCase();
  words.forEach((first, i) => {
    // Nothing typed yet: lines, from their beginning.
    if (start === "" && words[i - 1]?.line === first.line && words[i - 1].page === first.page) return;
    let text = "";
    let shortest = null;
    const boxes = [];
    for (let n = 0; n < LONGEST; n += 1) {
      const word = words[i + n];
      if (!word || word.line !== first.line || word.page !== first.page) break;
      // A wide gap is another column.
      if (n > 0 && word.box[0] - (boxes.at(-1)[0] + boxes.at(-1)[2]) > 2.5 * word.box[3]) break;
      text = n === 0 ? word.text : `${text} ${word.text}`;
      boxes.push(word.box);
      const lower = text.toLowerCase();
      if (!lower.startsWith(start.slice(0, lower.length))) return;
      if (lower.length >= start.length && !shortest) {
        shortest = { text, page: first.page, boxes: [...boxes] };
        found.push(shortest);
      }
    }
    if (shortest && text !== shortest.text) found.push({ text, page: first.page, boxes: [...boxes] });
  });
  return found;
};

const hull = (boxes) => {
  const [x, y] = [Math.min(...boxes.map((b) => b[0])), Math.min(...boxes.map((b) => b[1]))];
  return [x, y, Math.max(...boxes.map((b) => b[0] + b[2])) - x, Math.max(...boxes.map((b) => b[1] + b[3])) - y];
};

export const addSuggestions = (desk) => {
  const { review, viewer } = desk;
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Words of the page");
  let offered = [];
  let chosen = -1;
  let field = null;

  const close = () => {
    if (!field) return false;
    const target = input(field);
    ["aria-controls", "aria-activedescendant"].forEach((name) => target.removeAttribute(name));
    target.setAttribute("aria-expanded", "false");
    list.remove();
    desk.words.point(0, null);
    field = null;
    chosen = -1;
    return true;
  };

  const choose = (at) => {
    chosen = (at + offered.length) % offered.length;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    const { page, boxes } = offered[chosen];
    input(field).setAttribute("aria-activedescendant", `suggestion-${chosen}`);
    list.children[chosen].scrollIntoView({ block: "nearest" });
    viewer.lookAt(page, hull(boxes));
    desk.words.point(page, hull(boxes));
  };

  const take = () => {
    const { text, page, boxes } = offered[chosen];
    const target = field;
    close();
    desk.pick(target, text, { page, boxes }, false);
  };

  const open = (target, found) => {
    close();
    if (found.length === 0) return;
    field = target;
    offered = found;
    list.replaceChildren(...found.map(({ text }, i) => {
      const option = document.createElement("li");
      option.id = `suggestion-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = text;
      return option;
    }));
    const at = input(target);
    at.after(list);
    at.setAttribute("aria-controls", list.id);
    at.setAttribute("aria-expanded", "true");
  };

  // The field's own page first; nothing twice, and nothing that stands there already.
  const matching = (target) => {
    const typed = input(target).value.trim();
    const own = Number(target.dataset.page) || viewer.page();
    const seen = new Set([typed.toLowerCase()]);
    const near = (a, b) => Number(a.page !== own) - Number(b.page !== own);
    return phrases(desk.words.all(), typed).sort(near).filter(({ text }) => {
      const key = text.toLowerCase();
      return !seen.has(key) && seen.add(key);
    }).slice(0, MOST);
  };

  const takes = (element) => element.matches('input[data-value]:not([readonly])');
  const look = async (target) => {
    await desk.words.loadAll();
    if (desk.typing() === target) open(target, matching(target));
  };

  review.querySelectorAll("input[data-value]:not([readonly])").forEach((target) => {
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" })
      .forEach(([name, value]) => target.setAttribute(name, value));
  });
  review.addEventListener("input", (event) => {
    if (!takes(event.target)) return;
    if (isOn("suggestions") && event.target.value.trim().length > 1) look(event.target.closest(".field"));
    else close();
  });
  review.addEventListener("focusout", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const at = [...list.children].indexOf(event.target.closest("li"));
    if (at < 0) return;
    choose(at);
    take();
  });

  /** Whether the list had a use for the key. */
  desk.suggests = (event) => {
    if (!takes(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      if (field) choose(chosen < 0 && step < 0 ? offered.length - 1 : chosen + step);
      else if (isOn("suggestions")) look(event.target.closest(".field"));
      return true;
    }
    if (event.key === "Escape") return close();
    if (event.key === "Enter" && field && chosen >= 0) {
      take();
      return true;
    }
    if (event.key === "Enter") close();
    return false;
  };
};
