/** The filter for frames: its fields, and the test that a search becomes. */
import { CHUNK_SIZE, FROM, KIND, KIND_NAMES, OUTCOME } from "./frame-chunk.js";
import { parseDuration, parseMoment, parseSize } from "./units.js";

const LOG_LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];
const STATUS_OUTCOMES = {
  ok: [OUTCOME.ok],
  error: [OUTCOME.error, OUTCOME.toolError],
  pending: [OUTCOME.pending],
  cancelled: [OUTCOME.cancelled],
  closed: [OUTCOME.closed],
};

export const FRAME_FIELDS = {
  method: { hint: "Part of the method: tools/call, notifications/…" },
  tool: { hint: "Part of the name of a tool or prompt, or of a resource's address." },
  id: { hint: "The id of the request, exactly: 7, or text without its quotes." },
  dir: { hint: "Who sent it.", values: ["client", "server"] },
  kind: { hint: "What the frame is.", values: ["request", "notification", "response", "error", "unparsed", "unreadable"] },
  status: { hint: "How the call went, for a request and its answer.", values: Object.keys(STATUS_OUTCOMES) },
  level: { hint: "The level of a log message.", values: LOG_LEVELS },
  error: { hint: "The code of the error.", examples: ["-32602", "-32601", "-32603"] },
  since: { hint: "Seen since: 1h, 30m, 2026-11-30T10:00.", read: parseMoment, examples: ["1m", "15m", "1h"] },
  slower: { hint: "Calls that took longer than: 100ms, 2s.", read: parseDuration, examples: ["100ms", "1s", "10s"] },
  larger: { hint: "Payloads larger than: 10kb, 1mb.", read: parseSize, examples: ["10kb", "100kb", "1mb"] },
  call: { hint: "All frames of the conversation of this frame, by its number.", read: (value) => (/^\d+$/.test(value) ? Number(value) : null) },
};

/** The test of a frame, by its sequence, that the terms of a search stand for; null where there are none. */
export function frameTest(model, terms) {
  if (terms.length === 0) {
    return null;
  }

  const tests = terms.map((term) => termTest(model, term));
  return (sequence) => {
    const chunk = model.chunkOf(sequence);
    const at = sequence % CHUNK_SIZE;
    return chunk !== undefined && chunk.kind[at] !== KIND.absent && tests.every((test) => test(chunk, at, sequence));
  };
}

function termTest(model, term) {
  const test = term.field === null ? textTest(term.value) : FIELD_TESTS[term.field](term.value, model);
  return term.negated ? (chunk, at, sequence) => !test(chunk, at, sequence) : test;
}

const FIELD_TESTS = {
  method: (value) => columnContains("method", value),
  tool: (value) => columnContains("name", value),
  id: (value) => (chunk, at) => {
    const written = chunk.idText(at).toLowerCase();
    return written === value || written === `"${value}"`;
  },
  dir: (value) => (chunk, at) => chunk.from[at] === FROM[value],
  kind: (value) => {
    const code = KIND_NAMES.indexOf(value);
    return (chunk, at) => chunk.kind[at] === code;
  },
  status: (value) => (chunk, at) => STATUS_OUTCOMES[value].includes(chunk.outcome[at]),
  level: (value) => (chunk, at) => chunk.texts[chunk.method[at]] === "notifications/message" && chunk.texts[chunk.note[at]] === value,
  error: (value) => (chunk, at) => chunk.kind[at] === KIND.error && chunk.texts[chunk.note[at]].split(" ", 1)[0] === value,
  since: (value) => (chunk, at) => chunk.time[at] >= value,
  slower: (value, model) => (chunk, at, sequence) => chunk.mate[at] !== 0 && model.duration(sequence) > value,
  larger: (value) => (chunk, at) => chunk.size[at] > value,
  call: (value, model) => (chunk, at, sequence) => model.rootOf(sequence) === model.rootOf(value),
};

/** Looks a text up once for each text of a chunk, not once for each frame. */
function columnContains(column, value) {
  const known = new WeakMap();
  return (chunk, at) => {
    let answers = known.get(chunk);
    if (answers === undefined) {
      answers = [];
      known.set(chunk, answers);
    }

    const number = chunk[column][at];
    return (answers[number] ??= chunk.texts[number].toLowerCase().includes(value));
  };
}

function textTest(value) {
  const columns = ["method", "name", "note"].map((column) => columnContains(column, value));
  return (chunk, at, sequence) => columns.some((test) => test(chunk, at)) || String(sequence) === value || chunk.idText(at).toLowerCase() === value;
}
