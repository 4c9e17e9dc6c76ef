/**
 * A list of any length of which only the rows in sight exist. Rows have one height; a row element that leaves the sight is used again.
 * For a screen reader it is a grid with all its rows; the keys move an active row, which the list tells about.
 */
import { el } from "./dom.js";

const OVERSCAN = 6;

/** Browsers end elements at 17 to 33 million pixels. A longer list is squeezed: a step of the scroll bar is then more than one of the list. */
const MOST_PIXELS = 12_000_000;
const LIST_NUMBERS = { last: 0 };

export class VirtualList {
  /**
   * `createRow()` makes an empty row, `fillRow(row, index)` says what it shows, `onOpen(index, how)` is called for Enter and click,
   * `onMove(index)` where the active row changes, `onRange(first, last)` before what is in sight is painted: true has all of it painted anew; `onScrolled()` after each scrolling.
   */
  constructor({ label, head, rowHeight, createRow, fillRow, onOpen, onMove, onRange, onScrolled }) {
    Object.assign(this, { rowHeight, createRow, fillRow, onOpen, onMove, onRange, onScrolled });
    this.prefix = `list${++LIST_NUMBERS.last}-`;
    this.count = 0;
    this.top = 0;
    this.height = 0;
    this.headHeight = 0;
    this.active = -1;
    this.sticks = false;
    this.pool = [];
    this.body = el("div", { class: "list-body", role: "rowgroup" });
    this.head = head ?? null;
    this.element = el("div", { class: "list", role: "grid", tabindex: "0", "aria-label": label, onkeydown: (event) => this.key(event), onscroll: () => this.scrolled(), onclick: (event) => this.click(event), onfocus: () => this.point() }, this.head, this.body);
    this.resizing = new ResizeObserver(() => this.resized());
    this.resizing.observe(this.element);
  }

  dispose() {
    this.resizing.disconnect();
  }

  get isAtEnd() {
    return this.top + this.height >= this.length - this.rowHeight;
  }

  /** How high all of it is. Sizes are known, not asked for: asking makes the browser lay out in the midst of a change. */
  get length() {
    return this.count * this.rowHeight + this.headHeight;
  }

  /** Whether all rows are in sight at once. */
  get isWhole() {
    return this.length <= this.height;
  }

  /** How many pixels of the list one of the scroll bar stands for. */
  get squeeze() {
    return this.length <= MOST_PIXELS ? 1 : (this.length - this.height) / (MOST_PIXELS - this.height);
  }

  /** The rows that are in sight: `[first, last]`. */
  get range() {
    const first = Math.max(0, Math.floor(this.top / this.rowHeight));
    return [first, Math.min(this.count - 1, Math.ceil((this.top + this.height) / this.rowHeight))];
  }

  get isActiveSeen() {
    const [first, last] = this.range;
    return this.active >= first && this.active <= last;
  }

  /** Says how many rows there are now; `dropped` of them went at the start, or came where it is negative. What is in sight stays, or the end where the list sticks to it. */
  setCount(count, dropped = 0) {
    if (dropped !== 0 && this.active >= 0) {
      this.active = Math.max(-1, this.active - dropped);
    }

    if (count !== this.count) {
      this.count = count;
      this.stretch();
      this.element.setAttribute("aria-rowcount", String(count + (this.head ? 1 : 0)));
      this.active = Math.min(this.active, count - 1);
    }

    if (this.sticks) {
      this.scrollTo(Infinity);
    } else if (dropped !== 0 && this.top > 0) {
      this.scrollTo(this.top - dropped * this.rowHeight);
    } else if (this.top > this.length - this.height) {
      this.scrollTo(Infinity);
    }

    this.paint(true);
  }

  /** Scrolls, within what there is. */
  scrollTo(top) {
    const wanted = Math.max(0, Math.min(top, this.length - this.height));
    if (wanted !== this.top) {
      this.top = wanted;
      this.element.scrollTop = wanted / this.squeeze;
    }
  }

  /** The body is as high as its rows, or as a browser takes. */
  stretch() {
    this.body.style.height = `${Math.min(this.length, MOST_PIXELS) - this.headHeight}px`;
  }

  setRowHeight(rowHeight) {
    if (rowHeight !== this.rowHeight) {
      const first = this.range[0];
      const isActiveSeen = this.isActiveSeen;
      this.rowHeight = rowHeight;
      this.measure();
      this.stretch();
      if (isActiveSeen) {
        this.reveal(this.active);
      } else {
        this.scrollTo(this.sticks ? Infinity : first * rowHeight);
        this.paint(true);
      }
    }
  }

