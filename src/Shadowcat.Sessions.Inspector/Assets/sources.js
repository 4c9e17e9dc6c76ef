/** Where a session comes from: the server, or the document itself in a single file. Both answer the same questions. */
import { Problem, exportAddress, getJson, getPayload, payloadAddress, sessionPath } from "./api.js";

/** A session on the server. */
export class ServedSession {
  constructor(id) {
    this.id = id;
    this.canFollow = true;
  }

  session(signal) {
    return getJson(sessionPath(this.id), {}, signal);
  }

  newestFrames(count, signal) {
    return getJson(`${sessionPath(this.id)}/frames`, { last: count }, signal);
  }

  frames(from, count, signal) {
    return getJson(`${sessionPath(this.id)}/frames`, { from, count }, signal);
  }

  frame(sequence, signal) {
    return getJson(`${sessionPath(this.id)}/frames/${sequence}`, {}, signal);
  }

  payload(sequence, most, signal) {
    return getPayload(this.id, sequence, most, signal);
  }

  payloadLink(sequence) {
    return payloadAddress(this.id, sequence);
  }

  exportLink(format, frames) {
    return exportAddress(this.id, format, frames);
  }
}

/** Whether this document is a single file that holds its session. */
export function isSingleFile() {
  return document.getElementById("recording-session") !== null;
}

/** The session in the document: its frames stand in blocks, which are read when they are asked for. */
export class EmbeddedSession {
  constructor() {
    this.canFollow = false;
    this.described = JSON.parse(document.getElementById("recording-session").textContent);
    this.id = this.described.id;
    this.blocks = [...document.querySelectorAll("script.recording-frames")];
    this.read = new Map();
  }

  async session() {
    return this.described;
  }

  async newestFrames(count) {
    const last = this.blocks.length === 0 ? [] : this.block(this.blocks.length - 1);
    const next = last.length === 0 ? this.described.frames : last[last.length - 1].s + 1;
    const first = this.blocks.length === 0 ? next : this.block(0)[0]?.s ?? next;
    return { kept: first, next, end: next, frames: last.slice(-count) };
  }

  async frames(from, count) {
    const frames = [];
    for (let number = this.blockOf(from); number < this.blocks.length; number++) {
      const block = this.block(number);
      if (block.length > 0 && block[0].s >= from + count) {
        break;
      }

      frames.push(...block.filter((frame) => frame.s >= from && frame.s < from + count));
    }

    return { frames, next: from + count };
  }

  async frame(sequence) {
    return this.find(sequence);
  }

  async payload(sequence, most) {
    const frame = this.find(sequence);
    const bytes = frame.b64 === undefined ? new TextEncoder().encode(frame.p ?? "") : Uint8Array.from(atob(frame.b64), (character) => character.charCodeAt(0));
    return most === null ? bytes : bytes.subarray(0, most);
  }

  /** All of the message is on the page: there is nothing to be fetched. */
  payloadLink() {
    return null;
  }

  find(sequence) {
    const frame = this.block(this.blockOf(sequence))?.find((candidate) => candidate.s === sequence);
    if (frame === undefined) {
      throw new Problem(410, "The frame is not in this file", "It holds the frames that were exported.");
    }

    return frame;
  }

  /** The last block that begins at a sequence or before it. */
  blockOf(sequence) {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.block(middle)[0]?.s ?? Infinity) <= sequence) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }

    return low;
  }

  block(number) {
    let frames = this.read.get(number);
    if (frames === undefined && number >= 0 && number < this.blocks.length) {
      frames = JSON.parse(this.blocks[number].textContent);
      this.read.set(number, frames);
    }

    return frames;
  }
}
