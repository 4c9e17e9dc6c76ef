/** What is open in a range of frames: requests without an answer, and answers without a request, by sender and id of the request. */
import { ConversationKeys } from "./conversation-keys.js";

/** How many of one id are open at once. A recording in which there are more would cost time that grows with their square. */
const MOST_OF_ONE_ID = 256;

export class OpenCalls {
  constructor(model) {
    this.requests = new Map();
    this.answers = new Map();
    this.exchanges = new Map();
    this.keys = new ConversationKeys(model);
  }

  /** A request behind all others: the newest ones are those that are answered. */
  addRequest(key, request) {
    const open = listAt(this.requests, key);
    open.push(request);
    this.noteExchange(key, request);
    if (open.length > MOST_OF_ONE_ID) {
      this.removeRequest(key, 0);
    }
  }

  /** Requests of an older page. */
  addOlderRequests(key, older) {
    const open = this.requests.get(key) ?? [];
    const kept = older.slice(Math.max(0, older.length - (MOST_OF_ONE_ID - open.length)));
    if (kept.length > 0) {
      this.requests.set(key, [...kept, ...open]);
      kept.forEach((request) => this.noteExchange(key, request));
    }
  }

  removeRequest(key, at) {
    const open = this.requests.get(key);
    const [{ exchange }] = open.splice(at, 1);
    if (open.length === 0) {
      this.requests.delete(key);
    }

    if (exchange !== undefined && !open.some((request) => request.exchange === exchange)) {
      this.forgetExchange(key, exchange);
    }
  }

  /** `{ key, at }` of a request by its exchange; null where none is open. */
  requestOfExchange(exchange) {
    for (const key of this.exchanges.get(exchange) ?? []) {
      return { key, at: this.requests.get(key).findIndex((request) => request.exchange === exchange) };
    }

    return null;
  }

  /** An answer whose request may be on an older page: that stands before the oldest ones. */
  addAnswer(key, answer) {
    const waiting = listAt(this.answers, key);
    if (waiting.length < MOST_OF_ONE_ID) {
      waiting.push(answer);
    }
  }

  /** Answers of an older page. */
  addOlderAnswers(key, older) {
    this.answers.set(key, [...older, ...(this.answers.get(key) ?? [])].slice(0, MOST_OF_ONE_ID));
  }

  forgetBefore(sequence) {
    for (const [key, requests] of this.requests) {
      if (requests[requests.length - 1].sequence < sequence) {
        this.requests.delete(key);
        requests.forEach((request) => this.forgetExchange(key, request.exchange));
      }
    }

    for (const [key, answers] of this.answers) {
      if (answers[answers.length - 1].sequence < sequence) {
        this.answers.delete(key);
      }
    }
  }

  noteExchange(key, { exchange }) {
    if (exchange === undefined) {
      return;
    }

    const keys = this.exchanges.get(exchange);
    if (keys === undefined) {
      this.exchanges.set(exchange, new Set([key]));
    } else {
      keys.add(key);
    }
  }

  forgetExchange(key, exchange) {
    const keys = this.exchanges.get(exchange);
    keys?.delete(key);
    if (keys?.size === 0) {
      this.exchanges.delete(exchange);
    }
  }
}

function listAt(map, key) {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }

  return list;
}
