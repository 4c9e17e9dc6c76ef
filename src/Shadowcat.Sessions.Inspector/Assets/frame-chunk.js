/** A run of frames in columns: 45 bytes a frame, and a table of the texts that occur in it. */
export const CHUNK_SIZE = 4096;

/** What stands in the place of a frame. */
export const KIND = { absent: 0, request: 1, notification: 2, response: 3, error: 4, unparsed: 5, bad: 6, missing: 7 };

/** The names of the kinds, in the order of their numbers. */
export const KIND_NAMES = ["absent", "request", "notification", "response", "error", "unparsed", "unreadable", "missing"];

/** Who sent a frame. */
export const FROM = { client: 0, server: 1, internal: 2 };

/** How a call stands, for a request; how it went, for an answer. */
export const OUTCOME = { none: 0, pending: 1, ok: 2, error: 3, toolError: 4, cancelled: 5, closed: 6 };

/** What happened to a frame on its way, and what it is for; bits. */
export const FLAG = { cut: 1, redacted: 2, undelivered: 4, ended: 8, progress: 16, log: 32, task: 64, retry: 128, withheld: 256 };

const SHARED_TEXTS = new Map();
const MOST_SHARED_TEXTS = 5000;

/** The same text as one string, so that chunks do not each hold their own copy of "tools/call". */
function shared(text) {
  const known = SHARED_TEXTS.get(text);
  if (known !== undefined) {
    return known;
  }

  if (SHARED_TEXTS.size >= MOST_SHARED_TEXTS) {
    SHARED_TEXTS.clear();
  }

  SHARED_TEXTS.set(text, text);
  return text;
}

/** The columns of the frames from `start` on. Links to other frames are distances, so that a chunk can be dropped without touching others. */
export class FrameChunk {
  constructor(start) {
    this.start = start;
    this.time = new Float64Array(CHUNK_SIZE);
    this.size = new Uint32Array(CHUNK_SIZE);
    this.id = new Int32Array(CHUNK_SIZE);
    this.mate = new Int32Array(CHUNK_SIZE);
    this.root = new Uint32Array(CHUNK_SIZE);
    this.next = new Uint32Array(CHUNK_SIZE);
    this.tail = new Uint32Array(CHUNK_SIZE);
    this.method = new Uint16Array(CHUNK_SIZE);
    this.name = new Uint16Array(CHUNK_SIZE);
    this.note = new Uint16Array(CHUNK_SIZE);
    this.http = new Uint16Array(CHUNK_SIZE);
    this.kind = new Uint8Array(CHUNK_SIZE);
    this.from = new Uint8Array(CHUNK_SIZE);
    this.flags = new Uint16Array(CHUNK_SIZE);
    this.outcome = new Uint8Array(CHUNK_SIZE);
    this.gaps = new Map();
    this.texts = [""];
    this.places = new Map();
  }

  /** The number of a text in this chunk; 0 for none. */
  place(text) {
    if (text === undefined || text === null || text === "") {
      return 0;
    }

    const known = this.places.get(text);
    if (known !== undefined) {
      return known;
    }

    const number = this.texts.push(shared(text)) - 1;
    this.places.set(this.texts[number], number);
    return number;
  }

  /** An id as it is written, with its type: whole numbers stand in the column, other ids in the table. */
  idText(index) {
    const id = this.id[index];
    return id === 0 ? "" : id > 0 ? String(id - 1) : this.texts[-id];
  }

  setId(index, text) {
    if (text === undefined || text === null) {
      return;
    }

    const written = String(text);
    const isNumber = /^(0|[1-9]\d{0,8})$/.test(written);
    this.id[index] = isNumber ? Number(written) + 1 : -this.place(written);
  }
}
