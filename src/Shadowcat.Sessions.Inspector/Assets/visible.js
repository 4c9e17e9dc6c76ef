/**
 * Shows recorded text as it is: a character that would not be seen, or would reorder what stands around it, becomes an escape.
 * Joiners and selectors of variants stay where words and emoji need them. One behind another, they would only hide something.
 */
const HIDDEN_CHARACTERS = new RegExp([
  "(?![\\u200c\\u200d\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Default_Ignorable_Code_Point}\\u2028\\u2029\\u2800]",
  "(?<=[\\u200c\\u200d])[\\u200c\\u200d]",
  "(?<=[\\ufe00-\\ufe0f])[\\ufe00-\\ufe0f]",
  "(?<!\\p{Ideographic})[\\u{e0100}-\\u{e01ef}]",
].join("|"), "gu");

/** One line of recorded text: line breaks and tabs are escapes too; cut after `most` characters. */
export function visible(text, most = 2000) {
  const source = String(text);
  const shown = source.length > most ? cutText(source, most) + "…" : source;
  return shown.replace(HIDDEN_CHARACTERS, escapeOf);
}

/** Recorded text of several lines: line feeds and tabs stay. */
export function visibleLines(text) {
  return String(text).replace(/\r\n/g, "\n").replace(HIDDEN_CHARACTERS, (character) => (character === "\n" || character === "\t" ? character : escapeOf(character)));
}

/** The beginning of a text, never ending in half of a surrogate pair. */
export function cutText(text, most) {
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most);
}

/** A text as one argument of a POSIX shell. */
export function shellQuoted(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function escapeOf(character) {
  const code = character.codePointAt(0);
  const hex = code.toString(16).toUpperCase();
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
}
