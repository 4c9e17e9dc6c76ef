/** Formatted JSON: folded, highlighted and searched, of which only the lines in sight exist. */
import { LINE, decodedText } from "./json-lines.js";
import { VirtualList } from "./virtual-list.js";
import { button, el, icon, setText } from "./dom.js";
import { openDialog } from "./dialogs.js";
import { countText } from "./units.js";
import { cutText, visible, visibleLines } from "./visible.js";

const LINE_HEIGHT = 20;
const MOST_INDENTED = 24;
const MOST_SHOWN_TEXT = 400;
const MOST_READ_TEXT = 2_000_000;
const FOLDED_FROM_DEPTH = 200;
const VALUE_CLASSES = { [LINE.text]: "json-text", [LINE.number]: "json-number", [LINE.word]: "json-word", [LINE.wrong]: "json-wrong" };

export class JsonView {
  constructor({ text, lines }, isCut) {
    this.text = text;
    this.lines = lines;
    this.folded = new Set();
    this.found = -1;
    this.needle = "";
    this.input = el("input", { type: "search", class: "find", placeholder: "Find in this message", "aria-label": "Find in this message", oninput: () => this.find(1, true), onkeydown: (event) => this.findKey(event) });
    this.findings = el("span", { class: "soft", role: "status" });
    this.list = new VirtualList({ label: "Formatted message", rowHeight: LINE_HEIGHT, createRow: () => this.createRow(), fillRow: (row, index) => this.fillRow(row, index), onOpen: (index) => this.open(index) });
    this.list.element.addEventListener("keydown", (event) => this.foldKey(event));
    this.element = el("div", { class: "json" },
      el("div", { class: "panel-tools" }, this.input, this.step("up", "Previous finding", -1), this.step("down", "Next finding", 1), this.findings,
        el("span", { class: "gap" }), button("Fold", () => this.foldAll(true), { class: "quiet small" }), button("Unfold", () => this.foldAll(false), { class: "quiet small" })),
      this.list.element,
      isCut && el("p", { class: "soft panel-note", text: "The message goes on: this is its beginning." }));
    this.foldDeep();
    this.lay();
  }

  dispose() {
    this.list.dispose();
  }

  step(name, label, direction) {
    const made = button("", () => this.find(direction), { class: "quiet small", "aria-label": label });
    made.append(icon(name));
    return made;
  }

  /** What is nested deeper than anybody reads is folded. */
  foldDeep() {
    const { depth, close } = this.lines.columns;
    for (let line = 0; line < this.lines.count; line++) {
      if (close[line] > 0 && depth[line] === FOLDED_FROM_DEPTH) {
        this.folded.add(line);
      }
    }
  }

  /** The lines that no fold hides. */
  lay() {
    const { close } = this.lines.columns;
    const shown = new Int32Array(this.lines.count);
    let count = 0;
    for (let line = 0; line < this.lines.count; line++) {
      shown[count++] = line;
      if (this.folded.has(line)) {
        line = close[line] > 0 ? close[line] : this.lines.count;
      }
    }

    this.shown = shown.subarray(0, count);
    this.list.setCount(count);
  }

  createRow() {
    const row = el("div", { class: "json-line" });
    row.fold = el("span", { class: "fold", "aria-hidden": "true" });
    row.key = el("bdi", { class: "json-key" });
    row.value = el("bdi", {});
    row.rest = el("span", { class: "soft" });
    row.more = button("read", () => this.readText(row.line), { class: "quiet small read", tabindex: "-1" });
    row.append(el("span", { role: "gridcell" }, row.fold, row.key, row.value, row.rest, row.more));
    return row;
  }

