/** The command that replays a session, from the template that the server gives. */
import { shellQuoted } from "./visible.js";

const OPTIONAL_PART = / ?\[([^\][]*\{sequence\}[^\][]*)\]/g;

/** `{session}` and `{sequence}` stand for the session and for the frame to begin at; a part `[…{sequence}…]` is left out where the session is replayed from its beginning. */
export function replayCommand(template, id, sequence) {
  const whole = template.includes("{session}") ? template : `${template} {session}`;
  const chosen = whole.replace(OPTIONAL_PART, (part, inside) => (sequence === null ? "" : part.replace(/\[.*\]/, () => inside)));

  // In one go and by a function: what is put in may look like a mark, or like a pattern of `replace`.
  return chosen.replace(/\{session\}|\{sequence\}/g, (mark) => (mark === "{session}" ? shellQuoted(id) : String(sequence ?? 0)));
}
