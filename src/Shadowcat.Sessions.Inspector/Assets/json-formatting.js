/** Formats JSON off the main thread by a worker; where there is none, as in a single file, in slices between painted frames. */
import { JsonScanner } from "./json-lines.js";
import { nextTurn } from "./scheduling.js";

const SMALL_BYTES = 16 * 1024;
const SLICE_CHARACTERS = 64 * 1024;

class FormattingWorker {
  constructor() {
    this.number = 0;
    this.waiting = new Map();
    const main = document.querySelector("script[type=module][src]");
    this.worker = new Worker(new URL("json-worker.js", main.src), { type: "module" });
    this.worker.onmessage = ({ data }) => {
      this.waiting.get(data.number)?.resolve(data);
      this.waiting.delete(data.number);
    };
    this.worker.onerror = () => this.fail();
  }

  format(bytes) {
    return new Promise((resolve, reject) => {
      this.number++;
      this.waiting.set(this.number, { resolve, reject });
      this.worker.postMessage({ number: this.number, bytes });
    });
  }

  /** Where the worker cannot be started, what waits for it is formatted here. */
  fail() {
    this.isBroken = true;
    for (const { reject } of this.waiting.values()) {
      reject(new Error("The worker did not start."));
    }

    this.waiting.clear();
  }
}

const FORMATTING = { worker: null };

/** `{ text, lines }` of the bytes of a payload. */
export async function formatJson(bytes) {
  const canStart = document.querySelector("script[type=module][src]") !== null;
  if (bytes.length > SMALL_BYTES && canStart) {
    FORMATTING.worker ??= new FormattingWorker();
    if (!FORMATTING.worker.isBroken) {
      try {
        return await FORMATTING.worker.format(bytes);
      } catch {
        // The worker broke while it was asked: the slices below do the same work.
      }
    }
  }

  const text = new TextDecoder().decode(bytes);
  const scanner = new JsonScanner(text);
  while (!scanner.run(SLICE_CHARACTERS)) {
    await nextTurn();
  }

  return { text, lines: scanner.result() };
}
