/** Dialogs: a question before what cannot be undone, a text to be copied, the help. They return the focus to where it was. */
import { button, el, icon } from "./dom.js";
import { copyText } from "./clipboard.js";

/** Shows a dialog with a title; gives its element, with `close()`. */
export function openDialog(title, content, actions = []) {
  const close = button("", () => dialog.close(), { class: "quiet", "aria-label": "Close" });
  close.append(icon("close"));
  const dialog = el("dialog", { class: "dialog", "aria-label": title, onclose: () => dialog.remove() },
    el("div", { class: "dialog-head" }, el("h2", { text: title }), close),
    el("div", { class: "dialog-body", tabindex: "0", role: "group", "aria-label": title }, content),
    actions.length > 0 && el("div", { class: "dialog-actions" }, actions));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks; true where the answer is to do it. */
export function askFor(title, text, act) {
  return new Promise((resolve) => {
    const answer = (value) => () => {
      resolve(value);
      dialog.close();
    };
    const dialog = openDialog(title, el("p", { text }), [button("Cancel", answer(false), { autofocus: true }), button(act, answer(true), { class: "danger" })]);
    dialog.addEventListener("close", () => resolve(false));
  });
}

/** Hands over a text, such as a command. */
export function showText(title, introduction, text) {
  const copy = button("Copy", async () => {
    copy.textContent = (await copyText(text)) ? "Copied" : "Select the text and copy it";
  }, { class: "primary" });
  openDialog(title, [introduction && el("p", { text: introduction }), el("pre", { class: "handed", text })], [copy]);
}
