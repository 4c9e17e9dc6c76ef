/** The calls of two sessions beside each other, and what differs between them. */
import { alignLists } from "./difference.js";
import { KIND, KIND_NAMES, OUTCOME } from "./frame-chunk.js";

const MOST_COMPARED = 20_000;
const OUTCOME_NAMES = ["", "pending", "ok", "error", "tool error", "cancelled", "no answer"];

/** What is compared of a session: its requests, notifications and whatever is no answer, in order. */
export function comparedCalls(model) {
  const calls = [];
  for (let sequence = Math.max(model.start, model.loadedFrom); sequence < model.end && calls.length < MOST_COMPARED; sequence++) {
    const kind = model.column("kind", sequence);
    if (kind === KIND.request || kind === KIND.notification || kind === KIND.unparsed) {
      const from = model.column("from", sequence);
      const text = `${model.text("method", sequence)} ${model.text("name", sequence)}`.trim();
      calls.push({
        sequence, kind, from, text,
        key: `${kind} ${from} ${text}`,
        outcome: OUTCOME_NAMES[model.column("outcome", sequence)],
        isBad: [OUTCOME.error, OUTCOME.toolError, OUTCOME.cancelled, OUTCOME.closed].includes(model.column("outcome", sequence)),
        duration: model.duration(sequence),
        size: model.column("size", sequence),
        answer: model.column("mate", sequence) > 0 ? sequence + model.column("mate", sequence) : null,
        answerSize: model.column("mate", sequence) > 0 ? model.column("size", sequence + model.column("mate", sequence)) : 0,
        kindName: KIND_NAMES[kind],
      });
    }
  }

  return calls;
}

/** Rows of both sides: `{ left, right, state, differences }`, where state is `same`, `changed`, `left` or `right`. */
export function compareCalls(left, right) {
  return alignLists(left, right, (one, other) => one.key === other.key).map((pair) => {
    const row = { left: left[pair.left] ?? null, right: right[pair.right] ?? null };
    if (row.left === null || row.right === null) {
      return { ...row, state: row.left === null ? "right" : "left", differences: [] };
    }

    const differences = differencesOf(row.left, row.right);
    return { ...row, state: differences.length > 0 ? "changed" : "same", differences };
  });
}

/** What of a call differs: its outcome, the size of either message. Durations always differ a little, so only much counts. */
function differencesOf(left, right) {
  const differences = [];
  if (left.outcome !== right.outcome) {
    differences.push("outcome");
  }

  if (left.size !== right.size || left.answerSize !== right.answerSize) {
    differences.push("size");
  }

  const slower = Math.max(left.duration, right.duration);
  if (slower > 100 && slower > 2 * Math.min(left.duration, right.duration)) {
    differences.push("duration");
  }

  return differences;
}
