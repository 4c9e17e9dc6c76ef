/** The clipboard, and short messages about what happened. */
import { el } from "./dom.js";

const MESSAGE_MS = 4000;
const MESSAGES = { element: null, timer: 0 };

/** Copies a text; false where the browser does not allow it. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Copies a text and says so. */
export async function copyAndSay(text, what) {
  sayBriefly((await copyText(text)) ? `Copied ${what}.` : `The browser did not let the page copy ${what}.`);
}

/** Shows a message for a few seconds; a screen reader reads it. */
export function sayBriefly(text) {
  if (MESSAGES.element === null) {
    MESSAGES.element = el("div", { class: "toast", role: "status", "aria-live": "polite" });
    document.body.append(MESSAGES.element);
  }

  clearTimeout(MESSAGES.timer);
  MESSAGES.element.textContent = text;
  MESSAGES.element.classList.add("shown");
  MESSAGES.timer = setTimeout(() => MESSAGES.element.classList.remove("shown"), MESSAGE_MS);
}

/** Pages that come neither from https nor from this machine have no clipboard of their own. */
function copyBySelection(text) {
  const area = el("textarea", { class: "unseen", value: text, "aria-hidden": "true" });
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}
