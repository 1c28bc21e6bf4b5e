// What is taken from the page goes into the field: a word, a phrase of the list, a part that was read again.

import { input } from "./fields.js";

export const addPicking = (desk) => {
  /** What stood in a field before it was filled from the page, for Esc. */
  const before = new Map();

  // A choice takes the word that names it.
  const choose = (select, text) => {
    const wanted = text.trim().toLowerCase();
    const option = [...select.options].find(({ value, label }) =>
      wanted !== "" && value !== "" && (value === wanted || label.toLowerCase().startsWith(wanted)));
    if (option) select.value = option.value;
    return Boolean(option);
  };

  const pick = (field, text, place, adds) => {
    const target = input(field);
    if (target.disabled || target.readOnly) return;
    if (!before.has(field)) before.set(field, target.value);
    const earlier = desk.places.get(field);
    const joins = adds && target.value.trim() !== "" && target.tagName !== "SELECT";
    if (target.tagName === "SELECT") {
      if (!choose(target, text)) return desk.say(`“${text}” is none of the choices`);
    } else {
      target.value = joins ? `${target.value.trimEnd()} ${text}` : text;
    }
    // Words that are added on the same page are one place; what stood there was taken from where its boxes are.
    const boxes = joins && earlier?.page === place.page ? [...earlier.boxes, ...place.boxes] : place.boxes;
    desk.places.set(field, { page: place.page, boxes });
    desk.later(field, desk.PICKED);
    desk.say("Taken from the page. Esc takes it back.");
  };

  const takeBack = (field) => {
    if (!before.has(field)) return false;
    input(field).value = before.get(field);
    before.delete(field);
    desk.places.delete(field);
    if (desk.isChanged(field)) desk.save(field, input(field).value);
    else desk.flush();
    desk.say("Taken back");
    return true;
  };

  desk.review.addEventListener("focusout", (event) => {
    const field = event.target.closest(".field");
    if (field && event.target.matches("[data-value]")) before.delete(field);
  });
  desk.review.addEventListener("input", (event) => before.delete(event.target.closest(".field")));

  return Object.assign(desk, { pick, takeBack });
};
