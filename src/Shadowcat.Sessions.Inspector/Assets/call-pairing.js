/**
 * Joins frames: a request with its answer, cancellation or end, and with whatever else belongs to it, into conversations.
 * Frames come in order at the end, and page by page, newest page first, at the start; both give the same result.
 */
import { CHUNK_SIZE, OUTCOME } from "./frame-chunk.js";
import { ConversationKeys } from "./conversation-keys.js";
import { linkFrames } from "./conversation-links.js";

/** What is open in a range of frames: requests without an answer, and answers without a request, by sender and id of the request. */
class OpenCalls {
  constructor(model) {
    this.requests = new Map();
    this.answers = new Map();
    this.keys = new ConversationKeys(model);
  }
}

export class CallPairing {
  constructor(model) {
    this.model = model;
    this.calls = new OpenCalls(model);
  }

  /** A frame behind all others. */
  forward(frame) {
    this.read(frame, this.calls);
  }

  /** Frames before all others: first among themselves, then what is left open is joined with what was here. */
  backward(frames) {
    const page = new OpenCalls(this.model);
    for (const frame of frames) {
      this.read(frame, page);
    }

    this.calls.keys.joinOlder(page.keys);

    for (const [key, requests] of page.requests) {
      const waiting = this.calls.answers.get(key) ?? [];
      const open = requests.filter((request) => !this.takeWaiting(request, waiting));
      if (waiting.length === 0) {
        this.calls.answers.delete(key);
      }

      mergeInto(this.calls.requests, key, open);
    }

    for (const [key, answers] of page.answers) {
      mergeInto(this.calls.answers, key, answers);
    }
  }

  forgetBefore(sequence) {
    for (const open of [this.calls.requests, this.calls.answers]) {
      for (const [key, entries] of open) {
        if (entries[entries.length - 1].sequence < sequence) {
          open.delete(key);
        }
      }
    }
  }

  read(frame, calls) {
    if (frame.bad !== undefined) {
      return;
    }

    calls.keys.read(frame);
    if (frame.k === "request") {
      addTo(calls.requests, frame.d + frame.i, { sequence: frame.s, exchange: frame.x });
    } else if (frame.k === "response" || frame.k === "error") {
      this.close(frame, otherSide(frame.d) + frame.i, calls, "answer");
    } else if (frame.ri !== undefined) {
      // What the recorder notes itself is about a request of the client.
      this.close(frame, (frame.d === "i" ? "c" : frame.d) + frame.ri, calls, "cancel");
    } else if (frame.f?.includes("ended")) {
      this.end(frame, calls);
    }
  }

  close(frame, key, calls, kind) {
    const entry = { sequence: frame.s, exchange: frame.x, kind };
    const requests = calls.requests.get(key) ?? [];
    // A cancellation comes in an exchange of its own.
    const at = kind === "cancel" ? requests.length - 1 : indexOfExchange(requests, frame.x);
    if (at < 0) {
      addTo(calls.answers, key, entry);
      return;
    }

    this.settle(requests[at].sequence, entry);
    if (kind === "answer") {
      requests.splice(at, 1);
      if (requests.length === 0) {
        calls.requests.delete(key);
      }
    }
  }

  /** An exchange that ended without a message: its request is found by the exchange, since the frame has no id. */
  end(frame, calls) {
    if (frame.x === undefined) {
      return;
    }

    const entry = { sequence: frame.s, exchange: frame.x, kind: frame.en?.how === "cancelled" ? "cancel" : "end" };
    for (const [key, requests] of calls.requests) {
      const at = requests.findIndex((request) => request.exchange === frame.x);
      if (at >= 0) {
        this.settle(requests[at].sequence, entry);
        requests.splice(at, 1);
        if (requests.length === 0) {
          calls.requests.delete(key);
        }

        return;
      }
    }

    addTo(calls.answers, "ended " + frame.x, entry);
  }

  takeWaiting(request, waiting) {
    const cancel = waiting.findIndex((entry) => entry.kind === "cancel" && sameExchange(entry, request, true));
    if (cancel >= 0) {
      this.settle(request.sequence, waiting.splice(cancel, 1)[0]);
    }

    const answer = waiting.findIndex((entry) => entry.kind === "answer" && sameExchange(entry, request));
    const ended = request.exchange === undefined ? undefined : this.calls.answers.get("ended " + request.exchange);
    if (answer >= 0) {
      this.settle(request.sequence, waiting.splice(answer, 1)[0]);
      return true;
    }

    if (ended !== undefined) {
      this.settle(request.sequence, ended[0]);
      this.calls.answers.delete("ended " + request.exchange);
      return true;
    }

    return false;
  }

  /** Notes at the request how it went, and gives the answer the request's method and name. */
  settle(request, entry) {
    const model = this.model;
    const asked = model.chunkOf(request);
    const answered = model.chunkOf(entry.sequence);
    if (asked === undefined || answered === undefined) {
      return;
    }

    const at = request % CHUNK_SIZE;
    const answerAt = entry.sequence % CHUNK_SIZE;
    linkFrames(model, request, entry.sequence);
    if (entry.kind !== "answer") {
      asked.outcome[at] = entry.kind === "cancel" ? OUTCOME.cancelled : OUTCOME.closed;
      asked.mate[at] ||= entry.sequence - request;
      return;
    }

    asked.mate[at] = entry.sequence - request;
    answered.mate[answerAt] = request - entry.sequence;
    answered.method[answerAt] = answered.place(asked.texts[asked.method[at]]);
    answered.name[answerAt] ||= answered.place(asked.texts[asked.name[at]]);
    if (asked.outcome[at] !== OUTCOME.cancelled) {
      asked.outcome[at] = answered.outcome[answerAt];
    }
  }
}

function otherSide(side) {
  return side === "c" ? "s" : "c";
}

function sameExchange(one, other, isLoose = false) {
  return isLoose || one.exchange === other.exchange || one.exchange === undefined || other.exchange === undefined;
}

/** The newest entry of the same exchange; without one, the newest that does not say which. */
function indexOfExchange(entries, exchange) {
  const exact = entries.findLastIndex((entry) => entry.exchange === exchange);
  return exact >= 0 ? exact : entries.findLastIndex((entry) => entry.exchange === undefined || exchange === undefined);
}

function addTo(map, key, entry) {
  const entries = map.get(key);
  if (entries === undefined) {
    map.set(key, [entry]);
  } else {
    entries.push(entry);
  }
}

function mergeInto(map, key, earlier) {
  if (earlier.length > 0) {
    map.set(key, [...earlier, ...(map.get(key) ?? [])]);
  }
}
