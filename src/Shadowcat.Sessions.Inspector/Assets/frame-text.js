/** What a row says of a frame, in words. */
import { FLAG, FROM, KIND, OUTCOME } from "./frame-chunk.js";
import { durationText } from "./units.js";
import { visible } from "./visible.js";

const MOST_SHOWN = 300;

/** `{ lane, main, detail, id, outcome, kind }`: lane is `client`, `server` or `none`; kind is a class for the colour. */
export function frameText(model, sequence) {
  const code = model.column("kind", sequence);
  if (code === KIND.absent) {
    return rowText("none", "", "loading…", "absent");
  }

  if (code === KIND.missing) {
    return rowText("none", "Not kept", "trimmed, expired or lost in the store", "absent");
  }

  if (code === KIND.bad) {
    return rowText("none", "Unreadable", visible(model.text("note", sequence), MOST_SHOWN), "bad");
  }

  const from = model.column("from", sequence);
  const parts = partsOf(model, sequence, code);
  return { lane: from === FROM.client ? "client" : from === FROM.server ? "server" : "none", ...parts, ...outcomeText(model, sequence, code) };
}

/** The badges of a row: what happened to the frame on its way, and its HTTP status. */
export function badgesOf(model, sequence) {
  const flags = model.column("flags", sequence);
  const http = model.column("http", sequence);
  const gap = model.gapBefore(sequence);
  return [
    gap > 0 && { text: `${gap} not recorded`, kind: "warn", title: `${gap} frames before this one were not recorded.` },
    model.column("outcome", sequence) === OUTCOME.toolError && { text: "tool error", kind: "bad", title: "The result says isError." },
    flags & FLAG.cut && { text: "cut", kind: "warn", title: "Only the beginning of the message was stored." },
    flags & FLAG.withheld && { text: "withheld", kind: "warn", title: "The message was not stored, only that there was one." },
    flags & FLAG.redacted && { text: "redacted", kind: "", title: "Parts were replaced before it was stored." },
    flags & FLAG.undelivered && { text: "undelivered", kind: "bad", title: "It never reached its receiver." },
    flags & FLAG.task && { text: "task", kind: "task", title: "It belongs to a task." },
    flags & FLAG.retry && { text: "state", kind: "task", title: "It carries or asks for a request state." },
    http > 0 && (http < 200 || http > 299) && { text: `HTTP ${http}`, kind: http >= 400 ? "bad" : "", title: "The status of the response." },
  ].filter(Boolean);
}

function partsOf(model, sequence, code) {
  const method = visible(model.text("method", sequence), MOST_SHOWN);
  const name = visible(model.text("name", sequence), MOST_SHOWN);
  const note = visible(model.text("note", sequence), MOST_SHOWN);
  const id = visible(model.idText(sequence), 80);
  if (code === KIND.request || code === KIND.notification) {
    return { main: method, detail: [name, note].filter(Boolean).join("  "), id };
  }

  if (code === KIND.unparsed) {
    const isEnd = (model.column("flags", sequence) & FLAG.ended) !== 0;
    return { main: isEnd ? "Exchange ended" : "Not JSON-RPC", detail: note, id };
  }

  const isError = code === KIND.error;
  return { main: isError ? `error ${note}` : "result", detail: [method, name, isError ? "" : note].filter(Boolean).join("  "), id };
}

function outcomeText(model, sequence, code) {
  const outcome = model.column("outcome", sequence);
  const took = durationText(model.duration(sequence));
  const hasAnswer = model.column("mate", sequence) !== 0;
  if (code === KIND.unparsed) {
    return { outcome: "", kind: (model.column("flags", sequence) & FLAG.ended) !== 0 ? "ended" : "bad" };
  }

  if (code === KIND.notification) {
    return { outcome: "", kind: "notification" };
  }

  if (code !== KIND.request && !hasAnswer) {
    return { outcome: "no request", kind: outcome === OUTCOME.error || outcome === OUTCOME.toolError ? "bad" : "answer" };
  }

  switch (outcome) {
    case OUTCOME.pending: return { outcome: "pending", kind: "pending" };
    case OUTCOME.error: return { outcome: took, kind: "bad" };
    case OUTCOME.toolError: return { outcome: took, kind: "bad" };
    case OUTCOME.cancelled: return { outcome: "cancelled", kind: "cancelled" };
    case OUTCOME.closed: return { outcome: "no answer", kind: "cancelled" };
    default: return { outcome: took, kind: code === KIND.request ? "request" : "answer" };
  }
}

function rowText(lane, main, detail, kind) {
  return { lane, main, detail, id: "", outcome: "", kind };
}
