/**
 * Joins frames: a request with its answer, cancellation or end, and with whatever else belongs to it, into conversations.
 * Frames come in order at the end, and page by page, newest page first, at the start; both give the same result.
 */
import { CHUNK_SIZE, OUTCOME } from "./frame-chunk.js";
import { linkFrames } from "./conversation-links.js";
import { OpenCalls } from "./open-calls.js";

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

      this.calls.addOlderRequests(key, open);
    }

    for (const [key, answers] of page.answers) {
      this.calls.addOlderAnswers(key, answers);
    }
  }

  forgetBefore(sequence) {
    this.calls.forgetBefore(sequence);
  }

  read(frame, calls) {
    if (frame.bad !== undefined) {
      return;
    }

    calls.keys.read(frame);
    if (frame.k === "request") {
      calls.addRequest(frame.d + frame.i, { sequence: frame.s, exchange: frame.x });
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
      calls.addAnswer(key, entry);
      return;
    }

    this.settle(requests[at].sequence, entry);
    if (kind === "answer") {
      calls.removeRequest(key, at);
    }
  }

  /** An exchange that ended without a message: its request is found by the exchange, since the frame has no id. */
  end(frame, calls) {
    if (frame.x === undefined) {
      return;
    }

    const entry = { sequence: frame.s, exchange: frame.x, kind: frame.en?.how === "cancelled" ? "cancel" : "end" };
    const found = calls.requestOfExchange(frame.x);
    if (found === null) {
      calls.addAnswer("ended " + frame.x, entry);
      return;
    }

    this.settle(calls.requests.get(found.key)[found.at].sequence, entry);
    calls.removeRequest(found.key, found.at);
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
