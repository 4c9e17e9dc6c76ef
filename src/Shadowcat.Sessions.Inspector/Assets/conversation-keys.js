/** What frames of one conversation have in common: the exchange, the progress token, the task, the request state. */
import { linkFrames } from "./conversation-links.js";

const MOST_KEYS = 40_000;

/** The newest keys of a range of frames, each with the first and last frame that named it. */
export class ConversationKeys {
  constructor(model) {
    this.model = model;
    this.entries = new Map();
  }

  /** Links a frame, which stands behind all that were read before, with those that name the same. */
  read(frame) {
    const caller = frame.k === "request" ? frame.d : frame.d === "c" ? "s" : "c";
    this.note("x", frame.x, frame.s, false);
    this.note("t", frame.ti, frame.s, false);
    // A token or a state may be used again by a later call: that begins anew.
    this.note("p" + caller, frame.pt, frame.s, frame.k === "request");
    this.note("r", frame.rs, frame.s, frame.k !== "request");
  }

  /** Joins the keys of an older page with these. */
  joinOlder(page) {
    for (const [key, older] of page.entries) {
      const newer = this.entries.get(key);
      if (newer === undefined) {
        this.put(key, older);
        continue;
      }

      if (!newer.opens) {
        this.link(older.last, newer.first);
      }

      newer.first = older.first;
      newer.opens = older.opens;
    }
  }

  note(kind, value, sequence, opens) {
    if (value === undefined) {
      return;
    }

    const key = kind + value;
    const known = this.entries.get(key);
    if (known === undefined || opens) {
      this.entries.delete(key);
      this.put(key, { first: known?.first ?? sequence, last: sequence, opens: known?.opens ?? opens });
      return;
    }

    this.link(known.last, sequence);
    known.last = sequence;
  }

  link(one, other) {
    if (this.model.chunkOf(one) !== undefined && this.model.chunkOf(other) !== undefined) {
      linkFrames(this.model, one, other);
    }
  }

  put(key, entry) {
    this.entries.set(key, entry);
    if (this.entries.size > MOST_KEYS) {
      this.entries.delete(this.entries.keys().next().value);
    }
  }
}
