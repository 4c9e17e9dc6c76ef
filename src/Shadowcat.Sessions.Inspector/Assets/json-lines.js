/**
 * The lines of formatted JSON, as columns over the text: nothing is copied, and nothing is recursive, so that neither MiB nor 100 000 levels harm.
 * What is no JSON is a line too; a text that was cut off is formatted as far as it goes.
 */
export const LINE = { text: 1, number: 2, word: 3, object: 4, array: 5, endObject: 6, endArray: 7, emptyObject: 8, emptyArray: 9, wrong: 10, rest: 11 };

/** As many as a browser can stack; what stands behind them is one line. */
const MOST_LINES = 800_000;
const LINE_COLUMNS = ["depth", "keyStart", "keyEnd", "start", "end", "close", "items"];
const NUMBER_OR_WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

export class JsonScanner {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.count = 0;
    this.capacity = 256;
    this.types = new Uint8Array(this.capacity);
    this.commas = new Uint8Array(this.capacity);
    this.columns = Object.fromEntries(LINE_COLUMNS.map((name) => [name, new Int32Array(this.capacity)]));
    this.open = [];
    this.expects = "value";
    this.key = null;
    this.isDone = false;
  }

  /** Reads on, about `characters` of them; true when all is read. */
  run(characters) {
    const until = this.at + characters;
    while (!this.isDone && this.at < until) {
      this.step();
    }

    return this.isDone;
  }

  /** The columns, trimmed, to be handed from a worker to the page. */
  result() {
    const columns = {};
    for (const name of LINE_COLUMNS) {
      columns[name] = this.columns[name].slice(0, this.count);
    }

    return { count: this.count, types: this.types.slice(0, this.count), commas: this.commas.slice(0, this.count), columns };
  }

  step() {
    const character = this.skipBlanks();
    if (character === undefined) {
      this.isDone = true;
    } else if (this.count >= MOST_LINES) {
      this.stop(LINE.rest);
    } else if (this.expects === "value") {
      this.value(character);
    } else if (this.expects === "key") {
      this.keyOrEnd(character);
    } else {
      this.commaOrEnd(character);
    }
  }

  value(character) {
    if (character === "{" || character === "[") {
      this.begin(character);
    } else if (character === "]" && this.isInArray() && this.isFirst()) {
      this.finish(character);
    } else if (character === '"') {
      const start = this.at;
      this.add(LINE.text, start, this.skipText());
      this.after();
    } else {
      NUMBER_OR_WORD.lastIndex = this.at;
      const word = NUMBER_OR_WORD.exec(this.text)?.[0];
      if (word === undefined) {
        this.wrong();
        return;
      }

      this.add(/[a-z]/.test(word[0]) ? LINE.word : LINE.number, this.at, this.at + word.length);
      this.at += word.length;
      this.after();
    }
  }

  begin(character) {
    const line = this.add(character === "{" ? LINE.object : LINE.array, this.at, this.at + 1);
    this.open.push(line);
    this.at++;
    this.expects = character === "{" ? "key" : "value";
  }

  keyOrEnd(character) {
    if (character === "}" && this.isFirst()) {
      this.finish(character);
      return;
    }

    if (character !== '"') {
      this.wrong();
      return;
    }

    const start = this.at;
    const end = this.skipText();
    if (this.skipBlanks() !== ":") {
      this.at = start;
      this.wrong();
      return;
    }

    this.at++;
    this.key = [start, end];
    this.expects = "value";
  }

  commaOrEnd(character) {
    if (character === "," && this.open.length > 0) {
      this.commas[this.last] = 1;
      this.at++;
      this.expects = this.isInArray() ? "value" : "key";
    } else if (character === (this.isInArray() ? "]" : "}") && this.open.length > 0) {
      this.finish(character);
    } else {
      this.wrong();
    }
  }

  finish(character) {
    const line = this.open.pop();
    this.at++;
    if (this.count - 1 === line) {
      this.types[line] = character === "}" ? LINE.emptyObject : LINE.emptyArray;
      this.columns.end[line] = this.at;
      this.last = line;
    } else {
      this.columns.close[line] = this.add(character === "}" ? LINE.endObject : LINE.endArray, this.at - 1, this.at);
    }

    this.expects = "comma";
  }

  after() {
    this.expects = "comma";
  }

  /** The rest is no JSON: it becomes one line, at the depth where it stands. */
  wrong() {
    this.stop(LINE.wrong);
  }

  stop(type) {
    this.key = null;
    this.add(type, this.at, this.text.length);
    this.at = this.text.length;
    this.isDone = true;
  }

  add(type, start, end) {
    if (this.count === this.capacity) {
      this.grow();
    }

    const line = this.count++;
    const isEnd = type === LINE.endObject || type === LINE.endArray;
    const parent = this.open[this.open.length - 1];
    this.types[line] = type;
    this.columns.depth[line] = this.open.length;
    this.columns.start[line] = start;
    this.columns.end[line] = end;
    if (this.key !== null && !isEnd) {
      [this.columns.keyStart[line], this.columns.keyEnd[line]] = this.key;
      this.key = null;
    }

    if (parent !== undefined && !isEnd) {
      this.columns.items[parent]++;
    }

    this.last = line;
    return line;
  }

  isInArray() {
    return this.open.length > 0 && this.types[this.open[this.open.length - 1]] === LINE.array;
  }

  isFirst() {
    return this.count - 1 === this.open[this.open.length - 1];
  }

  /** Moves behind the text that begins here; where it does not end, to the end of everything. */
  skipText() {
    let at = this.at + 1;
    for (;;) {
      const quote = this.text.indexOf('"', at);
      if (quote < 0) {
        this.at = this.text.length;
        return this.at;
      }

      let backslashes = 0;
      while (this.text[quote - 1 - backslashes] === "\\") {
        backslashes++;
      }

      at = quote + 1;
      if (backslashes % 2 === 0) {
        this.at = at;
        return at;
      }
    }
  }

  skipBlanks() {
    for (;;) {
      const character = this.text[this.at];
      if (character !== " " && character !== "\n" && character !== "\r" && character !== "\t") {
        return character;
      }

      this.at++;
    }
  }

  grow() {
    this.capacity *= 2;
    this.types = grown(this.types, this.capacity);
    this.commas = grown(this.commas, this.capacity);
    for (const name of LINE_COLUMNS) {
      this.columns[name] = grown(this.columns[name], this.capacity);
    }
  }
}

/** Formatted text of JSON, for the clipboard: the same lines, indented by two. */
export function formattedText(text, lines) {
  const parts = [];
  for (let line = 0; line < lines.count; line++) {
    const { depth, keyStart, keyEnd, start, end } = lines.columns;
    const key = keyEnd[line] > 0 ? text.slice(keyStart[line], keyEnd[line]) + ": " : "";
    parts.push("  ".repeat(Math.min(depth[line], 200)) + key + text.slice(start[line], end[line]) + (lines.commas[line] ? "," : ""));
  }

  return parts.join("\n");
}

/** What a JSON text of the form `"…"` says; as it is written where it is cut or wrong. */
export function decodedText(written) {
  try {
    return JSON.parse(written);
  } catch {
    return written.replace(/^"|"$/g, "");
  }
}

function grown(column, capacity) {
  const larger = new column.constructor(capacity);
  larger.set(column);
  return larger;
}
