/** Server-sent events, read from a response by hand: so that the status is known, a reconnect is ours, and the id is at hand. */

/** Takes pieces of the stream, and gives each whole event: `{ event, data, id }`. */
export class EventParser {
  constructor(onEvent) {
    this.onEvent = onEvent;
    this.rest = "";
    this.id = null;
    this.clear();
  }

  push(text) {
    const whole = this.rest + text;
    let at = 0;
    for (let end = whole.indexOf("\n", at); end >= 0; end = whole.indexOf("\n", at)) {
      this.line(whole.slice(at, whole[end - 1] === "\r" ? end - 1 : end));
      at = end + 1;
    }

    this.rest = whole.slice(at);
  }

  line(line) {
    if (line === "") {
      if (this.data.length > 0) {
        this.onEvent({ event: this.event, data: this.data.join("\n"), id: this.id });
      }

      this.clear();
      return;
    }

    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") {
      this.data.push(value);
    } else if (field === "event") {
      this.event = value;
    } else if (field === "id") {
      this.id = value;
    }
  }

  clear() {
    this.event = "message";
    this.data = [];
  }
}

/** Reads a response until it ends. Throws where nothing, not even a comment, came for `silence` ms. */
export async function readEvents(response, onEvent, silence = 40_000) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new EventParser(onEvent);
  for (;;) {
    let timer;
    const silent = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("The stream fell silent.")), silence);
    });
    try {
      const { done, value } = await Promise.race([reader.read(), silent]);
      if (done) {
        return;
      }

      parser.push(value);
    } catch (error) {
      reader.cancel().catch(() => undefined);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
