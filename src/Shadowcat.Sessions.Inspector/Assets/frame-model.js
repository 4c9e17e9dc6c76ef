/**
 * The frames of a session, or of its newest part: a window of chunks by sequence.
 * The range grows at its end (live) and at its start (older pages); beyond the bound the oldest chunk goes.
 */
import { CHUNK_SIZE, FLAG, FROM, FrameChunk, KIND, OUTCOME } from "./frame-chunk.js";
import { CallPairing } from "./call-pairing.js";
import { cutText } from "./visible.js";

/** 327 680 frames: as many rows as a browser can stack on a narrow screen. */
const MOST_CHUNKS = 80;
const MOST_NOTE_CHARACTERS = 300;
const KIND_CODES = { request: KIND.request, notification: KIND.notification, response: KIND.response, error: KIND.error, unparsed: KIND.unparsed };
const FLAG_CODES = { cut: FLAG.cut, redacted: FLAG.redacted, undelivered: FLAG.undelivered, withheld: FLAG.withheld, ended: FLAG.ended };

export class FrameModel {
  constructor(mostChunks = MOST_CHUNKS) {
    this.mostChunks = mostChunks;
    this.chunks = new Map();
    this.pairing = new CallPairing(this);
    this.start = 0;
    this.end = 0;
    this.loadedFrom = 0;
    this.droppedTo = 0;
    this.revision = 0;
  }

  /** Says which sequences there are, before any of them is here: the list has its length at once. */
  open(first, next) {
    this.start = first;
    this.end = next;
    this.loadedFrom = next;
    this.bound();
  }

  get count() {
    return this.end - this.start;
  }

  /** How many frames are kept at most. */
  get most() {
    return this.mostChunks * CHUNK_SIZE;
  }

  /** Whether frames between the start and what is here are still to come. */
  get isLoading() {
    return this.loadedFrom > this.start;
  }

  chunkOf(sequence) {
    return this.chunks.get(Math.floor(sequence / CHUNK_SIZE));
  }

  /** One column of one frame; 0 where it is not here. */
  column(name, sequence) {
    const chunk = this.chunkOf(sequence);
    return chunk === undefined ? 0 : chunk[name][sequence % CHUNK_SIZE];
  }

  text(name, sequence) {
    const chunk = this.chunkOf(sequence);
    return chunk === undefined ? "" : chunk.texts[chunk[name][sequence % CHUNK_SIZE]];
  }

  idText(sequence) {
    return this.chunkOf(sequence)?.idText(sequence % CHUNK_SIZE) ?? "";
  }

  gapBefore(sequence) {
    return this.chunkOf(sequence)?.gaps.get(sequence) ?? 0;
  }

  /** How long the call of a frame took, in ms; NaN where it has no answer, or neither. */
  duration(sequence) {
    const mate = this.column("mate", sequence);
    return mate === 0 ? NaN : Math.abs(this.column("time", sequence + mate) - this.column("time", sequence));
  }

  /** The request that a frame answers; the frame itself where it is no answer, or the request is not here. */
  askedBy(sequence) {
    return sequence + Math.min(0, this.column("mate", sequence));
  }

  /** The frame that a conversation begins with, as far as it is here. */
  rootOf(sequence) {
    const root = sequence - this.column("root", sequence);
    return root < this.start ? sequence : root;
  }

  /** The frames of the conversation that a frame belongs to, in order. */
  conversation(sequence, most = Infinity) {
    const members = [];
    let at = this.rootOf(sequence);
    while (members.length < most) {
      members.push(at);
      const distance = this.column("next", at);
      if (distance === 0) {
        break;
      }

      at += distance;
    }

    return members;
  }

  /** Adds frames behind the last one. What is skipped was not kept, and is shown so. */
  append(frames) {
    const fresh = frames.filter((frame) => frame.s >= this.end);
    for (const frame of fresh) {
      this.markMissing(this.end, frame.s);
      this.write(frame);
      this.end = frame.s + 1;
      this.pairing.forward(frame);
    }

    this.revision += fresh.length;
    this.bound();
    return fresh.length;
  }

  /** Adds the frames that stand before what is here, down to the sequence `from`. */
  prepend(frames, from) {
    const older = frames.filter((frame) => frame.s >= this.start && frame.s < this.loadedFrom);
    let at = Math.max(from, this.start);
    for (const frame of older) {
      this.markMissing(at, frame.s);
      this.write(frame);
      at = frame.s + 1;
    }

    this.markMissing(at, this.loadedFrom);
    this.loadedFrom = Math.max(from, this.start);
    this.pairing.backward(older);
    this.revision += older.length + 1;
  }

