/** The messages of two calls, formatted, line by line beside each other. */
import { alignLists } from "./difference.js";
import { button, el, icon, replaceChildren } from "./dom.js";
import { formatJson } from "./json-formatting.js";
import { formattedText } from "./json-lines.js";
import { problemNotice } from "./notices.js";
import { visible } from "./visible.js";

const MOST_BYTES = 128 * 1024;
const MOST_DIFF_LINES = 1500;

export class MessageComparison {
  constructor(left, right, onClose) {
    Object.assign(this, { left, right });
    const close = button("", onClose, { class: "quiet", "aria-label": "Close the messages (Escape)" });
    close.append(icon("close"));
    this.content = el("div", { class: "panel-content diffs", tabindex: "0", role: "region", "aria-label": "Messages of both sides" });
    this.element = el("section", { class: "panel", "aria-label": "Messages", hidden: true }, el("div", { class: "panel-head" }, el("h2", { class: "panel-title", text: "Messages" }), close), this.content);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  dispose() {
    this.loading?.abort();
  }

  close() {
    this.dispose();
    this.element.hidden = true;
  }

  async show(left, right) {
    this.dispose();
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.element.hidden = false;
    try {
      const requests = await this.lines(left?.sequence, right?.sequence, signal);
      const answers = await this.lines(left?.answer, right?.answer, signal);
      if (!signal.aborted) {
        replaceChildren(this.content, section("Message", requests), section("Answer", answers));
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        replaceChildren(this.content, problemNotice(error, () => this.show(left, right)));
      }
    }
  }

  async lines(left, right, signal) {
    return Promise.all([formattedLines(this.left, left, signal), formattedLines(this.right, right, signal)]);
  }
}

async function formattedLines(source, sequence, signal) {
  if (sequence === undefined || sequence === null) {
    return null;
  }

  const { text, lines } = await formatJson(await source.payload(sequence, MOST_BYTES, signal));
  return formattedText(text, lines).split("\n");
}

function section(title, [left, right]) {
  if (left === null && right === null) {
    return null;
  }

  const [leftLines, rightLines] = [(left ?? []).slice(0, MOST_DIFF_LINES), (right ?? []).slice(0, MOST_DIFF_LINES)];
  const rows = pairUp(alignLists(leftLines, rightLines, (one, other) => one === other));
  const isCut = Math.max(left?.length ?? 0, right?.length ?? 0) > MOST_DIFF_LINES;
  return el("section", {}, el("h3", { text: title }),
    el("div", { class: "diff" }, rows.map((pair) => [diffLine(leftLines[pair.left], pair.right < 0 || pair.isChanged, "left"), diffLine(rightLines[pair.right], pair.left < 0 || pair.isChanged, "right")])),
    isCut && el("p", { class: "soft panel-note", text: `Only the first ${MOST_DIFF_LINES} lines are compared.` }));
}

/** A line that went and one that came at its place stand beside each other. */
function pairUp(pairs) {
  const rows = [];
  let gone = [];
  let come = [];
  const flush = () => {
    for (let index = 0; index < Math.max(gone.length, come.length); index++) {
      rows.push({ left: gone[index] ?? -1, right: come[index] ?? -1, isChanged: true });
    }

    [gone, come] = [[], []];
  };
  for (const pair of pairs) {
    if (pair.left >= 0 && pair.right >= 0) {
      flush();
      rows.push({ ...pair, isChanged: false });
    } else if (pair.left >= 0) {
      gone.push(pair.left);
    } else {
      come.push(pair.right);
    }
  }

  flush();
  return rows;
}

function diffLine(line, isMarked, side) {
  const kind = line === undefined ? "nothing" : isMarked ? `marked ${side}` : "";
  return el("div", { class: `diff-line ${kind}` }, el("bdi", { class: "recorded", text: line === undefined ? "" : visible(line, 1000) }));
}
