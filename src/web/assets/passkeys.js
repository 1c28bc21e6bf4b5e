// Passkeys: the server says what to ask a device for, the browser asks it, and its answer goes with the form. The server judges.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Browsers of 2025 and later have functions for this; older ones are in clinics for years. */
const described = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
const forCreating = (asked) => ({
  ...asked,
  challenge: bytes(asked.challenge),
  user: { ...asked.user, id: bytes(asked.user.id) },
  excludeCredentials: described(asked.excludeCredentials),
});
const forGetting = (asked) => ({ ...asked, challenge: bytes(asked.challenge), allowCredentials: described(asked.allowCredentials) });

const written = ({ id, rawId, type, response }) => {
  const parts = {};
  ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach((part) => {
    if (response[part]) parts[part] = text(response[part]);
  });
  return JSON.stringify({ id, rawId: text(rawId), type, response: parts });
};

/** What went wrong, as WebAuthn names it; it doesn't say more, so that no page learns which passkeys there are. */
const WHY = {
  NotAllowedError: "Nothing was confirmed: it was cancelled, it took too long, or there is no passkey for this place on the device. Try again.",
  AbortError: "It was cancelled. Try again.",
  InvalidStateError: "This device has a passkey for this account already.",
  SecurityError: "Passkeys work only at the service's own address. Open it by the address that your clinic uses.",
  NotSupportedError: "This device can't make a passkey that asks for a PIN, a finger or a face.",
  ConstraintError: "This device can't make a passkey that asks for a PIN, a finger or a face.",
  TypeError: "No connection to the service. Try again.",
};

/** A refusal of the service, with its own words. */
class Refused extends Error {}

const ask = async (form) => {
  const csrf = form.elements.csrf?.value;
  const answer = await fetch(form.dataset.ask, {
    method: "POST",
    headers: { accept: "application/json", ...(csrf ? { "x-csrf-token": csrf } : {}) },
  });
  if (answer.ok) return (await answer.json()).publicKey;
  const problem = await answer.json().catch(() => ({}));
  // The proof has grown old, or the login: a page of ours says so, and comes back here.
  if (problem.type?.endsWith(":step_up_required")) location.assign("/account/confirm?then=/account");
  else if (answer.status === 401) location.assign("/login?over");
  throw new Refused(problem.detail ?? "The service refused. Reload the page and try again.");
};

const answered = async (form) => {
  const asked = await ask(form);
  if (form.dataset.passkey === "create") return navigator.credentials.create({ publicKey: forCreating(asked) });
  return navigator.credentials.get({ publicKey: forGetting(asked) });
};

const add = (form) => {
  const problem = form.querySelector("[data-problem]");
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    try {
      form.elements.passkey.value = written(await answered(form));
      form.submit();
    } catch (error) {
      problem.querySelector("p").textContent = error instanceof Refused ? error.message
        : WHY[error.name] ?? "The browser refused, and doesn't say why. Try again.";
      problem.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
  form.hidden = false;
};

if (window.PublicKeyCredential && navigator.credentials) {
  document.querySelectorAll("[data-without-passkeys]").forEach((hint) => { hint.hidden = true; });
  document.querySelectorAll("form[data-passkey]").forEach(add);
}