  /** Paints the rows in sight; those that are there already only where `all` says so. */
  paint(all = false) {
    const [from, to] = this.range;
    const isAll = (this.onRange?.(from, to) ?? false) || all || this.squeeze > 1;
    const first = Math.max(0, from - OVERSCAN);
    const last = Math.min(this.count - 1, to + OVERSCAN);
    this.makeRows(last - first + 1);
    for (const row of this.pool) {
      row.wanted = false;
    }

    for (let index = first; index <= last; index++) {
      const row = this.pool[index % this.pool.length];
      row.wanted = true;
      if (row.index !== index || isAll) {
        this.place(row, index);
      }
    }

    for (const row of this.pool) {
      row.element.hidden = !row.wanted;
      if (!row.wanted) {
        row.index = -1;
        row.element.classList.remove("current-row");
      }
    }

    this.point();
  }

  /** Brings a row into sight and makes it the active one. */
  activate(index, isQuiet = false) {
    if (index < 0 || index >= this.count) {
      return;
    }

    const before = this.active;
    this.active = index;
    const top = index * this.rowHeight;
    const height = this.height - this.headHeight;
    if (top < this.top) {
      this.scrollTo(top);
    } else if (top + this.rowHeight > this.top + height) {
      this.scrollTo(top + this.rowHeight - height);
    }

    this.paint(true);
    if (!isQuiet && before !== index) {
      this.onMove?.(index);
    }
  }

  /** Shows a row in the middle. */
  reveal(index) {
    this.scrollTo((index + 0.5) * this.rowHeight - this.height / 2);
    this.activate(index, true);
  }

  toEnd() {
    this.scrollTo(Infinity);
    this.paint(true);
  }

  measure() {
    this.height = this.element.clientHeight;
    this.headHeight = this.head?.offsetHeight ?? 0;
  }

  makeRows(count) {
    if (count <= this.pool.length) {
      return;
    }

    // The place of a row in the pool depends on its length, so all are placed anew.
    while (this.pool.length < count + 4) {
      const element = this.createRow();
      element.classList.add("list-row");
      element.setAttribute("role", "row");
      element.hidden = true;
      this.body.append(element);
      this.pool.push({ element, index: -1, wanted: false });
    }

    for (const row of this.pool) {
      row.index = -1;
    }
  }

  place(row, index) {
    row.index = index;
    row.element.id = this.prefix + index;
    row.element.style.transform = `translateY(${index * this.rowHeight - this.top + this.top / this.squeeze}px)`;
    row.element.setAttribute("aria-rowindex", String(index + (this.head ? 2 : 1)));
    row.element.classList.toggle("current-row", index === this.active);
    this.fillRow(row.element, index);
  }

  /** Tells a screen reader where the active row is, as long as it exists. A list with the focus has one. */
  point() {
    if (this.active < 0 && this.count > 0 && document.activeElement === this.element) {
      this.active = this.sticks ? this.count - 1 : this.range[0];
      this.pool.find((row) => row.index === this.active)?.element.classList.add("current-row");
    }

    const row = this.active < 0 ? undefined : this.pool.find((candidate) => candidate.index === this.active);
    if (row === undefined) {
      this.element.removeAttribute("aria-activedescendant");
    } else {
      this.element.setAttribute("aria-activedescendant", row.element.id);
    }
  }

  scrolled() {
    // A place that was asked for stays exact, though the scroll bar can only come near it.
    const place = this.element.scrollTop;
    if (Math.abs(place - this.top / this.squeeze) >= 1) {
      this.top = place * this.squeeze;
    }

    this.onScrolled?.();
    this.paint();
  }

  resized() {
    const wasUnseen = this.height === 0;
    const isActiveSeen = this.isActiveSeen;
    this.measure();
    this.stretch();
    if (this.sticks) {
      this.scrollTo(Infinity);
    } else if (wasUnseen && this.active >= 0) {
      this.reveal(this.active);
    } else if (isActiveSeen) {
      this.activate(this.active, true);
    }

    this.paint();
  }

  click(event) {
    const element = event.target.closest(".list-row");
    const row = this.pool.find((candidate) => candidate.element === element);
    if (row !== undefined && !event.target.closest("a, button, input, label")) {
      this.activate(row.index, true);
      this.onOpen?.(row.index, "click");
    }
  }

  key(event) {
    if (event.target === this.element && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.move(event);
    }
  }

  /** Does what a key means for the active row; also called for keys that were pressed while nothing had the focus. */
  move(event) {
    const page = Math.max(1, Math.floor((this.height - this.headHeight) / this.rowHeight) - 1);
    const moves = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in moves && this.count > 0) {
      event.preventDefault();
      const from = this.active < 0 ? this.range[0] - (moves[event.key] > 0 ? 1 : 0) : this.active;
      this.activate(Math.max(0, Math.min(this.count - 1, from + moves[event.key])));
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.onOpen?.(this.active, "key");
    }
  }
}
