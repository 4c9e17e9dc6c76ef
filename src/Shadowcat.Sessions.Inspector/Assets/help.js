/** The help sheet: the keys, and the search. */
import { openDialog } from "./dialogs.js";
import { el } from "./dom.js";
import { FRAME_FIELDS } from "./frame-fields.js";
import { SESSION_FIELDS } from "./session-fields.js";

const KEYS = [
  ["Everywhere", [["/", "Search"], ["?", "This sheet"], ["t", "Light, dark, or as the system"], ["g", "All sessions"], ["Esc", "Close what is open"]]],
  ["In a list", [["j ↓ / k ↑", "Next / previous row"], ["PgDn / PgUp", "A page on / back"], ["Home / End", "First / last row"], ["Enter", "Open"]]],
  ["All sessions", [["x", "Select, Shift for a range"]]],
  ["A session", [["c", "Frames, or calls"], ["→ / ←", "Open / close a call, or a fold of JSON"], ["[ / ]", "Previous / next frame of the conversation"], ["p", "Pause, resume"], ["e", "Back to the end, and stay there"]]],
];

export function showHelp(isSession) {
  const fields = isSession ? FRAME_FIELDS : SESSION_FIELDS;
  openDialog("Help", [
    el("div", { class: "help-keys" }, KEYS.map(([title, keys]) => el("section", {}, el("h3", { text: title }),
      el("dl", { class: "keys" }, keys.map(([key, what]) => [el("dt", {}, el("kbd", { text: key })), el("dd", { text: what })]))))),
    el("h3", { text: isSession ? "Filter of frames" : "Search of sessions" }),
    el("p", { text: "Words are separated by blanks, and all must hold. “field:value” looks in one field, quotes keep words together, a minus in front excludes. Free words look in what a row shows; not in the messages themselves." }),
    el("dl", { class: "fields" }, Object.entries(fields).map(([name, field]) => [el("dt", {}, el("code", { text: `${name}:` })), el("dd", { text: field.values ? `${field.hint} ${field.values.join(", ")}` : field.hint })])),
  ]);
}
