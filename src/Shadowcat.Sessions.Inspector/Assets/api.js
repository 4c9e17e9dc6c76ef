/** The server's API. Every failure becomes a `Problem` that says what is so. */
import { readEvents } from "./sse.js";

/** What went wrong: `status` is 0 where the server did not answer at all; `first` is the oldest frame that is kept, where older ones were asked for. */
export class Problem extends Error {
  constructor(status, title, detail, retryAfter = null, first = null) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.retryAfter = retryAfter;
    this.first = first;
  }

  /** Whether it may go well later without anybody doing something. */
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const API_BASE = "api/";

export function sessionPath(id) {
  return `sessions/${encodeURIComponent(id)}`;
}

/** The address of an export, for a link that downloads it; `frames` are ranges such as `3-9,12`, or null for the whole session. */
export function exportAddress(id, format, frames) {
  return `${API_BASE}${sessionPath(id)}/export?${new URLSearchParams({ format, ...(frames === null ? {} : { frames }) })}`;
}

/** The address of all bytes of a payload. */
export function payloadAddress(id, sequence) {
  return `${API_BASE}${sessionPath(id)}/frames/${sequence}/payload`;
}

export function bulkExportAddress(ids) {
  return `${API_BASE}export?${new URLSearchParams([["format", "jsonl"], ...ids.map((id) => ["ids", id])])}`;
}

export async function getJson(path, parameters, signal) {
  const response = await request(path + queryOf(parameters), { signal });
  return response.json();
}

export async function postJson(path, body, headers) {
  const response = await request(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } });
  return response.json();
}

/** The first `most` bytes of a payload, or all of it. */
export async function getPayload(id, sequence, most, signal) {
  const headers = most === null ? {} : { range: `bytes=0-${most - 1}` };
  const response = await request(`${sessionPath(id)}/frames/${sequence}/payload`, { headers, signal }, [416]);
  return response.status === 416 ? new Uint8Array() : new Uint8Array(await response.arrayBuffer());
}

/** Opens a stream of events and reads it to its end; `onOpen` is called with the status once it is there. */
export async function getEvents(path, parameters, onOpen, onEvent, signal) {
  const response = await request(path + queryOf(parameters), { headers: { accept: "text/event-stream" }, signal });
  onOpen(response.status);
  if (response.status === 200) {
    await readEvents(response, onEvent);
  }
}

async function request(path, options, accepted = []) {
  let response;
  try {
    response = await fetch(API_BASE + path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }

    throw new Problem(0, "The server does not answer", "It was stopped, or the network is away. The page tries again by itself.");
  }

  if (response.ok || accepted.includes(response.status)) {
    return response;
  }

  const problem = await response.json().catch(() => ({}));
  throw new Problem(response.status, problem.title ?? titleOfStatus(response.status), problem.detail ?? "", Number(response.headers.get("retry-after")) || null, problem.first ?? null);
}

function queryOf(parameters) {
  const given = Object.entries(parameters ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length === 0 ? "" : "?" + new URLSearchParams(given);
}

function titleOfStatus(status) {
  const titles = {
    400: "The request was not understood",
    401: "You are not signed in",
    403: "You are not allowed to do this",
    404: "It is not there",
    410: "It is no longer kept",
    503: "The store is away",
  };
  return titles[status] ?? `The server answered ${status}`;
}