  fillRow(row, index) {
    const line = this.shown[index];
    const { depth, keyStart, keyEnd, start, end, close, items } = this.lines.columns;
    const type = this.lines.types[line];
    const isFold = type === LINE.object || type === LINE.array;
    const isFolded = this.folded.has(line);
    row.line = line;
    row.style.paddingLeft = `${8 + Math.min(depth[line], MOST_INDENTED) * 14}px`;
    row.classList.toggle("found", line === this.found);
    const isRest = type === LINE.rest;
    const written = isRest ? "" : this.text.slice(start[line], Math.min(end[line], start[line] + MOST_SHOWN_TEXT));
    const isLong = !isRest && end[line] - start[line] > MOST_SHOWN_TEXT;
    setText(row.fold, isFold ? (isFolded ? "▸" : "▾") : "");
    setText(row.key, keyEnd[line] > 0 ? `${visible(this.text.slice(keyStart[line], keyEnd[line]), MOST_SHOWN_TEXT)}: ` : "");
    row.value.className = VALUE_CLASSES[type] ?? "";
    setText(row.value, visible(written, MOST_SHOWN_TEXT) + (isLong ? "…" : ""));
    const closing = isFolded ? ` … ${close[line] > 0 ? this.text.slice(start[close[line]], end[close[line]]) : ""}` : "";
    const comma = this.lines.commas[isFolded && close[line] > 0 ? close[line] : line] ? "," : "";
    setText(row.rest, isRest ? `The ${countText(end[line] - start[line])} characters from here on are not formatted: see them as text.` : closing + comma + (isFolded ? `  ${countText(items[line])} ${type === LINE.object ? "members" : "items"}` : "") + (depth[line] > MOST_INDENTED ? `  (level ${countText(depth[line])})` : ""));
    row.more.hidden = type !== LINE.text || !(isLong || written.includes("\\n"));
    setText(row.more, isLong ? `read ${countText(end[line] - start[line])} characters` : "read");
  }

  open(index) {
    const line = this.shown[index];
    const type = this.lines.types[line];
    if (type === LINE.object || type === LINE.array) {
      this.fold(line, !this.folded.has(line));
    } else if (type === LINE.text) {
      const { start, end } = this.lines.columns;
      if (end[line] - start[line] > 80) {
        this.readText(line);
      }
    }
  }

  fold(line, isFolded) {
    if (isFolded) {
      this.folded.add(line);
    } else {
      this.folded.delete(line);
    }

    this.lay();
  }

  foldKey(event) {
    const line = this.shown[this.list.active];
    const type = line === undefined ? 0 : this.lines.types[line];
    if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && (type === LINE.object || type === LINE.array)) {
      event.preventDefault();
      this.fold(line, event.key === "ArrowLeft");
    }
  }

  /** Folds everything below the first two levels. */
  foldAll(isFolded) {
    this.folded.clear();
    if (isFolded) {
      const { depth, close } = this.lines.columns;
      for (let line = 0; line < this.lines.count; line++) {
        if (close[line] > 0 && depth[line] >= 2) {
          this.folded.add(line);
        }
      }
    }

    this.lay();
  }

  findKey(event) {
    if (event.key === "Enter") {
      event.preventDefault();
      this.find(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && this.input.value !== "") {
      event.stopPropagation();
      this.input.value = "";
      this.find(1, true);
    }
  }

  find(direction, isNew = false) {
    const needle = this.input.value.toLowerCase();
    if (isNew || needle !== this.needle) {
      this.needle = needle;
      this.found = -1;
      this.matches = needle === "" ? [] : matchingLines(this.text, this.lines, needle);
    }

    const count = this.matches?.length ?? 0;
    if (count > 0) {
      const at = this.found < 0 ? (direction > 0 ? 0 : count - 1) : (this.matches.indexOf(this.found) + direction + count) % count;
      this.found = this.matches[at];
      this.show(this.found);
      setText(this.findings, `${at + 1} of ${countText(count)}`);
    } else {
      setText(this.findings, needle === "" ? "" : "not found");
      this.list.paint(true);
    }
  }

  /** Opens every fold that hides a line, and shows it. */
  show(line) {
    const { close } = this.lines.columns;
    for (const folded of [...this.folded]) {
      if (folded < line && (close[folded] === 0 || close[folded] >= line)) {
        this.folded.delete(folded);
      }
    }

    this.lay();
    this.list.reveal(this.shown.indexOf(line));
  }

  readText(line) {
    const { start, end } = this.lines.columns;
    const text = decodedText(this.text.slice(start[line], end[line]));
    const isCut = text.length > MOST_READ_TEXT;
    openDialog(`${countText(text.length)} characters`, [el("pre", { class: "handed recorded", text: visibleLines(isCut ? cutText(text, MOST_READ_TEXT) : text) }), isCut && el("p", { class: "soft", text: "The text goes on. Download the message to read all of it." })]);
  }
}

/** The lines in whose text the needle occurs: found in the text at once, then placed by where they begin. */
function matchingLines(text, lines, needle) {
  const lower = text.toLowerCase();
  const { keyStart, keyEnd, start, end } = lines.columns;
  const matches = [];
  let at = lower.indexOf(needle);
  for (let line = 0; line < lines.count && at >= 0; line++) {
    const first = keyEnd[line] > 0 ? keyStart[line] : start[line];
    if (at < first) {
      at = lower.indexOf(needle, first);
    }

    if (at >= first && at < end[line]) {
      matches.push(line);
      at = lower.indexOf(needle, end[line]);
    }
  }

  return matches;
}
