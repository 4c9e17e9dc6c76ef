/** The rows of the timeline: two lanes, how the call went, and a bar for when it was under way. */
import { FLAG, KIND } from "./frame-chunk.js";
import { badgesOf, frameText } from "./frame-text.js";
import { el, setText } from "./dom.js";
import { clockText, countText, durationText, sizeText } from "./units.js";

const ARROWS = { client: "→", server: "←", none: "·" };
const COLUMNS = [["seq", "#"], ["at", "Time"], ["lane-client", "Client"], ["wire", ""], ["lane-server", "Server"], ["outcome", "Took"], ["size", "Size"], ["fall", ""]];

export class TimelineRows {
  constructor(model, selection) {
    this.model = model;
    this.selection = selection;
    this.chosen = -1;
    this.scale = { from: 0, to: 1 };
    this.lastTo = 0;
    this.scaleText = el("span", { class: "fall-scale" });
    this.head = el("div", { class: "list-head timeline-row", role: "row", "aria-rowindex": "1" },
      COLUMNS.map(([name, title]) => el("span", { class: `cell ${name}`, role: "columnheader", text: title }, name === "wire" && el("span", { class: "unseen", text: "Direction" }), name === "fall" && this.scaleText)));
  }

  /** Names the peers in the heads of the lanes. */
  namePeers(client, server) {
    setText(this.head.children[2], `Client · ${client}`);
    setText(this.head.children[4], `Server · ${server}`);
  }

  createRow() {
    const cells = {};
    const row = el("div", { class: "timeline-row" });
    COLUMNS.forEach(([name], index) => {
      cells[name] = el("span", { class: `cell ${name}`, role: "gridcell", "aria-colindex": String(index + 1) });
      row.append(cells[name]);
    });

    for (const lane of ["lane-client", "lane-server"]) {
      cells[lane].parts = { fold: el("span", { class: "fold", "aria-hidden": "true" }), main: el("bdi", { class: "main" }), id: el("bdi", { class: "id" }), detail: el("bdi", { class: "detail" }), badges: el("span", { class: "badges" }) };
      cells[lane].append(...Object.values(cells[lane].parts));
    }

    cells.bar = el("span", { class: "bar" });
    cells.fall.append(cells.bar);
    row.cells = cells;
    return row;
  }

  fillRow(row, index) {
    const { model, selection } = this;
    const { cells } = row;
    const sequence = selection.sequenceAt(index);
    const text = frameText(model, sequence);
    const time = model.column("time", sequence);
    const isNested = model.rootOf(sequence) !== sequence && (selection.byCall || isUnderCall(model, sequence));
    row.className = `list-row timeline-row ${text.kind} from-${text.lane}${isNested ? " nested" : ""}${this.isTogether(sequence) ? " together" : ""}${model.gapBefore(sequence) > 0 ? " after-gap" : ""}${row.classList.contains("current-row") ? " current-row" : ""}`;
    setText(cells.seq, String(sequence));
    setText(cells.at, time === 0 ? "" : clockText(time));
    setText(cells.wire, ARROWS[text.lane]);
    setText(cells.outcome, text.outcome);
    setText(cells.size, time === 0 ? "" : sizeText(model.column("size", sequence)));
    this.fillLane(cells[text.lane === "server" ? "lane-server" : "lane-client"], text, sequence);
    this.clearLane(cells[text.lane === "server" ? "lane-client" : "lane-server"]);
    this.fillBar(cells.bar, sequence, time, text.kind);
  }

  /** The frames of the conversation of this one are marked as belonging together. */
  choose(sequence) {
    this.chosen = sequence;
  }

  /** Fits the bars to the rows in sight. */
  fit(first, last) {
    let from = Infinity;
    let to = -Infinity;
    for (let index = first; index <= last; index++) {
      const sequence = this.selection.sequenceAt(index);
      const time = this.model.column("time", sequence);
      if (time > 0) {
        from = Math.min(from, time);
        to = Math.max(to, this.selection.isBeginning(sequence) ? this.endOfConversation(sequence) : time);
      }
    }

    const isChanged = from !== this.scale.from || to !== this.lastTo;
    this.lastTo = to;
    if (from !== Infinity && isChanged) {
      this.scale = { from, to: Math.max(to, from + 1) + (to - from) * 0.04 };
      setText(this.scaleText, `${durationText(to - from)} in sight`);
    }

    return isChanged;
  }

  isTogether(sequence) {
    return this.chosen >= 0 && this.model.rootOf(sequence) === this.model.rootOf(this.chosen) && this.model.column("next", this.model.rootOf(this.chosen)) !== 0;
  }

  fillLane(cell, text, sequence) {
    const { parts } = cell;
    const isRoot = this.selection.isBeginning(sequence);
    const members = isRoot ? this.model.conversation(sequence, 1000).length : 0;
    setText(parts.fold, members > 1 ? (this.selection.opened.has(sequence) ? "▾" : "▸") : isRoot ? " " : "");
    setText(parts.main, text.main);
    setText(parts.id, text.id === "" ? "" : `id ${text.id}`);
    setText(parts.detail, text.detail);
    const badges = badgesOf(this.model, sequence);
    if (members > 2) {
      badges.push({ text: `${countText(members)} frames`, kind: "", title: "The frames of this conversation." });
    }

    if (badges.length > 0 || parts.badges.childElementCount > 0) {
      parts.badges.replaceChildren(...badges.map((badge) => el("span", { class: `badge ${badge.kind}`, text: badge.text, title: badge.title })));
    }
  }

  /** When the last frame of a conversation came. */
  endOfConversation(root) {
    return this.model.column("time", root + this.model.column("tail", root));
  }

  clearLane(cell) {
    for (const part of Object.values(cell.parts)) {
      setText(part, "");
    }
  }

  fillBar(bar, sequence, time, kind) {
    const { from, to } = this.scale;
    bar.hidden = time === 0 || time < from - (to - from) || time > to + (to - from);
    if (bar.hidden) {
      return;
    }

    const isRequest = this.model.column("kind", sequence) === KIND.request;
    const took = this.model.duration(sequence);
    const isOpen = isRequest && Number.isNaN(took) && (kind === "pending" || kind === "cancelled");
    const own = isRequest ? (isOpen ? to : time + (took || 0)) : time;
    const end = this.selection.isBeginning(sequence) ? Math.max(own, this.endOfConversation(sequence)) : own;
    const place = (moment) => Math.max(0, Math.min(100, ((moment - from) / (to - from)) * 100));
    bar.className = `bar${isRequest ? "" : " tick"}${isOpen ? " open" : ""}${end > to ? " beyond" : ""}`;
    bar.style.left = `${Math.min(99.5, place(time))}%`;
    bar.style.width = `${Math.max(0.5, place(end) - place(time))}%`;
  }
}

/** Whether a frame is shown under its call: what came in between a request and its end. */
function isUnderCall(model, sequence) {
  return (model.column("flags", sequence) & (FLAG.progress | FLAG.log)) !== 0;
}
