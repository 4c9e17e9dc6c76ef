/**
 * Puts log messages under their call where nothing names it: on stdio a server says no more than that it logs. A message that comes
 * while exactly one call of the client is open is taken to be about that call; where more are open, it stays by itself.
 */
import { FLAG, FROM, KIND, OUTCOME } from "./frame-chunk.js";
import { linkFrames } from "./conversation-links.js";

const ATTRIBUTION_STEP = 500;

export class LogAttribution {
  constructor(model) {
    this.model = model;
    this.at = null;
    this.open = new Set();
  }

  /** Goes on through the frames, from the oldest that is here, once all of them are; true where something was put under a call. */
  advance(deadline) {
    const { model } = this;
    if (model.isLoading) {
      return false;
    }

    let isChanged = false;
    this.at = Math.max(this.at ?? model.start, model.start);
    while (this.at < model.end && performance.now() < deadline) {
      const until = Math.min(this.at + ATTRIBUTION_STEP, model.end);
      for (; this.at < until; this.at++) {
        isChanged = this.look(this.at) || isChanged;
      }
    }

    return isChanged;
  }

  look(sequence) {
    const { model, open } = this;
    const kind = model.column("kind", sequence);
    const mate = model.column("mate", sequence);
    if (kind === KIND.request && model.column("from", sequence) === FROM.client) {
      open.add(sequence);
    } else if (mate < 0) {
      open.delete(sequence + mate);
    } else if (kind === KIND.notification || kind === KIND.unparsed) {
      this.forgetEnded();
      return this.attribute(sequence);
    }

    return false;
  }

  /** Cancelled calls, and those that ended without an answer, are no longer open. */
  forgetEnded() {
    for (const request of this.open) {
      const outcome = this.model.column("outcome", request);
      const endedAt = request + this.model.column("mate", request);
      if ((outcome === OUTCOME.cancelled || outcome === OUTCOME.closed) && endedAt <= this.at) {
        this.open.delete(request);
      }
    }
  }

  attribute(sequence) {
    const { model, open } = this;
    const isLone = model.column("root", sequence) === 0 && model.column("next", sequence) === 0;
    if (open.size !== 1 || !isLone || (model.column("flags", sequence) & FLAG.log) === 0) {
      return false;
    }

    const [request] = open;
    if (request < model.start) {
      open.delete(request);
      return false;
    }

    linkFrames(model, request, sequence);
    return true;
  }
}
