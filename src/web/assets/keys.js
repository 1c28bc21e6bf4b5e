// The keyboard's way through a referral. Inside of an input only chords; outside, single letters, which can be turned off.

import { input } from "./fields.js";
import { isOn } from "./choices.js";

export const addKeys = (desk) => {
  const { review, viewer } = desk;

  const accept = (event, field) => {
    event.preventDefault();
    if (event.shiftKey) return desk.goTo(desk.next(field, -1) ?? field);
    const { value } = event.target;
    // Enter accepts what stands there. An empty missing field stays missing.
    const accepts = ["check", "problem"].some((state) => field.classList.contains(state)) && value.trim() !== "";
    const going = desk.next(field, 1);
    if ((desk.isChanged(field) || accepts) && !desk.isSending(field, value)) desk.save(field, value);
    return desk.goTo(going);
  };

  const escape = (event, field) => {
    event.preventDefault();
    if (desk.stopDrawing?.() || desk.takeBack(field)) return;
    field.focus({ preventScroll: true });
  };

  review.addEventListener("keydown", (event) => {
    const field = event.target.closest(".field");
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      if (field && desk.isChanged(field)) desk.save(field, input(field).value);
      return desk.release?.form.requestSubmit();
    }
    if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      return viewer.turn(event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.isComposing) return undefined;
    if (event.target === field && event.key === "Enter") {
      event.preventDefault();
      return desk.goTo(field);
    }
    if (!event.target.matches("[data-value]")) return undefined;
    if (desk.suggests(event)) return event.preventDefault();
    if (event.key === "Enter") return accept(event, field);
    if (event.key === "Escape") return escape(event, field);
    return undefined;
  });

  // Without the tool's button having the focus, Esc puts the tool away all the same.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) desk.stopDrawing?.();
    if (event.ctrlKey || event.metaKey || event.altKey || !isOn("keys")) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    const field = desk.here() ?? desk.lastField();
    const act = {
      j: () => desk.stepTo(field, 1),
      k: () => desk.stepTo(field, -1),
      i: () => field && desk.explain(field),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }, { signal: desk.signal });
};
