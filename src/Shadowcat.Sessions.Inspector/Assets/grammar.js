/**
 * The search grammar: words that all must hold; `field:value`, `"quoted words"`, and `-` in front to negate.
 * A field is described by `{ hint, values?, read?(value, now) }`; `read` gives null for a value that it does not understand.
 */
const WORD_PATTERN = /(-?)(?:([A-Za-z]+):)?(?:"([^"]*)("?)|(\S*))/y;

/** The words of a search, each with its place. */
export function searchWords(text) {
  const words = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at])) {
      at++;
      continue;
    }

    WORD_PATTERN.lastIndex = at;
    const [whole, minus, field, quoted, quoteEnd, plain] = WORD_PATTERN.exec(text);
    const isOpen = quoted !== undefined && quoteEnd !== '"';
    words.push({ start: at, end: at + whole.length, negated: minus === "-", field: field?.toLowerCase() ?? null, value: quoted ?? plain, isQuoted: quoted !== undefined, isOpen });
    at += whole.length;
  }

  return words;
}

/** Reads a search: `{ terms, error }`, where an error says what is wrong and where, and `terms` hold what was understood. */
export function parseSearch(text, fields, now) {
  const terms = [];
  for (const word of searchWords(text)) {
    const error = wrongWord(word, fields);
    if (error) {
      return { terms, error: { message: error, start: word.start, end: word.end } };
    }

    const rule = word.field === null ? null : fields[word.field];
    const read = rule?.read ? rule.read(word.value, now) : word.value.toLowerCase();
    if (read === null) {
      return { terms, error: { message: `${word.field}: does not take “${word.value}”. ${rule.hint}`, start: word.start, end: word.end } };
    }

    if (word.field !== null || word.value !== "") {
      terms.push({ field: word.field, value: read, negated: word.negated });
    }
  }

  return { terms, error: null };
}

/** What could stand where the caret is: `{ start, end, choices: [{ insert, hint }] }`, or null where nothing is to be proposed. */
export function completionsAt(text, caret, fields) {
  const word = searchWords(text).find((candidate) => candidate.start <= caret && caret <= candidate.end) ?? { start: caret, end: caret, field: null, value: "", negated: false };
  if (word.isQuoted) {
    return null;
  }

  const minus = word.negated ? "-" : "";
  const choices = word.field === null
    ? Object.entries(fields).filter(([name]) => name.startsWith(word.value.toLowerCase())).map(([name, rule]) => ({ insert: `${minus}${name}:`, hint: rule.hint }))
    : valuesLike(fields[word.field], word.value).map((value) => ({ insert: `${minus}${word.field}:${value} `, hint: "" }));
  return choices.length === 0 ? null : { start: word.start, end: word.end, choices };
}

function valuesLike(rule, begun) {
  const exact = (rule?.values ?? []).some((value) => value === begun.toLowerCase());
  return exact ? [] : (rule?.values ?? rule?.examples ?? []).filter((value) => value.startsWith(begun.toLowerCase()));
}

function wrongWord(word, fields) {
  if (word.isOpen) {
    return `A quote is open: end it with ".`;
  }

  if (word.field === null) {
    return null;
  }

  const rule = Object.hasOwn(fields, word.field) ? fields[word.field] : null;
  if (rule === null) {
    return `There is no field ${word.field}: there are ${Object.keys(fields).join(", ")}. To search for the text itself, put it in quotes.`;
  }

  if (word.value === "") {
    return `${word.field}: needs a value. ${rule.hint}`;
  }

  return rule.values && !rule.values.includes(word.value.toLowerCase())
    ? `${word.field}: has no value “${word.value}”: there are ${rule.values.join(", ")}.`
    : null;
}