  /** Forgets what the store has trimmed. */
  trim(first) {
    if (first > this.start) {
      this.dropBefore(Math.min(first, this.end));
    }
  }

  markMissing(from, to) {
    for (let sequence = from; sequence < to; sequence++) {
      this.chunkFor(sequence).kind[sequence % CHUNK_SIZE] = KIND.missing;
    }
  }

  chunkFor(sequence) {
    const number = Math.floor(sequence / CHUNK_SIZE);
    let chunk = this.chunks.get(number);
    if (chunk === undefined) {
      chunk = new FrameChunk(number * CHUNK_SIZE);
      this.chunks.set(number, chunk);
    }

    return chunk;
  }

  write(frame) {
    const chunk = this.chunkFor(frame.s);
    const at = frame.s % CHUNK_SIZE;
    if (frame.bad !== undefined) {
      chunk.kind[at] = KIND.bad;
      chunk.from[at] = FROM.internal;
      chunk.note[at] = chunk.place(noteText(frame.bad));
      return;
    }

    const kind = KIND_CODES[frame.k] ?? KIND.unparsed;
    chunk.time[at] = frame.t;
    chunk.kind[at] = kind;
    chunk.from[at] = frame.d === "c" ? FROM.client : frame.d === "s" ? FROM.server : FROM.internal;
    chunk.size[at] = frame.z ?? 0;
    chunk.method[at] = chunk.place(frame.m);
    chunk.name[at] = chunk.place(frame.n);
    chunk.note[at] = chunk.place(noteOf(frame, kind));
    chunk.http[at] = frame.h ?? 0;
    chunk.flags[at] = flagsOf(frame);
    chunk.outcome[at] = outcomeOf(frame, kind);
    chunk.setId(at, frame.i);
    if (frame.g) {
      chunk.gaps.set(frame.s, frame.g);
    }
  }

  bound() {
    const last = Math.floor(Math.max(0, this.end - 1) / CHUNK_SIZE);
    const least = (last - this.mostChunks + 1) * CHUNK_SIZE;
    if (least > this.start) {
      this.dropBefore(least);
      this.droppedTo = least;
    }
  }

  dropBefore(sequence) {
    this.start = sequence;
    this.loadedFrom = Math.max(this.loadedFrom, sequence);
    for (const number of this.chunks.keys()) {
      if ((number + 1) * CHUNK_SIZE <= sequence) {
        this.chunks.delete(number);
      }
    }

    this.pairing.forgetBefore(sequence);
  }
}

function outcomeOf(frame, kind) {
  switch (kind) {
    case KIND.request: return OUTCOME.pending;
    case KIND.response: return frame.te ? OUTCOME.toolError : OUTCOME.ok;
    case KIND.error: return OUTCOME.error;
    default: return OUTCOME.none;
  }
}

function flagsOf(frame) {
  let flags = 0;
  for (const word of frame.f ?? []) {
    flags |= FLAG_CODES[word] ?? 0;
  }

  return flags
    | (frame.m === "notifications/progress" ? FLAG.progress : 0)
    | (frame.m === "notifications/message" ? FLAG.log : 0)
    | (frame.ti ? FLAG.task : 0)
    | (frame.rs ? FLAG.retry : 0);
}

/** The one text that a row says beside method and name: the error, the level, what a cancellation names, how an exchange ended. */
function noteOf(frame, kind) {
  if (frame.e) {
    return noteText(`${frame.e.code ?? ""} ${frame.e.message ?? ""}`.trim());
  }

  if (frame.en) {
    return noteText(`${frame.en.how} by the ${frame.en.by}`);
  }

  if (frame.pr) {
    return noteText(frame.pr.length > 1 ? `${frame.pr[0]} of ${frame.pr[1]}` : `${frame.pr[0]}`);
  }

  if (frame.ri !== undefined) {
    return noteText(`request ${frame.ri}`);
  }

  return noteText(frame.lv ?? (frame.m === "initialize" || frame.m === "server/discover" || frame.k === "response" ? frame.pv : undefined));
}

function noteText(text) {
  return text === undefined ? undefined : cutText(String(text), MOST_NOTE_CHARACTERS);
}
