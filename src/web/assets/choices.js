// What a person may turn off: kept in this browser, nothing of a patient in it.

const name = (choice) => `referloop-${choice}`;

export const isOn = (choice) => localStorage.getItem(name(choice)) !== "off";

export const addChoices = (root) => root.querySelectorAll("[data-choice]").forEach((box) => {
  box.checked = isOn(box.dataset.choice);
  box.addEventListener("change", () => localStorage.setItem(name(box.dataset.choice), box.checked ? "on" : "off"));
});
