/** How sessions, peers and transports are called. */
import { visible } from "./visible.js";

const TRANSPORT_NAMES = { stdio: "stdio", http: "HTTP", sse: "SSE", streamablehttp: "Streamable HTTP", websocket: "WebSocket" };
const STATUS_NAMES = { active: "Active", completed: "Completed", failed: "Failed", timedout: "Timed out" };

export function peerName(peer) {
  return visible(peer?.title || peer?.name || "unknown", 120);
}

export function peerText(peer) {
  return peer?.version ? `${peerName(peer)} ${visible(peer.version, 40)}` : peerName(peer);
}

export function transportName(transport) {
  return nameOf(TRANSPORT_NAMES, wordOf(transport)) ?? visible(transport, 40);
}

/** The word of a status, and the class of its colour: `active`, `completed`, `failed` or `timedout`. */
export function statusOf(session) {
  const kind = wordOf(session.status);
  return { kind, name: nameOf(STATUS_NAMES, kind) ?? visible(session.status, 40) };
}

/** What a word is called; undefined for one that is not known, though every object may have a member of that name. */
function nameOf(names, word) {
  return Object.hasOwn(names, word) ? names[word] : undefined;
}

/** A word of the model, however its parts are joined. */
function wordOf(value) {
  return String(value).toLowerCase().replace(/[^a-z]/g, "");
}

/** The beginning and the end of an id, which are what differs. */
export function shortId(id) {
  const shown = visible(id, 300);
  return shown.length <= 18 ? shown : `${shown.slice(0, 8)}…${shown.slice(-8)}`;
}
