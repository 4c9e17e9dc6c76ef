/** The bytes of a message as they are: as text, or each byte with its place. */
import { VirtualList } from "./virtual-list.js";
import { el, setText } from "./dom.js";
import { visibleLines } from "./visible.js";

const MOST_TEXT_BYTES = 512 * 1024;
const HEX_LINE_HEIGHT = 20;
const HEX_WIDTH = 16;

/** The text of the bytes, as far as a page takes it. */
export function textOfBytes(bytes) {
  const text = visibleLines(new TextDecoder().decode(bytes.subarray(0, MOST_TEXT_BYTES)));
  return el("div", { class: "bytes-text" },
    el("pre", { class: "recorded", tabindex: "0", "aria-label": "Message as text", text: text === "" ? "(no bytes)" : text }),
    bytes.length > MOST_TEXT_BYTES && el("p", { class: "soft panel-note", text: "This is the beginning. Download the message to see all of it." }));
}

/** Each byte with its place, of which only the lines in sight exist. */
export class BytesView {
  constructor(bytes) {
    this.bytes = bytes;
    this.list = new VirtualList({ label: "Bytes", rowHeight: HEX_LINE_HEIGHT, createRow: () => this.createRow(), fillRow: (row, index) => this.fillRow(row, index) });
    this.element = el("div", { class: "bytes" }, this.list.element);
    this.list.setCount(Math.ceil(bytes.length / HEX_WIDTH));
  }

  dispose() {
    this.list.dispose();
  }

  createRow() {
    const row = el("div", { class: "hex-line" });
    row.parts = ["hex-place", "hex-bytes", "hex-text"].map((name) => el("span", { class: name, role: "gridcell" }));
    row.append(...row.parts);
    return row;
  }

  fillRow(row, index) {
    const slice = this.bytes.subarray(index * HEX_WIDTH, (index + 1) * HEX_WIDTH);
    const [place, hex, text] = row.parts;
    setText(place, (index * HEX_WIDTH).toString(16).padStart(8, "0"));
    setText(hex, Array.from(slice, (byte) => byte.toString(16).padStart(2, "0")).join(" "));
    setText(text, Array.from(slice, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join(""));
  }
}
