// A part of a page is read again: a box that is dragged with Alt or with the tool, or two of its corners that are clicked.

import { input } from "./fields.js";

const SVG = "http://www.w3.org/2000/svg";
/** Pixels of the page; less is a slip of the hand. */
const LEAST = 8;

export const addRegion = (desk) => {
  const { viewer, review } = desk;
  const button = review.querySelector('[data-tool="region"]');
  if (!button) return;
  let on = false;
  let corner = null;
  let rect = null;

  const between = (a, b) => {
    const picture = viewer.element(viewer.page()).querySelector("image");
    const page = { width: picture.getAttribute("width"), height: picture.getAttribute("height") };
    const inside = (value, most) => Math.round(Math.min(Math.max(value, 0), Number(most)));
    const [x, y] = [inside(Math.min(a.x, b.x), page.width), inside(Math.min(a.y, b.y), page.height)];
    return [x, y, inside(Math.max(a.x, b.x), page.width) - x, inside(Math.max(a.y, b.y), page.height) - y];
  };
  const draw = (to) => {
    const [x, y, width, height] = between(corner, to);
    Object.entries({ x, y, width, height }).forEach(([name, value]) => rect.setAttribute(name, value));
  };
  const drop = () => {
    rect?.remove();
    corner = rect = null;
  };
  const use = (wanted) => {
    on = wanted;
    button.setAttribute("aria-pressed", String(on));
    viewer.stage.classList.toggle("draws", on);
    drop();
    if (on) desk.say(corner ? "Click the other corner" : "Drag a box around what you want to read, or click two of its corners");
  };
  button.addEventListener("click", () => use(!on));

  const clear = (field) => field.querySelector("[data-offer]").replaceChildren();
  const button2 = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "small";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };

  // What was read is offered, not written: recognition may be wrong, and the person looks at both.
  const offer = (field, text, place) => {
    const box = field.querySelector("[data-offer]");
    const leave = () => {
      clear(field);
      input(field).focus();
    };
    const words = document.createElement("strong");
    words.textContent = text;
    const take = button2("Use it", () => {
      leave();
      desk.pick(field, text, place, false);
    });
    box.replaceChildren("Read there: ", words, take, button2("No", leave));
    box.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    };
    take.focus();
  };

  const read = async (bounds) => {
    const page = viewer.page();
    const field = desk.here() ?? desk.lastField();
    if (!field || !input(field) || input(field).readOnly || input(field).disabled) return desk.say("Choose a field first, then read a part of the page for it");
    desk.say("Reading…");
    const answer = await fetch(`/api/v1/referrals/${desk.id}/pages/${page}/region`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf-token": desk.csrf },
      body: JSON.stringify({ box: bounds, expect: field.dataset.expect }),
      signal: desk.signal,
    });
    if (!answer.ok) return desk.say("That part could not be read now. Try again, or type it.");
    const { text } = await answer.json();
    if (!text.trim()) return desk.say("Nothing could be read there. Type what you see.");
    desk.say("");
    return offer(field, text.trim(), { page, boxes: [bounds] });
  };

  const finish = (to) => {
    const bounds = between(corner, to);
    use(false);
    if (bounds[2] < LEAST || bounds[3] < LEAST) return desk.say("That box is too small to read");
    return read(bounds).catch(() => desk.say("That part could not be read now. Try again, or type it."));
  };

  viewer.drawer = {
    wants: (event) => on || event.altKey,
    start(at) {
      // The second click: the box is drawn already.
      if (corner) return;
      corner = at;
      rect = document.createElementNS(SVG, "rect");
      rect.setAttribute("class", "drawn");
      viewer.layer(viewer.page()).append(rect);
      draw(at);
    },
    move: (to) => corner && draw(to),
    end(at, moved) {
      if (!corner) return;
      if (moved || Math.hypot(at.x - corner.x, at.y - corner.y) >= LEAST) finish(at);
      // One click is one corner. Without the tool, nothing waits for another.
      else if (!on) drop();
      else desk.say("Now click the other corner");
    },
  };
  desk.stopDrawing = () => {
    if (!on && !corner) return false;
    use(false);
    desk.say("");
    return true;
  };
};
